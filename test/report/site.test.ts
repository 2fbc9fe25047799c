import { describe, expect, it } from 'vitest';
import { render } from '../../src/report/render.js';
import { withSite } from '../../src/report/site.js';
import { keepAliveRace } from '../support/diagnosis.js';

const SITE = {
  middleboxes: [{ cidr: '10.0.2.0/24', name: 'load balancer blue' }],
  idleTimeouts: [
    { seconds: 0.2, name: 'uvicorn' },
    { seconds: 0.2, name: 'elsewhere', cidr: '192.0.2.0/24' },
    { seconds: 350, name: 'NLB' },
  ],
  healthCheckers: [{ cidr: '10.0.1.2', name: 'keepalived' }],
};

describe('site knowledge', () => {
  it('names hosts and timers in the story, and says where that is known from', () => {
    const text = render(withSite(keepAliveRace(), SITE), 'text').replace(/\s+/g, ' ');
    expect(text).toContain('10.0.1.2 is the health checker keepalived (known from the configuration).');
    expect(text).toContain('10.0.2.2 is load balancer blue (known from the configuration).');
    expect(text).toContain('200 ms of silence is the idle timeout of uvicorn (known from the configuration).');
    expect(text).not.toContain('elsewhere');
    expect(text).not.toContain('NLB');
  });

  it('leaves the example of a finding the verdict itself, and all alone where nothing is known', () => {
    const diagnosis = withSite(keepAliveRace(), SITE);
    expect(diagnosis.findings[0]!.example).toBe(diagnosis.verdicts[0]);
    const plain = keepAliveRace();
    expect(withSite(plain)).toBe(plain);
  });
});

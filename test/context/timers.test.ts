/** Idle times that are somebody's timer. */
import { expect, test } from 'vitest';
import { roundTimeout, timerNamed } from '../../src/context/timers.js';
import { makeLimits } from '../../src/limits.js';

const limits = makeLimits();
const named = (seconds: number) => timerNamed(seconds * 1e9, limits, true);

test.each<[number, string | null]>([
  [60, 'the default of AWS ALB, of nginx upstreams and of many proxies'],
  [60.25, 'the default of AWS ALB, of nginx upstreams and of many proxies'],
  [58.7, null],
  [61.3, null],
  [65, "nginx's keepalive_timeout in the configuration that it ships"],
  [90, "the idle limit of Go's HTTP client"],
  [120, 'the default of IIS'],
  [125.4, 'the default of IIS'],
  [130, 'the default of IIS'],
  [130.1, null],
  [117, null],
])('%s s', (seconds, owner) => {
  expect(named(seconds)).toBe(owner);
});

test('a customary limit fires late, never early', () => {
  expect(roundTimeout(5e9, limits)).toBe(5);
  expect(roundTimeout(5.2e9, limits)).toBe(5);
  expect(roundTimeout(4.9e9, limits)).toBeNull();
});

test('what a web server does after a while is no reason where HTTP was not spoken', () => {
  expect(timerNamed(20e9, limits, true)).toBe('the keep-alive default of Tomcat and Puma');
  expect(timerNamed(20e9, limits, false)).toBeNull();
  expect(timerNamed(240e9, limits, false)).toBe("the default of Azure's load balancer and NAT gateway");
});

test('after 15 s and two hours a kernel asks; nothing ends', () => {
  expect(timerNamed(15e9, limits, true)).toBeNull();
  expect(timerNamed(7200e9, limits, true)).toBeNull();
});

test('what prints as another number is near it', () => {
  expect(timerNamed(60.55e9, limits, true)).toBe(
    'near 60 s, the default of AWS ALB, of nginx upstreams and of many proxies',
  );
});

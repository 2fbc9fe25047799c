import { describe, expect, it } from 'vitest';
import { anonymize } from '../../src/report/anonymize.js';
import { formatNames } from '../../src/report/formats.js';
import { render } from '../../src/report/render.js';
import { AddressPermutation, keyOf } from '../../src/write/permute.js';
import {
  evidence,
  forged,
  keepAliveRace,
  makeCause,
  makeDiagnosis,
  makeReset,
  makeVerdict,
  noResets,
} from '../support/diagnosis.js';

const permutation = () => new AddressPermutation(keyOf('secret'));
const octets = (text: string) => new TextEncoder().encode(text);

function revealing() {
  const message = { first: { frame: 4, time: 1 }, last: { frame: 4, time: 1 }, length: 30, idleBefore: null };
  const reset = makeReset({
    frame: 11,
    time: 5,
    sender: { address: '2001:db8:7::9', lastMessage: { ...message, octets: octets('HTTP/1.1 400 internal-db-7') } },
    receiver: {
      address: '2001:db8:7::77',
      lastMessage: { ...message, octets: octets('GET /patients/4711 HTTP/1.1\r\nHost: clinic.example') },
    },
    segment: { payload: octets('blocked for user alice') },
  });
  return makeDiagnosis(
    [
      makeVerdict(reset, makeCause('blocked-by-policy'), {
        evidence: [
          evidence(4, 'the client sent a request ("GET /patients/4711 HTTP/1.1")', { line: 'GET /patients/4711' }),
          evidence(11, '[2001:db8:7::9]:5007 answered with blocked for user alice from 02:00:5e:10:00:01'),
        ],
        doubt: ['the proxy in 10.20.30.0/24 ("clinic-proxy") may have done it'],
      }),
    ],
    {
      file: '/home/alice/clinic-prod.pcap.gz',
      warnings: [{ code: 'x', count: 1, frame: 1, text: '/home/alice/clinic-prod.pcap.gz is cut' }],
    },
  );
}

describe('anonymize', () => {
  it.each(formatNames)('leaves no address, name or payload in %s', (format) => {
    const text = render(anonymize(revealing(), permutation()), format, { all: true, verbose: true });
    expect(text).not.toMatch(/2001:db8:7::|10\.20\.30\.|patients|4711|clinic|alice|internal-db|02:00:5e/);
    expect(text).toContain('capture-1.pcap.gz');
  });

  it('keeps what makes the diagnosis: causes, frames, lengths, ports, common prefixes', () => {
    const before = keepAliveRace();
    const after = anonymize(before, permutation());
    const [one, other] = [before.verdicts[0]!.reset, after.verdicts[0]!.reset];
    expect(other.sender).toMatchObject({ port: 5007, bytes: one.sender.bytes, role: 'server' });
    expect(other.tail.map(({ frame, seq, length }) => [frame, seq, length])).toEqual(
      one.tail.map(({ frame, seq, length }) => [frame, seq, length]),
    );
    expect(other.sender.address).toMatch(/^10\./);
    expect(other.sender.address).not.toBe(one.sender.address);
    const text = render(after, 'text');
    expect(text).toContain('A request was sent on an idle connection the server had just closed');
    expect(text).toMatch(new RegExp(`1 of 1 connections to\\s+${other.sender.address}:5007`));
    expect(text).toContain('"socket hang up"');
  });

  it('gives one address one name throughout, over files and runs', () => {
    const address = (diagnosis: ReturnType<typeof forged>) =>
      anonymize(diagnosis, permutation()).verdicts[0]!.reset.receiver.address;
    expect(address(forged())).toBe(address(keepAliveRace()));
    const { endings } = anonymize(noResets(), permutation());
    expect(endings[0]!.client).toBe(`${address(keepAliveRace())}:40000`);
  });

  it('keeps findings and verdicts the same objects', () => {
    const { findings, verdicts } = anonymize(keepAliveRace(), permutation());
    expect(findings[0]!.example).toBe(verdicts[0]);
  });

  it('takes no time or number for an address', () => {
    const diagnosis = makeDiagnosis([], { quality: ['at 08:01:04 a clock (1.2.3) ran :: backwards'] });
    expect(anonymize(diagnosis, permutation()).captures[0]!.quality).toEqual([
      'at 08:01:04 a clock (1.2.3) ran :: backwards',
    ]);
  });
});

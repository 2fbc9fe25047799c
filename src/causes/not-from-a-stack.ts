import { fact } from '../reset/evidence.js';
import { impossibleBits, impossibleSegment, oneCounter, oneIpId } from '../reset/facts/hand-made.js';
import { SHAPES } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** The packet, or the whole conversation, was put together by a program: no TCP took part (RFC 9293 §3.10.7). */
export const notFromAStack = defineCause({
  id: 'not-from-a-stack',
  title: 'No TCP stack wrote this RST: it was put together by a program',
  counted: '{RST was|RSTs were} put together by a program and not by a TCP stack',
  explanation: `A packet library, a fuzzer or a test generator wrote this packet octet by octet (Scapy, hping, a fuzzed
capture, a test file of another tool). It has what no TCP sends: SYN, FIN or URG beside RST, options of a SYN, or it
stands in a conversation whose packets all have one IP ID or one counter for two hosts. There was no connection
behind it, so there is no reason to look for, and nothing that a program could have logged.`,
  fix: 'Nothing to fix. If these packets reach a live network, ask who runs a test generator or scanner there.',
  confirm: 'ask where the capture comes from; a live host counts them as malformed or drops them',
  references: ['RFC 9293 §3.10.7', 'RFC 6864 §4', 'RFC 7323 §2.2'],
  since: '0.1.0',
  severity: 'note',
  shapes: SHAPES,
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, phase } = reset;
    const bits = impossibleBits(reset);
    const ipId = oneIpId(reset);
    const counter = oneCounter(reset);
    const odd = impossibleSegment(reset);
    // An unlikely RST among the packets of two real stacks is somebody's forgery, and did its work.
    const alone = phase === 'orphan' || sender.segments + receiver.segments === 0;
    const signs = [
      ...(bits.length > 0 ? [fact(rst, `it has ${bits.join(' and ')} beside RST`, { control: rst.control })] : []),
      ...(rst.synOptions ? [fact(rst, 'it has options that only a SYN has')] : []),
      ...(ipId !== null ? [fact(rst, `its IP ID is ${ipId}, as in every packet of both ends`, { ipId })] : []),
      ...(counter
        ? [fact(rst, 'the IP IDs of both ends are one counter: one program wrote both', { ipId: rst.ipId })]
        : []),
      ...(odd !== null ? [fact({ frame: odd.frame }, `of its conversation, ${odd.text}`)] : []),
    ];
    if (signs.length === 0) return { no: 'nothing in it is beyond a TCP stack' };
    const conversation = ipId !== null || counter;
    if (!conversation && bits.length === 0 && !(alone && rst.synOptions))
      return { no: `only one sign of a made-up packet: ${signs[0].text}` };
    return {
      confidence: bits.length > 0 || (conversation && signs.length > 1) ? 'certain' : 'likely',
      responsible: 'third-party',
      noProgram: true,
      evidence: signs,
      doubt:
        bits.length > 0 ? [] : ['A rewritten capture (replayed, anonymised or converted) can lose the real IP IDs.'],
    };
  },
});

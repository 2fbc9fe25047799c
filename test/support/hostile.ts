/**
 * A diagnosis in which everything that can come from a capture, a file name or a command line is full of what some
 * format gives a meaning: each renderer must pass it on as text.
 */

import type { Diagnosis } from '../../src/reset/verdicts/diagnosis.js';
import { evidence, makeCause, makeDiagnosis, makeReset, makeVerdict, mark } from './diagnosis.js';

/** One string with everything; `canary` words are looked for in outputs. */
export const HOSTILE = [
  '\u001b[31mred\u001b]0;title\u0007\u009b2J',
  '</script><script>alert("canary")</script><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '![x](http://canary.example/x.png) [a](javascript:canary) `code` **b** | cell | @team #12 https://canary.example www.canary.example',
  '<!-- --> &amp; &#0; ]]> <?xml ?>',
  '\u0000\u0008\u000b\u000c\u000e\u001f\ufffe\uffff\ud800',
  '\u202e\u2066\u200b\ufeffgpj.exe',
  '::error file=x::canary%0A\r\n::set-output name=x::canary',
  '"quoted",comma;semi\ttab',
].join(' ');

/** Spreadsheets run these. */
export const FORMULAS = ['=HYPERLINK("http://canary.example")', '+1+cmd|/C', '-2+3', '@SUM(1)', '＝1', '\t=1'] as const;

export function hostileDiagnosis(): Diagnosis {
  const cause = makeCause('close-with-unread-data');
  const verdicts = FORMULAS.map((formula, index) => {
    const frame = 10 + index;
    const reset = makeReset({
      frame,
      time: index * 100,
      receiver: { port: 40_000 + index },
      reset: { history: `${formula}${HOSTILE}` },
    });
    return makeVerdict(reset, cause, {
      lost: `${formula} ${HOSTILE}`,
      evidence: [
        evidence(frame, `the RST carried the text "${HOSTILE}"`, { payload: HOSTILE, formula }),
        evidence(null, formula),
        evidence(null, '1. '),
      ],
      doubt: [HOSTILE, formula],
      applications: { client: { error: 'ECONNRESET', eofFirst: false, text: formula + HOSTILE }, server: null },
      alternatives: [{ cause: makeCause('process-exit'), confidence: 'possible', reason: HOSTILE }],
      against: [{ cause: makeCause('forged-reset'), reason: HOSTILE }],
      untested: [{ cause: makeCause('abortive-close'), needs: HOSTILE }],
      kernelReasons: [HOSTILE],
    });
  });
  return makeDiagnosis(
    verdicts,
    {
      file: `=cmd|' /C calc'!A1 ${HOSTILE}.pcap`,
      quality: [HOSTILE],
      vantage: { at: 'client', why: HOSTILE },
      warnings: [{ code: 'cut-record', count: 2, frame: 3, text: HOSTILE }],
    },
    {
      endings: [
        { kind: 'went-silent', client: HOSTILE, server: HOSTILE, incarnation: 1, mark: mark(4, 12), text: HOSTILE },
      ],
    },
  );
}

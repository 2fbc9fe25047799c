import { fact, the } from '../reset/evidence.js';
import { hidesOptions, MPTCP_REASONS } from '../reset/facts/stated.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { programOf } from '../reset/vocabulary/side.js';

const FASTCLOSE = 7;
const TCPRST = 8;

/** MPTCP closed a subflow or the whole connection (RFC 8684 §3.5, §3.6). */
export const mptcpClose = defineCause({
  id: 'mptcp-close',
  title: 'Multipath TCP ended the connection or one of its paths, and said so in the RST',
  counted: '{Multipath TCP connection was|Multipath TCP connections were} ended by options of that protocol',
  explanation: `Multipath TCP says in options of the RST what it ends: MP_FASTCLOSE the whole connection at once, MP_TCPRST
this subflow only, with a reason. An end that hears MP_FASTCLOSE in an acknowledgment answers with an RST. On Linux a program that closes an MPTCP socket with unread data, or with SO_LINGER 0,
leaves both options. With MP_TCPRST alone the connection may go on over another path.`,
  fix: 'Look at the reason it states. After a FASTCLOSE: as for an abort or a close with unread data on plain TCP, read to the end before close().',
  confirm: 'on {sender.address}: nstat -az MPTcpExtMPFastcloseTx MPTcpExtMPRstTx',
  references: ['RFC 8684 §3.5', 'RFC 8684 §3.6', 'linux: mptcp_send_active_reset_reason'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'active-shrunk', 'active-after-fin', 'reply', 'mirror', 'orphan'],
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, tail } = reset;
    const asked = tail.findLast((segment) => segment.from === 'receiver' && segment.fastclose);
    if (asked !== undefined)
      return {
        confidence: 'certain',
        responsible: programOf(receiver),
        evidence: [
          fact(
            asked,
            `${the(receiver)} sent an acknowledgment with MP_FASTCLOSE: the whole connection is to end at once`,
          ),
          fact(rst, `${the(sender)} answered with RST, as RFC 8684 wants it`, { seq: rst.seq }),
        ],
        doubt: [],
      };
    const fastclose = (rst.mptcp & (1 << FASTCLOSE)) !== 0;
    const tcprst = (rst.mptcp & (1 << TCPRST)) !== 0;
    if (!fastclose && !tcprst && !hidesOptions(reset))
      return { no: 'neither it nor a segment before it has an MPTCP option that ends anything' };
    if (!fastclose && !tcprst)
      return {
        confidence: 'possible',
        responsible: 'unknown',
        evidence: [fact(rst, 'it has more options than timestamps', { headerLength: rst.headerLength })],
        doubt: ['The capture cut its options off: MPTCP would state there how it ends the connection.'],
      };
    const reason = rst.mptcpReason === null ? null : (MPTCP_REASONS[rst.mptcpReason] ?? `reason ${rst.mptcpReason}`);
    return {
      confidence: 'certain',
      responsible: programOf(sender),
      evidence: [
        fact(
          rst,
          `${the(sender)} sent RST with ${fastclose ? 'MP_FASTCLOSE: the whole connection ends at once' : 'MP_TCPRST: this subflow ends'}${reason === null ? '' : `, reason "${reason}"`}`,
          { reason: rst.mptcpReason },
        ),
      ],
      doubt: [],
    };
  },
});

// A team's own cause, without a fork: whyrst prod.pcap --causes docs/examples/own-cause.mjs
import { defineCause } from 'whyrst';

/** Our deployment closes every connection of port 5001 by reset within the first minute of an hour. */
const hourlyDeploy = defineCause({
  id: 'hourly-deploy',
  title: 'The hourly deployment restarted the {sender}',
  explanation: 'The deployment restarts the service at the full hour without draining its connections.',
  fix: 'Drain before the restart: stop accepting, finish the requests, then close.',
  confirm: 'the log of the deployment',
  references: ['our runbook, chapter 4'],
  since: '1.0.0',
  severity: 'note',
  shapes: ['active', 'active-shrunk'],
  // Without the handshake it is not known which end serves: the signature is not asked then.
  needs: ['handshake'],
  signature: ({ rst, sender, mechanism }) => {
    if (sender.role !== 'server' || sender.port !== 5001) return undefined;
    if (mechanism.kind !== 'live-socket') return { no: 'no live socket of the service made it' };
    return {
      confidence: 'likely',
      responsible: 'server-app',
      evidence: [{ frame: rst.frame, text: 'a live socket of our service reset the connection', values: {} }],
      doubt: ['Any other abort by the service looks the same.'],
    };
  },
});

/** `before` gives its place in the order of precedence. */
export default [{ ...hourlyDeploy, before: 'close-with-unread-data' }];

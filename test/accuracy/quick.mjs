// Quick look: every recording and vantage against its truth file.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../dist/index.js';
import { openCapture } from '../../dist/node/index.js';

const dir = process.argv[2] ?? 'captures';
const only = process.argv[3];
let right = 0,
  wrong = 0,
  undecided = 0;
const match = (pattern, e) => {
  const at = pattern.lastIndexOf(':');
  const a = pattern.slice(0, at).replace(/^\[|\]$/g, '');
  const p = pattern.slice(at + 1);
  return (a === '*' || a === e.address) && (p === '*' || Number(p) === e.port);
};
for (const f of readdirSync(dir)
  .filter((f) => f.endsWith('.truth.json'))
  .sort()) {
  const truth = JSON.parse(readFileSync(join(dir, f), 'utf8'));
  if (only && !truth.name.startsWith(only)) continue;
  for (const [vantage, file] of Object.entries(truth.vantages)) {
    if (!existsSync(join(dir, file))) {
      console.log('missing', file);
      continue;
    }
    let d;
    try {
      d = await diagnose(openCapture(join(dir, file)), {});
    } catch (e) {
      console.log(truth.name, vantage, 'ERROR', e.message);
      continue;
    }
    const seen = new Map();
    for (const v of d.verdicts) {
      if (v.role === 'aftershock') continue;
      const { sender, receiver } = v.reset;
      const t = truth.connections.find(
        (t) =>
          (match(t.client, sender) && match(t.server, receiver)) ||
          (match(t.client, receiver) && match(t.server, sender)),
      );
      if (!t) {
        console.log(
          `${truth.name} ${vantage} #${v.id}: no truth for ${sender.address}:${sender.port} ${receiver.address}:${receiver.port}; said ${v.cause.id}`,
        );
        continue;
      }
      if (t.notAt?.includes(vantage)) continue;
      const fine = t.cause === v.cause.id || (t.also ?? []).includes(v.cause.id);
      const unknown = v.cause.fallback;
      const expectAlt = (t.also ?? []).includes(v.cause.id);
      const mech =
        t.mechanism === v.mechanism.kind
          ? ''
          : ` MECH ${v.mechanism.kind}(${v.mechanism.confidence}) for ${t.mechanism}`;
      if (fine || expectAlt) {
        right++;
      } else if (unknown) undecided++;
      else wrong++;
      // errnos and kernel reasons
      if (process.env.APPS) {
        for (const side of ['client', 'server']) {
          const ops = t.applications?.[side] ?? [];
          const got = v.applications[side];
          if (!ops.length || got === null || v.role !== 'first') continue;
          const errs = ops.map((o) => o.result);
          const firstErr = errs.find((e) => /^E[A-Z]/.test(e) && e !== 'EOF') ?? null;
          const eof = errs.includes('EOF') && (firstErr === null || errs.indexOf('EOF') < errs.indexOf(firstErr));
          const want = firstErr === 'EPIPE' && errs.includes('ECONNRESET') ? 'ECONNRESET' : firstErr;
          if (want !== got.error && !(want === null && got.error !== null && eof && got.eofFirst))
            console.log(
              `APPS ${truth.name} [${vantage}] #${v.id} ${side}: saw ${errs.join(',')} predicted ${got.error} eof ${got.eofFirst}`,
            );
        }
        const reasons = truth.resets.filter(
          (r) =>
            (r.source.endsWith(':' + sender.port) && r.destination.endsWith(':' + receiver.port)) ||
            (r.state === 'TCP_LISTEN' && r.source.endsWith(':' + sender.port)),
        );
        if (v.kernelReasons.length && reasons.length && !reasons.some((r) => v.kernelReasons.includes(r.reason)))
          console.log(
            `REASON ${truth.name} [${vantage}] #${v.id}: kernel ${reasons.map((r) => r.reason).join(',')} predicted ${v.kernelReasons.join(',')}`,
          );
      }
      const key = `${fine ? 'ok' : unknown ? 'UNDECIDED' : 'WRONG'} ${v.cause.id}/${v.confidence}/${v.role} for ${t.cause}${mech}${fine ? '' : ' shape ' + v.reset.shape}`;
      seen.set(key, [...(seen.get(key) ?? []), v.id]);
    }
    for (const [k, ids] of seen)
      if (!k.startsWith('ok') || k.includes('MECH') || process.argv[4])
        console.log(
          `${truth.name} [${vantage}] ${k} #${ids.slice(0, 6).join(',')}${ids.length > 6 ? `… ${ids.length}` : ''}`,
        );
  }
}
console.log({ right, wrong, undecided });

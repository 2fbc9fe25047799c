/**
 * At the n-th call that writes something, a signal or an error of the system. Loaded before whatever writes: by
 * `node --import`, where WHYRST_FAULT is `SIGTERM:3` or `ENOSPC:3`, counted from 1, or as the first import of a test that
 * calls `inject`.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let fault = '';
let place = 0;
let calls = 0;

/** From now on `ENOSPC:3`; empty for none. Counting begins again. */
export function inject(spec) {
  [fault = ''] = spec.split(':');
  place = Number(spec.split(':')[1] ?? 0);
  calls = 0;
}

/** How many calls there were since `inject`. */
export function counted() {
  return calls;
}

/** Called with what the call was given; true where the call is one that counts. */
function guard(name, counts = () => true) {
  const original = fs[name];
  const guarded = (...args) => {
    if (counts(...args)) {
      calls += 1;
      if (calls === place) {
        if (fault.startsWith('SIG')) process.kill(process.pid, fault);
        else {
          const error = Object.assign(new Error(`${fault}: injected, ${name}`), { code: fault, syscall: name });
          const done = args.at(-1);
          if (typeof done !== 'function') throw error;
          process.nextTick(done, error);
          return undefined;
        }
      }
    }
    return original(...args);
  };
  // What promisify() makes of it stands in its properties.
  Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(original));
  fs[name] = guarded;
}

const writing = (_path, flags) => typeof flags === 'number' && (flags & fs.constants.O_WRONLY) !== 0;
guard('openSync', writing);
guard('open', writing);
guard('write');
guard('fsync');
guard('fchmodSync');
guard('renameSync');
syncBuiltinESMExports();
inject(process.env['WHYRST_FAULT'] ?? '');

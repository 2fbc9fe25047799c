/**
 * Loaded before the command (`node --import`): at the n-th call that writes something, a signal or an error of the
 * system. WHYRST_FAULT is `SIGTERM:3` or `ENOSPC:3`, counted from 1; `count` says on exit how many calls there were.
 */
import fs, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [fault, place] = (process.env['WHYRST_FAULT'] ?? 'count').split(':');
const stderr = 2;
let calls = 0;

/** Called with what the call was given; true where the call is one that counts. */
function guard(name, counts = () => true) {
  const original = fs[name];
  const guarded = (...args) => {
    if (counts(...args)) {
      calls += 1;
      if (calls === Number(place)) {
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
if (fault === 'count') process.on('exit', () => writeSync(stderr, `calls ${calls}\n`));

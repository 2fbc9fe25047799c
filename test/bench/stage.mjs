/** What the stages cost, each with those before it. `node test/bench/stage.mjs read|decode|track FILE` */
import { openReader } from '../../dist/capture/open.js';
import { CaptureRecord } from '../../dist/capture/types.js';
import { Tracker } from '../../dist/flow/track.js';
import { makeLimits } from '../../dist/limits.js';
import { openCapture } from '../../dist/node/index.js';
import { Decoder } from '../../dist/packet/decode.js';

const [stage, path] = process.argv.slice(2);
const reader = openReader();
const record = new CaptureRecord();
const decoder = new Decoder();
const { segment } = decoder;
const silent = new Proxy({}, { get: () => () => {} });
const tracker = new Tracker(silent, makeLimits());
let records = 0;
for await (const chunk of openCapture(path)) {
  reader.push(chunk);
  while (reader.next(record)) {
    records++;
    if (stage === 'read') continue;
    if (decoder.decode(record) === 0 && stage === 'track') tracker.track(segment);
    if ((records & 4095) === 0) tracker.sweep();
  }
}
reader.end();
console.log(records);

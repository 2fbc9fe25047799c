/** Our reader and decoder alone. `node test/bench/read-decode.mjs FILE` */
import { openReader } from '../../dist/capture/open.js';
import { CaptureRecord } from '../../dist/capture/types.js';
import { openCapture } from '../../dist/node/index.js';
import { Decoder } from '../../dist/packet/decode.js';

const reader = openReader();
const record = new CaptureRecord();
const decoder = new Decoder();
const { segment } = decoder;
let records = 0;
let sum = 0;
for await (const chunk of openCapture(process.argv[2])) {
  reader.push(chunk);
  while (reader.next(record)) {
    records++;
    if (decoder.decode(record) === 0) sum = (sum + segment.seq + segment.length) | 0;
  }
}
reader.end();
console.log(records, sum);

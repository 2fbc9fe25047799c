/**
 * Public entry `whyrst/node`: what needs Node (files, standard input, decompression).
 *
 *     const diagnosis = await diagnose(openCapture('capture.pcap.gz'), { file: 'capture.pcap.gz' });
 *     const second = await diagnose(openCapture('-'), { reader: pcapParserReader }); // classic pcap only
 *
 * Errors: CaptureError `'unreadable'` where the operating system refuses, when the first chunk is asked for.
 */
export { type CaptureFile, openCapture } from './open-capture.js';
export { pcapParserReader } from './pcap-parser-reader.js';
export { type CaptureFiles, openSeries } from './series/open-series.js';

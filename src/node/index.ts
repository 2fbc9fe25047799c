/** Public entry `whyrst/node`: what needs Node (files, standard input, decompression). */
export { type CaptureFile, openCapture } from './open-capture.js';
export { pcapParserReader } from './pcap-parser-reader.js';

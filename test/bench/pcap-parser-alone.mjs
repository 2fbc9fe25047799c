/** The npm package pcap-parser, only counting packets. `node test/bench/pcap-parser-alone.mjs FILE` */
import pcapParser from 'pcap-parser';

let packets = 0;
pcapParser
  .parse(process.argv[2])
  .on('packet', () => packets++)
  .on('end', () => console.log(packets));

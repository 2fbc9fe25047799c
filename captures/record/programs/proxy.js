// A TCP proxy that resets a leg when the other one ends.

import { connect, createServer } from 'node:net';

const [address, port, toAddress, toPort] = process.argv.slice(2);
createServer(client => {
  const server = connect({ port: Number(toPort), host: toAddress, localAddress: address });
  client.pipe(server, { end: false });
  server.pipe(client, { end: false });
  for (const [one, other] of [[client, server], [server, client]]) {
    one.on('end', () => other.resetAndDestroy());
    one.on('error', () => other.resetAndDestroy());
  }
}).listen(Number(port), address, () => console.log('ready'));

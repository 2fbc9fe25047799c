// A pool of connections: a request and its answer on each, at once or in turn; then all stay open, unread, until a signal comes.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [address, count, together, stop, gap] = process.argv.slice(2);
const at = address.lastIndexOf(':');
const [host, port] = [address.slice(0, at).replace(/[[\]]/g, ''), Number(address.slice(at + 1))];
const pool = [];
const open = () => new Promise((done) => {
  const socket = connect(port, host, () => done(socket));
  pool.push(socket);
});
const ask = (socket) => new Promise((done) => {
  socket.once('data', () => done(socket.pause())); // what comes later stays in the kernel
  socket.write('GET / HTTP/1.1\r\nHost: server\r\n\r\n');
});
if (stop !== 'plain') {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (stop === 'close') for (const socket of pool) socket.destroy();
      setImmediate(() => process.exit());
    });
  }
}
for (let n = 0; n < Number(count); n++) {
  const socket = await open();
  if (together === '1') continue;
  await ask(socket);
  await sleep(Number(gap));
}
if (together === '1') await Promise.all(pool.map(ask));
console.log('ready');
setInterval(() => {}, 1e6);

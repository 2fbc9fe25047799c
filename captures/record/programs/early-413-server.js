// Answers every upload with 413 as soon as its head is there, then destroys the socket: the body stays unread.

import { createServer } from 'node:http';

const [address, port] = process.argv.slice(2);
createServer((request, response) => {
  response.writeHead(413, { connection: 'close' });
  response.end('too big');
  setImmediate(() => request.socket.destroy());
}).listen(Number(port), address, () => console.log('ready'));

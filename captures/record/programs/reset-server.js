// Answers each request, and resets the connection (resetAndDestroy) once the answer is out.

import { createServer } from 'node:http';

const [address, port] = process.argv.slice(2);
createServer((request, response) => response.end('ok', () => setTimeout(() => request.socket.resetAndDestroy(), 100)))
  .listen(Number(port), address, () => console.log('ready'));

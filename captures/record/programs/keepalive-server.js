// A Node http server that closes idle connections after one second (Node adds a second of its own).

import { createServer } from 'node:http';

const [address, port] = process.argv.slice(2);
const server = createServer((request, response) => {
  response.setHeader('Connection', 'keep-alive'); // by hand, so that no Keep-Alive: timeout=1 warns the client's agent
  response.end('ok');
});
server.keepAliveTimeout = 1000;
server.listen(Number(port), address, () => console.log('ready'));

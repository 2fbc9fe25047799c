// One request, then the connection is held and whatever happens to it is told.

import { connect } from 'node:net';

const [address, port] = process.argv.slice(2);
const say = fact => console.log(JSON.stringify(fact));
const socket = connect(port, address, () => socket.write('GET / HTTP/1.1\r\nHost: server\r\n\r\n'));
socket.on('end', () => say({ op: 'read', result: 'EOF' }));
socket.on('error', error => say({ op: error.syscall, result: error.code, text: error.message }));
socket.on('close', () => process.exit());
socket.resume();

// Two requests through one keep-alive agent; the second leaves a given time after the first was answered.

import http from 'node:http';

const [address, port, pause] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const say = fact => console.log(JSON.stringify(fact));
function get(then) {
  const request = http.get({ host: address, port, agent, path: '/' }, response => response.on('end', () => then(request)).resume());
  request.on('error', error => {
    // "socket hang up" is Node's word for an EOF before the answer
    say({ op: error.syscall || 'read', result: error.message === 'socket hang up' ? 'EOF' : error.code, text: error.message, reused: request.reusedSocket });
    process.exit();
  });
}
get(() => {
  const due = Date.now() + Number(pause);
  setTimeout(() => { while (Date.now() < due); get(() => { say({ ok: true }); process.exit(); }); }, pause - 20);
});

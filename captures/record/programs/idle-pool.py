"""A pool of connections: a request and its answer on each, at once or in turn; then all stay open and idle until a signal comes."""
import signal, socket, sys, time

address, count, together, stop, gap = sys.argv[1], int(sys.argv[2]), sys.argv[3] == '1', sys.argv[4], int(sys.argv[5]) / 1000
host, port = address.rsplit(':', 1)
REQUEST = b'GET / HTTP/1.1\r\nHost: server\r\n\r\n'
pool = []


def caught(*_):
    if stop == 'close':
        for one in pool:
            one.close()
    sys.exit(0)


if stop != 'plain':
    signal.signal(signal.SIGINT, caught)
    signal.signal(signal.SIGTERM, caught)
for number in range(count):
    one = socket.create_connection((host.strip('[]'), int(port)))
    pool.append(one)
    if not together:
        one.sendall(REQUEST)
        one.recv(65536)
        time.sleep(gap)
if together:
    for one in pool:
        one.sendall(REQUEST)
    for one in pool:
        one.recv(65536)
print('ready', flush=True)
signal.pause()

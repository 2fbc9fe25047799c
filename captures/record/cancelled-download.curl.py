"""curl, reading slowly, gives up in the middle of a download (--max-time)."""
reason, snaplen, needs = 'TCP_ABORT_ON_CLOSE', 128, ('curl',)


def record(lab):
    lab.sysctl('client', 'net.ipv4.tcp_rmem="4096 16384 32768"')
    listener = lab.listen()
    curl = lab.run('client', 'curl', '-sS', '-o', '/dev/null', '--limit-rate', '10k', '--max-time', '1', f"http://{lab.address['server']}:5001/film")
    server = lab.accept(listener)
    server.sock.recv(4096)
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n')
    sending = server.pour()
    curl.wait()
    sending.join(3)
    server.write()
    server.read()
    lab.because(server, 'cancelled-download', 'live-socket')

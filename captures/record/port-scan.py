"""nmap scans 14 ports with half-open connections (-sS); three are open."""
reason, needs = ('NO_SOCKET', 'TCP_FLAGS'), ('nmap',)


def record(lab):
    open_ports = (22, 80, 443)
    for port in open_ports:
        lab.listen(port)
    lab.run('client', 'nmap', '-n', '-Pn', '-sS', '--max-retries', '0', '-p', '20-25,53,80,110,143,443,993,3306,8080', '10.0.2.2').wait(30)
    lab.because(lab.connection('10.0.1.2:*', '10.0.2.2:*'), 'port-scan', 'kernel-reply')

"""The lab: a client, a router and a server in network namespaces, tcpdump at all three, and the kernel's reason for every reset.

    client 10.0.1.2  ──  10.0.1.1 router 10.0.2.1  ──  10.0.2.2 server         (fd00:1::/64 and fd00:2::/64 beside them)

A situation is a script with a docstring, a function `record(lab)` and, as plain module names, the options listed in DEFAULTS.
It sets the situation up with the silent calls (`send`, `receive`), does the deed, looks with the noted calls (`read`, `write`, `lab.dial`)
whose results go into the truth file, and says with `lab.because` why the connection was reset.
"""
import ctypes, errno, heapq, importlib.util, json, os, random, re, select, shutil, signal, socket, ssl, struct, subprocess, sys, threading, time
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE / 'programs'
VANTAGES = {'client': ('client', 'eth0'), 'middle': ('router', 'r0'), 'server': ('server', 'eth0')}
TRACING = Path('/sys/kernel/tracing')
DEFAULTS = {
    'golden': 'client',    # the vantage whose capture lies beside the golden verdict
    'reason': None,        # what the kernel prints for the first reset; the recorder insists on it. None: no line; a tuple: one of these
    'ipv6': False,         # addresses of lab.pair and friends
    'loopback': False,     # both programs on one host, captured on its lo
    'delay': 0,            # seconds each way: the links run through a userspace bridge (half of it on either link)
    'jitter': 0,           # seconds at most that a frame waits longer than `delay`: frames overtake each other
    'offload': False,      # leave segmentation and checksums to the (virtual) card: captures show super-segments and unfinished checksums
    'mtu': 1500,           # of every link
    'timestamps': True,    # TCP timestamps
    'late': False,         # the capture starts when the script calls lab.capture()
    'middle': 'r0',        # the router's interface: r0 (client's side), r1 (server's side), any
    'snaplen': 0,          # octets kept of each packet; 0: all
    'filter': 'tcp or icmp or (icmp6 and ip6[40] < 128)',
    'format': 'pcap',      # or pcapng (through editcap)
    'other': False,        # one more host, on the server's segment (10.0.2.3)
    'needs': (),           # programs beyond the helper's own
}
PACKAGES = {'ip': 'iproute2', 'ss': 'iproute2', 'tcpdump': 'tcpdump', 'nft': 'nftables', 'ethtool': 'ethtool', 'conntrack': 'conntrack', 'go': 'golang-go', 'node': 'nodejs',
            'nginx': 'nginx-light', 'haproxy': 'haproxy', 'nmap': 'nmap', 'redis-server': 'redis-server', 'sshd': 'openssh-server', 'ssh': 'openssh-client',
            'curl': 'curl', 'slirp4netns': 'slirp4netns', 'pasta': 'passt', 'openssl': 'openssl', 'editcap': 'wireshark-common'}
libc = ctypes.CDLL('libc.so.6', use_errno=True)


class Failure(Exception):
    """The situation could not be made, or the recording does not show it."""


def require(programs):
    if os.geteuid() != 0:
        raise Failure('recording needs root (network namespaces, tcpdump, the kernel tracepoint)')
    for program in programs:
        if not shutil.which(program):
            raise Failure(f'{program} is missing: apt-get install {PACKAGES.get(program, program)}')


def script(name):
    """The module of another situation, so that a variant can reuse its parts."""
    spec = importlib.util.spec_from_file_location(re.sub(r'\W', '_', name), HERE / f'{name}.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shell(*lines, check=True):
    for line in lines:
        done = subprocess.run(line, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check and done.returncode:
            raise Failure(f'{line}: {done.stdout.strip()}')
    return done.stdout


def name_of(address):
    return f'[{address[0]}]:{address[1]}' if ':' in address[0] else f'{address[0]}:{address[1]}'


class End:
    """One side of a connection. `send`, `receive`, `close` are silent; `read` and `write` are noted in the truth file."""

    def __init__(self, lab, sock, side, notes):
        self.lab, self.sock, self.side, self.notes = lab, sock, side, notes
        sock.settimeout(2)

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else b'x' * data)

    def receive(self, count):
        data = b''
        while len(data) < count:
            part = self.sock.recv(count - len(data))
            if not part:
                raise Failure(f'{self.side}: end of stream in the set-up')
            data += part
        return data

    def exchange(self, other, request=b'GET / HTTP/1.1\r\nHost: server\r\n\r\n', response=b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'):
        """One request, fully read, and its response, fully read."""
        self.send(request)
        other.receive(len(request))
        other.send(response)
        self.receive(len(response))

    def fill(self):
        """Sends until the kernel takes no more: the peer's window and our buffer are full."""
        self.sock.settimeout(0.3)
        sent = 0
        try:
            while True:
                sent += self.sock.send(b'd' * 65536)
        except TimeoutError:
            self.sock.settimeout(2)
        return sent

    def pour(self, block=16384, pause=0):
        """Writes without end, in a thread; what ends it is noted."""
        def work():
            self.sock.settimeout(None)
            while (one := self.lab.attempt('write', lambda: self.sock.send(b'd' * block)))['result'] == 'ok':
                time.sleep(pause)
            self.notes.append(one)
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def note(self, operation, function):
        self.notes.append(self.lab.attempt(operation, function))
        return self.notes[-1]

    def read(self, count=65536):
        return self.note('read', lambda: self.sock.recv(count))

    def read_all(self, count=65536):
        """Reads until something other than data comes; the data are one noted operation."""
        total = 0
        while True:
            one = self.lab.attempt('read', lambda: self.sock.recv(count))
            if one['result'] != 'ok':
                break
            total += one['bytes']
        if total:
            self.notes.append({'op': 'read', 'result': 'ok', 'bytes': total})
        self.notes.append(one)

    def write(self, data=b'more'):
        return self.note('write', lambda: self.sock.send(data if isinstance(data, bytes) else b'x' * data))

    def close(self):
        self.sock.close()

    def linger0(self):
        """The next close() resets: SO_LINGER, on, zero seconds."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))

    def abort(self):
        self.linger0()
        self.close()

    def half_close(self):
        self.sock.shutdown(socket.SHUT_WR)

    def vanish(self):
        """The socket is gone and nothing was sent: TCP_REPAIR (19), then close. As after a power cut."""
        self.sock.setsockopt(socket.IPPROTO_TCP, 19, 1)
        self.sock.close()


class Program:
    """A real program inside a namespace. What it prints as JSON lines with an "op" are its noted operations."""

    def __init__(self, lab, host, argv, **more):
        # the pair of file and descriptor: a program that prints much must never block on us
        self.path = Path(f'/tmp/whyrst-{os.getpid()}-{len(lab.programs)}.out')
        self.out = open(self.path, 'w')
        self.process = subprocess.Popen(['ip', 'netns', 'exec', lab.spaces[host], *map(str, argv)], stdin=subprocess.PIPE, stdout=self.out,
                                        stderr=subprocess.STDOUT, start_new_session=True, text=True, **more)
        self.argv = argv
        lab.programs.append(self)

    def text(self):
        return self.path.read_text(errors='replace') if self.path.exists() else ''

    def wait_for(self, words, seconds=10):
        deadline = time.time() + seconds
        while words not in self.text():
            if time.time() > deadline or self.process.poll() is not None and words not in self.text():
                raise Failure(f'{self.argv[0]} never said "{words}": {self.text()[-300:]}')
            time.sleep(0.01)

    def tell(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def wait(self, seconds=15):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f'{self.argv[0]} did not end: {self.text()[-300:]}')
        return self.text()

    def facts(self):
        return [json.loads(line) for line in self.text().splitlines() if line.startswith('{')]

    def operations(self):
        return [fact for fact in self.facts() if 'op' in fact]

    def kill(self, number=signal.SIGKILL):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait()

    def clean(self):
        self.kill()
        self.out.close()
        self.path.unlink(missing_ok=True)


class Lab:
    def __init__(self, name, options, prefix='whyrst', network=None):
        """Labs with different `prefix` (of namespaces and trace) and `network` (second octet of the addresses) can run side by side."""
        self.name, self.options, self.prefix = name, {**DEFAULTS, **options}, prefix
        self.spaces = {host: f'{prefix}-{host[0]}' for host in ('client', 'router', 'server', 'other', 'delay', 'guest')}
        self.trace = TRACING / f'instances/{prefix}'
        four_net, six_net = ('10.0', 'fd00') if network is None else (f'10.{network}', f'fd00:{network:x}')
        self.four = {'client': f'{four_net}.1.2', 'server': f'{four_net}.2.2', 'router': f'{four_net}.1.1', 'gateway': f'{four_net}.2.1', 'other': f'{four_net}.2.3', 'guest': '10.9.0.100'}
        self.six = {'client': f'{six_net}:1::2', 'server': f'{six_net}:2::2', 'router': f'{six_net}:1::1', 'gateway': f'{six_net}:2::1', 'other': f'{six_net}:2::3'}
        self.programs, self.sockets, self.dumps, self.connections, self.children = [], [], {}, [], []
        self.next_port = 40000
        self.address = dict(self.six if self.options['ipv6'] else self.four)
        if self.options['loopback']:
            self.address = {'client': '::1' if self.options['ipv6'] else '127.0.0.1'}
            self.address['server'] = self.address['client']
        self.hosts = {address: 'router' if host == 'gateway' else host for table in (self.six, self.four) for host, address in table.items()}
        self.here = os.open('/proc/self/ns/net', os.O_RDONLY)

    # ---- the namespaces -------------------------------------------------------------------------------------------------------------------

    def __enter__(self):
        try:
            self.build()
            self.trace_on()
            if not self.options['late']:
                self.capture()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def build(self):
        self.remove()
        hosts = ['client', 'router', 'server'] + ['other'] * self.options['other'] + ['delay'] * bool(self.options['delay'])
        for host in hosts:
            shell(f'ip netns add {self.spaces[host]}')
            self.sysctl(host, 'net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.default.router_solicitations=0')
            shell(f'ip -n {self.spaces[host]} link set lo up')
            if not self.options['timestamps']:
                self.sysctl(host, 'net.ipv4.tcp_timestamps=0')
        c, r, s, o, d = (self.spaces[host] for host in ('client', 'router', 'server', 'other', 'delay'))
        if self.options['delay']:
            shell(f'ip link add eth0 netns {c} type veth peer name c0 netns {d}', f'ip link add r0 netns {r} type veth peer name c1 netns {d}',
                  f'ip link add eth0 netns {s} type veth peer name s0 netns {d}', f'ip link add r1 netns {r} type veth peer name s1 netns {d}')
        else:
            shell(f'ip link add eth0 netns {c} type veth peer name r0 netns {r}', f'ip link add eth0 netns {s} type veth peer name r1 netns {r}')
        ends = [(c, 'eth0'), (r, 'r0'), (r, 'r1'), (s, 'eth0')] + [(d, link) for link in ('c0', 'c1', 's0', 's1')] * bool(self.options['delay'])
        towards_server = 'r1'
        if self.options['other']:
            towards_server = 'bridge'
            shell(f'ip link add eth0 netns {o} type veth peer name r2 netns {r}', f'ip -n {r} link add bridge type bridge',
                  f'ip -n {r} link set r1 master bridge', f'ip -n {r} link set r2 master bridge', f'ip -n {r} link set r2 up', f'ip -n {r} link set bridge up')
            ends += [(r, 'r2'), (o, 'eth0')]
        for space, link in ends:
            if not self.options['offload']:
                shell(f'ip netns exec {space} ethtool -K {link} tso off gso off gro off tx off rx off')
            shell(f"ip -n {space} link set {link} mtu {self.options['mtu']} up")
        links = [(c, 'eth0', 'client', 'router'), (r, 'r0', 'router', None), (r, towards_server, 'gateway', None), (s, 'eth0', 'server', 'gateway')]
        for space, link, host, gateway in links + [(o, 'eth0', 'other', 'gateway')] * self.options['other']:
            shell(f'ip -n {space} addr add {self.four[host]}/24 dev {link}', f'ip -n {space} addr add {self.six[host]}/64 dev {link} nodad')
            if gateway:
                shell(f'ip -n {space} route add default via {self.four[gateway]}', f'ip -n {space} -6 route add default via {self.six[gateway]}')
        self.sysctl('router', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')
        if self.options['delay']:
            ready, told = os.pipe()
            self.fork(lambda: delay_bridge(self.options['delay'] / 2, told, self.options['jitter'] / 2), host='delay')
            os.read(ready, 1)
            os.close(ready)
            os.close(told)
        for host, gateway in (('client', 'router'), ('server', 'gateway')):  # neighbours learn each other before the capture begins
            for family, address in ((socket.AF_INET, self.four[gateway]), (socket.AF_INET6, self.six[gateway])):
                one = self.socket(host, family, socket.SOCK_DGRAM)
                for _ in range(2):
                    one.sendto(b'', (address, 9))
                    time.sleep(0.01 + 4 * self.options['delay'])
                one.close()

    def remove(self):
        for space in self.spaces.values():
            if os.path.exists(f'/run/netns/{space}'):
                shell(f'ip netns del {space}', check=False)

    def close(self):
        for program in self.programs:
            program.clean()
        for child in self.children:
            self.kill(child)
        for dump in self.dumps.values():
            dump[0].kill()
        for sock in self.sockets:
            try:
                sock.close()
            except OSError:
                pass
        self.trace_off()
        self.remove()

    def inside(self, host, command, check=True):
        return shell(f'ip netns exec {self.spaces[host]} {command}', check=check)

    def guest(self, *argv):
        """A host of its own behind a user-space network, as a rootless container has it: the program `argv` on the client speaks TCP with it in
        the names of all others. Its link tap0 is one more vantage, 'guest'; connections of host='guest' go through it."""
        space = self.spaces['guest']
        shell(f'ip netns add {space}', f'ip -n {space} link set lo up')
        program = self.run('client', *argv, f'/run/netns/{space}', *(['tap0'] if argv[0] == 'slirp4netns' else []))
        for _ in range(100):
            if 'default' in shell(f'ip -n {space} route', check=False):
                break
            pause(0.05)
        else:
            raise Failure(f'{argv[0]} gave the guest no network: {program.text()[-300:]}')
        shell(f'ip netns exec {space} ethtool -K tap0 tso off gso off gro off tx off rx off', f'ip -n {space} link set tap0 mtu 1500')
        self.dump('guest', 'guest', 'tap0')
        return program

    def sysctl(self, host, *settings):
        for setting in settings:
            self.inside(host, f'sysctl -qw {setting}')

    def nft(self, rules, host='router'):
        """Loads a ruleset given in nft's own syntax, in place of the one before."""
        done = subprocess.run(['ip', 'netns', 'exec', self.spaces[host], 'nft', '-f', '-'], input='flush ruleset\n' + rules.replace('} }', '}\n}') + '\n', text=True, stderr=subprocess.PIPE)
        if done.returncode:
            raise Failure(f'nft: {done.stderr.strip()}')

    def forward(self, *rules):
        """Filter rules for what the router forwards; without arguments: none any more."""
        self.nft('table inet lab { chain forward { type filter hook forward priority 0\n' + '\n'.join(rules) + '\n} }' if rules else '')

    def enter(self, host):
        fd = self.here if host is None else os.open(f'/run/netns/{self.spaces[host]}', os.O_RDONLY)
        if libc.setns(fd, 0x40000000):
            raise OSError(ctypes.get_errno(), 'setns')
        if host is not None:
            os.close(fd)

    def socket(self, host, *kind):
        """A socket that lives in that host's namespace, whichever thread uses it."""
        self.enter('client' if self.options['loopback'] else host)
        try:
            sock = socket.socket(*(kind or (socket.AF_INET6 if self.options['ipv6'] else socket.AF_INET, socket.SOCK_STREAM)))
        finally:
            self.enter(None)
        self.sockets.append(sock)
        return sock

    # ---- connections and what their programs see ------------------------------------------------------------------------------------------

    def listen(self, port=5001, host='server', address=None, backlog=16, receive_buffer=None, reuse_port=False, protocol=0):
        address = address or self.address[host]
        sock = self.socket(host, socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_STREAM, protocol)
        if reuse_port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.bind((address, port))
        sock.listen(backlog)
        sock.settimeout(3)
        return sock

    def connection(self, client, server):
        """The truth about one connection; its cause stays null until `because` names one."""
        for one in self.connections:
            if one['client'] == client and one['server'] == server:
                return one
        self.connections.append({'client': client, 'server': server, 'cause': None, 'mechanism': None, 'applications': {'client': [], 'server': []}})
        return self.connections[-1]

    def open(self, port=5001, to=None, host='client', source_port=None, timeout=2, side='client', protocol=0):
        """An unconnected socket with a port of its own, as an End, and where it shall go."""
        six = ':' in (to or self.address['server'])
        sock = self.socket(host, socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if source_port is None:
            source_port, self.next_port = self.next_port, self.next_port + 1
        if source_port:
            own = self.six[host] if six and not self.options['loopback'] else self.address[host]
            sock.bind((own, source_port))
        target = (to or self.address['server'], port)
        truth = self.connection(name_of(sock.getsockname()) if source_port else '*', name_of(target))
        end = End(self, sock, side, truth['applications'][side])
        end.truth, end.target = truth, target
        sock.settimeout(timeout)
        return end

    def connect(self, port=5001, **how):
        end = self.open(port, **how)
        end.sock.connect(end.target)
        return end

    def dial(self, port=5001, **how):
        """connect() as a noted operation: it may fail."""
        end = self.open(port, **how)
        end.note('connect', lambda: end.sock.connect(end.target))
        return end

    def accept(self, listener, of=None):
        """The server's End of the next connection (`of`: the client's End, when addresses are translated on the way)."""
        sock, peer = listener.accept()
        self.sockets.append(sock)
        here = name_of(peer), name_of(sock.getsockname())
        truth = of.truth if of else self.connection(*here)
        if here != (truth['client'], truth['server']):
            truth['translated'] = {'client': here[0], 'server': here[1]}
        end = End(self, sock, 'server', truth['applications']['server'])
        end.truth = truth
        return end

    def pair(self, port=5001, listener=None, **how):
        """A connected client and server."""
        listener = listener or self.listen(port, protocol=how.get('protocol', 0))
        client = self.connect(listener.getsockname()[1], **how)
        return client, self.accept(listener)

    def attempt(self, operation, function):
        """Runs one socket operation and says what the program was told."""
        try:
            result = function()
        except TimeoutError as error:
            return {'op': operation, 'result': errno.errorcode[error.errno] if error.errno else 'timeout'}
        except ssl.SSLEOFError:
            return {'op': operation, 'result': 'EOF'}
        except OSError as error:
            return {'op': operation, 'result': errno.errorcode.get(error.errno, str(error))}
        if operation == 'read':
            return {'op': 'read', 'result': 'ok', 'bytes': len(result)} if result else {'op': 'read', 'result': 'EOF'}
        return {'op': operation, 'result': 'ok', 'bytes': result} if operation == 'write' else {'op': operation, 'result': 'ok'}

    def because(self, what, cause, mechanism, not_at=(), also=()):
        """The truth: what the script did. `what`: an End or a connection's record; `also`: causes that are as true of what one of the vantages shows."""
        truth = what.truth if isinstance(what, End) else what
        truth['cause'], truth['mechanism'] = cause, mechanism
        if not_at:
            truth['notAt'] = list(not_at)
        if also:
            truth['also'] = list(also)

    def insist(self, condition, words):
        """Ends this take when the situation did not come about (races do not always happen); the recorder tries again."""
        if not condition:
            raise Failure(words)

    # ---- programs and processes -----------------------------------------------------------------------------------------------------------

    def run(self, host, *argv, **more):
        return Program(self, host, argv, **more)

    def wait_for_port(self, port, host='server', seconds=10):
        """Until a program of that host listens there (nothing is sent)."""
        deadline = time.time() + seconds
        while f':{port} ' not in self.inside(host, 'ss -Htln') + ' ':
            if time.time() > deadline:
                raise Failure(f'nothing listens on port {port}')
            time.sleep(0.02)

    def python(self, host, source, *arguments):
        return self.run(host, sys.executable, '-u', '-c', source, *arguments)

    def node(self, host, name, *arguments):
        return self.run(host, 'node', PROGRAMS / f'{name}.js', *arguments)

    def go(self, name):
        """Builds programs/<name>.go and returns the binary's path."""
        binary = Path(f'/tmp/whyrst-go/{name}')
        binary.parent.mkdir(exist_ok=True)
        source = PROGRAMS / f'{name}.go'
        if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
            fresh = f'{binary}.{os.getpid()}'  # another recorder may be building it too
            shell(f'GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode CGO_ENABLED=0 GOCACHE=/tmp/whyrst-go/cache go build -o {fresh} {source}')
            os.replace(fresh, binary)
        return binary

    def background(self, work, *arguments):
        """Runs `work` beside the script, until it ends or the lab closes its sockets."""
        def quietly():
            try:
                work(*arguments)
            except (OSError, ValueError):
                pass
        threading.Thread(target=quietly, daemon=True).start()

    def fork(self, work, host=None):
        """A child process that does `work`; it holds copies of all open sockets, as a forked server would."""
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            try:
                if host:
                    self.enter(host)
                work()
            finally:
                os._exit(0)
        self.children.append(pid)
        return pid

    def holder(self, *sockets):
        """Hands these sockets to a process of their own; killing it is what the sockets then feel."""
        pid = self.fork(lambda: time.sleep(600))
        for sock in sockets:
            (sock.sock if isinstance(sock, End) else sock).close()
        return pid

    def kill(self, pid, number=signal.SIGKILL):
        if pid in self.children:
            self.children.remove(pid)
            os.kill(pid, number)
            os.waitpid(pid, 0)

    # ---- packets: what passes the router, and what only a raw socket can send ---------------------------------------------------------------

    def wire(self, link='r0'):
        return Wire(self, link)

    def forge(self, source, destination, flags, seq, ack=0, window=0, ttl=64, identification=0, dont_fragment=True, payload=b'', options=b'', tos=0, host='router'):
        """Sends one TCP segment from the router (or another host) under any name. Addresses are (ip, port); flags as in tcpdump: 'R', 'RA', 'SA' ..."""
        bits = sum({'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16, 'U': 32}[flag] for flag in flags)
        family = socket.AF_INET6 if ':' in source[0] else socket.AF_INET
        a, b = socket.inet_pton(family, source[0]), socket.inet_pton(family, destination[0])
        segment = struct.pack('!HHIIBBHHH', source[1], destination[1], seq & 0xffffffff, ack & 0xffffffff, (20 + len(options)) << 2, bits, window, 0, 0) + options + payload
        data = a + b + struct.pack('!II', len(segment), 6) + segment
        data += b'\0' * (len(data) % 2)
        total = sum(struct.unpack(f'!{len(data) // 2}H', data))
        while total >> 16:
            total = (total >> 16) + (total & 0xffff)
        segment = segment[:16] + struct.pack('!H', ~total & 0xffff) + segment[18:]
        if family == socket.AF_INET:
            packet = struct.pack('!BBHHHBBH', 0x45, tos, 20 + len(segment), identification, 0x4000 if dont_fragment else 0, ttl, 6, 0) + a + b + segment
        else:
            packet = struct.pack('!IHBB', 0x60000000, len(segment), 6, ttl) + a + b + segment
        raw = self.socket(host, family, socket.SOCK_RAW, socket.IPPROTO_RAW)
        raw.sendto(packet, (destination[0], 0))
        raw.close()

    # ---- captures and the trace -----------------------------------------------------------------------------------------------------------

    def capture(self):
        """Starts tcpdump at every vantage (the recorder does it before the script, unless the script is `late`)."""
        for vantage, (host, link) in VANTAGES.items():
            if self.options['loopback']:
                if vantage != 'client':
                    continue
                link = 'lo'
            link = self.options['middle'] if vantage == 'middle' else link
            self.dump(vantage, host, link, wait=False)
        for dump, _ in self.dumps.values():
            self.listening(dump)

    def dump(self, vantage, host, link, wait=True):
        """Starts tcpdump on one link."""
        path = Path(f'/tmp/whyrst-{os.getpid()}.{vantage}.pcap')
        dump = subprocess.Popen(['ip', 'netns', 'exec', self.spaces[host], 'tcpdump', '-i', link, '-Z', 'root', '--immediate-mode', '-B', '16384', '-U', '-s', str(self.options['snaplen']),
                                 '-w', str(path), self.options['filter']], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.dumps[vantage] = (dump, path)
        if wait:
            self.listening(dump)

    def listening(self, dump):
        while 'listening on' not in (line := dump.stderr.readline()):
            if not line:
                raise Failure('tcpdump did not start')

    def stop(self):
        """Ends the captures; the wait is for the packets still between kernel and file."""
        time.sleep(0.3)
        for dump, path in self.dumps.values():
            os.killpg(dump.pid, signal.SIGINT)
        for vantage, (dump, path) in self.dumps.items():
            said = dump.communicate()[1]
            lost = re.search(r'(\d+) packets dropped by kernel', said)
            if lost and lost[1] != '0':
                raise Failure(f'tcpdump at the {vantage} lost {lost[1]} packets')
        return {vantage: path for vantage, (_, path) in self.dumps.items()}

    def trace_on(self):
        if not (TRACING / 'instances').exists():
            shell(f'mount -t tracefs nodev {TRACING}')
        self.trace.mkdir(exist_ok=True)
        (self.trace / 'trace_clock').write_text('tai')  # with the offset below: the clock of the captures
        self.tai = round(time.clock_gettime(time.CLOCK_TAI) - time.time())
        (self.trace / 'trace').write_text('')
        for event in ('tcp_send_reset', 'tcp_receive_reset'):
            (self.trace / f'events/tcp/{event}/enable').write_text('1')

    def trace_off(self):
        if self.trace.exists():
            for event in ('tcp_send_reset', 'tcp_receive_reset'):
                (self.trace / f'events/tcp/{event}/enable').write_text('0')
            self.trace.rmdir()

    def resets(self):
        """The kernel's tcp_send_reset lines of this lab's hosts, in order."""
        lines = []
        for line in (self.trace / 'trace').read_text().splitlines():
            found = re.search(r' (\d+\.\d+): tcp_send_reset: .*src=(\S+) dest=(\S+) state=(\S+) reason=(\S+)', line)
            if not found:
                continue
            address, port = found[2].rsplit(':', 1)
            host = self.hosts.get(address.strip('[]').removeprefix('::ffff:'))
            if self.options['loopback'] and address.strip('[]') == self.address['client'] or address in ('0.0.0.0', '[::]'):
                # one address for both, or a listener's wildcard: the port tells
                servers = {one['server'].rsplit(':', 1)[1] for one in self.connections}
                clients = {one['client'].rsplit(':', 1)[1] for one in self.connections}
                host = 'server' if port in servers else 'client' if port in clients else None
            if host:
                lines.append({'time': round(float(found[1]) - self.tai, 6), 'host': host, 'source': found[2], 'destination': found[3], 'state': found[4], 'reason': found[5]})
        return lines


class Wire:
    """Listens on one of the router's links: the numbers a forger needs."""

    def __init__(self, lab, link):
        self.sock = lab.socket('router', socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.sock.bind((link, 3))

    def segments(self, seconds=0):
        """The TCP segments since the last call, oldest first; waits up to `seconds` for the first."""
        found = []
        while select.select([self.sock], [], [], 0 if found else seconds)[0]:
            segment = decode(self.sock.recv(65536))
            if segment:
                found.append(segment)
        return found

    def last(self, source, segments=None):
        """The newest segment sent by that address."""
        return [one for one in (segments or self.segments()) if one['source'][0] == source][-1]


def decode(frame):
    """Ethernet frame -> the TCP segment in it, as a dict; None for anything else."""
    kind, packet = struct.unpack('!H', frame[12:14])[0], frame[14:]
    if kind == 0x0800 and packet[9] == 6:
        head, total, family = (packet[0] & 15) * 4, struct.unpack('!H', packet[2:4])[0], socket.AF_INET
        a, b, ttl, identification = packet[12:16], packet[16:20], packet[8], struct.unpack('!H', packet[4:6])[0]
    elif kind == 0x86dd and packet[6] == 6:
        head, total, family = 40, 40 + struct.unpack('!H', packet[4:6])[0], socket.AF_INET6
        a, b, ttl, identification = packet[8:24], packet[24:40], packet[7], 0
    else:
        return None
    tcp = packet[head:total]
    source, destination, seq, ack, offset, bits, window = struct.unpack('!HHIIBBH', tcp[:16])
    payload = tcp[(offset >> 4) * 4:]
    return {'source': (socket.inet_ntop(family, a), source), 'destination': (socket.inet_ntop(family, b), destination), 'seq': seq, 'ack': ack, 'bits': bits,
            'end': (seq + len(payload) + (bits & 1) + (bits >> 1 & 1)) & 0xffffffff, 'window': window, 'ttl': ttl, 'identification': identification, 'payload': payload,
            'options': tcp[20:(offset >> 4) * 4]}


def delay_bridge(seconds, told, jitter=0):
    """Carries every frame between the two halves of each link, that much later. Runs in a namespace and process of its own."""
    links = {}
    for one, two in (('c0', 'c1'), ('s0', 's1')):
        pair = []
        for link in (one, two):
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUFFORCE if hasattr(socket, 'SO_RCVBUFFORCE') else 33, 4 << 20)
            sock.bind((link, 3))
            pair.append(sock)
        links[pair[0]], links[pair[1]] = pair[1], pair[0]
    os.write(told, b'.')
    waiting, count = [], 0
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for sock in select.select(list(links), [], [], pause)[0]:
            frame, address = sock.recvfrom(65536)
            if address[2] != 4:  # PACKET_OUTGOING: our own
                count += 1
                heapq.heappush(waiting, (time.monotonic() + seconds + random.random() * jitter, count, links[sock], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, sock, frame = heapq.heappop(waiting)
            sock.send(frame)


pause = time.sleep

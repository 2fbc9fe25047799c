"""A world with drawn conditions, and the scene in it on which a deed is done."""
import itertools, subprocess, threading, time
from lab import End, Failure, Lab, name_of
from .talk import Talk

SERVICE_PORTS = [22, 80, 443, 1433, 2049, 3306, 3389, 5000, 5432, 5672, 6379, 8000, 8080, 8443, 9000, 9090, 9092, 11211, 27017]


class World(Lab):
    """A lab of its own beside others: its names and addresses follow from its slot, of which it is the only holder."""

    def __init__(self, name, conditions, slot, draw):
        options = {key: conditions[key] for key in conditions if key not in ('loss', 'nat', 'healthy')}
        super().__init__(name, options, prefix=f'whyrst{slot}', network=slot)
        self.conditions, self.draw, self.files = conditions, draw, []
        self.ports = itertools.count(draw.randint(33000, 60000 - 2000))
        # one loopback address serves all labs of the machine: there the port must tell them apart
        self.services = iter(draw.sample(range(2000, 30000), 60) if conditions['loopback'] else draw.sample(SERVICE_PORTS, 12) + draw.sample(range(2000, 30000), 60))

    def build(self):
        super().build()
        if self.conditions['nat'] == 'masquerade':
            self.add_rules('table ip nat', f"chain post {{ type nat hook postrouting priority 100; ip saddr {self.four['client']} masquerade; }}")
        if self.conditions['nat'] == 'dnat':
            self.add_rules('table ip nat', f"chain pre {{ type nat hook prerouting priority -100; ip daddr {self.four['router']} tcp dport != 0 dnat to {self.four['server']}; }}")

    def close(self):
        super().close()
        for path in self.files:
            path.unlink(missing_ok=True)

    def lose(self):
        """From here on the router loses packets."""
        if self.conditions['loss']:
            self.add_rules('table inet loss', f"chain forward {{ type filter hook forward priority -10; numgen random mod 1000 < {self.conditions['loss']} drop; }}")

    def add_rules(self, table, chain):
        """Adds a table beside those there are; `drop_rules(table)` takes it away."""
        self.load(f'{table} {{ {chain} }}')

    def drop_rules(self, table):
        self.load(f'delete {table}')

    def load(self, rules):
        rules = rules.replace('; }', '\n}').replace('; ', '\n').replace('{ ', '{\n').replace(' }', '\n}')
        done = subprocess.run(['ip', 'netns', 'exec', self.spaces['router'], 'nft', '-f', '-'], input=rules + '\n', text=True, stderr=subprocess.PIPE)
        if done.returncode:
            raise Failure(f'nft: {done.stderr.strip()}')

    def run(self, host, *argv, **more):
        return super().run(self.home(host), *argv, **more)

    def wait_for_port(self, port, host='server', **how):
        super().wait_for_port(port, self.home(host), **how)

    def home(self, host):
        """Where that host's programs run: on one host, where both ends are on loopback."""
        return 'client' if self.options['loopback'] else host

    def open(self, port=5001, source_port=None, **how):
        return super().open(port, source_port=next(self.ports) if source_port is None else source_port, **how)

    def translate(self):
        """Gives every connection the names that it has behind the NAT, where `accept` did not see them."""
        for one in self.connections:
            client, server = ((one[side].rsplit(':', 1)) for side in ('client', 'server'))
            if self.conditions['nat'] == 'masquerade' and client[0] == self.four['client']:
                one.setdefault('translated', {'client': f"{self.four['gateway']}:{client[1]}", 'server': one['server']})
            if self.conditions['nat'] == 'dnat' and server[0] == self.four['router']:
                one.setdefault('translated', {'client': one['client'], 'server': f"{self.four['server']}:{server[1]}"})

    def verify(self, lines):
        """Where a deed insists on the kernel's reason, the first line about its connection gives it; otherwise the deed did not come about."""
        for one in self.connections:
            if 'reasons' not in one:
                continue
            pairs = [{names['client'], names['server']} for names in (one, one.get('translated', one))]
            port = one.get('translated', one)['server'].rsplit(':', 1)[1]
            ours = [line for line in lines if {plain(line['source']), plain(line['destination'])} in pairs
                    or line['state'] == 'TCP_LISTEN' and line['source'].rsplit(':', 1)[1] == port]
            if not (ours or self.conditions['loss']) or ours and ours[0]['reason'] not in one['reasons']:
                raise Failure(f"{one['deed']}: the kernel says {ours[0]['reason'] if ours else 'nothing'} of {one['client']}, not {' or '.join(one['reasons'])}")

    def resets(self):
        lines = super().resets()
        if not self.options['loopback']:
            return lines
        # 127.0.0.1 is everybody's: only lines about a socket that the script knows are ours
        ports = {one[side].rsplit(':', 1)[1] for one in self.connections for side in ('client', 'server')}
        return [line for line in lines if line['source'].rsplit(':', 1)[1] in ports]


def plain(name):
    """A socket's name without the form of an IPv4 address in an IPv6 socket."""
    return name.replace('[::ffff:', '').replace(']', '') if name.startswith('[::ffff:') else name


class Scene:
    """What a deed sees: its own draws, ports and manner of speaking, in a world that it may share."""

    def __init__(self, world, draw, deed):
        self.world, self.draw, self.deed = world, draw, deed
        self.talk = Talk(draw)
        self.far = world.options['delay']
        self.round_trip = 2 * (world.options['delay'] + world.options['jitter'])

    # ---- connections

    def port(self):
        return next(self.world.services)

    def listen(self, port=None, **how):
        return self.world.listen(port or self.port(), **how)

    @property
    def service(self):
        """The address by which clients know the server (a NAT may stand before it)."""
        return self.world.four['router'] if self.world.conditions['nat'] == 'dnat' else self.world.address['server']

    def connect(self, listener, **how):
        return self.world.connect(listener.getsockname()[1], to=self.service, **how)

    def pair(self, listener=None, **how):
        listener = listener or self.listen()
        client = self.connect(listener, **how)
        server = self.world.accept(listener, of=client)
        for end in (client, server):
            end.sock.settimeout(4)
        return client, server

    def connection_of(self, sock, port):
        """The truth of a connection that a program made, from the server's end of it; the world adds the names behind a NAT."""
        peer = sock.getpeername()
        host = self.world.address['client'] if self.world.conditions['nat'] == 'masquerade' else peer[0]
        return self.world.connection(name_of((host, peer[1])), name_of((self.service, port)))

    def accept(self, listener):
        """The server's End of a connection that a program made."""
        sock, _ = listener.accept()
        self.world.sockets.append(sock)
        truth = self.connection_of(sock, listener.getsockname()[1])
        end = End(self.world, sock, 'server', truth['applications']['server'])
        end.truth = truth
        return end

    def exchange(self, client, server, count=1):
        for _ in range(count):
            client.exchange(server, self.talk.request(), self.talk.response())

    def used_pair(self, listener=None, most=4, **how):
        """A connected pair that has exchanged something already."""
        client, server = self.pair(listener, **how)
        self.exchange(client, server, self.draw.randint(1, most))
        return client, server

    # ---- time

    def pause(self, shortest, longest=None):
        time.sleep(self.draw.uniform(shortest, longest) if longest else shortest)

    def settle(self):
        """Until what was sent has arrived and was answered."""
        time.sleep(0.05 + 1.5 * self.round_trip)

    # ---- words

    def because(self, what, cause, mechanism, **more):
        truth = what.truth if hasattr(what, 'truth') else what
        truth['deed'] = self.deed.name
        if 'reasons' in more:
            truth['reasons'] = more.pop('reasons')
        if more.pop('maybe', False) or self.world.conditions['loss']:
            truth['maybe'] = True
        self.world.because(truth, cause, mechanism, **more)

    def ends(self, what, *kinds, not_at=()):
        """The truth of a connection that ends without a reset: the kinds of ending that say so, the best first."""
        what.truth.update(deed=self.deed.name, ending=list(kinds))
        if not_at:
            what.truth['notAt'] = list(not_at)

    def look(self, end, writes=True):
        """What the program at this end is told now."""
        end.sock.settimeout(0.4 + 2 * self.round_trip)
        if self.draw.random() < 0.5 or not writes:
            end.read_all()
        else:
            end.write(self.talk.request())
            self.settle()
            end.read()
        if writes and self.draw.random() < 0.5:
            end.write(self.talk.request())


class Bystanders:
    """Healthy connections that go on while deeds are done."""

    def __init__(self, world, draw, count):
        self.scene = Scene(world, draw, None)
        self.count, self.over = count, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        if self.count:
            listener = self.scene.listen(backlog=64)
            self.pairs = [self.scene.used_pair(listener, 2) for _ in range(self.count)]
            self.thread.start()
        return self

    def run(self):
        draw = self.scene.draw
        try:
            while not self.over.wait(draw.uniform(0.05, 0.6)) and self.pairs:
                pair = draw.choice(self.pairs)
                self.scene.exchange(*pair)
                if draw.random() < 0.1:
                    self.pairs.remove(pair)
                    self.close(*pair)
        except (OSError, Failure):
            pass  # a deed cut the path for everybody; their truth stays "no reset of theirs"

    def close(self, client, server):
        first, second = (client, server) if self.scene.draw.random() < 0.6 else (server, client)
        first.half_close()
        second.sock.recv(1)
        second.close()
        first.sock.recv(1)
        first.close()

    def __exit__(self, *_):
        self.over.set()
        if self.count:
            self.thread.join(5)

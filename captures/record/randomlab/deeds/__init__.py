"""The deeds of the random lab. A deed is a function of a Scene with a docstring that says what happens.

    needs   what it asks of the world: 'apart' (not on one host), 'four' (IPv4), 'plain' (no loss, jitter, NAT), 'direct' (no NAT),
            'near' (no delay), 'alone' (no other deed beside it), 'empty' (no bystanders: it ends everybody), 'other' (one more host on
            the server's segment)
    delay   bounds of the one-way delay it needs, in seconds
    story   the story of the mission that it tells, if it is one
"""
from importlib import import_module

DEEDS = {}
# The kernel's reason (tcp_send_reset) that a deed can insist on.
UNREAD = ('TCP_ABORT_ON_CLOSE',)
AFTER_CLOSE = ('TCP_ABORT_ON_DATA', 'TCP_TIMEWAIT_SOCKET', 'TCP_FLAGS', 'NO_SOCKET')


class Deed:
    def __init__(self, function, needs, delay, story, weight):
        self.function, self.needs, self.delay, self.story, self.weight = function, frozenset(needs), delay, story, weight
        self.name = function.__name__.replace('_', '-')
        self.situation = ' '.join(function.__doc__.split())


def deed(*needs, delay=None, story=None, weight=1):
    def register(function):
        one = Deed(function, needs, delay, story, weight)
        DEEDS[one.name] = one
        return function
    return register


for room in ('closing', 'transfers', 'reusing', 'pools', 'refusing', 'waiting', 'devices', 'forging', 'scanning', 'programs', 'proxies', 'tls'):
    import_module(f'{__name__}.{room}')

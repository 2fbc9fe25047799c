"""Under which conditions a situation happens: drawn, as far as its deeds leave a choice."""


def draw_conditions(draw, deeds):
    """The lab's options and what the world adds to them (`loss`, `nat`, `healthy`)."""
    needs = set().union(*(deed.needs for deed in deeds))
    loopback = 'apart' not in needs and draw.random() < 0.15
    delay = next((deed.delay for deed in deeds if deed.delay), None)
    if delay:
        delay = draw.uniform(*delay)
    elif loopback or 'near' in needs or draw.random() < 0.55:
        delay = 0
    else:
        delay = draw.choice([draw.uniform(0.0005, 0.005), draw.uniform(0.005, 0.02), draw.uniform(0.02, 0.08)])
    four = 'four' in needs
    plain = 'plain' in needs
    ipv6 = not four and draw.random() < 0.2
    return {
        'loopback': loopback,
        'ipv6': ipv6,
        'delay': round(delay, 5),
        'jitter': round(draw.uniform(0.001, 0.004), 5) if delay > 0.002 and not plain and draw.random() < 0.12 else 0,
        'timestamps': draw.random() >= 0.2,
        'offload': delay == 0 and draw.random() < 0.2,
        'mtu': draw.choice([1500, 1500, 1500, 1500, 1400, 1280, 9000]),
        'filter': draw.choice(['tcp or icmp or (icmp6 and ip6[40] < 128)', 'tcp or arp or icmp', 'tcp or udp']),
        'middle': draw.choice(['r0', 'r0', 'r1']) if 'other' not in needs else draw.choice(['r0', 'bridge']),
        'other': 'other' in needs,
        'loss': 0 if loopback or plain or draw.random() >= 0.1 else draw.choice([5, 10, 20]),  # per mille, at the router, each way
        'nat': 'none' if loopback or ipv6 or plain or 'direct' in needs else draw.choice(['none'] * 6 + ['masquerade', 'dnat']),
        'healthy': 0 if 'empty' in needs else draw.choice([0, 0, 1, 2, 3, 5, 8]),
    }

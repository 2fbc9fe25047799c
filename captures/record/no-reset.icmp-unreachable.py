"""A filter answers the SYN with ICMP administratively prohibited."""


def record(lab):
    lab.forward('tcp dport 5001 reject with icmp type admin-prohibited')
    lab.dial(5001)

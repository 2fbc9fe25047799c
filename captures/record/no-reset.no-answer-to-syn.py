"""A filter drops the client's SYNs; connect() gives up after three seconds."""


def record(lab):
    lab.forward('tcp dport 5001 drop')
    lab.dial(5001, timeout=3.3)

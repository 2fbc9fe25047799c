"""A server on lwIP (Debian's liblwip0, through ctypes) behind the tap device named by PRECONFIGURED_TAPIF: what a small device does with TCP.
Arguments: its address, its gateway. One thread a port, and what is done with each connection is by port: see closed-port.lwip.py."""
import ctypes, socket, struct, sys, threading, time

lwip = ctypes.CDLL('liblwip.so.0')
address, gateway = sys.argv[1:3]


def word(text):
    return ctypes.byref(ctypes.c_uint32(struct.unpack('=I', socket.inet_aton(text))[0]))


ready = threading.Event()
netif = ctypes.create_string_buffer(4096)
lwip.netif_add.restype = ctypes.c_void_p


@ctypes.CFUNCTYPE(None, ctypes.c_void_p)
def begun(_):
    # in the thread of the stack, which alone may touch interfaces
    if lwip.netif_add(netif, word(address), word('255.255.255.0'), word(gateway), None, lwip.tapif_init, lwip.tcpip_input) is not None:
        lwip.netif_set_default(netif)
        lwip.netif_set_up(netif)
        lwip.netif_set_link_up(netif)
        ready.set()


lwip.tcpip_init(begun, None)
if not ready.wait(5):
    sys.exit('no interface')


def listen(port):
    fd = lwip.lwip_socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    name = struct.pack('=HHI8x', socket.AF_INET, socket.htons(port), 0)
    if lwip.lwip_bind(fd, name, len(name)) or lwip.lwip_listen(fd, 4):
        sys.exit(f'cannot listen on {port}')
    return fd


def take(fd, count):
    buffer = ctypes.create_string_buffer(4096)
    while count > 0 and (got := lwip.lwip_read(fd, buffer, min(count, 4096))) > 0:
        count -= got


def exchange(fd):
    take(fd, 32)
    answer = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    lwip.lwip_write(fd, answer, len(answer))


def abort(fd):
    # lwIP looks at SO_LINGER only while something is unacknowledged: else it closes as always
    time.sleep(0.1)
    lwip.lwip_write(fd, b'more', 4)
    lwip.lwip_setsockopt(fd, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('=ii', 1, 0), 8)
    lwip.lwip_close(fd)


def close_unread(fd):
    time.sleep(0.3)
    lwip.lwip_close(fd)


def keep(fd):
    exchange(fd)
    take(fd, 1)
    lwip.lwip_close(fd)


def serve(port, then):
    listener = listen(port)
    while (fd := lwip.lwip_accept(listener, None, None)) >= 0:
        exchange(fd)
        then(fd)


for port, then in ((5001, abort), (5002, close_unread), (5003, lwip.lwip_close), (5004, keep)):
    threading.Thread(target=serve, args=(port, then), daemon=True).start()
print('ready', flush=True)
time.sleep(60)

"""What programs say to each other: requests and answers in the manner of some protocols."""
import string, struct


class Talk:
    def __init__(self, draw):
        self.draw = draw
        self.style = draw.choice(['http', 'http', 'http', 'redis', 'lines', 'binary', 'sealed'])
        self.count = 0

    def request(self):
        self.count += 1
        key = ''.join(self.draw.choices(string.ascii_lowercase, k=self.draw.randint(1, 40)))
        if self.style == 'http':
            return f'GET /{key} HTTP/1.1\r\nHost: server\r\nAccept: */*\r\n\r\n'.encode()
        if self.style == 'redis':
            return f'*2\r\n$3\r\nGET\r\n${len(key)}\r\n{key}\r\n'.encode()
        if self.style == 'lines':
            return f'ASK {self.count} {key}\n'.encode()
        return self.framed(self.draw.randint(4, 400))

    def response(self, size=None):
        size = size if size is not None else self.draw.choice([0, 2, 30, 300, 1200, 5000])
        if self.style == 'http':
            return f'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {size}\r\n\r\n'.encode() + b'a' * size
        if self.style == 'redis':
            return f'${size}\r\n'.encode() + b'v' * size + b'\r\n'
        if self.style == 'lines':
            return b'OK ' + b'a' * size + b'\n'
        return self.framed(size + 1)

    def framed(self, size):
        # behind the content stand its true type and the tag; content of two octets would be an alert (RFC 8446 §5.2)
        size += 2 + 1 + 16 if self.style == 'sealed' else 0
        body = self.draw.randbytes(size)
        # an application record of TLS 1.2 and later, or a length before opaque octets
        return (struct.pack('!BHH', 23, 0x0303, size) if self.style == 'sealed' else struct.pack('!I', size)) + body

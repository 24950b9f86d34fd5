"""A WebSocket client (RFC 6455) of the standard library alone, small enough to send what no library would."""

import base64
import os
import socket
import struct


class WebSocket:
    def __init__(self, port, path, source="127.0.0.1", **fields):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
        headers = {"Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}  # fmt: skip
        headers |= {name.replace("_", "-"): value for name, value in fields.items()}
        self.socket.sendall((f"GET {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in headers.items()) + "\r\n").encode())
        self.header = b""
        while b"\r\n\r\n" not in self.header and (byte := self.socket.recv(1)):
            self.header += byte
        self.status = int(self.header.split()[1])

    def send(self, content, opcode=2):
        length = bytes([0x80 | len(content)]) if len(content) < 126 else b"\xfe" + struct.pack(">H", len(content)) if len(content) < 65536 else b"\xff" + struct.pack(">Q", len(content))
        self.socket.sendall(bytes([0x80 | opcode]) + length + bytes(4) + content)

    def take(self, count):
        content = b""
        while len(content) < count:
            more = self.socket.recv(count - len(content))
            if not more:
                raise EOFError
            content += more
        return content

    def receive(self):
        """The next text message; EOFError where the server closed."""
        while True:
            first, second = self.take(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack(">H", self.take(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self.take(8))
            content = self.take(length)
            if first & 0x0F == 8:
                raise EOFError
            if first & 0x0F == 1:
                assert first & 0x40 == 0, "compressed"
                return content

    def close(self):
        self.socket.close()

"""Videos and cameras for the tests of `naevus watch`, of the standard library and Pillow alone."""

import contextlib
import io
import socketserver
import struct
import threading
from http.server import BaseHTTPRequestHandler

from PIL import Image


def chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def avi(frames, rate):
    """An uncompressed video: AVI of 24-bit device-independent bitmaps: rows from the bottom, padded to 4 bytes, BGR."""
    width, height = frames[0].size

    def bitmap(frame):
        padding = b"\0" * (-3 * width % 4)
        data = frame.convert("RGB").tobytes("raw", "BGR")
        return b"".join(data[y * 3 * width : (y + 1) * 3 * width] + padding for y in reversed(range(height)))

    bitmaps = [bitmap(frame) for frame in frames]
    size = len(bitmaps[0])
    main = struct.pack("<14I", 1_000_000 // rate, size * rate, 0, 0x10, len(frames), 0, 1, size, width, height, 0, 0, 0, 0)
    stream = b"vids" + b"DIB " + struct.pack("<IHHIIIIIIII4H", 0, 0, 0, 0, 1, rate, 0, len(frames), size, 0xFFFFFFFF, 0, 0, 0, width, height)
    form = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, size, 0, 0, 0, 0)
    header = chunk(b"LIST", b"hdrl" + chunk(b"avih", main) + chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", form)))
    index, at = b"", 4
    for one in bitmaps:
        index += b"00db" + struct.pack("<III", 0x10, at, size)
        at += 8 + size + size % 2
    movie = chunk(b"LIST", b"movi" + b"".join(chunk(b"00db", one) for one in bitmaps))
    return chunk(b"RIFF", b"AVI " + header + movie + chunk(b"idx1", index))


class Camera:
    """One that is asked over the network, in a thread for each who asks; `gone` while nobody is answered."""

    def __init__(self, pictures, gap, handler):
        self.pictures, self.gap, self.gone, self.sent = pictures, gap, threading.Event(), 0
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Handler", (handler,), {"camera": self}))
        self.server.daemon_threads = True
        self.place = f"user:pa55word@127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stream(self, send):
        """Sends pictures until the camera is gone or nobody looks any more."""
        with contextlib.suppress(OSError):
            while not self.gone.wait(self.gap):
                send(self.pictures[self.sent % len(self.pictures)], self.sent)
                self.sent += 1

    def end(self):
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()


class HttpHandler(BaseHTTPRequestHandler):
    """Motion JPEG over HTTP (multipart/x-mixed-replace), as cheap cameras do."""

    def do_GET(self):
        if self.camera.gone.is_set():
            return self.send_error(503)
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
        self.end_headers()
        self.camera.stream(lambda picture, _: self.wfile.write(b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(picture), picture)))

    def log_message(self, *_):
        pass


class RtspHandler(socketserver.StreamRequestHandler):
    """RTSP (RFC 2326) with JPEG in RTP (RFC 2435), interleaved on the one connection."""

    SESSION = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=lens\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:lens\r\n"

    def handle(self):
        while (request := self.rfile.readline().split()) and not self.camera.gone.is_set():
            fields = {}
            while line := self.rfile.readline().strip():
                name, value = line.decode().split(":", 1)
                fields[name.lower()] = value.strip()
            method = request[0].decode()
            more = {"OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN", "SETUP": f"Transport: {fields.get('transport')}", "DESCRIBE": "Content-Type: application/sdp"}.get(method, "Range: npt=now-")
            body = self.SESSION if method == "DESCRIBE" else ""
            self.wfile.write(f"RTSP/1.0 200 OK\r\nCSeq: {fields['cseq']}\r\nSession: 1\r\n{more}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            if method == "PLAY":
                return self.camera.stream(self.send)

    def send(self, picture, number):
        tables, scan, (width, height) = scan_of(picture)
        most = 1400
        for at in range(0, len(scan), most):
            last = at + most >= len(scan)
            sequence = self.sequence = (getattr(self, "sequence", -1) + 1) & 0xFFFF
            packet = struct.pack(">BBHII", 0x80, 26 | last << 7, sequence, number * 3600 & 0xFFFFFFFF, 7)
            packet += struct.pack(">IBBBB", at, 1, 255, width // 8, height // 8)
            packet += struct.pack(">BBH", 0, 0, len(tables)) + tables if at == 0 else b""
            packet += scan[at : at + most]
            self.wfile.write(struct.pack(">cBH", b"$", 0, len(packet)) + packet)


def scan_of(picture):
    """Quantisation tables, the scan and the size of a baseline JPEG file (4:2:0, the standard's Huffman tables)."""
    tables, size, at = b"", None, 2
    while True:
        marker, length = struct.unpack(">HH", picture[at : at + 4])
        content = picture[at + 4 : at + 2 + length]
        if marker == 0xFFDB:
            tables += b"".join(content[k + 1 : k + 65] for k in range(0, len(content), 65))
        if marker == 0xFFC0:
            size = struct.unpack(">HH", content[1:5])[::-1]
        at += 2 + length
        if marker == 0xFFDA:
            return tables, picture[at:-2], size


def jpeg(picture):
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=95, subsampling="4:2:0")
    return out.getvalue()

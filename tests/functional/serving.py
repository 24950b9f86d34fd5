"""A running `naevus serve` for the tests that drive one."""

import http.client
import json
import re
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path


class Asks:
    """What is made of `ask`."""

    def status(self, *arguments, **fields):
        return self.ask(*arguments, **fields)[0]

    def json(self, method, path, body=None, expect=200, **fields):
        status, _, content = self.ask(method, path, body, **fields)
        assert status == expect, (status, content)
        return json.loads(content)


class Server(Asks):
    """A running `naevus serve`."""

    def __init__(self, *options, data="data", scheme="http", **how):
        self.process = subprocess.Popen(["naevus", "serve", "--port", "0", "--data", data, *options], stdout=subprocess.PIPE, text=True, **how)
        self.line = self.process.stdout.readline()
        self.port = int(re.search(scheme + r"://[^ ]*:(\d+) ", self.line)[1])

    def ask(self, method, path, body=None, key=None, **fields):
        """Status, header fields and body of one request; the fields' `_` stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if key:
            headers["Authorization"] = "Bearer " + key
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content

    def predict(self, picture, query="", **fields):
        return self.json("POST", "/api/v1/predictions" + query, picture, expect=201, **fields)

    def children(self):
        pids = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            pids += (task / "children").read_text().split()
        return [int(pid) for pid in pids]

    def end(self, sent=signal.SIGTERM):
        self.process.send_signal(sent)
        self.process.communicate(timeout=120)
        return self.process.returncode


@contextmanager
def serving(*options, **how):
    server = Server(*options, **how)
    try:
        yield server
        assert server.process.poll() is None, "the server ended"
        assert server.end() == 0
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def form(parts, boundary="XX"):
    body = b""
    for name, content in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'.encode() + content + b"\r\n"
    return {"body": body + f"--{boundary}--\r\n".encode(), "Content_Type": f"multipart/form-data; boundary={boundary}"}

#!/usr/bin/env python3
"""Starts `naevus serve --tls self-signed` off loopback as somebody with a phone does, and opens what the QR code says.

usage: server_phone.py
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import http.client
import json
import os
import pty
import re
import ssl
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlsplit

from qr_reader import WHITE_ON_BLACK, decode, modules
from serving import serving

OFF_LOOPBACK = ("--tls", "self-signed", "--address", "0.0.0.0")


class Terminal:
    """What a program writes on a terminal."""

    def __init__(self):
        self.ours, self.program = pty.openpty()
        self.written = b""
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        while True:
            try:
                self.written += os.read(self.ours, 4096)
            except OSError:  # the last end of it is closed
                return

    def screen(self):
        os.close(self.program)
        self.reader.join()
        os.close(self.ours)
        return self.written.decode()


def shown(*options, ask=lambda server: None, **how):
    """What is on the terminal of a server that was asked so, and ended."""
    terminal = Terminal()
    try:
        with serving(*OFF_LOOPBACK, *options, data="phone", scheme="https", stderr=terminal.program, **how) as server:
            ask(server)
    finally:
        screen = terminal.screen()
    return server, screen


def own_addresses():
    said = subprocess.run(["ip", "-json", "address"], capture_output=True, check=True).stdout
    return [one["local"] for interface in json.loads(said) for one in interface["addr_info"] if one["scope"] == "global" and one["family"] == "inet"]


def opened(host, port):
    context = ssl.create_default_context(cafile="phone/tls/self-signed.pem")
    connection = http.client.HTTPSConnection(host, port, timeout=60, context=context)
    connection.request("GET", "/v2/health/ready")
    status = connection.getresponse().status
    connection.close()
    return status


def by_address():
    addresses = own_addresses()

    def ask(server):
        for address in addresses:
            assert opened(address, server.port) == 200, address

    server, screen = shown(ask=ask)
    if addresses:
        code = decode(modules(screen))
        assert len(code) == 1 and WHITE_ON_BLACK in screen
        url = urlsplit(code[0])
        assert url.scheme == "https" and url.hostname in addresses and url.port == server.port, code
        told = set(re.findall(r"https://\S+", screen))
        assert told == {f"https://{address}:{server.port}" for address in addresses}, (told, addresses)
    else:
        assert "https" not in screen, screen
    certificate = Path("phone/tls/self-signed.pem").read_bytes()
    with serving("--tls", "self-signed", data="phone", scheme="https"):
        assert Path("phone/tls/self-signed.pem").read_bytes() == certificate
    print("the QR code on the terminal is an address of this machine, which answers there with a certificate for it")


def by_name():
    server, screen = shown("--name", "clinic.example", "--name", "other.example:443", env=dict(os.environ, NO_COLOR="1"))
    assert decode(modules(screen)) == [f"https://clinic.example:{server.port}"] and "\x1b" not in screen
    assert "https://other.example:443" in screen.split(), screen
    print("a name goes before addresses")


def no_terminal():
    with open("log.txt", "w+") as log, serving(*OFF_LOOPBACK, "--name", "clinic.example", data="phone", scheme="https", stderr=log) as server:
        pass
    said = Path("log.txt").read_text()
    assert f"https://clinic.example:{server.port}" in said and not set("█▀▄\x1b") & set(said), said
    print("where standard error is no terminal, there is the address alone")


def main():
    by_address()
    by_name()
    no_terminal()


if __name__ == "__main__":
    main()

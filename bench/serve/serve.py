#!/usr/bin/env python3
"""What a request costs the server, and how long it takes: naevus serve beside OpenVINO alone and a FastAPI server, in one run.

    bench/serve/serve.py PICTURES... --bare build/release/bin/bare --peer-python venv/bin/python [--seconds 15] [--rounds 3]

Everything takes its turn in every round, so that whatever else the machine does meets all of them; medians over the rounds are printed.
The processor time is user and system time of the server's processes alone. Load comes over loopback from this process: closed (so many clients,
each asking again when it is answered) for throughput, open at a fixed rate (evenly spaced, or Poisson) for latency, which counts from the moment
a request was due. The peer: bench/peers/fastapi_onnxruntime.py, its packages from bench/peers/requirements.txt.
"""
import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

here = Path(__file__).resolve().parent


def processes_of(pid):
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            pids += processes_of(int(child))
    return pids


def processor_seconds(pid):
    """User and system time of a process and its living children, in seconds (nanoseconds from schedstat's threads)."""
    total = 0
    for each in processes_of(pid):
        for task in Path(f"/proc/{each}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


class Client:
    """One connection that is kept."""

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None

    async def ask(self, request):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request)
        await self.writer.drain()
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
        await self.reader.readexactly(length)
        if re.search(rb"(?i)\r\nconnection: *close", head):
            self.writer.close()
            self.writer = None
        return int(head.split(b" ", 2)[1])

    def close(self):
        if self.writer:
            self.writer.close()


async def closed(port, requests, clients, seconds):
    """Requests a second, all answered with success."""
    end, done = time.monotonic() + seconds, 0

    async def work(number):
        nonlocal done
        client, k = Client(port), number
        while time.monotonic() < end:
            assert await client.ask(requests[k % len(requests)]) in (200, 201)
            done, k = done + 1, k + clients
        client.close()

    begin = time.monotonic()
    await asyncio.gather(*(work(number) for number in range(clients)))
    return done / (time.monotonic() - begin), done


async def opened(port, requests, rate, seconds, poisson, seed=1):
    """Milliseconds of each request, from when it was due; what is refused counts as endless."""
    rng, free, taken, jobs = random.Random(seed), [], [], []
    begin, due, k = time.monotonic(), 0.0, 0

    async def one(request, at):
        client = free.pop() if free else Client(port)
        status = await client.ask(request)
        taken.append((time.monotonic() - at) * 1e3 if status in (200, 201) else float("inf"))
        free.append(client)

    while due < seconds:
        await asyncio.sleep(max(0.0, begin + due - time.monotonic()))
        jobs.append(asyncio.create_task(one(requests[k % len(requests)], begin + due)))
        k += 1
        due += rng.expovariate(rate) if poisson else 1 / rate
    await asyncio.gather(*jobs)
    for client in free:
        client.close()
    return sorted(taken)


def percentile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


def raw_requests(pictures, port):
    host = f"Host: 127.0.0.1:{port}\r\n"
    return [f"POST /api/v1/predictions HTTP/1.1\r\n{host}Content-Type: image/jpeg\r\nContent-Length: {len(p)}\r\n\r\n".encode() + p for p in pictures]


def form_requests(pictures, port):
    requests = []
    for p in pictures:
        body = b'--XX\r\nContent-Disposition: form-data; name="image"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + p + b"\r\n--XX--\r\n"
        head = f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: {len(body)}\r\n\r\n"
        requests.append(head.encode() + body)
    return requests


def measure(pid, port, requests, options, rate=None):
    asyncio.run(closed(port, requests, 2, 3))  # warm
    before = processor_seconds(pid)
    throughput, done = asyncio.run(closed(port, requests, options.clients, options.seconds))
    result = {"requests_per_second": throughput, "cpu_ms": (processor_seconds(pid) - before) * 1e3 / done}
    rate = rate or throughput / 2
    for name, poisson in (("even", False), ("poisson", True)):
        taken = asyncio.run(opened(port, requests, rate, options.seconds, poisson))
        result[f"{name}_median_ms"], result[f"{name}_p99_ms"] = percentile(taken, 0.5), percentile(taken, 0.99)
    result["rate"] = rate
    return result


def ours(pictures, options, rate=None):
    with tempfile.TemporaryDirectory() as data:
        model = [options.model] if options.model else []
        server = subprocess.Popen(["naevus", "serve", "--port", "0", "--data", data, *model], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
        try:
            port = int(re.search(r"http://[^ ]*:(\d+) ", server.stdout.readline())[1])
            return measure(server.pid, port, raw_requests(pictures, port), options, rate)
        finally:
            server.terminate()
            server.wait()


def peer(pictures, options, rate=None):
    port = 18001
    environment = {**os.environ, "MODEL": options.model, "SIDE": str(options.side)}
    server = subprocess.Popen([options.peer_python, "-m", "uvicorn", "fastapi_onnxruntime:app", "--port", str(port), "--log-level", "warning"],
                              cwd=here.parent / "peers", env=environment)
    try:
        for _ in range(200):
            try:
                asyncio.run(closed(port, form_requests(pictures, port), 1, 0.01))
                break
            except OSError:
                time.sleep(0.1)
        return measure(server.pid, port, form_requests(pictures, port), options, rate)
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--model", type=os.path.abspath, default=str(here.parents[1] / "models/naevus-7.onnx"))
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--bare", required=True)
    parser.add_argument("--peer-python", required=True)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    pictures = [Path(path).read_bytes() for path in options.pictures]
    rounds = []
    for number in range(options.rounds):
        bare = json.loads(subprocess.run([options.bare, options.model, str(options.side), str(options.seconds)], stdout=subprocess.PIPE, check=True).stdout)
        other = peer(pictures, options)
        our = ours(pictures, options)
        equal = ours(pictures, options, other["rate"])  # the latencies at the peer's half load
        rounds.append({"bare": bare, "peer": other, "naevus": our, "naevus at the peer's load": equal})
        print(f"round {number + 1}", json.dumps(rounds[-1]), file=sys.stderr)

    def median(who, what):
        return statistics.median(one[who][what] for one in rounds)

    print(f"{'':<28}{'naevus':>9}{'peer':>9}{'bare':>9}")
    for what, label in (("requests_per_second", "requests a second"), ("cpu_ms", "processor ms a request"), ("even_median_ms", "half load, even: median ms"),
                        ("even_p99_ms", "half load, even: p99 ms"), ("poisson_p99_ms", "half load, Poisson: p99 ms")):
        row = [f"{median(who, what):9.2f}" if what in rounds[0][who] else " " * 9 for who in ("naevus", "peer", "bare")]
        print(f"{label:<28}{''.join(row)}")
    bare_cpu, bare_ms = median("bare", "cpu_ms"), median("bare", "median_ms")
    print(f"{'one picture, median ms':<46}{bare_ms:9.2f}")
    print(f"\nprocessor time of a request / bare inference   {median('naevus', 'cpu_ms') / bare_cpu:.3f}   (at most 1.18)")
    print(f"p99 at half load / bare latency, even          {median('naevus', 'even_p99_ms') / bare_ms:.2f}   (at most 3)")
    print(f"p99 at half load / bare latency, Poisson       {median('naevus', 'poisson_p99_ms') / bare_ms:.2f}   (at most 6)")
    print(f"requests a second / the peer's                 {median('naevus', 'requests_per_second') / median('peer', 'requests_per_second'):.2f}   (at least 1.2)")
    at = "naevus at the peer's load"
    print(f"p99 at the peer's half load / the peer's, even {median(at, 'even_p99_ms') / median('peer', 'even_p99_ms'):.2f}   (at most 0.7)")
    print(f"the same, Poisson                              {median(at, 'poisson_p99_ms') / median('peer', 'poisson_p99_ms'):.2f}   (at most 0.7)")
    beyond = (median("naevus", "cpu_ms") - bare_cpu) / (median("peer", "cpu_ms") - bare_cpu)
    print(f"processor time beyond bare inference / peer's  {beyond:.2f}   (at most 0.33)")


main()

#!/usr/bin/env python3
"""Drives `naevus watch` with videos, a camera that comes and goes, and a desktop.

usage: watch.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import json
import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from camera import Camera, HttpHandler, RtspHandler, avi, jpeg

RATE = 10  # frames a second of the video


def frames_of(pictures, count):
    """Wide frames with a lesion in the middle, as a camera has them."""
    frames = []
    for k in range(count):
        frame = Image.new("RGB", (427, 240), (90 + k, 60, 50))
        frame.paste(Image.open(pictures[k % len(pictures)]).resize((240, 240)), (93, 0))
        frames.append(frame)
    return frames


def watch(*options):
    return subprocess.run(["naevus", "watch", "--json", *options], capture_output=True, text=True, timeout=280)


def lines(*options):
    ended = watch(*options)
    assert ended.returncode == 0 and not ended.stderr, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def without(answer, *names):
    return {name: value for name, value in answer.items() if name not in (*names, "milliseconds")}


def as_predicted(frames):
    names = []
    for k, frame in enumerate(frames):
        names.append(f"frames/{k:04}.png")
        frame.save(names[-1])
    Path("clip.avi").write_bytes(avi(frames, RATE))
    said = subprocess.run(["naevus", "predict", "--json", *names], capture_output=True, text=True, check=True).stdout
    predicted = [json.loads(line) for line in said.splitlines()]
    for source in ("clip.avi", "frames/%04d.png"):
        seen = lines("--source", source)
        assert [one["frame"] for one in seen] == list(range(len(frames))) and {one["dropped"] for one in seen} == {0}
        for one, other in zip(seen, predicted, strict=True):
            assert without(one["answer"], "quality") == without(other, "image"), (one, other)
        if source == "clip.avi":
            assert all(abs(one["time_s"] - one["frame"] / RATE) < 1e-6 for one in seen)
    print("of a video and of numbered pictures every frame is answered, to the last bit as by `naevus predict`")


def quality(frames):
    dark = [frame.point(lambda value: value // 5) for frame in frames[:2]]
    Path("dark.avi").write_bytes(avi(dark, RATE))
    for one in lines("--source", "dark.avi"):
        found = one["answer"]["quality"]
        assert not found["good"] and {"code": "dark", "words": "too dark: use more light"} in found["findings"], found
    print("what is wrong with a frame is said")


def paced():
    seen = lines("--source", "clip.avi", "--rate", "2")
    assert [(one["frame"], one["dropped"]) for one in seen] == [(0, 0), (5, 4), (10, 8), (15, 12)], seen
    print("with --rate frames are left out evenly, and counted")


def stopped():
    for sent in (signal.SIGINT, signal.SIGTERM):
        Path("long.avi").write_bytes(avi([Image.open("frames/0000.png")] * 500, RATE))
        process = subprocess.Popen(["naevus", "watch", "--json", "--source", "long.avi"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout.readline()
        process.send_signal(sent)
        rest, errors = process.communicate(timeout=120)
        assert process.returncode == 130 and not errors and (not rest or rest.endswith("}\n")), (process.returncode, errors)
    print("Ctrl-C and SIGTERM end it between two lines, with 130")


def live(frame, scheme, handler):
    Path("frame.jpg").write_bytes(jpeg(frame))
    alone = json.loads(subprocess.run(["naevus", "predict", "--json", "frame.jpg"], capture_output=True, check=True).stdout)
    camera = Camera([jpeg(frame)], 0.02, handler)
    address = f"{scheme}://{camera.place}/live"
    with open("live.txt", "w") as errors:
        process = subprocess.Popen(["naevus", "watch", "--json", "--source", address], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        seen = [json.loads(process.stdout.readline()) for _ in range(5)]
        camera.gone.set()
        wait_for(lambda: "asked for again in 2 s" in Path("live.txt").read_text())  # twice in vain
        camera.gone.clear()
        wait_for(lambda: "is there again" in Path("live.txt").read_text())
        seen += [json.loads(process.stdout.readline()) for _ in range(5)]
        numbers = [one["frame"] for one in seen]
        assert numbers == sorted(set(numbers)) and [one["dropped"] for one in seen] == [number - k for k, number in enumerate(numbers)], seen
        for one in seen:  # FFmpeg and libjpeg decode a JPEG file a little differently
            assert all(abs(p - alone["probabilities"][c]) < 0.05 for c, p in one["answer"]["probabilities"].items()), (one, alone)
        times = [one["time_s"] for one in seen]
        assert times == sorted(times)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        assert process.returncode == 130
    finally:
        process.kill()
        camera.end()
    said = Path("live.txt").read_text()
    assert "pa55word" not in said and f"{scheme}://127.0.0.1" in said, said
    print(f"a camera that goes away ({scheme}) is asked for again, with growing pauses, and answered when it is back")


def wait_for(holds):
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


@contextmanager
def desktop():
    """An X server, and what it shows as a list of rows of (red, green, blue)."""
    ours, theirs = os.pipe()
    Path("screen").mkdir(exist_ok=True)
    server = subprocess.Popen(["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x900x24", "-fbdir", "screen", "-nolisten", "tcp"], pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    display = ":" + os.read(ours, 16).decode().strip()

    def colours():
        content = Path("screen/Xvfb_screen0").read_bytes()
        header, *_ = fields = struct.unpack(">25I", content[:100])
        width, height, line, entries = fields[4], fields[5], fields[12], fields[19]
        at = header + 12 * entries
        picture = Image.frombuffer("RGB", (width, height), content[at : at + line * height], "raw", "BGRX", line, 1)
        return {colour for _, colour in picture.getcolors(1 << 24)}

    try:
        yield dict(os.environ, DISPLAY=display), colours
    finally:
        server.terminate()
        server.wait()
        os.close(ours)


def window():
    bar = (92, 148, 220)  # of the classes
    with desktop() as (environment, colours):

        def press(key):
            subprocess.run(["xdotool", "mousemove", "200", "200", "key", key], env=environment, check=True, stdout=subprocess.DEVNULL)

        def start():
            Path("kept").mkdir(exist_ok=True)
            process = subprocess.Popen(["naevus", "watch", "--source", "clip.avi", "-o", "kept"], env=environment, stderr=subprocess.PIPE, text=True)
            wait_for(lambda: bar in colours())
            return process

        process = start()
        press("space")
        press("s")
        wait_for(lambda: list(Path("kept").glob("*.png")))
        press("q")
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0 and "saved kept/frame-" in errors, (process.returncode, errors)
        kept = next(Path("kept").glob("*.png"))
        same = Path("frames") / f"{int(kept.stem[-6:]):04}.png"
        assert Image.open(kept).tobytes() == Image.open(same).tobytes()
        process = start()
        press("Escape")
        assert process.wait(timeout=120) == 0
        process = start()
        process.terminate()
        assert process.wait(timeout=120) == 130
    print("on a desktop the window shows the answer; space freezes, s saves the frame as it came, q and Esc end")


def main():
    pictures = sorted(Path(sys.argv[1]).glob("*.jpg"))
    Path("frames").mkdir()
    frames = frames_of(pictures, 20)
    as_predicted(frames)
    quality(frames)
    paced()
    stopped()
    even = frames[0].resize((432, 240))  # as JPEG in RTP has it
    live(even, "rtsp", RtspHandler)
    live(even, "http", HttpHandler)
    window()


if __name__ == "__main__":
    main()

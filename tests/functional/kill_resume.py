#!/usr/bin/env python3
"""Kills training (kill -9) at 20 seeded moments, in the middle of epochs and of saves, and resumes it each time.

The model file must come out with the SHA-256 of an uninterrupted run's, and its history alike, and no kill may find a checkpoint older than the
configured interval. usage: kill_resume.py BIN (the folder with naevus and naevus-train)
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KILLS = 20
INTERVAL = 2  # checkpoint_seconds
SLACK = 5  # a step, a save and the end of an epoch on a busy machine, in seconds


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def history(folder):
    """The run's history without the last column, the seconds."""
    return [line.rpartition(",")[0] for line in (folder / "history.csv").read_text().splitlines()]


class Training:
    """One session of naevus-train, in a process group of its own."""

    def __init__(self, binary, config, out):
        self.out = out
        resume = ["--resume"] if (out / "checkpoint").exists() or (out / "checkpoint.previous").exists() else ["--overwrite"]
        self.start = time.time()
        self.process = subprocess.Popen(
            [binary, config, "--out", out, *resume], start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def ended(self):
        return self.process.poll() is not None

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def finish(self):
        out, _ = self.process.communicate(timeout=600)
        if self.process.returncode != 0:
            sys.exit(f"kill_resume: naevus-train ended with {self.process.returncode}:\n{out}")

    def saving(self):
        """Whether a file is being written whole right now: its temporary file is there."""
        try:
            return any(f".{self.process.pid}-" in name for name in os.listdir(self.out))
        except FileNotFoundError:
            return False

    def newest_checkpoint(self):
        times = [path.stat().st_mtime for path in self.out.glob("checkpoint*") if ".tmp" not in path.name]
        return max(times, default=0)


def wait_for_moment(training, moment, in_save, first_checkpoint):
    """Waits until the session has saved once (so that each session gets further), then for the moment."""
    while not training.ended() and training.newest_checkpoint() <= first_checkpoint:
        time.sleep(0.002)
    until = time.time() + moment
    while not training.ended() and (time.time() < until or (in_save and not training.saving())):
        time.sleep(0.0005)


def main():
    binaries = Path(sys.argv[1]).resolve()
    train = binaries / "naevus-train"
    randomly = random.Random(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        subprocess.run([binaries / "naevus", "synth", folder / "set", "--images", "140", "--seed", "1", "--size", "64"], check=True)
        subprocess.run([binaries / "naevus", "split", folder / "set" / "manifest.csv", "-o", folder / "split.csv", "--seed", "1"], check=True)
        config = folder / "config.toml"
        config.write_text(
            f'manifest = "split.csv"\narchitecture = "scratch-cnn"\nwidth = 64\nheight = 64\nepochs = 12\nbatch = 8\n'
            f"threads = 2\nseed = 1\ncheckpoint_seconds = {INTERVAL}\n"
        )
        whole = Training(train, config, folder / "whole")
        whole.finish()
        expected = sha256(folder / "whole" / "model.onnx")
        print(f"uninterrupted: {time.time() - whole.start:.1f} s, model.onnx {expected[:16]}")

        kills = saves = rounds = 0
        oldest = 0.0
        while kills < KILLS:
            rounds += 1
            out = folder / f"killed-{rounds}"
            while True:
                before = max((path.stat().st_mtime for path in out.glob("checkpoint*")), default=0)
                training = Training(train, config, out)
                if kills < KILLS:
                    in_save = randomly.random() < 0.5
                    wait_for_moment(training, randomly.uniform(0, 1.5 * INTERVAL), in_save, before)
                if kills >= KILLS or training.ended():
                    training.finish()
                    break
                saves += training.saving()
                training.kill()
                kills += 1
                oldest = max(oldest, time.time() - training.newest_checkpoint())
            if (got := sha256(out / "model.onnx")) != expected:
                sys.exit(f"kill_resume: after {kills} kills model.onnx is {got}, uninterrupted it is {expected}")
            if history(out) != history(folder / "whole"):
                sys.exit(f"kill_resume: after {kills} kills history.csv differs from the uninterrupted run's")
        print(f"{kills} kills in {rounds} runs, {saves} of them while a file was written; the same model.onnx each time")
        print(f"at most {oldest:.1f} s since the last checkpoint, configured {INTERVAL} s")
        if oldest > INTERVAL + SLACK:
            sys.exit("kill_resume: a kill found a checkpoint that is too old")


if __name__ == "__main__":
    main()

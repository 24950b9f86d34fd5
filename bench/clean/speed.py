#!/usr/bin/env python3
"""Times naevus clean (all checks but embeddings, with its report) beside CleanVision (all its checks) on one folder.

usage: speed.py FOLDER --naevus build/release/bin/naevus [--rounds 3]

The two take turns; each run starts anew, with the folder's files in the system's cache. CleanVision comes from
bench/copies/requirements.txt; run this with that environment's Python.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

CLEANVISION = """
import sys
from cleanvision import Imagelab
lab = Imagelab(data_path=sys.argv[1])
lab.find_issues(verbose=False)
"""


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code not in (0, 1):  # 1: naevus found pictures that can't be read
        sys.exit(f"{command[0]} ended with {code}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--naevus", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pictures = sum(name.lower().endswith((".jpg", ".jpeg", ".png")) for _, _, names in os.walk(options.folder) for name in names)
    times = {"naevus clean": [], "CleanVision": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as out:
            times["naevus clean"].append(timed([options.naevus, "clean", options.folder, "-o", out]))
        times["CleanVision"].append(timed([sys.executable, "-c", CLEANVISION, options.folder]))
    print(f"{pictures} pictures, {options.rounds} rounds, {os.cpu_count()} cores")
    median = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in times.items()}
    for name, (wall, cpu) in median.items():
        print(f"{name:14} {wall:7.2f} s  ({cpu:7.2f} s of processor time)  {pictures / wall:7.0f} pictures a second")
    print(f"naevus is {median['CleanVision'][0] / median['naevus clean'][0]:.1f} times as fast")


if __name__ == "__main__":
    main()

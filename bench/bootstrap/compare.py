#!/usr/bin/env python3
"""Times the clustered bootstrap of balanced accuracy and macro AUC against scikit-learn and NumPy, in one run and on the
same resamples, and checks first that both give the same intervals to 1e-9.

    cmake --preset ci -D NAEVUS_BENCH=ON && cmake --build build/ci --target bootstrap
    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python bench/bootstrap/compare.py build/ci/bin/bootstrap

Both start from the same arrays and end with the intervals. The Python side draws clusters with replacement, takes the
cases by one NumPy index, and calls balanced_accuracy_score and roc_auc_score of each class against the rest: the usual
way. Its draws copy the generator of naevus and are not timed. Naevus runs before, in the middle of and after it, and the
median counts. Where other programs keep the cores busy, the time spent on them is the fair one.
"""
import argparse
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

GAMMA = 0x9E3779B97F4A7C15
MASK = 2**64 - 1


def mix(z):
    """SplitMix64's output function, on Python integers and on uint64 arrays."""
    if isinstance(z, int):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def draws(seed, resample, clusters):
    """naevus::Random(seed, {resample}).below(clusters), `clusters` times. Values that it would reject are one in 10^15."""
    state = mix((seed + GAMMA) & MASK)
    state = mix((state + GAMMA * (resample + 1)) & MASK)
    values = mix(np.uint64(state) + np.arange(1, clusters + 1, dtype=np.uint64) * np.uint64(GAMMA))
    assert values.min() >= (2**64 - clusters) % clusters
    return (values % np.uint64(clusters)).astype(np.int64)


def make_cases(cases, classes):
    """Class shares of HAM10000's kind, lesions with 1 to 3 pictures."""
    rng = np.random.default_rng(7)
    share = np.array([0.67, 0.11, 0.11, 0.05, 0.03, 0.015, 0.015])[:classes]
    truth = rng.choice(classes, cases, p=share / share.sum())
    logits = rng.normal(size=(cases, classes)) + 2 * np.eye(classes)[truth]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    cluster = np.repeat(np.arange(cases), rng.choice([1, 2, 3], cases, p=[0.7, 0.2, 0.1]))[:cases]
    return truth.astype(np.int32), probabilities, cluster.astype(np.uint32)


def reference(truth, probabilities, cluster, drawn):
    called = probabilities.argmax(axis=1)
    order = np.argsort(cluster, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1)
    classes = probabilities.shape[1]
    values = []
    for draw in drawn:
        index = np.concatenate([members[i] for i in draw])
        y, p = truth[index], probabilities[index]
        areas = [roc_auc_score(y == c, p[:, c]) for c in range(classes)]
        values.append((balanced_accuracy_score(y, called[index]), np.mean(areas)))
    return np.quantile(np.array(values), [0.025, 0.975], axis=0).T


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--resamples", type=int, default=2_000)
    parser.add_argument("--threads", type=int, default=0, help="of naevus; 0: all cores")
    options = parser.parse_args()
    truth, probabilities, cluster = make_cases(options.cases, 7)
    clusters = len(np.unique(cluster))
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "cases.bin")
        file.write_bytes(np.array([len(truth), 7], np.uint64).tobytes() + truth.tobytes() + cluster.tobytes()
                         + probabilities.tobytes())

        def ours():
            lines = subprocess.run([options.program, file, str(options.resamples), str(options.threads)], check=True,
                                   capture_output=True, text=True).stdout.splitlines()
            rows = np.array([[float(x) for x in line.split()] for line in lines])
            return rows[0], rows[1:]

        def theirs(resamples):
            wall, cores = time.perf_counter(), time.process_time()
            found = reference(truth, probabilities, cluster, drawn[:resamples])
            return np.array([time.perf_counter() - wall, time.process_time() - cores]), found

        drawn = [draws(1, i, clusters) for i in range(options.resamples)]
        times = [ours()[0] for _ in range(3)]
        half = theirs(options.resamples // 2)[0]
        times += [ours()[0] for _ in range(3)]
        whole, expected = theirs(options.resamples)
        last, found = ours()
        times.append(last)
    difference = np.abs(found - expected).max()
    assert difference < 1e-9, f"the intervals differ by {difference}"
    own = np.median(np.array(times), axis=0)
    print(f"{options.resamples} resamples of {options.cases} cases, 7 classes, {clusters} clusters, "
          f"{os.cpu_count()} cores; balanced accuracy [{found[0][0]:.4f}, {found[0][1]:.4f}], "
          f"macro AUC [{found[1][0]:.4f}, {found[1][1]:.4f}]; largest difference {difference:.1e}")
    print(f"{'seconds':24s}{'wall clock':>12s}{'on cores':>12s}")
    for name, row in (("scikit-learn and NumPy", whole), ("the same, half of it", half), ("naevus", own)):
        print(f"{name:24s}{row[0]:12.3f}{row[1]:12.3f}")
    print(f"{'ratio':24s}{whole[0] / own[0]:12.0f}{whole[1] / own[1]:12.0f}")


main()

#!/usr/bin/env python3
"""Makes confident_learning.json: what cleanlab finds in random labels and probabilities.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 cleanlab==2.9.0
    venv/bin/python tests/golden/make_confident_learning.py

cleanlab sorts with NumPy's unstable sort. Up to 256 values it gives equal ones the same order on every x86-64 processor with
AVX2; the cases stay within that, or have no equal values.
"""
import json
import pathlib
import warnings

import cleanlab
import numpy as np
from cleanlab import count, filter, rank
from numpy._core._multiarray_umath import __cpu_features__

warnings.filterwarnings("ignore")


def issues(labels, probabilities, least):
    return filter.find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1,
                                    filter_by="prune_by_noise_rate", min_examples_per_class=least).tolist()


def golden(name, labels, probabilities, *, least=1):
    classes = probabilities.shape[1]
    joint, off_diagonal = count.compute_confident_joint(labels, probabilities, calibrate=False,
                                                        return_indices_of_off_diagonals=True)
    calibrated = count.compute_confident_joint(labels, probabilities)
    return {
        "name": name,
        "classes": classes,
        "min_examples_per_class": least,
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "thresholds": np.asarray(count.get_confident_thresholds(labels, probabilities)).tolist(),
        "joint": joint.ravel().tolist(),
        "off_diagonal": off_diagonal.tolist(),
        "calibrated": calibrated.ravel().tolist(),
        "quality": rank.get_label_quality_scores(labels, probabilities).tolist(),
        "issues": issues(labels, probabilities, least),
    }


def draw(rng, n, classes, *, share=None, noise=0.15, absent=(), signal=2.0, decimals=6):
    """Labels of which a share was replaced at random, and a model's probabilities, which follow the true ones."""
    share = np.ones(classes) if share is None else np.asarray(share, float)
    share[list(absent)] = 0
    truth = rng.choice(classes, n, p=share / share.sum())
    labels = truth.copy()
    wrong = rng.random(n) < noise
    present = [c for c in range(classes) if c not in absent]
    labels[wrong] = rng.choice(present, wrong.sum())
    logits = rng.normal(size=(n, classes))
    logits[np.arange(n), truth] += signal
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return labels, np.round(probabilities, decimals)


def main():
    assert __cpu_features__["X86_V3"], "needs a processor with AVX2"
    rng = np.random.default_rng(20240601)
    ham = [4323, 583, 491, 264, 183, 80, 60]
    cases = [
        golden("two classes", *draw(rng, 150, 2)),
        golden("two classes, one rare", *draw(rng, 200, 2, share=[19, 1])),
        golden("seven classes", *draw(rng, 300, 7)),
        golden("seven classes as in HAM10000", *draw(rng, 400, 7, share=ham)),
        golden("seven classes, weak model", *draw(rng, 250, 7, share=ham, signal=0.5)),
        golden("seven classes, no noise", *draw(rng, 150, 7, noise=0)),
        golden("seven classes, most labels wrong", *draw(rng, 200, 7, noise=0.9)),
        golden("nine classes", *draw(rng, 300, 9)),
        golden("nine classes, three absent", *draw(rng, 200, 9, absent=(0, 4, 8))),
        golden("sixteen classes", *draw(rng, 250, 16)),
        golden("a minimum of 20 per class", *draw(rng, 200, 4, share=[6, 3, 2, 1], noise=0.4), least=20),
        golden("no minimum per class", *draw(rng, 120, 4, noise=0.6), least=0),
        golden("three cases", np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])),
        golden("one case in a class", np.array([0, 0, 0, 1]),
               np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.95, 0.05]])),
        golden("perfect predictions", np.arange(30) % 3, np.eye(3)[np.arange(30) % 3]),
        golden("every label wrong", np.arange(30) % 3, np.round(np.eye(3)[(np.arange(30) + 1) % 3] * 0.9 + 0.1 / 3, 6)),
        golden("ties: one decimal", *draw(rng, 200, 5, decimals=1)),
        golden("ties: two classes, one decimal", *draw(rng, 150, 2, decimals=1)),
        golden("ties: constant probabilities", np.arange(40) % 4, np.full((40, 4), 0.25)),
    ]
    out = {"cleanlab": cleanlab.__version__, "numpy": np.__version__, "cases": cases}
    path = pathlib.Path(__file__).with_name("confident_learning.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()

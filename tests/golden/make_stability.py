#!/usr/bin/env python3
"""Makes stability.json: the population stability index as the two relative entropies (SciPy's) of its two histograms, its
p-value by Yurdakul & Naranjo (2020), and decile histograms by NumPy.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1
    venv/bin/python tests/golden/make_stability.py
"""
import json
import pathlib

import numpy as np
import scipy.stats


def stabilities():
    for reference, current in [([10, 20, 30], [10, 20, 30]), ([10, 20, 30], [30, 20, 10]), ([600, 400], [0, 30]),
                               ([720, 100, 80, 44, 30, 13, 13], [21, 3, 2, 2, 1, 1, 0]), ([100] * 10, [0] * 9 + [1000]),
                               ([5, 0, 0, 7], [0, 3, 0, 9])]:
        p, q = np.array(reference) + 0.5, np.array(current) + 0.5
        psi = scipy.stats.entropy(p, q) + scipy.stats.entropy(q, p)
        scale = 1 / sum(reference) + 1 / sum(current)
        yield {"reference": reference, "current": current, "psi": float(psi), "expected": (len(p) - 1) * scale,
               "p_value": float(scipy.stats.chi2.sf(psi / scale, len(p) - 1))}


def deciles():
    random = np.random.default_rng(1)
    for values in (random.normal(size=137), random.beta(0.3, 2, size=1000), random.uniform(size=3)):
        edges = np.percentile(values, range(10, 100, 10), method="higher")
        edges = np.unique(edges[edges > values.min()])
        counts, _ = np.histogram(values, np.concatenate([[-np.inf], edges, [np.inf]]))
        yield {"values": values.tolist(), "edges": edges.tolist(), "counts": counts.tolist()}


path = pathlib.Path(__file__).with_name("stability.json")
path.write_text(json.dumps({"stability": list(stabilities()), "deciles": list(deciles())}) + "\n")

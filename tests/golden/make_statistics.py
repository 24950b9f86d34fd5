#!/usr/bin/env python3
"""Makes statistics.json: robust spread, Cramér's V and Fisher's test as SciPy computes them, kappa as scikit-learn and statsmodels do.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0
    venv/bin/python tests/golden/make_statistics.py
"""
import json
import pathlib

import numpy as np
import scipy.stats
import sklearn.metrics
import statsmodels.stats.inter_rater


def robust(name, values):
    centre = np.median(values)
    return {"name": name, "values": values.tolist(), "median": float(centre),
            "mad": float(scipy.stats.median_abs_deviation(values, scale="normal"))}


def corrected_v(table):
    """Bergsma 2013, section 4."""
    n, (r, c) = table.sum(), table.shape
    phi = scipy.stats.chi2_contingency(table, correction=False).statistic / n
    phi = max(0, phi - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return float(np.sqrt(phi / min(r - 1, c - 1)))


def association(name, first, second):
    table = scipy.stats.contingency.crosstab(first, second).count
    # chi² of a permuted table, its p-value by many more permutations than a caller would ask for.
    found = scipy.stats.permutation_test(
        (second,), lambda dealt: scipy.stats.chi2_contingency(
            scipy.stats.contingency.crosstab(first, dealt).count, correction=False).statistic,
        permutation_type="pairings", alternative="greater", n_resamples=4000, rng=np.random.default_rng(1))
    return {"name": name, "first": first.tolist(), "second": second.tolist(),
            "v": float(scipy.stats.contingency.association(table, method="cramer", correction=False)),
            "corrected_v": corrected_v(table), "p": float(found.pvalue)}


def kappa(name, first, second, classes):
    table = sklearn.metrics.confusion_matrix(first, second, labels=range(classes))
    found = statsmodels.stats.inter_rater.cohens_kappa(table)
    return {"name": name, "classes": classes, "first": first.tolist(), "second": second.tolist(),
            "kappa": float(sklearn.metrics.cohen_kappa_score(first, second, labels=range(classes))),
            "standard_error": float(found.std_kappa), "low": float(found.kappa_low), "high": float(found.kappa_upp)}


def fisher(first, first_cases, second, second_cases):
    table = [[first, first_cases - first], [second, second_cases - second]]
    return {"first": [first, first_cases], "second": [second, second_cases],
            "p": float(scipy.stats.fisher_exact(table, alternative="greater").pvalue)}


def dealt(rng, n, classes, agreement, share=None):
    first = rng.choice(classes, n, p=share)
    second = np.where(rng.random(n) < agreement, first, rng.choice(classes, n, p=share))
    return first, second


def main():
    rng = np.random.default_rng(20240602)
    out = {
        "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        "robust": [
            robust("normal", np.round(rng.normal(50, 12, 101), 6)),
            robust("even count, wild values", np.append(np.round(rng.normal(0, 1, 60), 6), [1e6, -1e5])),
            robust("one value", np.array([3.5])),
            robust("two values", np.array([1.0, 4.0])),
            robust("most are equal", np.array([5.0] * 9 + [1.0, 9.5])),
        ],
        "association": [
            association("independent", *dealt(rng, 80, 3, 0.0)),
            association("weak", *dealt(rng, 60, 3, 0.2)),
            association("strong", *dealt(rng, 60, 4, 0.8)),
            association("two by seven", (rng.random(120) < 0.3).astype(int), rng.choice(7, 120)),
            association("rare artefact", (np.arange(90) < 6).astype(int), (np.arange(90) < 30).astype(int)),
            association("one-to-one", np.arange(24) % 3, np.arange(24) % 3),
        ],
        "kappa": [
            kappa("two classes", *dealt(rng, 100, 2, 0.7), 2),
            kappa("five classes", *dealt(rng, 200, 5, 0.5), 5),
            kappa("imbalanced", *dealt(rng, 150, 3, 0.6, [0.9, 0.07, 0.03]), 3),
            kappa("no agreement beyond chance", *dealt(rng, 120, 4, 0.0), 4),
            kappa("opposite", np.arange(20) % 2, (np.arange(20) + 1) % 2, 2),
            kappa("all alike", np.arange(21) % 3, np.arange(21) % 3, 3),
            kappa("a class that nobody used", *dealt(rng, 40, 3, 0.5), 4),
        ],
        "fisher": [fisher(3, 4, 1, 4), fisher(41, 190, 36, 600), fisher(6, 100, 36, 600), fisher(0, 20, 5, 600),
                   fisher(20, 20, 0, 30), fisher(7, 7, 9, 9), fisher(900, 10000, 800, 10000), fisher(1, 1, 0, 3)],
    }
    path = pathlib.Path(__file__).with_name("statistics.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()

#!/usr/bin/env python3
"""Makes intervals.json: intervals of proportions and McNemar's test by statsmodels and SciPy, and the variance of areas
under the ROC curve written out pair by pair from DeLong et al. (1988) and Obuchowski (1997).

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 scikit-learn==1.9.1
    venv/bin/python tests/golden/make_intervals.py
"""
import json
import pathlib

import numpy as np
import scipy.optimize
import scipy.stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint


def proportions():
    for successes, cases in [(0, 1), (1, 1), (0, 20), (7, 12), (20, 20), (95, 100), (3, 1512), (700_000, 1_000_000)]:
        for level in (0.9, 0.95, 0.99):
            bounds = {name: proportion_confint(successes, cases, 1 - level, method)
                      for name, method in (("wilson", "wilson"), ("clopper_pearson", "beta"))}
            yield {"successes": successes, "cases": cases, "level": level,
                   **{name: [float(low), float(high)] for name, (low, high) in bounds.items()}}


def mcnemars():
    for b, c in [(1, 0), (0, 9), (3, 8), (5, 5), (6, 5), (59, 6), (121, 150), (2000, 2100)]:
        table = [[40, b], [c, 7]]
        exact, chi = mcnemar(table, exact=True), mcnemar(table, exact=False, correction=True)
        # Fagerland, Lydersen & Laake (2013): the exact p-value less the probability of what was seen, of which a half
        # stands on each side where both counts are equal.
        seen = scipy.stats.binom.pmf(min(b, c), b + c, 0.5)
        yield {"only_first": b, "only_second": c, "exact": float(exact.pvalue),
               "mid": float(1 - seen / 2 if b == c else exact.pvalue - seen),
               # statsmodels takes the correction from equal counts too, which makes a difference out of none
               "chi_squared": None if b == c else float(chi.statistic), "chi_squared_p": None if b == c else float(chi.pvalue)}


def newcombes():
    """Newcombe (2006), method 5: the areas that are z standard errors away from the one seen, by a root finder."""
    for area, m, n in [(1.0, 3, 1500), (1.0, 1, 1), (1.0, 16, 60), (0.0, 12, 7), (0.5, 5, 9), (0.93, 12, 1186), (0.97, 1, 40)]:
        for level in (0.9, 0.95):
            z = scipy.stats.norm.ppf((1 + level) / 2)

            def excess(theta):
                q = 1 + ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
                return (theta - area) ** 2 - z * z * theta * (1 - theta) * q / (m * n)

            low = 0.0 if area == 0 else scipy.optimize.brentq(excess, 0, area - 1e-9, xtol=1e-14)
            high = 1.0 if area == 1 else scipy.optimize.brentq(excess, area + 1e-9, 1, xtol=1e-14)
            yield {"area": area, "positives": m, "negatives": n, "level": level, "interval": [low, high]}


def order(x, y):
    return 1.0 if x > y else 0.5 if x == y else 0.0


def components(score, positive):
    """V10 of each positive and V01 of each negative case, at the case's index; and the area."""
    pos, neg = np.flatnonzero(positive), np.flatnonzero(1 - positive)
    v = np.zeros(len(score))
    for i in pos:
        v[i] = np.mean([order(score[i], score[j]) for j in neg])
    for j in neg:
        v[j] = np.mean([order(score[i], score[j]) for i in pos])
    return v, v[pos].mean()


def delong_covariance(scores, positive):
    parts = [components(score, positive) for score in scores]
    pos, neg = positive == 1, positive == 0
    s10 = np.cov(np.array([v[pos] for v, _ in parts]))
    s01 = np.cov(np.array([v[neg] for v, _ in parts]))
    return [area for _, area in parts], s10 / pos.sum() + s01 / neg.sum()


def obuchowski_covariance(scores, positive, cluster):
    """Equations of the paper, sums over clusters as they stand there."""
    parts = [components(score, positive) for score in scores]
    names = sorted(set(cluster))
    members = [np.flatnonzero(cluster == name) for name in names]
    m = [int((positive[i] == 1).sum()) for i in members]
    n = [int((positive[i] == 0).sum()) for i in members]
    count, count10, count01 = len(names), sum(x > 0 for x in m), sum(x > 0 for x in n)
    total_m, total_n = sum(m), sum(n)

    def x_sum(part, k):
        return sum(part[0][i] for i in members[k] if positive[i] == 1)

    def y_sum(part, k):
        return sum(part[0][i] for i in members[k] if positive[i] == 0)

    result = np.zeros((len(scores), len(scores)))
    for r, left in enumerate(parts):
        for s, right in enumerate(parts):
            s10 = sum((x_sum(left, k) - m[k] * left[1]) * (x_sum(right, k) - m[k] * right[1])
                      for k in range(count)) * count10 / ((count10 - 1) * total_m)
            s01 = sum((y_sum(left, k) - n[k] * left[1]) * (y_sum(right, k) - n[k] * right[1])
                      for k in range(count)) * count01 / ((count01 - 1) * total_n)
            s11 = sum((x_sum(left, k) - m[k] * left[1]) * (y_sum(right, k) - n[k] * right[1])
                      for k in range(count)) * count / (count - 1)
            s11_swapped = sum((x_sum(right, k) - m[k] * right[1]) * (y_sum(left, k) - n[k] * left[1])
                              for k in range(count)) * count / (count - 1)
            result[r, s] = s10 / total_m + s01 / total_n + (s11 + s11_swapped) / (total_m * total_n)
    return [area for _, area in parts], result


def area_case(name, rng, n, *, clusters=None, decimals=None, shift=1.0):
    cluster = np.arange(n) if clusters is None else rng.integers(0, clusters, n)
    shared = rng.normal(size=n)[cluster] if clusters else np.zeros(n)
    positive = (rng.random(n) < 0.35).astype(int)
    first = rng.normal(size=n) + shift * positive + shared
    second = 0.6 * first + rng.normal(size=n) + 0.2 * positive
    if decimals is not None:
        first, second = np.round(first, decimals), np.round(second, decimals)
    scores = [first, second]
    if clusters is None:
        areas, covariance = delong_covariance(scores, positive)
    else:
        areas, covariance = obuchowski_covariance(scores, positive, cluster)
    assert np.allclose(areas, [roc_auc_score(positive, score) for score in scores], atol=1e-12)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    z = (areas[0] - areas[1]) / np.sqrt(variance)
    half = scipy.stats.norm.ppf(0.975) * np.sqrt(covariance[0, 0])
    logit, slope = np.log(areas[0] / (1 - areas[0])), areas[0] * (1 - areas[0])
    return {"name": name, "positive": positive.tolist(), "first": first.tolist(), "second": second.tolist(),
            "cluster": None if clusters is None else cluster.tolist(), "areas": [float(a) for a in areas],
            "variance": [covariance[0, 0], covariance[1, 1]], "variance_of_difference": variance, "z": z,
            "p": 2 * scipy.stats.norm.sf(abs(z)),
            "interval": [max(0, areas[0] - half), min(1, areas[0] + half)],
            "logit_interval": [float(1 / (1 + np.exp(-(logit + sign * half / slope)))) for sign in (-1, 1)]}


def main():
    rng = np.random.default_rng(20240612)
    areas = [area_case("independent", rng, 150), area_case("independent with ties", rng, 120, decimals=0),
             area_case("a high area", rng, 60, shift=2.5), area_case("clusters", rng, 150, clusters=60),
             area_case("clusters with ties", rng, 120, clusters=25, decimals=0)]
    out = {"proportions": list(proportions()), "mcnemar": list(mcnemars()), "newcombe": list(newcombes()),
           "areas": areas}
    path = pathlib.Path(__file__).with_name("intervals.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()

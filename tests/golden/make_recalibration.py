#!/usr/bin/env python3
"""Makes recalibration.json: reliability, recalibration and prediction sets. Isotonic regression by scikit-learn,
calibration slopes by statsmodels, sets of the least ambiguous kind by MAPIE; vector scaling by SciPy's minimiser; equal
mass bins, Brier's parts and adaptive sets written out from their papers.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0 \\
        mapie==1.6.0
    venv/bin/python tests/golden/make_recalibration.py
"""
import json
import math
import pathlib
import warnings

import numpy as np
import scipy.optimize
import scipy.special
import statsmodels.api as sm
from mapie.classification import SplitConformalClassifier
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.isotonic import IsotonicRegression

warnings.filterwarnings("ignore")


def table(rng, n, classes, *, decimals=None, absent=()):
    truth = rng.choice([c for c in range(classes) if c not in absent], n)
    logits = 2.5 * (rng.normal(size=(n, classes)) + 1.2 * np.eye(classes)[truth])
    if decimals is not None:
        logits = np.round(logits, decimals)
    return truth, logits


def equal_mass_groups(confidence, bins):
    """numpy.array_split of the sorted cases, each border moved up past equal confidences."""
    order = np.argsort(confidence, kind="stable")
    values = confidence[order]
    borders = np.cumsum([len(part) for part in np.array_split(order, bins)])
    borders = sorted({int(np.searchsorted(values, values[b - 1], side="right")) for b in borders if b > 0})
    return [order[low:high] for low, high in zip([0] + borders[:-1], borders)]


def equal_width_groups(confidence, bins):
    place = np.maximum(np.ceil(confidence * bins) - 1, 0).astype(int)
    return [np.flatnonzero(place == b) for b in range(bins) if (place == b).any()]


def calibration_error(confidence, right, groups):
    return sum(len(g) / len(confidence) * abs(confidence[g].mean() - right[g].mean()) for g in groups)


def brier_parts(p, o, groups):
    """Stephenson, Coelho & Jolliffe (2008), sums as they stand there."""
    n, base = len(p), o.mean()
    parts = {"score": np.mean((p - o) ** 2), "uncertainty": base * (1 - base)}
    parts["reliability"] = sum(len(g) * (p[g].mean() - o[g].mean()) ** 2 for g in groups) / n
    parts["resolution"] = sum(len(g) * (o[g].mean() - base) ** 2 for g in groups) / n
    parts["within_variance"] = sum(((p[g] - p[g].mean()) ** 2).sum() for g in groups) / n
    parts["within_covariance"] = 2 / n * sum(((p[g] - p[g].mean()) * (o[g] - o[g].mean())).sum() for g in groups)
    assert abs(parts["score"] - (parts["reliability"] - parts["resolution"] + parts["uncertainty"]
                                 + parts["within_variance"] - parts["within_covariance"])) < 1e-12
    return {name: float(value) for name, value in parts.items()}


def reliability(truth, probabilities, bins):
    confidence, right = probabilities.max(axis=1), (probabilities.argmax(axis=1) == truth).astype(float)
    result = {}
    for name, groups_of in (("width", equal_width_groups), ("mass", equal_mass_groups)):
        groups = groups_of(confidence, bins)
        classes = range(probabilities.shape[1])
        own = [(probabilities[:, c], (truth == c).astype(float)) for c in classes]
        result[name] = {
            "bins": [[len(g), float(confidence[g].mean()), float(right[g].mean())] for g in groups],
            "error": float(calibration_error(confidence, right, groups)),
            "classwise": [float(calibration_error(p, o, groups_of(p, bins))) for p, o in own],
            "brier": brier_parts(own[0][0], own[0][1], groups_of(own[0][0], bins)),
        }
    return result


def vector_scaling(truth, logits):
    """Of the log loss plus the prior that the header names."""
    classes = logits.shape[1]

    def loss(at):
        scores = at[:classes] * logits + at[classes:]
        p = scipy.special.softmax(scores, axis=1)
        off = np.concatenate([at[:classes] - 1, at[classes:]])
        value = -scipy.special.log_softmax(scores, axis=1)[np.arange(len(truth)), truth].sum() + off @ off / 200
        error = p - np.eye(classes)[truth]
        return value, np.concatenate([(error * logits).sum(axis=0), error.sum(axis=0)]) + off / 100

    start = np.concatenate([np.ones(classes), np.zeros(classes)])
    found = scipy.optimize.minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000})
    polished = scipy.optimize.root(lambda at: loss(at)[1], found.x, tol=1e-13)
    return {"weight": polished.x[:classes].tolist(), "bias": polished.x[classes:].tolist()}


def slope(positive, probability, cluster=None):
    logit = scipy.special.logit(probability)
    options = {} if cluster is None else {"cov_type": "cluster", "cov_kwds": {"groups": cluster}}
    family = sm.families.Binomial()
    both = sm.GLM(positive, sm.add_constant(logit), family=family).fit(tol=1e-14, **options)
    large = sm.GLM(positive, np.ones((len(positive), 1)), family=family, offset=logit).fit(tol=1e-14, **options)
    return {"intercept": [both.params[0], *both.conf_int()[0]], "slope": [both.params[1], *both.conf_int()[1]],
            "in_the_large": [large.params[0], *large.conf_int()[0]]}


def isotonic(positive, score):
    model = IsotonicRegression(out_of_bounds="clip").fit(score, positive)
    at = np.concatenate([score[:40], np.linspace(-0.2, 1.2, 60)])
    return {"at": at.tolist(), "probability": model.predict(at).tolist()}


class Given(ClassifierMixin, BaseEstimator):
    """A model whose answer is its input."""

    def __init__(self, classes):
        self.classes = classes
        self.classes_ = np.arange(classes)

    def fit(self, x, y):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def predict_proba(self, x):
        return x

    def predict(self, x):
        return x.argmax(axis=1)


def quantile(scores, alpha):
    rank = math.ceil((len(scores) + 1) * (1 - alpha) - 1e-9)
    return np.inf if rank > len(scores) else float(np.sort(scores)[rank - 1])


def conformal(truth, probabilities, alpha):
    """Fitted on the first half, sets for the second (Angelopoulos & Bates 2021, sections 1 and 2.1)."""
    half, classes = len(truth) // 2, probabilities.shape[1]
    fit_y, fit_p, p = truth[:half], probabilities[:half], probabilities[half:]
    rows = np.arange(half)
    lac = SplitConformalClassifier(Given(classes), confidence_level=1 - alpha, conformity_score="lac", prefit=True)
    lac.conformalize(fit_p, fit_y)
    least = lac.predict_set(p)[1][:, :, 0]
    limit = quantile(1 - fit_p[rows, fit_y], alpha)
    assert (least == (1 - p <= limit)).all()

    def adaptive_scores(table):
        order = np.argsort(-table, axis=1, kind="stable")
        sums = np.take_along_axis(table, order, axis=1).cumsum(axis=1)
        scores = np.empty_like(table)
        np.put_along_axis(scores, order, sums, axis=1)
        return scores

    adaptive_limit = quantile(adaptive_scores(fit_p)[rows, fit_y], alpha)
    by_class = [quantile((1 - fit_p[rows, fit_y])[fit_y == c], alpha) for c in range(classes)]
    return {"alpha": alpha, "least": least.astype(int).ravel().tolist(), "least_limit": limit,
            "adaptive": (adaptive_scores(p) <= adaptive_limit).astype(int).ravel().tolist(),
            "adaptive_limit": adaptive_limit,
            "by_class_limits": [None if q == np.inf else q for q in by_class],
            "by_class": (1 - p <= np.array(by_class)).astype(int).ravel().tolist()}


def case(name, rng, n, classes, *, bins=15, **options):
    truth, logits = table(rng, n, classes, **options)
    probabilities = scipy.special.softmax(logits, axis=1)
    positive, score = (truth == 0).astype(int), probabilities[:, 0]
    cluster = rng.integers(0, n // 3, n)
    return {
        "name": name, "classes": classes, "bins": bins, "truth": truth.tolist(), "logits": logits.ravel().tolist(),
        "probabilities": probabilities.ravel().tolist(), "cluster": cluster.tolist(),
        "reliability": reliability(truth, probabilities, bins),
        "vector_scaling": vector_scaling(truth, logits),
        "isotonic": isotonic(positive, score),
        "slope": slope(positive, score), "clustered_slope": slope(positive, score, cluster),
        "conformal": [conformal(truth, probabilities, alpha) for alpha in (0.05, 0.1, 0.3)],
    }


def main():
    rng = np.random.default_rng(20240613)
    cases = [case("seven classes", rng, 240, 7), case("three classes with ties", rng, 200, 3, decimals=0, bins=10),
             case("two classes", rng, 150, 2, bins=7), case("an absent class", rng, 150, 4, absent=(2,))]
    path = pathlib.Path(__file__).with_name("recalibration.json")
    path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")


main()

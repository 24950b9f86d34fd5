#!/usr/bin/env python3
"""Makes scores.json: scores of random predictions as scikit-learn, the official scorer of the ISIC challenges 2018 and
2019, the code of that of 2024, and dcurves have them.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
        pandas==2.3.3 isic-challenge-scoring==5.6.0 dcurves==1.1.7
    venv/bin/python tests/golden/make_scores.py
"""
import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import scipy.special
import sklearn
from dcurves import dca
from isic_challenge_scoring.classification import ClassificationMetric, ClassificationScore
from sklearn import metrics

warnings.filterwarnings("ignore")


def table(rng, n, classes, *, absent=(), decimals=None, constant=False, only=None):
    present = [c for c in range(classes) if c not in absent]
    truth = rng.choice(present if only is None else [only], n)
    logits = rng.normal(size=(n, classes))
    logits[np.arange(n), truth] += 1.2
    if constant:
        logits[:] = 0.25
    probabilities = scipy.special.softmax(logits, axis=1)
    if decimals is not None:  # ties; a row's sum matters to no score here
        probabilities = np.round(probabilities, decimals)
    return truth, probabilities


def partial_auc_2024(positive, score, lowest=0.8):
    """The challenge's own code: the partial area of the mirrored curve, McClish's scaling undone."""
    high = 1 - lowest
    scaled = metrics.roc_auc_score(1 - positive, -score, max_fpr=high)
    return 0.5 * high**2 + (high - 0.5 * high**2) / 0.5 * (scaled - 0.5)


def decision(positive, score, prevalence=None):
    thresholds = [0.01, 0.1, 0.2, 0.35, 0.5, 0.9]
    found = dca(data=pd.DataFrame({"positive": positive, "model": score}), outcome="positive", modelnames=["model"],
                thresholds=thresholds, prevalence=prevalence)
    return {"prevalence": prevalence, "threshold": thresholds,
            **{name: found[found.model == name].net_benefit.tolist() for name in ("model", "all")}}


def two_classes(truth, probabilities):
    """Of the first class against the rest."""
    positive, score = (truth == 0).astype(int), probabilities[:, 0]
    if positive.all() or not positive.any():
        return None
    precision, recall, threshold = metrics.precision_recall_curve(positive, score)
    return {
        "precision": precision[::-1].tolist(), "recall": recall[::-1].tolist(), "threshold": threshold[::-1].tolist(),
        "average_precision": metrics.average_precision_score(positive, score),
        "partial": {str(high): metrics.roc_auc_score(positive, score, max_fpr=high) for high in (0.05, 0.1, 0.33, 1)},
        "partial_above": {str(low): partial_auc_2024(positive, score, low) for low in (0.5, 0.8, 0.95)},
        "decision": [decision(positive, score), decision(positive, score, 0.05)],
    }


def isic(truth, probabilities):
    classes = probabilities.shape[1]
    names, rows = [f"c{i}" for i in range(classes)], [f"image{i}" for i in range(len(truth))]
    weights = pd.DataFrame({"score_weight": 1.0, "validation_weight": 1.0}, index=rows)
    score = ClassificationScore(pd.DataFrame(np.eye(classes)[truth], index=rows, columns=names),
                                pd.DataFrame(probabilities, index=rows, columns=names),
                                weights, ClassificationMetric.BALANCED_ACCURACY)
    return {"per_class": score.per_category.to_dict("records"), "mean": score.macro_average.to_dict(),
            "balanced_accuracy": score.overall}


def case(name, truth, probabilities):
    classes = probabilities.shape[1]
    mirrored = probabilities[:, ::-1]  # of equal scores scikit-learn takes the last class first
    counts = np.bincount(truth, minlength=classes)
    top = {}
    if classes > 2:
        for k in range(1, classes):
            top[str(k)] = metrics.top_k_accuracy_score(classes - 1 - truth, mirrored, k=k, labels=range(classes))
    return {
        "name": name, "classes": classes, "truth": truth.tolist(), "probabilities": probabilities.ravel().tolist(),
        "matthews": metrics.matthews_corrcoef(truth, probabilities.argmax(axis=1)),
        "top_k": top,
        "two_classes": two_classes(truth, probabilities),
        # The official scorer takes an absent class's area as it comes; only whole sets are compared.
        "isic": isic(truth, probabilities) if (counts > 0).all() and (counts < len(truth)).all() else None,
    }


def foreign(name, rng, own, others, decimals=None):
    """Own cases are the positive ones, low scores speak for them."""
    own, others = rng.normal(size=own), rng.normal(1.5, size=others)
    if decimals is not None:
        own, others = np.round(own, decimals), np.round(others, decimals)
    is_own, score = np.repeat([1, 0], [len(own), len(others)]), -np.concatenate([own, others])
    fpr, tpr, threshold = metrics.roc_curve(is_own, score, drop_intermediate=False)
    at = np.flatnonzero(tpr >= 0.95)[0]
    return {"name": name, "own": own.tolist(), "foreign": others.tolist(), "auroc": metrics.roc_auc_score(is_own, score),
            "false_positive_rate_at_95": fpr[at], "limit": -threshold[at]}


def risk_coverage(rng, n):
    """Geifman & El-Yaniv (2017): the mean of the selective risks at each coverage. No ties."""
    confidence = rng.random(n)
    right = (rng.random(n) < confidence).astype(int)
    wrong = 1 - right[np.argsort(-confidence)]
    area = np.mean(np.cumsum(wrong) / np.arange(1, n + 1))
    best = np.mean(np.cumsum(np.sort(wrong)) / np.arange(1, n + 1))
    return {"confidence": confidence.tolist(), "right": right.tolist(), "area": area, "excess_area": area - best}


def main():
    rng = np.random.default_rng(20240611)
    cases = [case(name, *table(rng, n, classes, **options)) for name, n, classes, options in [
        ("seven classes", 200, 7, {}),
        ("ties", 200, 5, {"decimals": 1}),
        ("absent classes", 120, 7, {"absent": (2, 5)}),
        ("two classes", 150, 2, {}),
        ("two classes with ties", 150, 2, {"decimals": 1}),
        ("constant scores", 60, 3, {"constant": True}),
        ("one class only", 40, 3, {"only": 1}),
        ("one case", 1, 3, {}),
    ]]
    out = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "cases": cases,
           "foreign": [foreign("few", rng, 40, 25), foreign("ties", rng, 100, 60, 0), foreign("one", rng, 1, 1)],
           "risk_coverage": [risk_coverage(rng, n) for n in (1, 12, 150)]}
    path = pathlib.Path(__file__).with_name("scores.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()

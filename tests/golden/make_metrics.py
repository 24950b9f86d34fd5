#!/usr/bin/env python3
"""Makes metrics.json: scores of random predictions as scikit-learn computes them.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    venv/bin/python tests/golden/make_metrics.py
"""
import json
import pathlib
import warnings

import numpy as np
import scipy.optimize
import scipy.special
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")


def case(name, rng, n, classes, *, absent=(), decimals=None, constant=False, only=None):
    present = [c for c in range(classes) if c not in absent]
    truth = rng.choice(present if only is None else [only], n)
    logits = rng.normal(size=(n, classes))
    logits[np.arange(n), truth] += 1.2
    if constant:
        logits[:] = 0.25
    probabilities = scipy.special.softmax(logits, axis=1)
    if decimals is not None:  # ties; the rows still sum to 1 closely enough for every score here
        probabilities = np.round(probabilities, decimals)
        probabilities[:, -1] = np.round(1 - probabilities[:, :-1].sum(axis=1), decimals)
        probabilities = np.clip(probabilities, 0, 1)
    return scores(name, truth, probabilities, logits)


def one_against_rest(truth, probabilities, index):
    positive = truth == index
    if positive.all() or not positive.any():
        return None
    return metrics.roc_auc_score(positive, probabilities[:, index])


def averages(truth, predicted, kind):
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, predicted, average=kind, zero_division=0)
    return {"precision": precision, "recall": recall, "f1": f1}


def expected_calibration_error(truth, probabilities, bins=15):
    """Guo et al. 2017, as in their published code: bins (low, high]."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    edges, total = np.linspace(0, 1, bins + 1), 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += abs(right[inside].mean() - confidence[inside].mean()) * inside.mean()
    return total


def temperature(truth, logits):
    def loss(log_temperature):
        return -scipy.special.log_softmax(logits / np.exp(log_temperature), axis=1)[np.arange(len(truth)), truth].mean()

    found = scipy.optimize.minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded",
                                           options={"xatol": 1e-10})
    return float(np.exp(found.x))


def scores(name, truth, probabilities, logits):
    classes = probabilities.shape[1]
    labels = list(range(classes))
    predicted = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, labels=labels, zero_division=0)
    # Specificity: recall of the complement.
    specificity = [metrics.recall_score(truth != c, predicted != c, zero_division=0) for c in labels]
    auc = [one_against_rest(truth, probabilities, c) for c in labels]
    curve = None
    if auc[0] is not None:
        fpr, tpr, threshold = metrics.roc_curve(truth == 0, probabilities[:, 0], drop_intermediate=False)
        curve = {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "threshold": threshold[1:].tolist()}
    one_hot = np.eye(classes)[truth]
    return {
        "name": name,
        "classes": classes,
        "truth": truth.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "logits": logits.ravel().tolist(),
        "predicted": predicted.tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=labels).ravel().tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "specificity": specificity,
        "macro": averages(truth, predicted, "macro"),
        "weighted": averages(truth, predicted, "weighted"),
        "auc": auc,
        "macro_auc": None if all(a is None for a in auc) else float(np.mean([a for a in auc if a is not None])),
        "roc": curve,
        "log_loss": metrics.log_loss(truth, probabilities, labels=labels) if np.isclose(
            probabilities.sum(axis=1), 1).all() else None,
        "brier": float(((probabilities - one_hot) ** 2).sum(axis=1).mean()),
        "ece": expected_calibration_error(truth, probabilities),
        "temperature": temperature(truth, logits),
    }


def main():
    rng = np.random.default_rng(20240501)
    cases = [
        case("seven classes", rng, 200, 7),
        case("ties", rng, 200, 5, decimals=1),
        case("absent classes", rng, 120, 7, absent=(2, 5)),
        case("two classes", rng, 150, 2),
        case("two classes with ties", rng, 150, 2, decimals=1),
        case("constant scores", rng, 60, 3, constant=True),
        case("one class only", rng, 40, 3, only=1),
        case("one case", rng, 1, 3),
    ]
    out = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "cases": cases}
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()

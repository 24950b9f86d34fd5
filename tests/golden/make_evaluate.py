#!/usr/bin/env python3
"""Makes evaluate.json: predictions files with manifests, and what scikit-learn says of them.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    venv/bin/python tests/golden/make_evaluate.py
"""
import csv
import io
import json
import pathlib
import warnings

import numpy as np
import scipy.special
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")


def text_of(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def case(name, rng, n, classes, malignant, present, decimals):
    names = [f"picture {i}, no. {i}.jpg" for i in range(n)]
    truth = rng.choice([classes.index(c) for c in present], n)
    logits = rng.normal(size=(n, len(classes)))
    logits[np.arange(n), truth] += 1
    probabilities = scipy.special.softmax(logits, axis=1)
    if decimals:
        probabilities = probabilities.round(decimals)
        rows, largest = np.arange(n), probabilities.argmax(axis=1)
        probabilities[rows, largest] += 1 - probabilities.sum(axis=1)
        probabilities = probabilities.round(decimals)
    labels = [classes[t] for t in truth]
    manifest = text_of(["image", "label", "split"],
                       [(image, label, "test") for image, label in zip(names, labels)] + [("other.jpg", labels[0], "train")])
    order = rng.permutation(n)
    predictions = text_of(["image"] + ["p_" + c for c in classes],
                          [[names[i]] + [repr(float(p)) for p in probabilities[i]] for i in order])
    return {"name": name, "manifest": manifest, "predictions": predictions,
            "expected": expected(np.array(labels), probabilities, classes, malignant)}


def area(positive, score):
    return None if positive.all() or not positive.any() else metrics.roc_auc_score(positive, score)


def averages(labels, called, kind):
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(labels, called, average=kind, zero_division=0)
    return {"precision": precision, "recall": recall, "f1": f1}


def curve(positive, score):
    if positive.all() or not positive.any():
        return None
    fpr, tpr, threshold = metrics.roc_curve(positive, score, drop_intermediate=False)
    return {"false_positive_rate": fpr.tolist(), "true_positive_rate": tpr.tolist(),
            "threshold": [None] + threshold[1:].tolist()}


def expected(labels, probabilities, classes, malignant):
    called = np.array(classes)[probabilities.argmax(axis=1)]
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, called, labels=classes, zero_division=0)
    auc = {c: area(labels == c, probabilities[:, i]) for i, c in enumerate(classes)}
    per_class = {
        c: {"precision": precision[i], "recall": recall[i], "sensitivity": recall[i], "f1": f1[i],
            "specificity": metrics.recall_score(labels != c, called != c, zero_division=0),
            "support": int(support[i]), "auc": auc[c]} for i, c in enumerate(classes)}
    result = {
        "accuracy": {"value": metrics.accuracy_score(labels, called)},
        "balanced_accuracy": {"value": metrics.balanced_accuracy_score(labels, called)},
        "macro_auc": {"value": float(np.mean([a for a in auc.values() if a is not None]))},
        "per_class": per_class,
        "averages": {"macro": averages(labels, called, "macro"), "weighted": averages(labels, called, "weighted")},
        "confusion_matrix": {"counts": metrics.confusion_matrix(labels, called, labels=classes).tolist()},
        "log_loss": metrics.log_loss(labels, probabilities, labels=classes),
        "roc": {c: curve(labels == c, probabilities[:, i]) for i, c in enumerate(classes)},
    }
    ill = np.isin(labels, malignant)
    share = probabilities[:, [classes.index(c) for c in malignant]].sum(axis=1)
    result["malignant"] = {"auc": {"value": area(ill, share)}}
    if len(classes) == 2:
        positive = malignant[0]
        result["positive"] = {
            "class": positive, "precision": metrics.precision_score(labels, called, pos_label=positive),
            "sensitivity": metrics.recall_score(labels, called, pos_label=positive),
            "f1": metrics.f1_score(labels, called, pos_label=positive), "auc": auc[positive]}
    return result


def main():
    rng = np.random.default_rng(7)
    seven = ["akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"]
    ill = ["akiec", "bcc", "mel"]
    cases = [
        case("seven classes", rng, 150, seven, ill, seven, None),
        case("seven classes, two absent, ties", rng, 120, seven, ill, ["bcc", "bkl", "mel", "nv", "vasc"], 2),
        case("two classes", rng, 100, ["benign", "malignant"], ["malignant"], ["benign", "malignant"], None),
        case("two classes, ties", rng, 100, ["benign", "malignant"], ["malignant"], ["benign", "malignant"], 1),
    ]
    out = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "cases": cases}
    path = pathlib.Path(__file__).with_name("evaluate.json")
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()

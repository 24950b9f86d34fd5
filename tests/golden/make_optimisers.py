"""Writes optimisers.json: what torch.optim makes of a weight in five steps down given gradients. Run with torch
installed: python make_optimisers.py > optimisers.json"""
import json, sys
import torch

START = [0.5, -1.25, 2.0, 0.0]
GRADIENTS = [[0.1, -0.2, 0.3, 0.0], [0.05, 0.4, -0.6, 1e-4], [-0.3, 0.1, 0.2, -1e-4], [0.0, 0.0, 1.0, 3.0], [0.2, -0.5, 0.1, 1.0]]
RATES = [0.1, 0.1, 0.05, 0.02, 0.01]
KINDS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, nesterov=True, weight_decay=0.02),
    "adam": lambda p: torch.optim.Adam(p, lr=1, weight_decay=0.02),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1, weight_decay=0.02),
}


def steps(kind):
    weight = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimiser = KINDS[kind]([weight])
    result = []
    for gradient, rate in zip(GRADIENTS, RATES):
        optimiser.param_groups[0]["lr"] = rate
        weight.grad = torch.tensor(gradient, dtype=torch.float64)
        optimiser.step()
        result.append(weight.tolist())
    return result


json.dump({"torch": torch.__version__, "start": START, "gradients": GRADIENTS, "rates": RATES, "momentum": 0.9, "weight_decay": 0.02,
           "after": {kind: steps(kind) for kind in KINDS}}, sys.stdout, indent=1)
print()

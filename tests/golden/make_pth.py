"""Writes small PyTorch weight files into the folder pth/ and what they hold into pth/expected.json.

python make_pth.py 1.13    with torch 1.13 (Debian's python3-torch): the zip form and the older stream
python make_pth.py 2       with torch 2 (PyPI): the zip form as it is now
Files of one version are named after it; expected.json is completed, not replaced.
"""
import argparse
import collections
import json
import sys
from pathlib import Path

import torch
from torch import nn

FOLDER = Path(__file__).parent / "pth"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 2, bias=False)
        self.bn = nn.BatchNorm2d(3)
        self.fc = nn.Linear(3, 2)


def state():
    torch.manual_seed(1)
    net = Net()
    net.bn.running_mean.uniform_()
    return net.state_dict()


def kinds():
    """Number types, strides, offsets, sharing, an empty and a scalar tensor, a parameter."""
    base = torch.arange(24, dtype=torch.float32) / 7
    return collections.OrderedDict(
        double=torch.tensor([1 / 3, -1e300, 2.0**-140], dtype=torch.float64),
        half=torch.tensor([1 / 3, -65504, 6e-8, float("inf"), -0.0], dtype=torch.float16),
        bfloat16=torch.tensor([1 / 3, -3e38, 1e-40], dtype=torch.bfloat16),
        transposed=base.view(4, 6).t(),
        part=base[5:11].view(2, 3),
        every_second=base[::2],
        channels_last=base.view(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
        permuted=base.view(2, 3, 4).permute(2, 0, 1),
        shared=base,
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        parameter=nn.Parameter(torch.tensor([[1.5, -2.5]])),
        counter=torch.tensor(7),
        mask=torch.tensor([True, False]),
        bytes=torch.tensor([1, 2], dtype=torch.uint8),
    )


def numbers(values):
    return {
        name: {"shape": list(tensor.shape), "values": [str(float(v)) for v in tensor.detach().float().flatten()]}
        for name, tensor in values.items()
        if tensor.dtype.is_floating_point
    }


def main():
    version = sys.argv[1]
    assert torch.__version__.startswith(version), torch.__version__
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / "expected.json"
    expected = json.loads(path.read_text()) if path.exists() else {}

    def save(name, value, holds, **options):
        file = f"torch{version}-{name}.pth"
        torch.save(value, FOLDER / file, **options)
        expected[file] = numbers(holds) if isinstance(holds, dict) else holds

    stream = {"_use_new_zipfile_serialization": False}
    prefixed = collections.OrderedDict((f"module.{name}", tensor) for name, tensor in state().items())
    save("state", state(), state())
    save("state-protocol4", state(), state(), pickle_protocol=4)
    save("kinds", kinds(), kinds())
    save("checkpoint", {"epoch": 3, "best": 0.5, "state_dict": prefixed, "done": True, "path": None}, state())
    save("module", Net(), "refused: __main__.Net")
    save("arguments", {"state_dict": state(), "args": argparse.Namespace(lr=1)}, "refused: argparse.Namespace")
    save("list", [torch.zeros(2)], "refused: no state dict")
    if version == "1.13":
        save("state-stream", state(), state(), **stream)
        save("kinds-stream", kinds(), kinds(), **stream)
        save("checkpoint-stream", {"model": prefixed, "epoch": 3}, state(), **stream)
        save("module-stream", Net(), "refused: __main__.Net", **stream)
    path.write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()

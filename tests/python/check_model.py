"""Reads a model file with programs that are not ours: onnx's checker with full shape inference, then onnxruntime.

check_model.py MODEL
    MODEL, as naevus writes it, is sound, and what its outputs say of each other holds.
check_model.py MODEL --input FILE --expect NAME=FILE ...
    MODEL, any network, is sound and for this one input (float32) its outputs are these (float32), to --tolerance of the
    largest.
"""
import argparse
import json
import sys

import numpy as np
import onnx
import onnxruntime


def run(path, feeds):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def check_close(name, ours, theirs, tolerance):
    assert ours.shape == theirs.shape, f"{name}: {ours.shape} against {theirs.shape}"
    error = np.abs(ours.astype(np.float64) - theirs).max() / max(1, np.abs(theirs).max())
    assert error <= tolerance, f"{name}: off by {error:.2e}"


def balanced(pixels, how):
    """Pictures [N, H, W, 3] under a grey light of the same strength: gains sqrt(mean(e²)) / e, e the Minkowski mean."""
    x = pixels.astype(np.float64)
    power = {"grey_world": 1, "shades_of_grey": 6}.get(how)
    light = (x**power).mean(axis=(1, 2)) ** (1 / power) if power else x.max(axis=(1, 2))
    light = np.maximum(light, 1)
    gains = np.sqrt((light**2).mean(axis=1, keepdims=True)) / light
    return np.minimum(x * gains[:, None, None, :], 255)


def check_colour_constancy(model, how):
    model.graph.output.append(onnx.helper.make_tensor_value_info("input.limited", onnx.TensorProto.FLOAT, None))
    random = np.random.default_rng(2)
    height, width = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim][1:3]
    pixels = random.integers(0, 256, (4, height, width, 3)) * np.array([[255, 200, 160], [90, 100, 110], [3, 0, 0], [0, 0, 0]])[:, None, None] // 255
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    seen = session.run(["input.limited"], {"image": pixels.astype(np.uint8)})[0]
    error = np.abs(seen - balanced(pixels, how)).max()
    assert error < 0.01, f"{how}: off by {error} levels"


def check_own_model(model, path):
    card = json.loads({entry.key: entry.value for entry in model.metadata_props}["naevus.card"])
    image = model.graph.input[0].type.tensor_type
    assert image.elem_type == onnx.TensorProto.UINT8
    assert [d.dim_param or d.dim_value for d in image.shape.dim] == ["N", card["height"], card["width"], 3]
    assert {entry.domain: entry.version for entry in model.opset_import} == {"": 17} or card["architecture"] == "adopted"

    pixels = np.random.default_rng(1).integers(0, 256, (3, card["height"], card["width"], 3), dtype=np.uint8)
    outputs = run(path, {"image": pixels})
    assert outputs["probabilities"].shape == (3, len(card["classes"]))
    assert outputs["ood_score"].shape == (3,)
    scaling = card.get("vector_scaling", {"weight": 1 / card["temperature"], "bias": 0.0})
    calibrated = outputs["logits"].astype(np.float64) * scaling["weight"] + scaling["bias"]
    check_close("probabilities", outputs["probabilities"], softmax(calibrated), 1e-5)
    logits = outputs["logits"].astype(np.float64)
    if card["ood_kind"] == "energy":
        largest = logits.max(axis=1)
        energy = -(largest + np.log(np.exp(logits - largest[:, None]).sum(axis=1)))
        check_close("ood_score", outputs["ood_score"], energy, 1e-5)
    else:
        tensors = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        z = outputs["embedding"].astype(np.float64) @ tensors["ood.projection"]
        distances = ((z[:, None] - tensors["ood.means"]) ** 2).sum(axis=2).min(axis=1)
        check_close("ood_score", outputs["ood_score"], distances, 1e-4)
    how = card.get("preparation", {}).get("colour_constancy", "none")
    if how != "none":
        check_colour_constancy(model, how)
    for i in range(3):
        alone = run(path, {"image": pixels[i : i + 1]})
        check_close("an image alone", alone["logits"][0], outputs["logits"][i], 1e-4)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--input", help="float32 numbers for the input, one item")
    parser.add_argument("--expect", action="append", default=[], metavar="OUTPUT=FILE")
    parser.add_argument("--tolerance", type=float, default=1e-3)
    arguments = parser.parse_args()

    model = onnx.load(arguments.model)
    onnx.checker.check_model(model, full_check=True)
    if not arguments.input:
        check_own_model(model, arguments.model)
        return
    first = model.graph.input[0]
    shape = [1] + [d.dim_value for d in first.type.tensor_type.shape.dim][1:]
    outputs = run(arguments.model, {first.name: np.fromfile(arguments.input, np.float32).reshape(shape)})
    for pair in arguments.expect:
        name, file = pair.split("=", 1)
        check_close(name, outputs[name].ravel(), np.fromfile(file, np.float32), arguments.tolerance)


if __name__ == "__main__":
    sys.exit(main())

"""Networks as other programs export them, for the tests of `naevus adopt`.

foreign_networks.py make FOLDER
foreign_networks.py compare FOREIGN ADOPTED nchw|nhwc rgb|bgr logits|probabilities
    Holds what was adopted (classes nv, bcc, mel, as the tests name them) against the network that it was made from.
"""
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HEIGHT, WIDTH = 24, 32
MEAN, STD = np.array([123, 117, 104], np.float32), np.array([58, 57, 59], np.float32)


def network(opset=17, layout="nchw", batch="batch", softmax=False, flatten="Flatten", inputs=1, outputs=1, side=WIDTH,
            external=False):
    """One convolution, the mean over the map, a linear layer; names chosen to clash with ours."""
    random = np.random.default_rng(3)
    constants = {
        "input.mean": random.normal(0, 0.3, (8, 3, 3, 3)),
        "fc.weight": random.normal(0, 1, (3, 8)),
        "fc.bias": random.normal(0, 1, 3),
    }
    nodes, x = [], "image"
    if layout == "nhwc":
        nodes.append(helper.make_node("Transpose", [x], ["logits_"], perm=[0, 3, 1, 2]))
        x = "logits_"
    nodes += [
        helper.make_node("Conv", [x, "input.mean"], ["embedding"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["embedding"], ["features"]),
        helper.make_node("GlobalAveragePool", ["features"], ["pooled"]),
    ]
    if flatten == "Flatten":
        nodes.append(helper.make_node("Flatten", ["pooled"], ["flat"]))
    else:
        nodes.append(helper.make_node("Reshape", ["pooled", "shape"], ["flat"]))
    nodes.append(helper.make_node("Gemm", ["flat", "fc.weight", "fc.bias"], ["logits"], transB=1))
    last = "logits"
    if softmax:
        nodes.append(helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1))
        last = "probabilities"
    shape = [batch, 3, HEIGHT, side] if layout == "nchw" else [batch, HEIGHT, side, 3]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ["image", "second"][:inputs]]
    wanted = [helper.make_tensor_value_info(last, TensorProto.FLOAT, [batch, 3])]
    if outputs == 2:
        wanted.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, [batch, 8]))
    tensors = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()]
    if flatten != "Flatten":
        tensors.append(numpy_helper.from_array(np.array([1, 8], np.int64), "shape"))
    if external:
        tensors[0].data_location = TensorProto.EXTERNAL
        tensors[0].ClearField("raw_data")
        entry = tensors[0].external_data.add()
        entry.key, entry.value = "location", "weights.bin"
    graph = helper.make_graph(nodes, "foreign", given, wanted, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8 if opset < 19 else 9)


def make(folder):
    models = {
        "nchw13": network(opset=13),
        "nchw17": network(),
        "nhwc18": network(opset=18, layout="nhwc", softmax=True),
        "nhwc21": network(opset=21, layout="nhwc", softmax=True),
        "single": network(batch=1),
        "stuck_single": network(batch=1, flatten="Reshape"),
        "fixed_batch": network(batch=4),
        "opset11": network(opset=11),
        "two_inputs": network(inputs=2),
        "two_outputs": network(outputs=2),
        "free_size": network(side="width"),
        "external": network(external=True),
    }
    for name, model in models.items():
        (folder / f"{name}.onnx").write_bytes(model.SerializeToString())


def run(path, output, x):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run([output], {"image": x})[0]


def compare(foreign, adopted, layout, order, gives):
    pixels = np.random.default_rng(5).integers(0, 256, (2, HEIGHT, WIDTH, 3), dtype=np.uint8)
    x = (pixels.astype(np.float32) - MEAN) / STD
    if order == "bgr":
        x = x[..., ::-1]
    if layout == "nchw":
        x = x.transpose(0, 3, 1, 2)
    theirs = np.concatenate([
        run(foreign, gives, np.ascontiguousarray(x[i : i + 1])) for i in range(len(x))
    ])[:, [1, 2, 0]]  # nv, bcc, mel -> bcc, mel, nv
    ours = run(adopted, gives, pixels)
    error = np.abs(ours - theirs).max()
    assert error < 1e-5, f"off by {error}"


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        compare(*sys.argv[2:])

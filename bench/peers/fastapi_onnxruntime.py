"""The server that one writes in an afternoon, as a peer for bench/serve/serve.py: FastAPI and ONNX Runtime, the same network.

    MODEL=network.onnx SIDE=224 uvicorn fastapi_onnxruntime:app --port 8001 --workers 1

It decodes, resizes, runs the network and answers probabilities. It keeps nothing, limits nothing, and asks nobody who they are. One process,
with ONNX Runtime on as many threads as there are cores, and FastAPI's own thread pool; with THREADS=1 and --workers 2 it is measured too.
"""
import io
import os

import numpy
import onnxruntime
from fastapi import FastAPI, File, UploadFile
from PIL import Image

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(os.environ.get("THREADS", "0"))
session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
side = int(os.environ.get("SIDE", "224"))
app = FastAPI()


@app.post("/predict")
def predict(image: UploadFile = File(...)):
    picture = Image.open(io.BytesIO(image.file.read())).convert("RGB").resize((side, side), Image.Resampling.BILINEAR)
    probabilities = session.run(["probabilities"], {"image": numpy.asarray(picture)[None]})[0][0]
    return {"probabilities": probabilities.tolist(), "predicted": int(probabilities.argmax())}

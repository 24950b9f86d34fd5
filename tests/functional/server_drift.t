A model that knows what its held-out pictures looked like, and a server that is shown others of their kind (of 240 pictures, each fourth):

  $ naevus synth pictures --images 240 --seed 3 > out.txt 2>&1
  $ mkdir shown; awk 'NR % 4 == 1 && NR > 1' pictures/manifest.csv | cut -d, -f1 | while read file; do mv pictures/$file shown; done
  $ awk 'NR == 1 || NR % 4 != 1' pictures/manifest.csv > pictures/reference.csv
  $ naevus calibrate pictures/reference.csv --part all -o model.onnx > out.txt 2>&1
  $ naevus card model.onnx --json | python3 -c 'import json, sys; r = json.load(sys.stdin)["reference"]; print(r["of"], sum(r["predicted"]), sum(r["measures"]["sharpness"]["counts"]))'
  180 pictures of reference.csv, part all 180 180
  $ python3 "$NAEVUS_TESTS/server_drift.py" shown model.onnx
  without an answer nothing is claimed
  pictures as those that the model was calibrated on: nothing has moved
  ten answers raise no alarm, whatever their index
  darker pictures shift the brightness, blurred ones the sharpness
  /metrics tells the same
  a model whose card has no reference says so, and how to give it one
  a viewer may ask; what was measured outlives the server

The refusal score of a network of which it can be worked out: energy, least where the picture's middle is neither red nor free of it. Grey pictures
are its own; those with red at its ends score less, and are told apart the wrong way round in every pair:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx > out.txt 2>&1
  $ python3 - <<'PY'
  > import os
  > from PIL import Image
  > os.mkdir("far")
  > with open("set.csv", "w") as out:
  >     out.write("image,label,split\n")
  >     for n, grey in enumerate((110, 120, 130, 140)):
  >         Image.new("RGB", (80, 60), (grey, grey, grey)).save(f"{n}.png")
  >         out.write(f"{n}.png,nv,test\n")
  >     for n, red in enumerate((10, 240, 250)):
  >         Image.new("RGB", (80, 60), (red, 0, 0)).save(f"far/{n}.png")
  > PY
  $ naevus foreign by-hand.onnx set.csv far
  $ naevus foreign by-hand.onnx set.csv far --json | python3 -c "import json, sys; a = json.load(sys.stdin); print(a['own'], a['foreign'], a['auroc']['value'], a['false_positive_rate_at_95'], a['limit'])"
  3

What can't be read is named, and the exit code says so:

  $ echo text > far/9.png
  $ naevus foreign by-hand.onnx set.csv far | sed -n '/not scored/,$p'
  $ mkdir none && echo text > none/1.png
  $ naevus foreign by-hand.onnx set.csv none
  $ naevus foreign by-hand.onnx set.csv

A network made elsewhere, one that can be worked out by hand, becomes a model of ours:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx

  $ make_input jpeg mole.jpg
  $ naevus predict by-hand.onnx mole.jpg | sed -E 's/[0-9.]+ m?s( |$)/TIME\1/'

The numbers for programs are those of the formula: a softmax over 8 · red - 4 and 4 - 8 · red, red averaged over the picture's middle.

  $ naevus predict by-hand.onnx mole.jpg --json > answer.json
  $ python3 - <<'PY'
  > import json, math
  > from PIL import Image, ImageStat
  > answer = json.load(open("answer.json"))
  > red = ImageStat.Stat(Image.open("mole.jpg").crop((50, 0, 250, 200))).mean[0] / 255
  > nv = 1 / (1 + math.exp(2 * (4 - 8 * red)))
  > given = answer["probabilities"]
  > print(abs(given["nv"] - nv) < 0.01, abs(given["nv"] + given["mel"] - 1) < 1e-6, answer["image"])
  > PY

A picture answers the same however it is stored: progressive, upright by its EXIF tag, in CMYK (nearly: other colours), as PNG, on standard input;
grey in 16 bits as in 8:

  $ for kind in progressive rotated cmyk png grey8 grey16; do make_input $kind $kind.picture; done
  $ make_input jpeg 'родинка 痣 ⁂.jpg'
  $ naevus predict by-hand.onnx mole.jpg *.picture родинка*.jpg --csv > answers.csv
  $ python3 - <<'PY'
  > import csv
  > p = {row["image"]: float(row["p_nv"]) for row in csv.DictReader(open("answers.csv"))}
  > base = p["mole.jpg"]
  > for name in ("progressive.picture", "rotated.picture", "png.picture", "родинка 痣 ⁂.jpg"):
  >     print(name, "alike" if abs(p[name] - base) < 0.005 else (p[name], base))
  > print("cmyk", "alike" if abs(p["cmyk.picture"] - base) < 0.03 else (p["cmyk.picture"], base))
  > print("grey in 16 bits is grey in 8", p["grey16.picture"] == p["grey8.picture"])
  > PY

  $ naevus predict by-hand.onnx - --csv < mole.jpg | cut -d, -f2- > piped.csv
  $ naevus predict by-hand.onnx mole.jpg --csv | cut -d, -f2- | cmp - piped.csv

What can't be answered is named, each with its reason; the others are answered, and the exit code says so:

  $ mkdir broken
  $ make_input truncated broken/truncated.jpg
  $ make_input text broken/text.jpg
  $ make_input huge-header broken/huge.png
  $ make_input animated broken/moving.gif
  $ make_input heic broken/phone.heic
  $ make_input empty broken/empty.png
  $ naevus predict by-hand.onnx mole.jpg broken/* nowhere.jpg --csv

As JSON lines:

  $ naevus predict by-hand.onnx broken/text.jpg --json

A folder, and one without pictures:

  $ mkdir some none && cp mole.jpg some/1.jpg && cp mole.jpg some/2.jpg
  $ naevus predict by-hand.onnx some --csv | cut -d, -f1
  $ naevus predict by-hand.onnx none

A file that is not a model of ours, cut short, no model at all, or not there:

  $ naevus predict network.onnx mole.jpg

  $ head -c 300 by-hand.onnx > cut.onnx
  $ naevus predict cut.onnx mole.jpg

  $ cp mole.jpg picture.onnx
  $ naevus predict picture.onnx mole.jpg

  $ naevus predict nowhere.onnx mole.jpg

Wrong use:

  $ naevus predict by-hand.onnx

  $ naevus predict by-hand.onnx mole.jpg --csv --json

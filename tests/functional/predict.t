A network made elsewhere, one that can be worked out by hand, becomes a model of ours:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx
  Check it before you rely on it: naevus evaluate by-hand.onnx manifest.csv --part test
  by-hand.onnx: network, 32x32 pixels, 2 classes (mel, nv)

  $ make_input jpeg mole.jpg
  $ naevus predict by-hand.onnx mole.jpg | sed -E 's/[0-9.]+ m?s( |$)/TIME\1/'
  mole.jpg   nv 0.95   mel 0.05   malignant 0.05   TIME      not a diagnosis

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
  True True mole.jpg

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
  progressive.picture alike
  rotated.picture alike
  png.picture alike
  родинка 痣 ⁂.jpg alike
  cmyk alike
  grey in 16 bits is grey in 8 True

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
  image,predicted,p_mel,p_nv,malignant,ood_score,error
  mole.jpg,nv,0.045432135,0.9545679,0.045432135462760925,-1.5690161,
  broken/empty.png,,,,,,the file is empty (0 bytes)
  broken/huge.png,,,,,,"60000 x 60000 pixels are more than is read (a side of 32767, 100 million pixels in all)"
  broken/moving.gif,,,,,,"a GIF, which is not read: it holds at most 256 colours, and may be animated"
  broken/phone.heic,,,,,,"a HEIC picture, which is not read"
  broken/text.jpg,,,,,,"a text file, not a picture"
  broken/truncated.jpg,,,,,,the JPEG ends early: a part of it is missing
  nowhere.jpg,,,,,,can't be opened: No such file or directory
  7 of 8 pictures failed
  [1]

As JSON lines:

  $ naevus predict by-hand.onnx broken/text.jpg --json
  {"image":"broken/text.jpg","error":"a text file, not a picture","advice":"check where the file came from"}
  [1]

A folder, and one without pictures:

  $ mkdir some none && cp mole.jpg some/1.jpg && cp mole.jpg some/2.jpg
  $ naevus predict by-hand.onnx some --csv | cut -d, -f1
  image
  some/1.jpg
  some/2.jpg
  $ naevus predict by-hand.onnx none
  naevus: none: this folder holds no pictures
          JPEG, PNG, WebP, TIFF, BMP and DICOM photographs are read
  [1]

A file that is not a model of ours, cut short, no model at all, or not there:

  $ naevus predict network.onnx mole.jpg
  naevus: network.onnx: this network was not written by naevus: it has no card
          wrap it: naevus adopt network.onnx --classes a,b,c --mean ... --std ... -o adopted.onnx
  [1]

  $ head -c 300 by-hand.onnx > cut.onnx
  $ naevus predict cut.onnx mole.jpg
  naevus: cut.onnx: this is no ONNX file, or a damaged one
          get it again; a model file of naevus ends in .onnx
  [1]

  $ cp mole.jpg picture.onnx
  $ naevus predict picture.onnx mole.jpg
  naevus: picture.onnx: this is no ONNX file, or a damaged one
          get it again; a model file of naevus ends in .onnx
  [1]

  $ naevus predict nowhere.onnx mole.jpg
  naevus: nowhere.onnx: can't be opened: No such file or directory
  [1]

Wrong use:

  $ naevus predict by-hand.onnx
  naevus: no picture is named
          name a file, a folder, a pattern, or - for standard input
  [2]

  $ naevus predict by-hand.onnx mole.jpg --csv --json
  naevus: --json: --json and --csv exclude each other
  [2]

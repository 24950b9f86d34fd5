What is handed in to the ISIC challenges is written by predict and scored by evaluate. Twelve grey pictures, and a network whose
probability of mel falls with their brightness:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx 2> /dev/null > /dev/null
  $ python3 - <<'PY'
  > from PIL import Image
  > levels = [60, 90, 100, 110, 120, 124, 128, 130, 140, 150, 160, 200]
  > labels = ["mel", "mel", "nv", "mel", "nv", "mel", "nv", "nv", "mel", "nv", "nv", "nv"]
  > with open("truth.csv", "w") as truth:
  >     truth.write("image,label,split\n")
  >     for number, (level, label) in enumerate(zip(levels, labels)):
  >         Image.new("RGB", (64, 64), (level,) * 3).save(f"ISIC_{number:07}.png")
  >         truth.write(f"ISIC_{number:07}.png,{label},test\n")
  > PY
  $ for year in 2018 2019 2020 2024; do naevus predict by-hand.onnx ISIC_*.png --submission isic$year -o $year.csv 2> /dev/null; head -n 1 $year.csv; done
  image,MEL,NV,BCC,AKIEC,BKL,DF,VASC
  image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK
  image_name,target
  isic_id,target

Each is ranked as its challenge does; the files of one target know malignant and benign alone, so that the labels are mapped:

  $ naevus evaluate --predictions 2018.csv truth.csv | grep ranks
  isic2018 ranks by balanced accuracy: 0.757 [0.444, 1.000]
  $ naevus evaluate --predictions 2019.csv truth.csv | grep ranks
  isic2019 ranks by balanced accuracy: 0.757 [0.444, 1.000]
  $ naevus evaluate --predictions 2020.csv truth.csv --labels melanoma | grep ranks
  isic2020 ranks by AUC: 0.800 [0.424, 0.956]
  $ naevus evaluate --predictions 2024.csv truth.csv --labels malignant-benign | grep ranks
  isic2024 ranks by partial AUC above 80 % sensitivity: 0.086 [0.025, 0.200]

The same by the definitions: ISIC 2024 integrates what of the sensitivity lies above 0.8 over the false positive rate.

  $ naevus evaluate --predictions 2024.csv truth.csv --labels malignant-benign --json > 2024.json
  $ naevus evaluate --predictions 2018.csv truth.csv --json > 2018.json 2> /dev/null
  $ python3 - <<'PY'
  > import csv, json
  > truth = [row["label"] == "mel" for row in csv.DictReader(open("truth.csv"))]
  > target = [float(row["target"]) for row in csv.DictReader(open("2024.csv"))]
  > points = [(0.0, 0.0)]
  > for limit in sorted(target, reverse=True):
  >     called = [value >= limit for value in target]
  >     points.append((sum(c and not t for c, t in zip(called, truth)) / 7, sum(c and t for c, t in zip(called, truth)) / 5))
  > area = sum((x1 - x0) * max(y1 - 0.8, 0) for (x0, _), (x1, y1) in zip(points, points[1:]))
  > recall = [sum((p > 0.5) == t for p, t in zip(target, truth) if t is kind) / n for kind, n in ((True, 5), (False, 7))]
  > said = [json.load(open(f"{year}.json"))["challenge"] for year in (2018, 2024)]
  > print(said[1]["name"], abs(said[1]["value"] - area) < 1e-9, said[0]["name"], abs(said[0]["value"] - sum(recall) / 2) < 1e-9)
  > PY
  isic2024 True isic2018 True

A class that the challenge does not ask for can't be handed in; a row that is no distribution is named:

  $ naevus adopt network.onnx --classes nv,freckle --mean 0,0,0 --std 255,255,255 --layout nchw -o other.onnx 2> /dev/null > /dev/null
  $ naevus predict other.onnx ISIC_0000000.png --submission isic2018 -o no.csv; echo "exit code $?"; ls no.csv
  naevus: class 'freckle' has no column in isic2018
          its columns are MEL, NV, BCC, AKIEC, BKL, DF, VASC
  exit code 1
  ls: cannot access 'no.csv': No such file or directory
  [2]
  $ sed '3s/,0,0,0,0,0/,0.5,0,0,0,0/' 2018.csv > odd.csv
  $ naevus evaluate --predictions odd.csv truth.csv
  naevus: odd.csv:3: the confidences MEL, NV, BCC, AKIEC, BKL, DF, VASC sum to 1.5, not to 1
          the official scorer takes such rows, but they are no probabilities: bring each row to sum 1
  [1]

Each class is shared out alike, and the images of one lesion or patient stay together:

  $ python3 - <<'PY'
  > import random
  > random.seed(1)
  > with open("all.csv", "w") as out:
  >     out.write("image,label,lesion_id,patient_id\n")
  >     for n in range(400):
  >         out.write(f"{n}.jpg,{'mel' if n % 4 == 0 else 'nv'},L{n // 8},P{n // 16}\n")
  > PY

  $ naevus split all.csv -o split.csv --parts 70/10/20 --seed 1 --no-copies
  split.csv: 400 images in 25 groups
            train  validation      test
  nv          204          36        60
  mel          68          12        20
  all         272          48        80

  $ python3 - <<'PY'
  > import csv
  > parts = {}
  > for row in csv.DictReader(open("split.csv")):
  >     parts.setdefault(row["patient_id"], set()).add(row["split"])
  > print(sum(len(p) > 1 for p in parts.values()), "patients in two parts")
  > PY
  0 patients in two parts

The same seed gives the same split, another seed another one:

  $ naevus split all.csv -o again.csv --parts 70/10/20 --seed 1 --no-copies > out.txt && cmp split.csv again.csv
  $ naevus split all.csv -o other.csv --parts 70/10/20 --seed 2 --no-copies > out.txt && cmp -s split.csv other.csv
  [1]

Folds, each with a manifest of its own:

  $ naevus split all.csv -o folds.csv --folds 5 --no-copies | head -1
  folds.csv: 400 images in 25 groups, 5 folds (folds-fold1.csv to folds-fold5.csv); the first turn:
  $ python3 - <<'PY'
  > import csv
  > tested = [row["image"] for k in range(1, 6) for row in csv.DictReader(open(f"folds-fold{k}.csv")) if row["split"] == "test"]
  > print(len(tested), len(set(tested)))
  > PY
  400 400

Copies of a picture stay together too, whatever they are called:

  $ mkdir pictures
  $ for n in 1 2 3 4 5 6; do make_input jpeg pictures/$n.jpg; done
  $ (echo image,label; for n in 1 2 3 4 5 6; do echo pictures/$n.jpg,nv; done) > copies.csv
  $ naevus split copies.csv -o split.csv --seed 1
  warning: class 'nv' has only one image or group of images to share out among 3 parts
  warning: there is one class only, 'nv': nothing can be learned from it
  split.csv: 6 images in 1 groups
            train  validation      test
  nv            6           0         0
  all           6           0         0

Wrong use:

  $ naevus split all.csv -o split.csv --parts 70/10 --no-copies
  naevus: --parts: '70/10' is not a way to part a set
          write train/validation/test as percentages that sum to 100, such as 70/10/20, or train/test, 80/20
  [2]

  $ naevus split all.csv -o split.csv --parts 70/50/20 --no-copies
  naevus: --parts: '70/50/20' is not a way to part a set
          write train/validation/test as percentages that sum to 100, such as 70/10/20, or train/test, 80/20
  [2]

  $ naevus split all.csv -o split.csv --folds 2 --no-copies
  naevus: --folds: fewer than 3 folds leave nothing for training
          5 or 10 are usual
  [2]

  $ naevus split all.csv -o split.csv --folds 26 --no-copies
  naevus: all.csv: has 25 groups of images to share out, too few for 26 folds
          choose fewer --folds
  [1]

  $ naevus split nowhere.csv -o split.csv
  naevus: nowhere.csv: can't be opened: No such file or directory
  [1]

Pictures that are not there are named, and left out:

  $ (cat copies.csv; echo pictures/gone.jpg,nv) > gone.csv
  $ naevus split gone.csv -o split.csv
  warning: class 'nv' has only one image or group of images to share out among 3 parts
  warning: there is one class only, 'nv': nothing can be learned from it
  left out: pictures/gone.jpg: can't be opened: No such file or directory
  split.csv: 7 images in 2 groups
            train  validation      test  left out
  nv            6           0         0         1
  all           6           0         0         1
  [1]

A set with parts in which pictures stand twice, and a recipe:

  $ naevus synth set --images 140 --seed 1 --size 48 > out.txt
  $ naevus split set/manifest.csv -o split.csv --parts 70/10/20 --seed 1 > out.txt
  $ python3 - <<'PY'
  > import csv
  > rows = list(csv.DictReader(open("split.csv")))
  > test = [row for row in rows if row["split"] == "test"]
  > for k, row in enumerate(test[:8]):
  >     data = open(row["image"], "rb").read()
  >     open(f"set/copy{k}.jpg", "wb").write(data)
  >     rows.append({**row, "image": f"set/copy{k}.jpg", "split": "train", "lesion_id": f"C{k}"})
  > with open("dirty.csv", "w") as out:
  >     writer = csv.DictWriter(out, rows[0].keys()); writer.writeheader(); writer.writerows(rows)
  > PY
  $ cat > config.toml <<'TOML'
  > architecture = "scratch-cnn"
  > width = 32
  > height = 32
  > epochs = 2
  > batch = 16
  > TOML

What the dirt is worth, by training and testing with and without it:

  $ naevus clean dirty.csv -o cleaned | grep leak
  leak                   8  8 left out
  $ naevus clean cost cleaned --config config.toml 2> out.txt
  trained on   tested on    pictures  balanced accuracy       macro AUC             
  as it was    as it was          28  0.* (glob)
  as it was    cleaned            28  0.* (glob)
  cleaned      cleaned            28  0.* (glob)
  report: cleaned/cost/cost.html

The same command goes on with what is there, to the same figures:

  $ cp cleaned/cost/cost.json before.json
  $ naevus clean cost cleaned --config config.toml --json 2> out.txt | cmp - before.json
  $ (echo image,label; echo set/copy0.jpg,nv) > one.csv && naevus clean one.csv -o one > out.txt
  $ naevus clean cost one --config config.toml
  naevus: one/original.csv: has no training or no test part
          the cost of dirt is that of a set with its parts as it circulates; else: naevus split
  [1]

Label errors by models that did not see the picture they judge:

  $ python3 - <<'PY'
  > import csv, shutil
  > from PIL import Image
  > rows = [("image", "label")]
  > for k in range(90):
  >     light = 40 + 120 * (k % 2) + k // 3
  >     Image.new("RGB", (40, 40), (light, light // 2, light // 2)).save(f"set/plain{k:02}.png")
  >     rows.append((f"set/plain{k:02}.png", "bright" if k % 2 else "dull"))
  > rows[1 + 10] = (rows[11][0], "bright")
  > csv.writer(open("plain.csv", "w")).writerows(rows)
  > PY
  $ naevus clean plain.csv -o judged --folds 3 --config config.toml 2> out.txt | grep label_error
  label_error            1  reported
  $ grep ^label_error judged/issues.csv | cut -d, -f1,2
  label_error,*/plain10.png (glob)
  $ naevus clean plain.csv -o again --probabilities judged/probabilities.csv 2> out.txt | grep label_error
  label_error            1  reported
  $ naevus clean plain.csv -o odd --folds 2 --config config.toml
  naevus: --folds: fewer than 3 folds leave nothing for training
          5 or 10 are usual
  [2]
  $ naevus clean plain.csv -o odd --folds 3
  naevus: --folds: no recipe is named for the trainings
          --config recipe.toml
  [2]

The tour of the README, with a network and pictures that are small. Pictures, one table, parts:

  $ naevus synth pictures --images 84 --seed 1 --size 48
  pictures/manifest.csv: 84 synthetic images, * (glob)
  $ naevus import pictures -o all.csv
  all.csv: 84 images, *, 7 classes (*) (glob)
  $ naevus split all.csv -o split.csv --seed 1 | head -1
  split.csv: 84 images in * groups (glob)

A run, begun from flags:

  $ naevus train --manifest split.csv -o runs/first --architecture scratch-cnn --size 32 --epochs 2 --batch 16 2> progress.txt
  runs/first/model.onnx   best epoch \d of 2 .* (re)
  $ tail -1 progress.txt
  next: naevus evaluate runs/first/model.onnx split.csv --part test
  $ naevus runs | cut -c1-19
  folder       epochs
  runs/first      2/2

Its config means the same wherever it is read from: a run that is done stays as it is, and a search can start from it.

  $ sha256sum runs/first/model.onnx > before.txt
  $ (cd pictures && naevus train ../runs/first/config.toml --resume) > out.txt 2>&1; echo $?
  0
  $ sha256sum -c before.txt
  runs/first/model.onnx: OK

A search, stopped on its way and gone on with:

  $ (timeout --preserve-status -s INT 2 naevus tune runs/first/config.toml --trials 1000 --out search) > out.txt 2>&1; echo $?
  130
  $ naevus tune runs/first/config.toml --trials 2 --out search --json > search.json 2> out.txt
  $ python3 -c "import json; print(sorted(trial['trial'] for trial in json.load(open('search.json'))))"
  [1, 2]
  $ tail -1 out.txt
  next: naevus train search/best/config.toml
  $ naevus train search/best/config.toml --epochs 1 > out.txt 2> progress.txt; tail -1 progress.txt
  next: naevus evaluate *search/best/model.onnx * --part test (glob)

A search whose config is no good says why:

  $ sed 's/^width = 32/width = 1/' runs/first/config.toml > narrow.toml
  $ naevus tune narrow.toml --trials 1 --out narrow
  naevus: trial 1 failed: narrow.toml:6: width = 1 is out of range
          all that it said: narrow/trial-001/messages.txt
  [1]

A picture gets the same probabilities from `predict`, alone or among others, and from `evaluate`, to the last digit:

  $ model=runs/first/model.onnx
  $ naevus evaluate $model split.csv -o report.html --predictions-out p.csv | tail -1
  not a diagnosis
  $ grep -c 'Not a diagnosis' report.html
  1
  $ naevus predict $model pictures/images --csv > batch.csv
  $ tail -n +2 p.csv | cut -d, -f1 | xargs -n 1 naevus predict $model --csv | grep -v '^image,' > alone.csv
  $ python3 - <<'PY'
  > import csv
  > scored = list(csv.DictReader(open("p.csv")))
  > names = [name for name in scored[0] if name.startswith("p_")]
  > head = open("batch.csv").readline().strip().split(",")
  > batch = {row["image"]: row for row in csv.DictReader(open("batch.csv"))}
  > alone = {row["image"]: row for row in csv.DictReader(open("alone.csv"), fieldnames=head)}
  > same = [row[p] == batch[row["image"]][p] == alone[row["image"]][p] for row in scored for p in names]
  > print(len(same) == 7 * len(scored) > 50, all(same))
  > PY
  True True

What --json prints is JSON:

  $ json() { "$@" --json 2> errors.txt | python3 -c 'import json, sys; json.load(sys.stdin)' || echo "$*"; }
  $ json naevus synth more --images 7 --size 32
  $ json naevus import pictures -o j.csv
  $ json naevus split all.csv -o j.csv
  $ json naevus split all.csv -o j.csv --folds 3
  $ json naevus runs
  $ json naevus evaluate $model split.csv
  $ json naevus calibrate $model split.csv -o calibrated.onnx
  $ json naevus weights $model
  $ json naevus weights $model -o weights.safetensors
  $ json naevus doctor
  $ json naevus predict $model pictures/images/synth_000001.jpg
  $ json naevus bench $model --rounds 1 --seconds 0.1

No command writes over what it reads:

  $ picture=pictures/images/synth_000001.jpg
  $ sha256sum $picture split.csv $model weights.safetensors > before.txt
  $ naevus predict $model $picture -o ./$picture
  naevus: ./pictures/images/synth_000001.jpg: would be written over, and is read here
          name another file for the output
  [2]
  $ naevus predict $model $picture --saliency $picture 2> out.txt
  [2]
  $ naevus predict $model $picture -o $model 2> out.txt
  [2]

A map whose name belongs to a picture that is read gets another one:

  $ mkdir maps && cp $picture maps/mole.jpg
  $ naevus predict $model maps/mole.jpg --saliency maps > out.txt && mv maps/mole-*.png name.txt && ls maps
  mole.jpg
  $ for label in akiec bcc bkl df mel nv vasc; do cp $picture maps/mole-$label.png; done
  $ sha256sum maps/* > maps.txt
  $ naevus predict $model maps --saliency maps > out.txt && sha256sum --quiet -c maps.txt && ls maps | grep -c -- '-2.png'
  1
  $ naevus import split.csv -o split.csv 2> out.txt
  [2]
  $ naevus split split.csv -o split.csv 2> out.txt
  [2]
  $ naevus evaluate $model split.csv -o split.csv 2> out.txt
  [2]
  $ naevus evaluate $model split.csv --predictions-out $model 2> out.txt
  [2]
  $ naevus calibrate $model split.csv -o $model 2> out.txt
  [2]
  $ naevus weights weights.safetensors -o weights.safetensors 2> out.txt
  [2]
  $ sha256sum --quiet -c before.txt

Ctrl-C ends with 130:

  $ python3 - <<'PY'
  > import pathlib, signal, subprocess, time
  > run = subprocess.Popen(["naevus", "synth", "many", "--images", "100000"], stderr=subprocess.PIPE, text=True)
  > while not list(pathlib.Path("many").glob("images/*")):
  >     time.sleep(0.05)
  > run.send_signal(signal.SIGINT)
  > print(run.communicate()[1].strip(), run.returncode)
  > PY
  naevus: stopped on request 130

Colours are for terminals, and not for those who do not want them; bars are for terminals only:

  $ naevus predict $model pictures/images 2> out.txt | grep -c $'\e'
  0
  [1]
  $ cat out.txt
  $ on_terminal() { script -qec "naevus predict $model $picture" /dev/null < /dev/null; }
  $ on_terminal | grep -c $'\e'
  1
  $ NO_COLOR=1 on_terminal | grep -c $'\e'
  0
  [1]

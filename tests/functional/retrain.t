A detector learns from its readers: of 960 pictures five eighths are the frozen test part, an eighth trained the model, and two readers read another.

  $ "$NAEVUS_TESTS/make_three_classes" three 960
  $ cat > recipe.toml <<'TOML'
  > architecture = "scratch-cnn"
  > width = 32
  > height = 32
  > epochs = 3
  > batch = 16
  > learning_rate = 4e-3
  > ema = 0.8
  > picture_cache = "off"
  > TOML
  $ loop() { python3 "$NAEVUS_TESTS/../../bench/loop/loop.py" three/manifest.csv --config recipe.toml --steps 1 "$@" 2> messages.txt || cat messages.txt; }
  $ loop --out honest
  start     learned     0  balanced accuracy [01]\.\d+.* (re)
  tenth 1   learned    9\d  balanced accuracy [01]\.\d+.*  candidate [01]\.\d+  promoted (re)
      a reader: \d+ of 60 labels doubted \(reference \d+ of 120\), believed (re)
      a reader: \d+ of 60 labels doubted \(reference \d+ of 120\), believed (re)
      yes  balanced accuracy on the frozen test part: .* (re)
      yes  sensitivity for mel on the frozen test part: .* (re)
      yes  copies of its training pictures in the frozen test part: none
      yes  subgroups of the frozen test part: .* (re)
      yes  balanced accuracy on the newest feedback: .* (re)

What was learned, and from what, is kept; the work between is not:

  $ naevus models list --data honest/data
  [0-9a-f]{12}  file    .*  loop v1 (re)
  [0-9a-f]{12}  retrain .* serves +loop v2 (re)
  $ ls honest/data/retrain
  lock
  loop-v2.html
  $ candidate=honest/data/models/$(naevus models list --data honest/data --json | python3 -c "import json, sys; print(next(model['id'] for model in json.load(sys.stdin) if model['origin'] == 'retrain'))").onnx
  $ naevus evaluate $candidate honest/base.csv --json > again.json && naevus card $candidate --json > card.json && python3 - <<'PY'
  > import json
  > card, again = json.load(open("card.json")), json.load(open("again.json"))
  > own = card["evaluation"]
  > print(own["of"], card["metrics"]["test.readings"])
  > print(own["confusion"] == again["confusion_matrix"]["counts"])
  > found = next(figure for figure in own["figures"] if figure["name"] == "balanced_accuracy")
  > print({key: found[key] for key in ("value", "low", "high")} == {key: again["balanced_accuracy"][key] for key in ("value", "low", "high")})
  > PY
  600 pictures of base.csv, part test, manifest [0-9a-f]{32} 1.0 (re)
  True
  True
  $ naevus audit verify --data honest/data | cut -d';' -f1
  [0-9]+ entries, all as they were written (re)

One reader gives a wrong class for a third of the pictures, and counts no more; the other does:

  $ loop --out poisoned --poison 0.33
  start     learned     0  balanced accuracy [01]\.\d+.* (re)
  tenth 1   learned    4\d  balanced accuracy [01]\.\d+.*  candidate [01]\.\d+  (not )?promoted (re)
      a reader: \d+ of 60 labels doubted \(reference \d+ of 120\), believed (re)
      a reader: \d+ of 60 labels doubted \(reference \d+ of 120\), not believed (re)
      .* (re)
      .* (re)
      .* (re)
      .* (re)
      .* (re)

Killed amid its training, the same command goes on. Nothing is done before enough labels are confirmed, and what does not go together is refused:

  $ retrain() { naevus retrain honest/base.csv --config recipe.toml --data honest/data "$@"; }
  $ naevus retrain honest/base.csv --config recipe.toml --data honest/data > killed.txt 2>&1 & until [ -e honest/data/retrain/work/run/messages.txt ]; do sleep 0.02; done; kill -9 $!; wait $! 2> killed.txt; ls honest/data/retrain
  lock
  loop-v2.html
  work
  $ retrain | grep '^loop v3'
  loop v3 .* (re)
  $ ls honest/data/retrain
  lock
  loop-v2.html
  loop-v3.html
  $ retrain --if-confirmed 5
  0 confirmed labels are new, 5 are asked for: nothing is done
  $ grep -v ,test, honest/base.csv > untested.csv
  $ naevus retrain untested.csv --config recipe.toml --data honest/data
  naevus: untested.csv: has no test part
          name the manifest that the served model was trained from, as naevus split wrote it
  [1]
  $ sed s/,nv,/,nevus,/ honest/base.csv > other.csv
  $ naevus retrain other.csv --config recipe.toml --data honest/data
  naevus: other.csv: has the classes bkl, mel, nevus, the model that answers bkl, mel, nv
          name the label map of the model's training: --labels
  [1]
  $ naevus retrain honest/base.csv --config recipe.toml --data nowhere
  naevus: nowhere/naevus.db: there is no database
          name the data folder with --data
  [1]
  $ naevus key create someone --data empty > key.txt 2>&1
  $ naevus retrain honest/base.csv --config recipe.toml --data empty
  naevus: empty: no model answers here yet
          start naevus serve once, or: naevus models promote
  [1]
  $ flock honest/data/retrain/lock naevus retrain honest/base.csv --config recipe.toml --data honest/data
  naevus: honest/data/retrain: another retraining is under way here
          wait until it is done
  [1]

The labels as a manifest:

  $ naevus feedback export -o feedback.csv --data honest/data
  feedback.csv: 120 pictures \(bkl 40 · mel 40 · nv 40\) (re)
  $ naevus feedback export -o confirmed.csv --confirmed --data honest/data --json | grep -E 'pictures|one_reader'
    "pictures": 0,
    "one_reader": 120,
  $ naevus feedback export -o feedback.csv --data empty
  naevus: empty: no reader has named a class yet
          naevus serve takes feedback: POST /api/v1/predictions/ID/feedback
  [1]

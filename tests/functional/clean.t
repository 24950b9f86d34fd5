A set with every sort of fault, made from rendered lesions:

  $ naevus synth pictures --images 40 --seed 3 > out.txt 2>&1
  $ python3 - <<'PY'
  > import csv, io, os, shutil
  > from PIL import Image
  > rows = list(csv.DictReader(open("pictures/manifest.csv")))
  > source = lambda k: "pictures/" + rows[k]["image"]
  > os.makedirs("set")
  > out = [("image", "label", "split", "lesion_id", "age")]
  > def add(name, label, split, lesion, age="50"):
  >     out.append((name, label, split, lesion, age))
  > for k in range(20):
  >     shutil.copy(source(k), f"set/{k:02}.jpg")
  >     add(f"{k:02}.jpg", rows[k]["label"], "train" if k < 12 else "test", f"L{k}")
  > shutil.copy("set/00.jpg", "set/copy.jpg"); add("copy.jpg", rows[0]["label"], "train", "A")
  > Image.open("set/01.jpg").transpose(Image.Transpose.ROTATE_90).save("set/turned.png")
  > add("turned.png", rows[1]["label"], "train", "B")
  > Image.open("set/15.jpg").resize((140, 140)).save("set/leak.jpg", quality=60)
  > add("leak.jpg", rows[15]["label"], "train", "C")
  > shutil.copy("set/03.jpg", "set/other.jpg")
  > add("other.jpg", "mel" if rows[3]["label"] != "mel" else "nv", "train", "D")
  > open("set/broken.jpg", "wb").write(open("set/04.jpg", "rb").read()[:3000]); add("broken.jpg", "nv", "train", "E")
  > open("set/noise.jpg", "wb").write(os.urandom(999)); add("noise.jpg", "nv", "train", "F")
  > os.mkdir("set/folder.jpg"); add("folder.jpg", "nv", "train", "G")
  > os.symlink("loop.jpg", "set/loop.jpg"); add("loop.jpg", "nv", "train", "H")
  > open("set/empty.jpg", "wb"); add("empty.jpg", "nv", "train", "I")
  > shutil.copy("set/05.jpg", "set/wrong.png"); add("wrong.png", rows[5]["label"], "train", "J", "212")
  > Image.new("RGB", (128, 128), (12, 10, 9)).save("set/dark.png"); add("dark.png", "nv", "train", "K")
  > csv.writer(open("set/manifest.csv", "w")).writerows(out)
  > PY

  $ naevus clean set/manifest.csv -o cleaned > out.txt
  [1]
  $ grep -E '^(leak|contradictory_label|unreadable|exact_copy|near_copy|wrong_extension|impossible_value)' out.txt
  leak                       1  1 left out
  contradictory_label        2  2 left out
  unreadable                 5  5 left out
  exact_copy                 4  3 left out
  near_copy                  1  reported
  impossible_value           1  reported
  wrong_extension            1  reported
  $ python3 - <<'PY'
  > import csv
  > issues = list(csv.DictReader(open("cleaned/issues.csv")))
  > name = lambda path: path.split("/")[-1]
  > for kind in ("leak", "exact_copy", "contradictory_label"):
  >     for row in sorted((name(r["image"]), name(r["other"]), r["action"]) for r in issues if r["kind"] == kind):
  >         print(kind, *row)
  > PY
  leak leak.jpg 15.jpg drop
  exact_copy copy.jpg 00.jpg drop
  exact_copy other.jpg 03.jpg drop
  exact_copy turned.png 01.jpg drop
  exact_copy wrong.png 05.jpg drop
  contradictory_label 03.jpg other.jpg drop
  contradictory_label other.jpg 03.jpg drop

No picture was changed, the report is one page without scripts, and the clean manifest can be split:

  $ ls set | wc -l
  32
  $ grep -c '<script' cleaned/report.html
  0
  [1]
  $ tail -n +2 cleaned/clean.csv | wc -l
  20
  $ naevus split cleaned/clean.csv -o split.csv --seed 1 2> out.txt | head -1
  split.csv: 20 images in 20 groups

A second run takes up what was measured, and gives the same files:

  $ cp -r cleaned before && naevus clean set/manifest.csv -o cleaned 2>&1 > out.txt | grep measured
  31 pictures were measured before and have not changed since
  $ for file in issues clean decisions; do cmp before/$file.csv cleaned/$file.csv; done

Killed while it measures, it goes on:

  $ for delay in 0.03 0.06 0.1 0.2; do
  >   naevus clean set/manifest.csv -o killed --threads 1 > out.txt 2>&1 & sleep $delay; kill -9 $! 2> out.txt; wait 2> out.txt
  > done
  $ naevus clean set/manifest.csv -o killed > out.txt 2>&1
  [1]
  $ for file in issues clean decisions; do cmp before/$file.csv killed/$file.csv; done

Decisions can be taken back, and put in force again; what was undone stays undone when the set is cleaned again:

  $ naevus clean undo cleaned --image leak.jpg
  1 undone: 21 of 31 pictures stay in cleaned/clean.csv
  $ naevus clean set/manifest.csv -o cleaned > out.txt 2>&1
  [1]
  $ grep -c leak.jpg cleaned/clean.csv
  1
  $ naevus clean undo cleaned --all --redo
  1 redone: 20 of 31 pictures stay in cleaned/clean.csv
  $ cmp before/clean.csv cleaned/clean.csv
  $ naevus clean undo cleaned --kind blured
  naevus: --kind: there is no kind 'blured'
          did you mean 'blurred'?
  [2]

A policy says what acts by itself:

  $ naevus clean --policy-template | sed 's/^near_copy = .*/near_copy = "drop"/; s/^unreadable = .*/unreadable = "report"/' > policy.toml
  $ naevus clean set/manifest.csv -o strict --policy policy.toml --json 2> out.txt | grep -A3 -E '"(near_copy|unreadable)"'
      "unreadable": {
        "findings": 5,
        "left_out": 0
      },
  --
      "near_copy": {
        "findings": 1,
        "left_out": 0
      },
  $ printf '[actions]\nleak = "burn"\n' > odd.toml
  $ naevus clean set/manifest.csv -o odd --policy odd.toml
  naevus: odd.toml:2: the action of 'leak' is not understood
          write "report" or "drop"
  [1]

For someone's checks, an exit code; and against another manifest:

  $ naevus clean set/manifest.csv -o cleaned --fail-on leak,contradiction > out.txt
  31 pictures were measured before and have not changed since
  naevus: set/manifest.csv: found what must not be there: 1 leak, 2 contradictory_label
          see cleaned/report.html
  [1]
  $ (echo image,label; echo set/06.jpg,nv) > one.csv && (echo image,label; echo set/06.jpg,nv) > two.csv
  $ naevus clean one.csv -o against --against two.csv --fail-on leak > out.txt
  naevus: one.csv: found what must not be there: 1 leak
          see against/report.html
  [1]

A person's answers, kept at once:

  $ printf 'x\nk\nq\n' | naevus clean review cleaned --reviewer ada --kind near_copy,impossible_value | grep -v '^$'
  1 of 2  Near copies
  */leak.jpg  (*) (glob)
  */15.jpg  (*) (glob)
  correlation * (glob)
  [k]eep  [d]rop  [r]elabel  [s]ame lesion  [n]ot sure  [q]uit > 'x' is none of the answers
  [k]eep  [d]rop  [r]elabel  [s]ame lesion  [n]ot sure  [q]uit > 
  2 of 2  Impossible values
  */wrong.png  (*) (glob)
  * (glob)
  [k]eep  [d]rop  [r]elabel  [n]ot sure  [q]uit > 
  1 answered, 1 open; cleaned/clean.csv: 20 of 31 pictures
  $ printf 'd\nd\n' | naevus clean review cleaned --reviewer bob --kind near_copy,impossible_value | tail -1
  2 answered, 0 open; cleaned/clean.csv: 20 of 31 pictures
  $ naevus clean review cleaned --compare
  ada and bob: 1 findings, agreed on 0; Cohen's kappa 0.00  [0.00, 0.00]

A folder of anything at all is looked through too:

  $ mkdir -p heap/below && cp set/0[0-4].jpg heap/below && cp set/00.jpg 'heap/мел 痣.jpg' && head -c 500 /dev/urandom > heap/rubbish.jpg
  $ mkdir heap/d.jpg && ln -s l.jpg heap/l.jpg && ln -s .. heap/below/round && : > heap/e.png
  $ naevus clean heap -o heaped > out.txt
  [1]
  $ grep -E '^(unreadable|exact_copy)' out.txt
  unreadable           4  4 left out
  exact_copy           1  1 left out

  $ naevus clean nothing.csv -o out
  naevus: nothing.csv: can't be opened: No such file or directory
  [1]
  $ naevus clean set/manifest.csv
  naevus: no output folder is named
          -o FOLDER
  [2]
  $ naevus clean undo nowhere --all
  naevus: nowhere: holds no original.csv
          name the folder that `naevus clean MANIFEST -o FOLDER` wrote
  [1]

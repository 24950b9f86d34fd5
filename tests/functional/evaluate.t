Predictions of any program can be scored. Sixteen cases, worked out by hand: nv 9 of 10 right, mel 3 of 4, bkl 1 of 2, so that balanced
accuracy is (0.9 + 0.75 + 0.5) / 3:

  $ python3 - <<'PY'
  > cases = [("nv", "nv")] * 9 + [("nv", "mel")] + [("mel", "mel")] * 3 + [("mel", "nv")] + [("bkl", "bkl"), ("bkl", "nv")]
  > with open("truth.csv", "w") as truth, open("predictions.csv", "w") as out:
  >     truth.write("image,label,split\n")
  >     out.write("image,label,p_bkl,p_mel,p_nv\n")
  >     for n, (label, said) in enumerate(cases):
  >         p = [0.8 if name == said else 0.1 for name in ("bkl", "mel", "nv")]
  >         truth.write(f"{n}.jpg,{label},test\n")
  >         out.write(f"{n}.jpg,{label},{','.join(map(str, p))}\n")
  > PY

  $ naevus evaluate --predictions predictions.csv truth.csv --part test --json > scores.json
  $ python3 -c "import json; s = json.load(open('scores.json')); print(s['accuracy']['value'], round(s['balanced_accuracy']['value'], 12))"

  $ naevus evaluate --predictions predictions.csv truth.csv --part test -o report.html

The report is one page that fetches nothing:

  $ grep -c -i -E '(src|href)="?https?:' report.html

A class without a case has no AUC, and says why; balanced accuracy is over the classes that are there:

  $ sed '/,bkl,/d' truth.csv > without.csv
  $ sed '/,bkl,/d' predictions.csv > without-predictions.csv
  $ naevus evaluate --predictions without-predictions.csv without.csv --json > scores.json
  $ python3 -c "import json; s = json.load(open('scores.json')); print(round(s['balanced_accuracy']['value'], 12))"

One class only:

  $ sed -n '1p;/,nv,/p' truth.csv > one.csv
  $ sed -n '1p;/,nv,/p' predictions.csv > one-predictions.csv
  $ naevus evaluate --predictions one-predictions.csv one.csv

What can't be scored says why:

  $ sed '2d' predictions.csv > missing.csv
  $ naevus evaluate --predictions missing.csv truth.csv

  $ sed 's/p_mel/p_freckle/' predictions.csv > odd.csv
  $ naevus evaluate --predictions odd.csv truth.csv

  $ sed 's/,0.8/,nan/' predictions.csv > nan.csv
  $ naevus evaluate --predictions nan.csv truth.csv

  $ naevus evaluate --predictions predictions.csv truth.csv --part validation

  $ naevus evaluate --predictions predictions.csv truth.csv --part exam

With a model, a picture that is gone is named, the others are scored, and the exit code says so:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx > out.txt
  $ make_input jpeg 0.jpg && make_input png 1.jpg && make_input jpeg 2.jpg
  $ printf 'image,label,split\n0.jpg,nv,test\n1.jpg,mel,test\n2.jpg,nv,test\ngone.jpg,nv,test\n' > set.csv
  $ naevus evaluate by-hand.onnx set.csv --part test --json --predictions-out p.csv > scores.json

Its predictions, read again, give the same scores:

  $ grep -v gone.jpg set.csv > there.csv
  $ naevus evaluate by-hand.onnx there.csv --json > scores.json
  $ naevus evaluate --predictions p.csv there.csv --json > again.json
  $ python3 -c "import json; a, b = (json.load(open(f)) for f in ('scores.json', 'again.json')); print(all(a[k] == b[k] for k in ('accuracy', 'balanced_accuracy', 'macro_auc')))"

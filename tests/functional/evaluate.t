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
  0.8125 0.716666666667

  $ naevus evaluate --predictions predictions.csv truth.csv --part test -o report.html
  balanced accuracy   0.717  [0.429, 1.000]      macro AUC  0.789  [0.566, 1.000]
  accuracy            0.812  [0.625, 1.000]      log loss   0.613   calibration error 0.012
  
  class          pictures  precision  sensitivity  specificity     F1    AUC
  bkl                   2      1.000        0.500        1.000  0.667  0.750
  mel                   4      0.750        0.750        0.917  0.750  0.833
  nv                   10      0.818        0.900        0.667  0.857  0.783
  mean                         0.856        0.717        0.861  0.758  0.789
  weighted mean                0.824        0.812        0.771  0.807
  
  truth ↓ called →  bkl  mel  nv
  bkl                 1    0   1
  mel                 0    3   1
  nv                  0    1   9
  
  malignant (mel) against the rest: AUC 0.833 [0.500, 1.000]
  at 100.0 % sensitivity, 0.0 % of the others are sent home
  16 pictures of the part 'test'; balanced accuracy is the mean sensitivity of all 3 classes
  [low, high]: 95 % intervals by 2,000 bootstrap resamples of 16 pictures (seed 1)
  not a diagnosis

The report is one page that fetches nothing:

  $ grep -c -i -E '(src|href)="?https?:' report.html
  0
  [1]

A class without a case has no AUC, and says why; balanced accuracy is over the classes that are there:

  $ sed '/,bkl,/d' truth.csv > without.csv
  $ sed '/,bkl,/d' predictions.csv > without-predictions.csv
  $ naevus evaluate --predictions without-predictions.csv without.csv --json > scores.json
  $ python3 -c "import json; s = json.load(open('scores.json')); print(round(s['balanced_accuracy']['value'], 12))"
  0.825

One class only:

  $ sed -n '1p;/,nv,/p' truth.csv > one.csv
  $ sed -n '1p;/,nv,/p' predictions.csv > one-predictions.csv
  $ naevus evaluate --predictions one-predictions.csv one.csv
  balanced accuracy   0.900  [0.700, 1.000]      macro AUC  –  
  accuracy            0.900  [0.700, 1.000]      log loss   0.431   calibration error 0.100
  
  class          pictures  precision  sensitivity  specificity     F1  AUC
  bkl                   0          –            –        1.000      –    –
  mel                   0      0.000            –        0.900  0.000    –
  nv                   10      1.000        0.900            –  0.947    –
  mean                         0.500        0.450        0.450  0.474    –
  weighted mean                1.000        0.900        0.000  0.947
  
  truth ↓ called →  bkl  mel  nv
  bkl                 0    0   0
  mel                 0    0   0
  nv                  0    1   9
  
  malignant (mel): no AUC, no picture is malignant
  10 pictures of the part 'test'; balanced accuracy is the mean sensitivity of the one class present (nv) of 3
  [low, high]: 95 % intervals by 2,000 bootstrap resamples of 10 pictures (seed 1)
  not a diagnosis

What can't be scored says why:

  $ sed '2d' predictions.csv > missing.csv
  $ naevus evaluate --predictions missing.csv truth.csv
  balanced accuracy   0.713  [0.429, 1.000]      macro AUC  0.786  [0.569, 1.000]
  accuracy            0.800  [0.600, 1.000]      log loss   0.639   calibration error 0.000
  
  class          pictures  precision  sensitivity  specificity     F1    AUC
  bkl                   2      1.000        0.500        1.000  0.667  0.750
  mel                   4      0.750        0.750        0.909  0.750  0.830
  nv                    9      0.800        0.889        0.667  0.842  0.778
  mean                         0.850        0.713        0.859  0.753  0.786
  weighted mean                0.813        0.800        0.776  0.794
  
  truth ↓ called →  bkl  mel  nv
  bkl                 1    0   1
  mel                 0    3   1
  nv                  0    1   8
  
  malignant (mel) against the rest: AUC 0.830 [0.500, 1.000]
  at 100.0 % sensitivity, 0.0 % of the others are sent home
  15 pictures of the part 'test', 1 could not be scored; balanced accuracy is the mean sensitivity of all 3 classes
  [low, high]: 95 % intervals by 2,000 bootstrap resamples of 15 pictures (seed 1)
  
  not scored
    0.jpg: has no prediction
  not a diagnosis
  [1]

  $ sed 's/p_mel/p_freckle/' predictions.csv > odd.csv
  $ naevus evaluate --predictions odd.csv truth.csv
  warning: 4 pictures have labels that are none of the classes: a label map (--labels) translates labels
  balanced accuracy   0.700  [0.400, 1.000]      macro AUC  0.725  [0.446, 1.000]
  accuracy            0.833  [0.583, 1.000]      log loss   0.570   calibration error 0.033
  
  class          pictures  precision  sensitivity  specificity     F1    AUC
  bkl                   2      1.000        0.500        1.000  0.667  0.750
  freckle               0      0.000            –        0.917  0.000      –
  nv                   10      0.900        0.900        0.500  0.900  0.700
  mean                         0.633        0.467        0.806  0.522  0.725
  weighted mean                0.917        0.833        0.583  0.861
  
  truth ↓ called →  bkl  freckle  nv
  bkl                 1        0   1
  freckle             0        0   0
  nv                  0        1   9
  
  12 pictures of the part 'test', 4 could not be scored; balanced accuracy is the mean sensitivity of the 2 classes present (bkl, nv) of 3
  [low, high]: 95 % intervals by 2,000 bootstrap resamples of 12 pictures (seed 1)
  
  not scored
    10.jpg: its label 'mel' is none of the classes bkl, freckle, nv
    11.jpg: its label 'mel' is none of the classes bkl, freckle, nv
    12.jpg: its label 'mel' is none of the classes bkl, freckle, nv
    13.jpg: its label 'mel' is none of the classes bkl, freckle, nv
  not a diagnosis
  [1]

Of many only the first are named, except in JSON:

  $ sed '1!s/,[a-z]*,test/,odd,test/;2s/,odd,/,nv,/' truth.csv > foreign.csv
  $ naevus evaluate --predictions predictions.csv foreign.csv 2> out.txt | grep 'more ('
    and 5 more (--json names them all)
  $ naevus evaluate --predictions predictions.csv foreign.csv --json 2> out.txt | grep -c "its label 'odd'"
  15

  $ sed 's/,0.8/,nan/' predictions.csv > nan.csv
  $ naevus evaluate --predictions nan.csv truth.csv
  naevus: nan.csv:2: 'nan' in column 'p_nv' is not a probability
          write a number from 0 to 1
  [1]

  $ naevus evaluate --predictions predictions.csv truth.csv --part validation
  naevus: truth.csv: has no pictures in the part 'validation'
          make the parts with: naevus split
  [1]

  $ naevus evaluate --predictions predictions.csv truth.csv --part exam
  naevus: --part: there is no part 'exam'
          choose train, validation, test or all
  [2]

A manifest with a byte order mark and line ends of Windows is read like any other:

  $ printf '\xef\xbb\xbf' > windows.csv && sed 's/$/\r/' truth.csv >> windows.csv
  $ naevus evaluate --predictions predictions.csv windows.csv --json | sed s/windows.csv/truth.csv/ > again.json
  $ naevus evaluate --predictions predictions.csv truth.csv --json | cmp - again.json

With a model, a picture that is gone is named, the others are scored, and the exit code says so:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx > out.txt
  Check it before you rely on it: naevus evaluate by-hand.onnx manifest.csv --part test
  $ make_input jpeg 0.jpg && make_input png 1.jpg && make_input jpeg 2.jpg
  $ printf 'image,label,split\n0.jpg,nv,test\n1.jpg,mel,test\n2.jpg,nv,test\ngone.jpg,nv,test\n' > set.csv
  $ naevus evaluate by-hand.onnx set.csv --part test --json --predictions-out p.csv > scores.json
  [1]

Its predictions, read again, give the same scores:

  $ grep -v gone.jpg set.csv > there.csv
  $ naevus evaluate by-hand.onnx there.csv --json > scores.json
  $ naevus evaluate --predictions p.csv there.csv --json > again.json
  $ python3 -c "import json; a, b = (json.load(open(f)) for f in ('scores.json', 'again.json')); print(all(a[k] == b[k] for k in ('accuracy', 'balanced_accuracy', 'macro_auc')))"
  True

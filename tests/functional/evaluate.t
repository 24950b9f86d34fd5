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
  not found   classes without a case
  not known   copies of training pictures, altered copies of training pictures, fitted on these pictures, lesions across parts, patients across parts
  
  balanced accuracy   0.717  [0.429, 1.000]      macro AUC  0.789  [0.566, 1.000]
  accuracy            0.812  [0.570, 0.934]      log loss   0.613   calibration error 0.012
  
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
  
  kappa 0.625 [0.143, 1.000], Matthews correlation 0.632 [0.149, 1.000], macro F1 0.758 [0.409, 1.000], mean average precision 0.662 [0.392, 1.000]
  the class is among the 2 most likely of 87.5 % [64.0, 96.5]
  malignant (mel) against the rest: AUC 0.833 [0.438, 0.970]
  at 100.0 % sensitivity, chosen on these pictures, 0.0 % [0.0, 87.5] of all are sent home, 0 of them malignant
  calibration error 0.012 (15 bins of equal width); a perfectly calibrated model with the same probabilities would show 0.078, and in 95 of 100 cases at most 0.175 (p = 1.000)
  of the surest 100 % of the pictures, 81.2 % [57.0, 93.4] are called right, of all 81.2 % [57.0, 93.4]
  too few pictures to know the sensitivity to 10 points to each side: bkl (2), mel (4), nv (10); 93 are enough for any class
  16 pictures of the part 'test'; balanced accuracy is the mean sensitivity of all 3 classes
  [low, high]: 95 % intervals, proportions by Wilson, areas under ROC curves by DeLong (logit scale), the others by 2,000 bootstrap resamples of 16 pictures (seed 1)
  not a diagnosis

The report is one page that fetches nothing:

  $ grep -c -i -E '(src|href)="?https?:' report.html
  0
  [1]

A class without a case has no AUC, and says why; balanced accuracy is over the classes that are there:

  $ sed '/,bkl,/d' truth.csv > without.csv
  $ sed '/,bkl,/d' predictions.csv > without-predictions.csv
  $ naevus evaluate --predictions without-predictions.csv without.csv --json > scores.json
  warning: classes without a case: 1 of 3 classes have no case (bkl): nothing is said of them, and balanced accuracy is over the others
  $ python3 -c "import json; s = json.load(open('scores.json')); print(round(s['balanced_accuracy']['value'], 12))"
  0.825

One class only:

  $ sed -n '1p;/,nv,/p' truth.csv > one.csv
  $ sed -n '1p;/,nv,/p' predictions.csv > one-predictions.csv
  $ naevus evaluate --predictions one-predictions.csv one.csv
  found       classes without a case: 2 of 3 classes have no case (bkl, mel): nothing is said of them, and balanced accuracy is over the others
  not known   copies of training pictures, altered copies of training pictures, fitted on these pictures, lesions across parts, patients across parts
  
  balanced accuracy   0.900  [0.700, 1.000]      macro AUC  –  
  accuracy            0.900  [0.596, 0.982]      log loss   0.431   calibration error 0.100
  
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
  
  kappa 0.000, Matthews correlation 0.000, macro F1 0.474 [0.412, 1.000], mean average precision 1.000
  the class is among the 2 most likely of 90.0 % [59.6, 98.2]
  malignant (mel): no AUC, no picture is malignant
  calibration error 0.100 (15 bins of equal width); a perfectly calibrated model with the same probabilities would show 0.093, and in 95 of 100 cases at most 0.200 (p = 0.494)
  of the surest 100 % of the pictures, 90.0 % [59.6, 98.2] are called right, of all 90.0 % [59.6, 98.2]
  too few pictures to know the sensitivity to 10 points to each side: nv (10); 93 are enough for any class
  10 pictures of the part 'test'; balanced accuracy is the mean sensitivity of the one class present (nv) of 3
  [low, high]: 95 % intervals, proportions by Wilson, areas under ROC curves by DeLong (logit scale), the others by 2,000 bootstrap resamples of 10 pictures (seed 1)
  not a diagnosis

What can't be scored says why:

  $ sed '2d' predictions.csv > missing.csv
  $ naevus evaluate --predictions missing.csv truth.csv
  not found   classes without a case
  not known   copies of training pictures, altered copies of training pictures, fitted on these pictures, lesions across parts, patients across parts
  
  balanced accuracy   0.713  [0.429, 1.000]      macro AUC  0.786  [0.569, 1.000]
  accuracy            0.800  [0.548, 0.930]      log loss   0.639   calibration error 0.000
  
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
  
  kappa 0.615 [0.157, 1.000], Matthews correlation 0.622 [0.168, 1.000], macro F1 0.753 [0.411, 1.000], mean average precision 0.658 [0.402, 1.000]
  the class is among the 2 most likely of 86.7 % [62.1, 96.3]
  malignant (mel) against the rest: AUC 0.830 [0.435, 0.969]
  at 100.0 % sensitivity, chosen on these pictures, 0.0 % [0.0, 86.7] of all are sent home, 0 of them malignant
  calibration error 0.000 (15 bins of equal width); a perfectly calibrated model with the same probabilities would show 0.078, and in 95 of 100 cases at most 0.200 (p = 1.000)
  of the surest 100 % of the pictures, 80.0 % [54.8, 93.0] are called right, of all 80.0 % [54.8, 93.0]
  too few pictures to know the sensitivity to 10 points to each side: bkl (2), mel (4), nv (9); 93 are enough for any class
  15 pictures of the part 'test', 1 could not be scored; balanced accuracy is the mean sensitivity of all 3 classes
  [low, high]: 95 % intervals, proportions by Wilson, areas under ROC curves by DeLong (logit scale), the others by 2,000 bootstrap resamples of 15 pictures (seed 1)
  
  not scored
    0.jpg: has no prediction (truth.csv:2)
  not a diagnosis
  [1]

  $ sed 's/p_mel/p_freckle/' predictions.csv > odd.csv
  $ naevus evaluate --predictions odd.csv truth.csv
  warning: 4 pictures have labels that are none of the classes: a label map (--labels) translates labels
  found       classes without a case: 1 of 3 classes have no case (freckle): nothing is said of them, and balanced accuracy is over the others
  not known   copies of training pictures, altered copies of training pictures, fitted on these pictures, lesions across parts, patients across parts
  
  balanced accuracy   0.700  [0.400, 1.000]      macro AUC  0.725  [0.446, 1.000]
  accuracy            0.833  [0.552, 0.953]      log loss   0.570   calibration error 0.033
  
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
  
  kappa 0.429 [-0.071, 1.000], Matthews correlation 0.439 [-0.100, 1.000], macro F1 0.522 [0.267, 1.000], mean average precision 0.738 [0.487, 1.000]
  the class is among the 2 most likely of 91.7 % [64.6, 98.5]
  calibration error 0.033 (15 bins of equal width); a perfectly calibrated model with the same probabilities would show 0.092, and in 95 of 100 cases at most 0.217 (p = 0.702)
  of the surest 100 % of the pictures, 83.3 % [55.2, 95.3] are called right, of all 83.3 % [55.2, 95.3]
  too few pictures to know the sensitivity to 10 points to each side: bkl (2), nv (10); 93 are enough for any class
  12 pictures of the part 'test', 4 could not be scored; balanced accuracy is the mean sensitivity of the 2 classes present (bkl, nv) of 3
  [low, high]: 95 % intervals, proportions by Wilson, areas under ROC curves by DeLong (logit scale), the others by 2,000 bootstrap resamples of 12 pictures (seed 1)
  
  not scored
    10.jpg: its label 'mel' is none of the classes bkl, freckle, nv (truth.csv:12)
    11.jpg: its label 'mel' is none of the classes bkl, freckle, nv (truth.csv:13)
    12.jpg: its label 'mel' is none of the classes bkl, freckle, nv (truth.csv:14)
    13.jpg: its label 'mel' is none of the classes bkl, freckle, nv (truth.csv:15)
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

What makes a result worthless stands first, and --strict refuses it: lesions in two parts,

  $ sed '1s/$/,lesion_id/;2s/$/,L1/;3s/$/,L2/;4,$s/$/,/' truth.csv > lesions.csv && echo 'other.jpg,nv,train,L2' >> lesions.csv
  $ naevus evaluate --predictions predictions.csv lesions.csv --strict > out.txt
  naevus: --strict: the result can't be relied on: lesions across parts
          what was found stands above
  [1]
  $ head -1 out.txt
  found       lesions across parts: 1 of the pictures show a lesion that the training part shows too: the scores are too good
  $ naevus evaluate --predictions predictions.csv truth.csv --strict | head -1
  not found   classes without a case

and pictures that calibrated the model:

  $ printf 'image,label\n0.jpg,nv\n1.jpg,mel\n2.jpg,nv\n' > ours.csv
  $ naevus calibrate by-hand.onnx ours.csv --part all --method vector --cost 10 -o vector.onnx | grep -c '^malignant at'
  4
  $ grep -v gone.jpg set.csv > there.csv
  $ naevus evaluate vector.onnx there.csv --strict --json 2> errors.txt > scores.json
  [1]
  $ grep -c "can't be relied on: fitted on these pictures" errors.txt
  1
  $ python3 -c "import json; s = json.load(open('scores.json')); print([c['check'] for c in s['checks'] if c['verdict'] == 'failed'], [d['rule'] for d in s['decisions']['thresholds']], s['prediction_sets']['promised'])"
  ['fitted_here'] ['model', 'youden', 'sensitivity', 'specificity', 'cost'] 0.9

A picture that a table names twice counts once, and the row is named:

  $ cp truth.csv twice.csv && sed -n 2p truth.csv >> twice.csv
  $ naevus evaluate --predictions predictions.csv twice.csv | grep -A1 'not scored'
  not scored
    0.jpg: stands in line 2 already: it is counted once (twice.csv:18)

Its predictions, read again, give the same scores:

  $ naevus evaluate by-hand.onnx there.csv --json > scores.json
  $ naevus evaluate --predictions p.csv there.csv --json > again.json
  $ python3 -c "import json; a, b = (json.load(open(f)) for f in ('scores.json', 'again.json')); print(all(a[k] == b[k] for k in ('accuracy', 'balanced_accuracy', 'macro_auc')))"
  True

Two programs' answers to the same sixteen pictures. A calls 13 right, B 10; five pictures tell them apart, of which A has four:

  $ python3 - <<'PY'
  > truth = ["nv"] * 10 + ["mel"] * 4 + ["bkl"] * 2
  > a = ["nv"] * 9 + ["mel"] + ["mel"] * 3 + ["nv"] + ["bkl", "nv"]
  > b = ["mel"] * 4 + ["nv"] * 5 + ["nv"] + ["mel"] * 3 + ["nv"] + ["bkl", "nv"]
  > for name, called in (("a", a), ("b", b)):
  >     with open(f"{name}.csv", "w") as out:
  >         out.write("image,label,p_bkl,p_mel,p_nv\n")
  >         for n, (label, said) in enumerate(zip(truth, called)):
  >             out.write(f"{n}.jpg,{label},{','.join(str(0.8 if c == said else 0.1) for c in ('bkl', 'mel', 'nv'))}\n")
  > with open("truth.csv", "w") as out:
  >     out.write("image,label,split\n")
  >     for n, label in enumerate(truth):
  >         out.write(f"{n}.jpg,{label},test\n")
  > PY

McNemar's exact p-value of 4 against 1 is 12/32, the mid-p is less by 5/32:

  $ naevus compare a.csv b.csv --json > comparison.json
  $ python3 - <<'PY'
  > import json
  > scores = {(s["name"], s["of"]): s for s in json.load(open("comparison.json"))["scores"]}
  > accuracy = scores["accuracy", None]
  > print(accuracy["first"], accuracy["second"], accuracy["p_value"], accuracy["right"], accuracy["method"])
  > print(scores["AUC", "mel"]["method"], "|", scores["balanced accuracy", None]["method"])
  > PY
  0.8125 0.625 0.21875 {'only_first': 4, 'only_second': 1} McNemar (mid-p), interval of Newcombe
  DeLong | paired bootstrap

  $ naevus compare a.csv b.csv truth.csv -o comparison.html | head -7
  A  a.csv
  B  b.csv
  
  score                         A      B   A − B    95 % interval      p
  balanced accuracy         0.717  0.617  +0.100  [-0.048, 0.250]  0.226
  macro AUC                 0.789  0.697  +0.092  [-0.044, 0.236]  0.226
  accuracy                  0.812  0.625  +0.188  [-0.102, 0.441]  0.219
  $ grep -c -i -E '(src|href)="?https?:' comparison.html
  0
  [1]

A lesion with two pictures: areas by Obuchowski, the rest by lesions:

  $ sed '1s/$/,lesion_id/; 2,3s/$/,L1/; 4,$s/$/,/' truth.csv > lesions.csv
  $ naevus compare a.csv b.csv lesions.csv --json | grep '"method"' | sort | uniq -c
        4       "method": "Obuchowski"
        2       "method": "paired bootstrap of lesions"
        4       "method": "paired bootstrap of lesions",
        2       "method": null,

Pictures that only one answers to are named:

  $ sed '3d' b.csv > short.csv
  $ naevus compare a.csv short.csv > out.txt
  [1]
  $ sed -n '/left out$/,$p' out.txt
  left out
    1.jpg: short.csv: has no answer to it
  not a diagnosis

What can't be compared:

  $ sed 's/p_mel/p_freckle/; s/,mel,/,freckle,/' b.csv > odd.csv
  $ naevus compare a.csv odd.csv
  naevus: odd.csv: has the classes bkl, freckle, nv, and a.csv has bkl, mel, nv
          only models of the same classes can be compared
  [1]
  $ sed 's/3.jpg,nv/3.jpg,mel/' b.csv > contrary.csv
  $ naevus compare a.csv contrary.csv
  naevus: contrary.csv: calls 3.jpg 'mel', and a.csv calls it 'nv'
          give the manifest with the labels, so that both have the same truth
  [1]
  $ naevus compare a.csv model.onnx
  naevus: model.onnx: a model needs a manifest with the pictures
          naevus compare a.onnx b.onnx manifest.csv
  [2]
  $ naevus compare a.csv b.csv truth.csv -o a.csv
  naevus: a.csv: would be written over, and is read here
          name another file for the output
  [2]
  $ naevus compare a.csv
  naevus: SECOND is required
          try: naevus compare --help
  [2]

Two models, the same network under two names; one picture is gone:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o one.onnx > out.txt 2>&1
  $ cp one.onnx two.onnx
  $ make_input jpeg 0.jpg && make_input png 1.jpg && make_input jpeg 2.jpg
  $ printf 'image,label,split\n0.jpg,nv,test\n1.jpg,mel,test\n2.jpg,nv,test\ngone.jpg,nv,test\n' > set.csv
  $ naevus compare one.onnx two.onnx set.csv > out.txt
  [1]
  $ grep -E '^(accuracy|AUC of malignant|  gone)' out.txt
  accuracy                  0.667  0.667  +0.000  [-0.471, 0.471]  1.000
  AUC of malignant          1.000  1.000  +0.000  [-0.717, 0.717]      –
  accuracy, sensitivity, specificity: McNemar's mid-p test; intervals of Newcombe (1998, method 10)
    gone.jpg: can't be opened: No such file or directory

What a model file says of itself:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw --licence CC0 -o by-hand.onnx > out.txt 2>&1
  $ naevus card by-hand.onnx
  # Model card: network
  
  ## Model details
  
  - **name**: network
  - **architecture**: adopted
  - **weights before training**: network.onnx
  - **licence**: CC0
  - **input**: RGB picture, 32 x 32 pixels after the preparation
  - **classes**: mel, nv
  - **malignant classes**: mel
  - **trained elsewhere**: network.onnx: how it was trained is not known here
  
  ## Intended use
  
  Research, teaching, and the evaluation of skin-lesion classifiers. It is no medical device, and its answers are not a diagnosis.
  
  It divides its whole answer among the 2 classes above, whatever the picture shows: a lesion of any other kind, and a picture of anything else, gets one of them too.
  
  Out of scope: deciding whether a person is to be examined or treated; pictures of another kind than those it was trained on (see training data); clinical use without a study of its own.
  
  ## Factors
  
  The model file records no age, sex, skin tone, body site or camera of the people and pictures that it was trained on. How its worth varies with them is not known from this card: naevus evaluate shows it where a manifest has those columns.
  
  ## Preparation of a picture
  
  Every other step is off. All of them are done by naevus, or stand in the model file itself.
  
  - **frame**: centre\_square
  - **mean of red, green, blue**: 0, 0, 0
  - **standard deviation of red, green, blue**: 255, 255, 255
  
  ## Calibration, thresholds, refusal
  
  - **temperature**: 1
  - **calibrated on**: not recorded in the model file
  - **malignant threshold**: none: naevus calibrate fits one
  - **refusal score**: energy of the logits
  - **refused above**: no limit: nothing is refused
  
  ## Metrics at training
  
  None stands in the model file.
  
  ## Evaluation
  
  No evaluation stands in the model file (naevus evaluate --model-out puts one there), and none was given to this card (naevus evaluate --json makes one: name it with --evaluation).
  
  ## Training data
  
  - **data**: not recorded in the model file
  - **pictures**: not recorded in the model file
  
  ## Ethical considerations and limits
  
  Its answers are not a diagnosis. A malignant lesion can be called benign with a high probability.
  
  Pictures of skin are of people: use, keep and share them only as they and the licence allow.
  
  Licence of the model: CC0.
  
  Probabilities mean what they say only for pictures like those that the model was calibrated on; thresholds keep their sensitivity and specificity only there too.
  
  It refuses nothing: it answers to any picture.
  
  Research software. Not a diagnosis.

With an evaluation, as Markdown and as a page that fetches nothing:

  $ make_input jpeg 0.jpg && make_input png 1.jpg
  $ printf 'image,label,split\n0.jpg,nv,test\n1.jpg,mel,test\n' > set.csv
  $ naevus evaluate by-hand.onnx set.csv --json > test.json
  $ naevus card by-hand.onnx --evaluation test.json -o card.md
  $ sed -n '/^All classes together/,/^Each class/p' card.md
  All classes together:
  
  | score | value | interval |
  | --- | --- | --- |
  | balanced accuracy | 0.500 | \[0.000, 1.000\] (bootstrap) |
  | macro AUC | 1.000 | – |
  | accuracy | 0.500 | \[0.095, 0.905\] (wilson) |
  | log loss | 1.560 | \[0.046, 3.074\] (bootstrap) |
  | Brier score | 0.912 | \[0.004, 1.819\] (bootstrap) |
  | expected calibration error | 0.454 | \[0.000, 0.863\] (basic\_bootstrap) |
  
  Malignant classes against the others:
  
  | score | value | interval |
  | --- | --- | --- |
  | AUC | 1.000 | \[0.207, 1.000\] (newcombe) |
  
  Each class against the rest:
  $ naevus card by-hand.onnx --evaluation test.json -o card.html
  $ grep -c -i -E '(src|href)="?https?:' card.html
  0
  [1]

In the model file itself, which answers as before:

  $ naevus evaluate by-hand.onnx set.csv --json --model-out evaluated.onnx > again.json
  $ cmp test.json again.json
  $ naevus card evaluated.onnx | sed -n '/^## Evaluation/,/^Each class/p'
  ## Evaluation
  
  - \*\*pictures\*\*: 2 pictures of set.csv, part test, manifest [0-9a-f]{32} (re)
  - **not scored**: 0
  - **intervals**: 95 % intervals, proportions by Wilson, areas under ROC curves by DeLong (logit scale), the others by 2,000 bootstrap resamples of 2 pictures (seed 1); dots of the reliability diagrams by Wilson
  - **looked for and not found**: fitted on these pictures, classes without a case
  - **not known**: copies of training pictures, altered copies of training pictures, lesions across parts, patients across parts
  
  All classes together:
  
  | score | value | interval |
  | --- | --- | --- |
  | balanced accuracy | 0.500 | \[0.000, 1.000\] |
  | macro AUC | 1.000 | – |
  | accuracy | 0.500 | \[0.095, 0.905\] |
  | expected calibration error | 0.454 | \[0.000, 0.863\] |
  
  Malignant classes against the others:
  
  | score | value | interval |
  | --- | --- | --- |
  | AUC | 1.000 | \[0.207, 1.000\] |
  
  Each class against the rest:
  $ for model in by-hand evaluated; do naevus evaluate $model.onnx set.csv --predictions-out $model.csv > told.txt; done
  $ cmp by-hand.csv evaluated.csv
  $ python3 - <<'PY'
  > import json, onnx
  > before, after = onnx.load("by-hand.onnx"), onnx.load("evaluated.onnx")
  > cards = []
  > for model in (before, after):
  >     cards += [json.loads(entry.value) for entry in model.metadata_props if entry.key == "naevus.card"]
  >     entry = next(entry for entry in model.metadata_props if entry.key == "naevus.card")
  >     entry.value = ""
  > evaluation = cards[1].pop("evaluation")
  > print(before == after, cards[0] == cards[1], evaluation["confusion"], sum(dot["cases"] for dot in evaluation["reliability"]))
  > PY
  True True \[\[(1, 0\], \[1, 0|0, 1\], \[0, 1)\]\] 2 (re)

Pictures that fitted the model are told in the card; with --strict there is none:

  $ cut -d, -f1,2 set.csv > whole.csv
  $ naevus calibrate evaluated.onnx whole.csv --part all -o fitted.onnx > fitted.txt
  $ naevus card fitted.onnx | grep -c 'No evaluation stands in the model file'
  1
  $ naevus evaluate fitted.onnx set.csv --model-out flagged.onnx > flagged.txt
  $ naevus card flagged.onnx | grep Warning
  Warning: 2 of 2 chose the model's epoch, calibration or thresholds: what is said of them here is too good
  $ naevus evaluate fitted.onnx set.csv --strict --model-out strict.onnx > strict.txt
  naevus: --strict: the result can't be relied on: fitted on these pictures
          what was found stands above
  [1]
  $ ls strict.onnx
  ls: cannot access 'strict.onnx': No such file or directory
  [2]

What can't stand in a card:

  $ naevus evaluate by-hand.onnx set.csv --model-out by-hand.onnx
  naevus: by-hand.onnx: would be written over, and is read here
          name another file for the output
  [2]
  $ naevus evaluate by-hand.onnx set.csv --part validation --model-out other.onnx
  naevus: --model-out: the validation part does not say what a model is worth
          use the test part, or leave --model-out out
  [2]
  $ sed 's/mel,test/mel,train/' set.csv > parts.csv
  $ naevus evaluate by-hand.onnx parts.csv --part all --model-out other.onnx
  naevus: --model-out: the manifest has a training or a validation part
          use the test part
  [2]
  $ naevus evaluate --predictions test.json set.csv --model-out other.onnx
  naevus: --model-out: predictions have no model to write them into
          name the model in place of --predictions
  [2]

The card as it stands in the file:

  $ naevus card by-hand.onnx --json | python3 -c "import json, sys; print(json.load(sys.stdin)['licence'])"
  CC0

Wrong use, and files that are no such thing:

  $ naevus card by-hand.onnx -o card.pdf
  naevus: card.pdf: a card is written as .md or .html
  [2]
  $ naevus card by-hand.onnx --evaluation set.csv
  naevus: set.csv: is no evaluation
          make one: naevus evaluate model.onnx manifest.csv --json
  [1]
  $ naevus card set.csv
  naevus: set.csv: is no model file
          a model file ends in .onnx
  [2]
  $ naevus card network.onnx
  naevus: network.onnx: this network was not written by naevus: it has no card
          wrap it: naevus adopt network.onnx --classes a,b,c --mean ... --std ... -o adopted.onnx
  [1]

A small set, and a config for it:

  $ naevus synth set --images 105 --seed 1 --size 48 > out.txt
  $ naevus split set/manifest.csv -o split.csv --parts 70/10/20 --seed 1 > out.txt
  $ cat > config.toml <<'TOML'
  > manifest = "split.csv"
  > out = "run"
  > architecture = "scratch-cnn"
  > width = 32
  > height = 32
  > epochs = 2
  > batch = 16
  > TOML

A key that does not exist is named with its line and the nearest one that does:

  $ sed 's/epochs/epoch/' config.toml > odd.toml
  $ naevus train odd.toml
  naevus train: odd.toml:6: there is no key 'epoch'
          did you mean 'epochs'?
  [2]

So is a value that makes no sense:

  $ naevus train config.toml --epochs many
  naevus train: epochs = many is not understood
          it takes: whole number
  [2]

  $ naevus train config.toml --architecture resnet-51
  naevus train: there is no architecture 'resnet-51'
          known: scratch-cnn, efficientnet-lite0, resnet18, resnet34, resnet50, vgg16, vgg16_bn
  [2]

  $ naevus train nowhere.toml
  naevus train: nowhere.toml: can't be opened: No such file or directory
  [1]

One class only, no split, or a manifest that is not there:

  $ sed -n '1p;/,nv,/p' split.csv > one.csv
  $ naevus train config.toml --manifest one.csv
  naevus train: one.csv: there is one class only ('nv')
          a classifier needs pictures of two classes or more
  [1]

  $ naevus train config.toml --manifest set/manifest.csv
  naevus train: set/manifest.csv: no picture is in the train part
          part the data first: naevus split set/manifest.csv -o split.csv
  [1]

  $ naevus train config.toml --manifest nowhere.csv
  naevus train: nowhere.csv: can't be opened: No such file or directory
  [1]

A class without a training picture:

  $ sed '/,mel,train,/d' split.csv > empty.csv
  $ naevus train config.toml --manifest empty.csv
  naevus train: empty.csv: class 'mel' has no training picture
          split anew, add pictures, or leave the class out with a label map (--labels)
  [1]

A label that the map does not have:

  $ sed 's/,mel,/,freckle,/' split.csv > freckle.csv
  $ naevus train config.toml --manifest freckle.csv --labels ham7
  naevus train: freckle.csv: the label map 'ham7' does not know 'freckle' (line 4, line 5, line 6, line 14, line 18 and 11 more)
          it knows akiec, bcc, bkl, df, mel, nv, vasc; add the label to [map] or to drop
  [1]

A training run leaves a model, the config as used, the history and a report:

  $ naevus train config.toml > out.txt 2> progress.txt
  $ sed -E 's/0\.[0-9]+/N/g' out.txt
  run/model\.onnx   best epoch [12] of 2   validation: balanced accuracy N, macro AUC N (re)
  $ ls run
  best.safetensors
  checkpoint
  checkpoint.previous
  config.toml
  events.out.tfevents.0.naevus
  history.csv
  last.safetensors
  model.onnx
  report.html
  $ head -1 run/history.csv
  epoch,learning_rate,train_loss,validation_loss,validation_balanced_accuracy,validation_macro_auc,seconds

A folder that holds a run is not overwritten by mistake:

  $ naevus train config.toml
  naevus train: run: this folder already holds a run
          go on with it (--resume), replace it (--overwrite), or name another folder (--out)
  [2]

The same config gives the same model, to the byte:

  $ naevus train config.toml --out again > out.txt 2> progress.txt
  $ cmp run/model.onnx again/model.onnx

The model can be used at once, and a picture's answer is the same alone and in a batch:

  $ naevus evaluate run/model.onnx split.csv --part test --json --predictions-out p.csv -o report.html > scores.json
  $ first=$(sed -n 2p p.csv | cut -d, -f1)
  $ naevus predict run/model.onnx "$first" --csv | sed -n 2p | cut -d, -f3-9 > alone.txt
  $ sed -n 2p p.csv | cut -d, -f3- | cmp - alone.txt

  $ naevus predict run/model.onnx "$first" --saliency map.png > out.txt
  $ python3 -c "from PIL import Image; print(Image.open('map.png').size)"
  (32, 32)

The config in the run's folder is that of the run, from wherever it is used; resumed after its end it gives the same model:

  $ mkdir away && cd away
  $ naevus train ../run/config.toml --resume > out.txt 2> progress.txt
  $ cd ..
  $ cmp run/model.onnx again/model.onnx

A run is resumed with the config that it was started with:

  $ naevus train config.toml --resume --batch 8
  naevus train: run: this run was started with another batch
          resume with the config as it was (config.toml in that folder), or start anew with --overwrite
  [2]

A scheduler can give --resume the first time too:

  $ naevus train config.toml --resume --out first > out.txt 2> progress.txt
  $ head -1 progress.txt
  warning: first holds no run to go on with; starting one
  $ cmp run/model.onnx first/model.onnx

Ctrl-C ends the step and saves:

  $ naevus train config.toml --epochs 5000 --out stopped > out.txt 2> progress.txt &
  $ until [ -e stopped/checkpoint ]; do sleep 0.1; done; kill -INT $!; wait $!
  [130]
  $ tail -1 progress.txt
  stopped in epoch \d+; all is saved. To go on: naevus train stopped/config.toml --resume (re)
  $ ls stopped | grep tmp
  [1]

A learning rate that is far too high is named:

  $ naevus train config.toml --out wild --epochs 30 --ema 0 --warmup 0 --learning-rate 100 --head-learning-rate 1000 --weight-decay 10 2>&1 | sed -E '/^epoch/d; s/epoch [0-9]+/epoch N/'
  naevus train: wild: training has diverged: the network's answers are no longer numbers (epoch N)
          start anew with a smaller --learning-rate (it was 100), more --warmup, or --bf16 off

A checkpoint that was cut short is passed over for the one before it, or refused where there is none:

  $ mkdir cut && head -c 1000 run/checkpoint > cut/checkpoint
  $ naevus train config.toml --out cut --resume
  naevus train: cut/checkpoint: the checkpoint is damaged (this safetensors file is damaged: it ends inside its header)
          start again with --overwrite, or bring the file back from a copy
  [1]

  $ cp run/checkpoint.previous cut/
  $ naevus train config.toml --out cut --resume 2> progress.txt > out.txt

  $ head -1 progress.txt
  warning: cut/checkpoint: the checkpoint is damaged (this safetensors file is damaged: it ends inside its header); going on from cut/checkpoint.previous
  $ cmp run/model.onnx cut/model.onnx

A full disk ends the run with what to do, and what was saved stays whole:

  $ on_small_disk small 600 'naevus train config.toml --out small/run; echo "exit code $?"; ls small/run | grep -c tmp'
  naevus train: small/run/checkpoint: can't be written: No space left on device
          free some space there or choose another folder
  exit code 1
  0
  [1]

  $ cat > fill.sh <<'SH'
  > head -c 70000k /dev/zero > small/filler
  > naevus train config.toml --out small/run 2>&1 > out.txt | grep -v ^epoch
  > ls small/run | grep tmp
  > rm small/filler
  > naevus train config.toml --out small/run --resume > out.txt 2> progress.txt
  > cmp run/model.onnx small/run/model.onnx && echo the same model
  > SH
  $ on_small_disk small 90000 'bash fill.sh'
  naevus train: small/run/checkpoint: can't be written: No space left on device
          free some space there or choose another folder
  the same model

A model that was trained with a label map is scored with it; without, the answer says what is missing:

  $ naevus train config.toml --labels malignant-benign --epochs 1 --out two > out.txt 2> progress.txt
  $ tail -1 progress.txt
  next: naevus evaluate two/model.onnx split.csv --part test --labels malignant-benign

  $ naevus evaluate two/model.onnx split.csv --part test --labels malignant-benign | grep -c 'not a diagnosis'
  1

  $ naevus evaluate two/model.onnx split.csv --part test
  naevus: split.csv: no picture can be scored; the first, 'set/images/*': its label '*' is none of the classes benign, malignant (glob)
          are the paths right, and the labels the model's? A label map (--labels) translates labels
  [1]

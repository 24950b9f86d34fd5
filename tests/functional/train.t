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

So is a value that makes no sense:

  $ naevus train config.toml --epochs many

  $ naevus train config.toml --architecture resnet-51

  $ naevus train nowhere.toml

One class only, no split, or a manifest that is not there:

  $ sed -n '1p;/,nv,/p' split.csv > one.csv
  $ naevus train config.toml --manifest one.csv

  $ naevus train config.toml --manifest set/manifest.csv

  $ naevus train config.toml --manifest nowhere.csv

A class without a training picture:

  $ sed '/,mel,train,/d' split.csv > empty.csv
  $ naevus train config.toml --manifest empty.csv

A label that the map does not have:

  $ sed 's/,mel,/,freckle,/' split.csv > freckle.csv
  $ naevus train config.toml --manifest freckle.csv --labels ham7

A training run leaves a model, the config as used, the history and a report:

  $ naevus train config.toml > out.txt 2> progress.txt
  $ sed -E 's/0\.[0-9]+/N/g' out.txt
  $ ls run
  $ head -1 run/history.csv

A folder that holds a run is not overwritten by mistake:

  $ naevus train config.toml

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

A checkpoint that was cut short is passed over for the one before it, or refused where there is none:

  $ mkdir cut && head -c 1000 run/checkpoint > cut/checkpoint
  $ naevus train config.toml --out cut --resume

A full disk ends the run with what to do, and what was saved stays whole:

  $ on_small_disk small 600 'naevus train config.toml --out small/run; echo "exit code $?"; ls small/run | grep -c tmp'

`naevus prepare` writes pictures as a network sees them; a set keeps its folders, names and columns, and what is not read is named and left out:

  $ naevus synth set --images 21 --size 96x64 --seed 3 > /dev/null
  $ naevus import set -o all.csv > /dev/null 2>&1
  $ naevus split all.csv -o split.csv --seed 1 > /dev/null 2>&1
  $ head -c 500 set/images/$(ls set/images | sed -n 2p) > cut.jpg && cp cut.jpg set/images/$(ls set/images | sed -n 2p)
  $ naevus prepare split.csv -o prepared --size 32x24 --denoise median --sheet sheet.png > out.txt 2> errors.txt
  [1]
  $ cat out.txt
  prepared/manifest.csv: 20 pictures (32x24 denoise=median)
  $ grep -c 'set/images/.*truncated\|set/images/.*ends' errors.txt
  1
  $ tail -1 errors.txt
  1 of 21 pictures failed

  $ python3 - <<'PY'
  > import csv
  > from PIL import Image
  > old = {r["image"].rsplit(".", 1)[0]: r for r in csv.DictReader(open("split.csv"))}
  > new = list(csv.DictReader(open("prepared/manifest.csv")))
  > print(len(old), len(new), {Image.open("prepared/" + r["image"]).size for r in new})
  > print(all({**old[r["image"].rsplit(".", 1)[0]], "image": r["image"]} == r for r in new))
  > print(Image.open("sheet.png").size)
  > PY
  21 20 {(32, 24)}
  True
  (1828, 1144)

The new manifest is one like any other:

  $ naevus prepare prepared/manifest.csv -o again --format jpg
  again/manifest.csv: 20 pictures (size kept)
  $ find again -name '*.jpg' | wc -l | tr -d ' '
  20

The steps are those that their names say, to the level where they are simple to say:

  $ python3 - <<'PY'
  > import random
  > from PIL import Image
  > random.seed(1)
  > picture = Image.frombytes("RGB", (60, 40), bytes(random.randrange(256) for _ in range(60 * 40 * 3)))
  > picture.save("noise.png")
  > PY
  $ naevus prepare noise.png -o steps/area --frame whole --size 20x10 --resize area > /dev/null
  $ naevus prepare noise.png -o steps/square > /dev/null
  $ naevus prepare noise.png -o steps/median --frame whole --denoise median > /dev/null
  $ naevus prepare noise.png -o steps/grey --frame whole --colour-constancy grey_world > /dev/null
  $ python3 - <<'PY'
  > from PIL import Image, ImageChops, ImageFilter, ImageStat
  > noise = Image.open("noise.png")
  > def off(a, b): return max(high for low, high in ImageChops.difference(a, b).getextrema())
  > print("area", off(Image.open("steps/area/noise.png"), noise.resize((20, 10), Image.BOX)) <= 1)
  > print("square", off(Image.open("steps/square/noise.png"), noise.crop((10, 0, 50, 40))))
  > inside = (1, 1, 59, 39)
  > print("median", off(Image.open("steps/median/noise.png").crop(inside), noise.filter(ImageFilter.MedianFilter(3)).crop(inside)))
  > means = ImageStat.Stat(Image.open("steps/grey/noise.png")).mean
  > print("grey world", max(means) - min(means) < 1.5)
  > PY
  area True
  square 0
  median 0
  grey world True

A model's card says the same steps as its training did, and evaluate and predict go through them: raw files give the same probabilities in both.

  $ naevus synth train --images 60 --size 80x64 --seed 4 > /dev/null
  $ naevus import train -o train.csv > /dev/null 2>&1
  $ naevus split train.csv -o parts.csv --seed 1 > /dev/null 2>&1
  $ cat > run.toml <<'TOML'
  > manifest = "parts.csv"
  > out = "run"
  > architecture = "scratch-cnn"
  > size = 32
  > epochs = 1
  > batch = 8
  > [preparation]
  > vignette = "crop"
  > hair_removal = "dullrazor"
  > denoise = "bilateral"
  > contrast = "clahe"
  > resize = "lanczos"
  > TOML
  $ naevus train run.toml --preparation-colour-constancy shades_of_grey > /dev/null 2> train.txt || cat train.txt
  $ sed -n '/^\[preparation\]/,/^$/p' run/config.toml
  [preparation]
  vignette = 'crop'
  hair_removal = 'dullrazor'
  denoise = 'bilateral'
  contrast = 'clahe'
  resize = 'lanczos'
  colour_constancy = 'shades_of_grey'
  
  $ naevus prepare run/model.onnx train -o seen --json | grep preparation
    "preparation": "32x32 vignette=crop hair_removal=dullrazor denoise=bilateral contrast=clahe resize=lanczos colour_constancy=shades_of_grey"
  $ naevus evaluate run/model.onnx parts.csv --part test --predictions-out evaluated.csv > /dev/null 2>&1
  $ naevus predict run/model.onnx train --csv -o predicted.csv
  $ python3 - <<'PY'
  > import csv, os
  > key = lambda r: os.path.basename(r["image"])
  > evaluated = {key(r): r for r in csv.DictReader(open("evaluated.csv"))}
  > predicted = {key(r): r for r in csv.DictReader(open("predicted.csv"))}
  > columns = [c for c in next(iter(predicted.values())) if c.startswith("p_")]
  > print(len(evaluated) > 5, all(abs(float(evaluated[k][c]) - float(predicted[k][c])) < 1e-6 for k in evaluated for c in columns))
  > PY
  True True

Nothing that is read is written over, and wrong use says what to do:

  $ cp noise.png alone.png
  $ naevus prepare alone.png -o . 2>&1
  naevus: ./alone.png: would be written over, and is read here
          name another place for the output
  [2]
  $ cmp alone.png noise.png
  $ mkdir -p twins && cp prepared/manifest.csv twins/ && cp -r prepared/set twins/ 2> /dev/null || cp -r prepared/images twins/
  $ naevus prepare twins/manifest.csv -o twins --format jpg 2>&1
  naevus: twins/manifest.csv: would be written over, and is read here
          name another place for the output
  [2]
  $ naevus prepare noise.png -o o --sheet noise.png 2>&1 | head -1
  naevus: noise.png: would be written over, and is read here
  $ naevus prepare noise.png -o o --sheet o/noise.png 2>&1 | head -1
  naevus: o/noise.png: would be written over, and is read here
  $ naevus prepare run/model.onnx noise.png -o o --denoise median
  naevus: run/model.onnx: the model's card says how pictures are prepared
          leave out --size and the steps, or the model
  [2]
  $ naevus prepare noise.png -o o --size 0x4
  naevus: --size: 0x4 is out of range
          a side has 1 to 4096 pixels
  [2]
  $ naevus prepare noise.png -o o --denoise wavelet 2>&1 | head -1
  naevus: --denoise: wavelet not in {none,median,bilateral,non_local_means}
  $ naevus prepare cut.jpg -o o
  .*cut.jpg.* (re)
  naevus: no picture could be prepared
          each is named above with its reason
  [1]

Pictures of one name from two folders do not replace each other:

  $ mkdir -p one two && cp noise.png one/a.png && cp set/images/$(ls set/images | head -1) one/a.jpg && cp noise.png two/a.png
  $ naevus prepare one two/a.png one/a.png -o many
  many/manifest.csv: 4 pictures (size kept)
  $ find many -name '*.png' | sort
  many/one/a-2.png
  many/one/a.png
  many/two/a.png

The speed of every step is measured by `naevus bench`:

  $ naevus bench --preparation noise.png --rounds 1 --seconds 0.1 | sed -E 's/ +[0-9.]+ img/ RATE img/'
  the named pictures, one core
    decode RATE img/s
    vignette = crop RATE img/s
    hair_removal = dullrazor RATE img/s
    denoise = median RATE img/s
    denoise = bilateral RATE img/s
    denoise = non_local_means RATE img/s
    contrast = clahe RATE img/s
    resize = triangle, to 224x224 RATE img/s
    resize = area, to 224x224 RATE img/s
    resize = lanczos, to 224x224 RATE img/s
    colour_constancy = grey_world, at 224x224 RATE img/s
    colour_constancy = shades_of_grey, at 224x224 RATE img/s
    colour_constancy = max_rgb, at 224x224 RATE img/s

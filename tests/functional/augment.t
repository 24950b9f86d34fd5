A sheet of what a network sees while it is trained: a row for each picture, first as prepared, then one variant an epoch:

  $ naevus synth pictures --images 14 --seed 1 --size 96x64 > out.txt

  $ naevus augment pictures --sheet sheet.png --size 48 --columns 5 --rows 3
  sheet.png: 3 pictures, one a row: as prepared, then 4 variants

  $ cat > cells.py <<'PY'
  > import sys
  > import numpy
  > from PIL import Image
  > def cells(path, side):
  >     sheet = numpy.asarray(Image.open(path).convert("RGB"))
  >     step = side + 4
  >     return [[sheet[y:y + side, x:x + side] for x in range(4, sheet.shape[1], step)]
  >             for y in range(4, sheet.shape[0], step)]
  > PY

  $ python3 - <<'PY'
  > from cells import *
  > rows = cells("sheet.png", 48)
  > print(len(rows), "rows of", len(rows[0]), rows[0][0].shape)
  > print(len({cell.tobytes() for row in rows for cell in row}), "different")
  > PY
  3 rows of 5 (48, 48, 3)
  15 different

The same seed gives the same sheet, whatever the threads; another seed other variants of the same pictures:

  $ naevus augment pictures --sheet again.png --size 48 --columns 5 --rows 3 --threads 1 > out.txt && cmp sheet.png again.png

  $ naevus augment pictures --sheet other.png --size 48 --columns 5 --rows 3 --seed 2 > out.txt

  $ python3 - <<'PY'
  > from cells import *
  > for one, other in zip(cells("sheet.png", 48), cells("other.png", 48)):
  >     print([bool((a == b).all()) for a, b in zip(one, other)])
  > PY
  [True, False, False, False, False]
  [True, False, False, False, False]
  [True, False, False, False, False]

The settings are those of a training: its config, and flags of the same names, which win. With nothing switched on, every
variant is the prepared picture:

  $ cat > still.toml <<'TOML'
  > epochs = 3
  > size = 64
  > frame = "whole"
  > [augmentation]
  > flip = false
  > rotation = 0
  > scale_low = 1
  > scale_high = 1
  > aspect = 0
  > shift = 0
  > shear = 0
  > brightness = 0
  > contrast = 0
  > saturation = 0
  > hue = 0
  > white_balance = 0
  > blur = 0
  > TOML

  $ naevus augment pictures/manifest.csv --sheet still.png --config still.toml --rows 2 --columns 3
  still.png: 2 pictures, one a row: as prepared, then 2 variants

  $ naevus augment pictures/manifest.csv --sheet cut.png --config still.toml --rows 2 --columns 3 --augmentation-cutout 1
  cut.png: 2 pictures, one a row: as prepared, then 2 variants

  $ python3 - <<'PY'
  > from cells import *
  > for name in ("still.png", "cut.png"):
  >     for first, *others in cells(name, 64):
  >         cut = [float((o == 128).all(axis=2).mean()) for o in others]
  >         away = [float(numpy.abs(first.astype(int) - o).mean()) for o in others]
  >         print(name, max(cut) < 0.002 and max(away) < 2, 0.002 < min(cut) <= max(cut) < 0.12)
  > PY
  still.png True False
  still.png True False
  cut.png False True
  cut.png False True

Mixing goes between the pictures of a column: with mixup alone they keep their mean:

  $ naevus augment pictures --sheet mixed.png --config still.toml --rows 6 --columns 4 --augmentation-mixup 1 > out.txt

  $ python3 - <<'PY'
  > from cells import *
  > rows = numpy.array(cells("mixed.png", 64), dtype=float)
  > first = rows[:, 0].mean()
  > print(all(abs(rows[:, k].mean() - first) < 1 for k in (1, 2, 3)), bool((abs(rows[:, 1] - rows[:, 0]) > 20).any()))
  > PY
  True True

Pictures that can't be read are named and left out:

  $ mkdir mixed && cp pictures/images/synth_000001.jpg mixed/a.jpg && echo nothing > mixed/b.jpg

  $ naevus augment mixed --sheet part.png --size 32 --columns 2
  warning: mixed/b.jpg: .* (re)
  part.png: 1 pictures, one a row: as prepared, then 1 variants
  [1]

What is read is never written over:

  $ cp still.png picture.png && naevus augment picture.png --sheet picture.png
  naevus: picture.png: would be written over, and is read here
          name another file for the output
  [2]

  $ cmp still.png picture.png

Wrong use:

  $ naevus augment pictures
  naevus: --output is required
          try: naevus augment --help
  [2]

  $ naevus augment pictures --sheet sheet.jpg
  naevus: sheet.jpg: the sheet is a PNG
          let its name end in .png
  [2]

  $ naevus augment pictures --sheet x.png --augmentation-scale-low 9
  naevus: augmentation.scale_low = 9 is not possible
          it is a number between 0.1 and 4
  [2]

  $ naevus augment pictures --sheet x.png --augmentation-scale-low 2
  naevus: augmentation: scale_low 2 is above scale_high 1.2
  [2]

  $ echo 'augmentation.rotation = "much"' > wrong.toml && naevus augment pictures --sheet x.png --config wrong.toml
  naevus: wrong.toml: augmentation.rotation = much is not possible
          it is a number between 0 and 180
  [2]

  $ echo 'augmentation.rotatoin = 9' > wrong.toml && naevus augment pictures --sheet x.png --config wrong.toml
  naevus: wrong.toml: there is no key 'augmentation.rotatoin'
          did you mean 'augmentation.rotation'?
  [2]

  $ naevus augment pictures --sheet x.png --columns 4000 --rows 4000
  naevus: --columns, --rows: a sheet has at most 100,000,000 pixels
          ask for fewer columns or rows, or a smaller --size
  [2]

  $ test -e x.png
  [1]

The flags are completed:

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus augment --augmentation-el); COMP_CWORD=2; _naevus; echo "${COMPREPLY[@]}"'
  --augmentation-elastic

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus augment --augmentation-flip t); COMP_CWORD=3; _naevus; echo "${COMPREPLY[@]}"'
  true

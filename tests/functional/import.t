A folder per class becomes one table; names may be in any script:

  $ mkdir -p set/mel set/nv
  $ for n in 1 2 3; do make_input jpeg set/mel/$n.jpg; make_input png set/nv/$n.png; done
  $ make_input jpeg 'set/nv/родинка 痣 ⁂.jpg'

  $ naevus import set -o all.csv
  all.csv: 7 images, 2 classes (nv 4 · mel 3)

  $ head -3 all.csv
  image,label,source
  set/mel/1.jpg,mel,set
  set/mel/2.jpg,mel,set

  $ grep -c 'родинка 痣 ⁂.jpg' all.csv
  1

The answer for a program:

  $ naevus import set -o all.csv --json
  {
    "classes": {
      "mel": 3,
      "nv": 4
    },
    "format": "folder per class",
    "images": 7,
    "lesions": 0,
    "manifest": "all.csv",
    "notes": [],
    "parts": {},
    "patients": 0,
    "unusable": []
  }

What is not a picture is named with its reason; the others are used:

  $ make_input text set/nv/letter.jpg
  $ make_input empty set/nv/nothing.png
  $ make_input heic set/mel/phone.heic

  $ naevus import set -o all.csv --report unused.csv
  not used: 3
    set/mel/phone.heic: phone.heic: a HEIC picture, which is not read (export it as JPEG; on an iPhone choose Settings > Camera > Formats > Most Compatible for new photos)
    set/nv/letter.jpg: letter.jpg: a text file, not a picture (check where the file came from)
    set/nv/nothing.png: nothing.png: the file is empty (0 bytes) (copy or export it again)
  all.csv: 7 images, 2 classes (nv 4 · mel 3)

  $ cat unused.csv
  item,where,reason
  phone.heic,set/mel/phone.heic,"a HEIC picture, which is not read (export it as JPEG; on an iPhone choose Settings > Camera > Formats > Most Compatible for new photos)"
  letter.jpg,set/nv/letter.jpg,"a text file, not a picture (check where the file came from)"
  nothing.png,set/nv/nothing.png,the file is empty (0 bytes) (copy or export it again)

A table with a byte order mark and line ends of Windows reads like any other:

  $ printf '\xef\xbb\xbfimage,label\r\nset/mel/1.jpg,mel\r\nset/nv/1.png,nv\r\n' > windows.csv
  $ naevus import windows.csv -o out.csv
  out.csv: 2 images, 2 classes (mel 1 · nv 1)
  $ cat out.csv
  image,label,source
  set/mel/1.jpg,mel,import.t
  set/nv/1.png,nv,import.t

An image that is not there is named:

  $ printf 'image,label\nset/mel/1.jpg,mel\nset/mel/gone.jpg,mel\nset/nv/1.png,nv\n' > gone.csv
  $ naevus import gone.csv -o out.csv
  not used: 1
    gone.csv:3: set/mel/gone.jpg: no image of that name
  out.csv: 2 images, 2 classes (mel 1 · nv 1)

So is a label that the map does not have, once for all its rows:

  $ printf 'image,label\nset/mel/1.jpg,mel\nset/mel/2.jpg,freckle\nset/nv/1.png,nv\n' > odd.csv
  $ naevus import odd.csv -o out.csv --labels ham7
  naevus: odd.csv: the label map 'ham7' does not know 'freckle' (line 3)
          it knows akiec, bcc, bkl, df, mel, nv, vasc; add the label to [map] or to drop
  [1]

A column that stands twice:

  $ printf 'image,label,label\nset/mel/1.jpg,mel,nv\n' > twice.csv
  $ naevus import twice.csv -o out.csv
  naevus: twice.csv:1: the column 'label' stands twice
          rename or remove one of them
  [1]

Columns that do not exist, a folder that does not, and one without pictures:

  $ naevus import odd.csv -o out.csv --image-column file --label-column diagnosis
  naevus: odd.csv: no table has the columns 'file' and 'diagnosis'
          odd.csv has image, label
  [1]

  $ naevus import nowhere -o out.csv
  naevus: nowhere: no such file or folder
  [1]

  $ mkdir bare && naevus import bare -o out.csv
  naevus: bare: no labels found: no table, and no folder per class with pictures
          for a CSV of another make, name its columns: --image-column, --label-column
  [1]

A label map that does not exist:

  $ naevus import set -o out.csv --labels ham8
  naevus: there is no label map 'ham8'
          name a TOML file, or one of ham7, isic2019, isic9, isic9-to-7, malignant-benign, melanoma
  [1]

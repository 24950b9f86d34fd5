The refusal score of a network of which it can be worked out: energy, least where the picture's middle is neither red nor free of it. Grey pictures
are its own; those with red at its ends score less, and are told apart the wrong way round in every pair:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx > out.txt 2>&1
  $ python3 - <<'PY'
  > import os
  > from PIL import Image
  > os.mkdir("far")
  > with open("set.csv", "w") as out:
  >     out.write("image,label,split\n")
  >     for n, grey in enumerate((110, 120, 130, 140)):
  >         Image.new("RGB", (80, 60), (grey, grey, grey)).save(f"{n}.png")
  >         out.write(f"{n}.png,nv,test\n")
  >     for n, red in enumerate((10, 240, 250)):
  >         Image.new("RGB", (80, 60), (red, 0, 0)).save(f"far/{n}.png")
  > PY
  $ naevus foreign by-hand.onnx set.csv far
  AUROC 0.000 of telling 3 foreign pictures from 4 own ones by energy
  where 95 % of the own pictures are answered, so are 100.0 % of the foreign ones (FPR at 95 % TPR)
  the model has no limit: it refuses nothing
  
  foreign pictures most like its own
        -3.844  far/2.png  nv 1.00
        -3.687  far/0.png  mel 1.00
         -3.53  far/1.png  nv 1.00
  not a diagnosis
  $ naevus foreign by-hand.onnx set.csv far --json | python3 -c "import json, sys; a = json.load(sys.stdin); print(a['own'], a['foreign'], a['auroc']['value'], a['false_positive_rate_at_95'], a['limit'])"
  4 3 0.0 1.0 None

What can't be read is named, and the exit code says so:

  $ echo text > far/9.png
  $ naevus foreign by-hand.onnx set.csv far | sed -n '/not scored/,$p'
  not scored
    far/9.png: a text file, not a picture
  not a diagnosis
  $ mkdir none && echo text > none/1.png
  $ naevus foreign by-hand.onnx set.csv none
  naevus: no foreign picture can be read; 'none/1.png': a text file, not a picture
  [1]
  $ naevus foreign by-hand.onnx set.csv
  naevus: name a manifest, and folders or pictures that are no skin lesions
          naevus foreign model.onnx split.csv holidays/
  [2]

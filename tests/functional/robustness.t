A network that calls a picture nv where its middle is redder than one half, and six flat grey pictures on both sides of it. More light turns all
into nv: half of the balanced accuracy is lost. Less contrast leaves the mean of a picture, and turning leaves a flat picture, as they are:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw -o by-hand.onnx > out.txt 2>&1
  $ python3 - <<'PY'
  > from PIL import Image
  > with open("set.csv", "w") as out:
  >     out.write("image,label,split\n")
  >     for n, grey in enumerate((105, 110, 115, 140, 145, 150)):
  >         Image.new("RGB", (80, 60), (grey, grey, grey)).save(f"{n}.png")
  >         out.write(f"{n}.png,{'mel' if grey < 128 else 'nv'},test\n")
  > PY
  $ naevus robustness by-hand.onnx set.csv --kinds brightness,contrast,rotation,crop -o robustness.html
  balanced accuracy 1.000 [1.000, 1.000]; corrupted 0.750, a change of -0.250 [-0.250, -0.250]
  
  kind          mean       1       2       3       4       5
  brightness  -0.500  -0.500  -0.500  -0.500  -0.500  -0.500
  contrast    +0.000  +0.000  +0.000  +0.000  +0.000  +0.000
  rotation    +0.000  +0.000  +0.000  +0.000  +0.000  +0.000
  crop        +0.000  +0.000  +0.000  +0.000  +0.000  +0.000
  
  6 pictures of the part 'test'
  change of balanced accuracy, 95 % intervals by 2,000 paired bootstrap resamples of 6 pictures (seed 1)
  not a diagnosis
  $ grep -c -i -E '(src|href)="?https?:' robustness.html
  0
  [1]

The same seed gives the same answer, whatever the number of threads; noise is drawn anew with another:

  $ naevus robustness by-hand.onnx set.csv --kinds gaussian_noise,fog --threads 1 --json > one.json
  $ naevus robustness by-hand.onnx set.csv --kinds gaussian_noise,fog --threads 2 --json | cmp - one.json

All kinds, on a draw of two pictures, one of each class:

  $ naevus robustness by-hand.onnx set.csv --pictures 2 --json > all.json
  $ python3 -c "import json; a = json.load(open('all.json')); print(a['images'], a['of_images'], len(a['kinds']), sum(len(k['severities']) for k in a['kinds'].values()))"
  2 6 17 85

What can't be:

  $ echo 'gone.png,nv,test' >> set.csv
  $ naevus robustness by-hand.onnx set.csv --kinds crop | sed -n '/not scored/,$p'
  not scored
    gone.png: can't be opened: No such file or directory
  not a diagnosis
  $ naevus robustness by-hand.onnx set.csv --kinds smoke
  naevus: --kinds: there is no kind 'smoke'
          choose of gaussian_noise, shot_noise, impulse_noise, defocus_blur, glass_blur, motion_blur, zoom_blur, snow, frost, fog, brightness, contrast, elastic_transform, pixelate, jpeg_compression, rotation, crop
  [2]
  $ naevus robustness by-hand.onnx
  naevus: name one manifest
          naevus robustness model.onnx split.csv
  [2]

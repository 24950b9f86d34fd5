DICOM photographs, written by DCMTK from a rendered lesion, in every form that is read:

  $ naevus synth pictures --images 1 --seed 3 > out.txt 2>&1
  $ python3 - <<'PY'
  > from PIL import Image
  > Image.open("pictures/images/synth_000001.jpg").save("mole.bmp")
  > Image.open("mole.bmp").save("baseline.jpg", quality=90, subsampling=2)
  > PY
  $ mkdir dicom other
  $ img2dcm -vlp -i BMP -k PatientName=Doe^Jane mole.bmp dicom/explicit.dcm
  $ img2dcm -vlp -k PatientName=Doe^Jane baseline.jpg dicom/jpeg.dcm
  $ dcmconv +ti dicom/explicit.dcm dicom/implicit.dcm
  $ dcmconv +e -e dicom/explicit.dcm dicom/open-sequences.dcm
  $ dcmcrle dicom/explicit.dcm dicom/runs.dcm
  $ dcmdjpeg +cn dicom/jpeg.dcm dicom/luma.dcm
  $ cp dicom/explicit.dcm dicom/dermoscopic.dcm
  $ dcmodify -nb -m SOPClassUID=1.2.840.10008.5.1.4.1.1.77.1.7 -m Modality=DMS dicom/dermoscopic.dcm

They have the pixels of the picture that they were made from, or of the JPEG in them; luma and chroma become RGB as Pillow has it:

  $ naevus prepare dicom/*.dcm mole.bmp baseline.jpg -o prepared --frame whole --size 224x224
  prepared/manifest.csv: 9 pictures (224x224 frame=whole)
  $ python3 - <<'PY'
  > import numpy
  > from PIL import Image
  > read = lambda file: numpy.asarray(Image.open(file).convert("RGB")).astype(int)
  > for name in ("explicit", "implicit", "open-sequences", "runs", "dermoscopic"):
  >     print(name, abs(read(f"prepared/dicom/{name}.png") - read("mole.bmp")).max())
  > print("jpeg", abs(read("prepared/dicom/jpeg.png") - read("prepared/baseline.png")).max())
  > luma = Image.frombytes("YCbCr", (224, 224), open("dicom/luma.dcm", "rb").read()[-224 * 224 * 3 :]).convert("RGB")
  > off = abs(read("prepared/dicom/luma.png") - numpy.asarray(luma))
  > print("luma", "as Pillow" if off.max() <= 1 else off.max())
  > PY
  explicit 0
  implicit 0
  open-sequences 0
  runs 0
  dermoscopic 0
  jpeg 0
  luma as Pillow

They are imported as any picture:

  $ mkdir -p classes/nv && cp dicom/runs.dcm dicom/jpeg.dcm classes/nv
  $ naevus import classes -o dicom.csv
  dicom.csv: 2 images, 1 class (nv 2)

What is no photograph of the skin, or comes in a form that is not read, is named:

  $ for kind in "1.2.840.10008.5.1.4.1.1.2 CT" "1.2.840.10008.5.1.4.1.1.7 OT" "1.2.840.10008.5.1.4.1.1.77.1.6 SM" "1.2.840.10008.5.1.4.1.1.13.1.3 MG"; do
  >   set -- $kind; cp dicom/explicit.dcm other/$2.dcm
  >   dcmodify -nb -m SOPClassUID=$1 -m Modality=$2 other/$2.dcm
  > done
  $ dcmconv +td dicom/explicit.dcm other/deflated.dcm
  $ dcmconv +tb dicom/explicit.dcm other/big-endian.dcm
  $ dcmcjpeg +e1 dicom/explicit.dcm other/lossless.dcm
  $ cp dicom/explicit.dcm other/frames.dcm; dcmodify -nb -i NumberOfFrames=3 other/frames.dcm
  $ head -c 60000 dicom/explicit.dcm > other/truncated.dcm
  $ naevus prepare other -o refused --size 32x32 > refused.txt 2>&1
  [1]
  $ grep warning refused.txt | sed 's,.*/other/,,'
  CT.dcm: a CT image, not a photograph of the skin (of DICOM, Dermoscopic and VL Photographic Image Storage are read)
  MG.dcm: a DICOM object of the modality MG (class 1.2.840.10008.5.1.4.1.1.13.1.3), not a photograph of the skin (of DICOM, Dermoscopic and VL Photographic Image Storage are read)
  OT.dcm: a secondary capture, not a photograph of the skin (of DICOM, Dermoscopic and VL Photographic Image Storage are read)
  SM.dcm: a whole-slide image, not a photograph of the skin (of DICOM, Dermoscopic and VL Photographic Image Storage are read)
  big-endian.dcm: a DICOM file in explicit big endian, which is not read (export it uncompressed or as JPEG baseline from the DICOM viewer)
  deflated.dcm: a DICOM file in deflated explicit little endian, which is not read (export it uncompressed or as JPEG baseline from the DICOM viewer)
  frames.dcm: an animated DICOM file, which is not read (save one picture of it as PNG)
  lossless.dcm: a DICOM file in lossless JPEG, which is not read (export it uncompressed or as JPEG baseline from the DICOM viewer)
  truncated.dcm: the DICOM file ends early: a part of it is missing (copy or download it again)

Nothing of what a file says of the patient is told or kept:

  $ grep -c "Doe" dicom/explicit.dcm
  1
  $ grep -rl "Doe" prepared refused.txt dicom.csv
  [1]

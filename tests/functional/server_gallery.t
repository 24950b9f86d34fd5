Cases with known diagnoses, and a server that shows those that are like a picture:

  $ naevus synth gallery --images 45 --seed 5 > out.txt 2>&1
  $ naevus synth pictures --images 6 --seed 6 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_gallery.py" gallery pictures/images 2> said.txt
  a gallery of the training part, its licence said; what can't be read is named; what is near is measured by the test part
  the nearest cases with their labels, licences and thumbnails; a picture is not its own neighbour
  another model's gallery, a damaged one and none: what is wrong, and the command that makes it
  what is erased, by prediction or by patient, is in no gallery when the answer comes
  an erasure that a crash broke off is ended at the next start
  it takes a clinician
  $ cat said.txt
  warning: pictures without a prediction stay: data/pictures: can't be listed: Too many levels of symbolic links

The pictures that the server keeps, as a browser can show them:

  $ naevus synth pictures --images 4 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_pictures.py" pictures/images
  every format is shown as an upright JPEG without metadata, small or large
  a small picture keeps its size
  a browser that has it is told so, and that it is gone once it was erased
  other sizes, no such prediction, a damaged file: refused
  a full queue: 503 with Retry-After
  it takes a clinician

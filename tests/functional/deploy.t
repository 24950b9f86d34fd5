What deploy/ says, held to the program:

  $ naevus synth pictures --images 12 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/deploy.py" pictures/images
  every flag in deploy/ is one that the program has
  the manifest's parts name each other rightly, and both give the server its time to stop
  with the manifest's flags the probes are answered, keys are asked for, and the log tells of nobody

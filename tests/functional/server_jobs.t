Jobs that a server does beside its answers, asked for and followed over HTTP:

  $ "$NAEVUS_TESTS/make_three_classes" workspace/three 240
  $ cp workspace/three/images/0007.png workspace/three/images/copy.png && echo images/copy.png,nv,L9999 >> workspace/three/manifest.csv
  $ cp workspace/three/images/0010.png workspace/three/images/same.png && echo images/same.png,bkl,L0010 >> workspace/three/manifest.csv
  $ naevus split workspace/three/manifest.csv -o workspace/split.csv --seed 1 > out.txt 2>&1
  $ cat > workspace/recipe.toml <<'TOML'
  > architecture = "scratch-cnn"
  > width = 32
  > height = 32
  > epochs = 3
  > batch = 16
  > learning_rate = 4e-3
  > picture_cache = "off"
  > TOML
  $ sed 's/epochs = 3/epochs = 1000/' workspace/recipe.toml > workspace/endless.toml
  $ python3 "$NAEVUS_TESTS/server_jobs.py"
  without a workspace there are no jobs, and the answer says what to do
  what lies outside the workspace, and what makes no sense, is refused
  a cleaning: followed to its end, its findings answered, the manifest follows
  a training: its epochs are told as they end, its model is entered and can be promoted
  a job that waits is cancelled at once, one that runs stops; the command line sees and stops them too
  a job that fails says why
  a client that was cut off goes on behind what it knows
  the server's end stops a job, and the next server goes on with it
  a retraining without new labels does nothing, and says so
  reading takes a reviewer, starting and stopping an admin

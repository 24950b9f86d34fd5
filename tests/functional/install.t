What `cmake --install` puts down runs, also after it was moved, with its own engine, model and label maps:

  $ build=$(dirname "$(command -v naevus)")/..
  $ [ -f "$build/cmake_install.cmake" ] || exit 80
  $ cmake --install "$build" --prefix "$PWD/first" > out.txt && mv first moved && export PATH=$PWD/moved/bin:$PATH && hash -r
  $ ldd moved/bin/naevus moved/bin/naevus-watch | grep -E 'not found|/[.]deps/'
  [1]

  $ naevus synth pictures --images 7 --size 64 > out.txt
  $ naevus import pictures -o all.csv --labels malignant-benign
  all.csv: 7 images, * 2 classes (*) (glob)
  $ naevus predict pictures/images/synth_000001.jpg --json | python3 -c "import json, sys; print(json.load(sys.stdin)['model'])"
  naevus-7
  $ naevus doctor | grep -E '^(problem|ok +(model|label maps)  )' | cut -c1-19
  ok       model     
  ok       label maps

Watching comes with it, and cameras and windows burden no other program:

  $ naevus watch --help | head -1 | grep -c 'in a camera'
  1
  $ ldd moved/bin/naevus | grep -E 'highgui|videoio'
  [1]

Training comes with it where it was built:

  $ if [ -e moved/bin/naevus-train ]; then naevus train --help | head -1 | grep -c '^Train a classifier'; else echo 1; fi
  1

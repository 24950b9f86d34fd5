Those who dawdle, vanish and talk nonsense, and those who are served meanwhile:

  $ naevus synth pictures --images 12 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_crowd.py" pictures/images
  1,000 slow clients and 200 that vanish: good ones are served, memory is steady, no descriptor is left
  malformed requests are answered 4xx or given up, and the next one is served

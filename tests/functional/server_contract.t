The contract, held against the real server by programs that others wrote:

  $ naevus synth pictures --images 2 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_contract.py" pictures/images
  Triton's client: metadata, health, JSON and binary tensors
  every answer is one that api/openapi.yaml tells

Models of which the answers can be worked out, and what a page is told of them:

  $ python3 "$NAEVUS_TESTS/server_model_page.py"
  a model's file comes whole under the hash that is its name; who has it is told so
  many fetch two models at once, and each gets the one that it asked for
  no such model, or a damaged file: refused, and no byte of it sent
  it takes a viewer

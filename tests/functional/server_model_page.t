Models of which the answers can be worked out, and what a page is told of them:

  $ python3 "$NAEVUS_TESTS/server_model_page.py"
  a model's file comes whole under the hash that is its name; who has it is told so
  many fetch two models at once, and each gets the one that it asked for
  no such model, or a damaged file: refused, and no byte of it sent
  who changed which model answers, when and why, by pages; reasons are not in the audit log
  a reason that is no text or too long changes nothing
  a model that a server was started with is promoted for that reason
  reading takes a viewer; a change has its key's name

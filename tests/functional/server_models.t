Models of which the answers can be worked out, and a server whose model changes while it is asked:

  $ python3 "$NAEVUS_TESTS/server_models.py"
  the command line enters, lists and promotes models
  a model that is not there, damaged, or has its part already is refused, and the old one goes on
  ten promotions and rollbacks under load: every request answered, each by one of the two models, with its own probabilities
  a shadow looks at what was answered, also where it wants it prepared otherwise, and its agreement is counted
  what is promoted by the command line or by another server is followed, where it can serve
  an answer keeps the limits of the model that gave it; a model named to `serve` is promoted
  kill -9 keeps what was promoted
  reading takes a viewer, changing an admin


Readers of the pictures that a server has answered, each with a session or a key of their own:

  $ naevus synth pictures --images 12 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_review.py" pictures/images
  what one has said oneself can be taken back, the newest first; what one had said before counts again
  the queue of second readings has what others have labelled and nothing has settled, the oldest reading first
  read blind, a queue tells nothing of what model and readers said, in no telling order; a label alone is an answer
  readers' agreement with each other and with the model is Cohen's kappa, by what each said last

Rendered lesions, and the server that is asked about them, over real sockets:

  $ naevus synth pictures --images 12 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server.py" pictures/images
  answers are those of `naevus predict`, with decision, out-of-distribution and quality in words
  a picture as the body or in a form, with what is known of the patient: one answer
  what can't be answered is refused: what is wrong, where, and what to do
  the history comes by pages, each prediction once; one that is erased is gone
  an Idempotency-Key gives the first answer again, and not for another picture
  feedback is kept, the newer one counts, and the review queue has what nobody has read
  the Open Inference Protocol: JSON and binary tensors give one answer
  live: the newest frame is answered, stale ones are dropped and counted
  metrics count what was asked, answered and refused, by route and reason
  decoders that are killed are replaced
  a full queue: 503 with Retry-After, and the next is served
  SIGTERM: what is under way is answered and kept, exit code 0
  keys: none, wrong, revoked or of too low a role is refused; a rate is held
  off loopback: TLS and keys; our own certificate is kept

What can't be served is said before anything is:

  $ python3 -c 'import socket, subprocess; s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); p = str(s.getsockname()[1]); print(subprocess.run(["naevus", "serve", "--port", p], capture_output=True, text=True).stderr.replace(p, "PORT"), end="")'
  naevus: 127.0.0.1:PORT: another program serves there
          stop it, or choose another --port (0: one that is free)

  $ naevus serve nowhere.onnx
  naevus: nowhere.onnx: can't be opened: No such file or directory
  [1]

  $ echo nonsense > broken.onnx; naevus serve broken.onnx 2>&1 | head -1
  naevus: broken.onnx: .* (re)

  $ touch file; naevus serve --data file/data
  naevus: file/data: nothing can be kept in the data folder: .* (re)
          choose another with --data, or make it writable
  [1]

  $ naevus serve --address 0.0.0.0
  naevus: 0.0.0.0: pictures of patients would cross the network in the clear
          give --tls-cert and --tls-key, --tls self-signed, or the --trusted-proxy that takes HTTPS for it; or serve on 127.0.0.1 alone
  [2]

  $ naevus serve --tls-cert a.pem
  naevus: --tls-cert: a certificate and its key go together
          give --tls-cert and --tls-key
  [2]

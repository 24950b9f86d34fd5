A cleaned set with open findings: rendered lesions, three of them smaller and turned once more, three with an impossible age, one lost since:

  $ naevus synth pictures --images 12 --seed 3 > out.txt 2>&1
  $ python3 - <<'PY'
  > import csv
  > from PIL import Image
  > rows = list(csv.DictReader(open("pictures/manifest.csv")))
  > out = [("image", "label", "age")]
  > for k, row in enumerate(rows):
  >     out.append(("pictures/" + row["image"], row["label"], "212" if k in (6, 7, 8) else "50"))
  > for k in range(3):
  >     turned = Image.open("pictures/" + rows[k]["image"]).transpose(Image.Transpose.ROTATE_90)
  >     turned.resize((150, 150)).save(f"turned{k}.jpg", quality=70)
  >     out.append((f"turned{k}.jpg", rows[k]["label"], "50"))
  > csv.writer(open("manifest.csv", "w")).writerows(out)
  > PY
  $ naevus clean manifest.csv -o cleaned > out.txt 2>&1
  $ grep -E '^(near_copy|impossible_value)' out.txt
  near_copy               3  reported
  impossible_value        3  reported

The page's whole service, asked as a browser does and as no browser would:

  $ python3 "$NAEVUS_TESTS/review_page.py" cleaned
  the address of another run, a wrong or missing secret: 403
  another host's name, another page's origin: 403
  forms, odd methods and answers that make no sense are refused
  the largest body and header, and no larger
  rubbish, half requests and 40 silent clients: the next one is served
  the second picture lies as the first one does
  a picture that is lost is named, and no other suffers
  an answer that the disk has no room for is refused, and can be given again
  answers outlive kill -9, and the next run goes on
  back: the newer answer counts
  Ctrl-C: 2 answered, 2 open; cleaned/clean.csv: 14 of 15 pictures

A port is held by one program alone, and the page's options want the page:

  $ python3 -c 'import socket, subprocess; s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); p = str(s.getsockname()[1]); print(subprocess.run(["naevus", "clean", "review", "cleaned", "--page", "--port", p], capture_output=True, text=True).stderr.replace(p, "PORT"), end="")'
  naevus: 127.0.0.1:PORT: the page can't be served there: Address already in use
          another --port, or none for one that is free
  $ naevus clean review cleaned --port 8080
  naevus: --port requires --page
          try: naevus clean --help
  [2]

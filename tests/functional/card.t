What a model file says of itself:

  $ make_network network.onnx
  $ naevus adopt network.onnx --classes nv,mel --malignant mel --mean 0,0,0 --std 255,255,255 --layout nchw --licence CC0 -o by-hand.onnx > out.txt 2>&1
  $ naevus card by-hand.onnx

With an evaluation, as Markdown and as a page that fetches nothing:

  $ make_input jpeg 0.jpg && make_input png 1.jpg
  $ printf 'image,label,split\n0.jpg,nv,test\n1.jpg,mel,test\n' > set.csv
  $ naevus evaluate by-hand.onnx set.csv --json > test.json
  $ naevus card by-hand.onnx --evaluation test.json -o card.md
  $ sed -n '/^All classes together/,/^Each class/p' card.md
  $ naevus card by-hand.onnx --evaluation test.json -o card.html
  $ grep -c -i -E '(src|href)="?https?:' card.html
  0
  [1]

The card as it stands in the file:

  $ naevus card by-hand.onnx --json | python3 -c "import json, sys; print(json.load(sys.stdin)['licence'])"
  CC0

Wrong use, and files that are no such thing:

  $ naevus card by-hand.onnx -o card.pdf
  $ naevus card by-hand.onnx --evaluation set.csv
  $ naevus card set.csv
  $ naevus card network.onnx

A server that a phone in the same network can open:

  $ python3 "$NAEVUS_TESTS/server_phone.py"
  the QR code on the terminal is an address of this machine, which answers there with a certificate for it
  a name goes before addresses
  where standard error is no terminal, there is the address alone

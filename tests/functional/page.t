The page, as the program itself gives it out:

  $ python3 "$NAEVUS_TESTS/page.py"
  every file of the page has the headers that keep it alone, and is told how long it lasts
  compressed for those who take it, else as it is: the same bytes
  what a browser has already is not sent again
  its own addresses lead to the page, those of the API and missing files to a 404
  other methods, addresses that lead elsewhere and other sites are refused
  what the page loads at first takes at most 150 KiB
  with keys on the page is there for everybody, what it shows is not

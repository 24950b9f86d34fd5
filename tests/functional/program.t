The program tells its versions, and quickly:

  $ naevus --version
  naevus \d+\.\d+\.\d+ (re)
  OpenVINO 2026\.4\.1.* (re)
  OpenCV 4\.6\.0 (re)
  LibTorch \d+\.\d+\.\d+.* (re)

  $ median_ms 60 naevus --version
  under 60 ms

Help goes to standard output and ends well, for the program and for every command, each with examples:

  $ naevus --help | head -1
  naevus: from dermoscopic images to a tested skin-lesion classifier.

  $ naevus --help | grep 'Exit codes'
  Exit codes: 0 done, 1 failed (or part of a batch failed), 2 wrong use, 130 stopped by Ctrl-C.

  $ commands=$(naevus completion bash | sed -n 's/^    \([a-z]*\)) flags=.*/\1/p')

  $ for command in $commands; do
  >   naevus $command --help > help.txt 2> errors.txt || echo "$command: exit code $?"
  >   test ! -s errors.txt || echo "$command --help writes to standard error"
  >   grep -q '^Examples:' help.txt || echo "$command: no examples"
  >   grep -q "^  .*naevus $command" help.txt || echo "$command: its examples do not use it"
  > done

Wrong use ends with 2, says what is wrong on standard error, and where to read on:

  $ naevus
  naevus: A subcommand is required
          try: naevus --help
  [2]

  $ naevus diagnose mole.jpg > out.txt
  naevus: there is no command 'diagnose'
          try: naevus --help
  [2]

  $ cat out.txt

  $ naevus completion tcsh
  naevus: shell: tcsh not in {bash,zsh,fish}
          try: naevus completion --help
  [2]

The completion scripts are ones that their shells can read, and name the commands:

  $ naevus completion bash | bash -n

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus comp); COMP_CWORD=1; _naevus; echo "${COMPREPLY[@]}"'
  compare completion

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus completion z); COMP_CWORD=2; _naevus; echo "${COMPREPLY[@]}"'
  zsh

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus tra); COMP_CWORD=1; _naevus; echo "${COMPREPLY[@]}"'
  train

`train` passes its words on to naevus-train, whose options it completes, and the values of those that have some:

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus train --ep); COMP_CWORD=2; _naevus; echo "${COMPREPLY[@]}"'
  --epochs

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus train --architecture efficient); COMP_CWORD=3; _naevus; echo "${COMPREPLY[@]}"'
  efficientnet-lite0

  $ naevus train --help | grep -o -- '^  --architecture.*lite0' | cut -c1-16
    --architecture

  $ naevus completion fish | grep -c "seen_subcommand_from train' -l epochs"
  1

  $ naevus completion zsh | head -1
  #compdef naevus

  $ naevus completion fish | grep -c 'a completion'
  1

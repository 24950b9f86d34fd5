Rendered lesions as a video, a camera and a desktop:

  $ naevus synth pictures --images 6 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/watch.py" pictures/images
  of a video and of numbered pictures every frame is answered, to the last bit as by `naevus predict`
  what is wrong with a frame is said
  with --rate frames are left out evenly, and counted
  Ctrl-C and SIGTERM end it between two lines, with 130
  a camera that goes away (rtsp) is asked for again, with growing pauses, and answered when it is back
  a camera that goes away (http) is asked for again, with growing pauses, and answered when it is back
  on a desktop the window shows the answer; space freezes, s saves the frame as it came, q and Esc end

What can't be watched is said, with what to do:

  $ naevus watch --json --source nowhere.mp4
  naevus watch: nowhere.mp4: there is no such file
  [1]

  $ echo "no video" > notes.txt; naevus watch --json --source notes.txt
  naevus watch: notes.txt: this is no video that can be read
          give a video file, a stream's address or a camera's number
  [1]

  $ naevus watch --json --source 'none/%04d.png'
  naevus watch: none/%04d.png: this is no video that can be read
          give a video file, a stream's address or a camera's number
  [1]

  $ naevus watch --json --source 99
  naevus watch: camera 99: no picture comes from this camera
          `ls /dev/video*` lists them; does another program use it?
  [1]

  $ naevus watch --json --source http://user:pa55word@127.0.0.1:1/live
  naevus watch: http://127.0.0.1:1/live: no picture comes from this stream
          does the camera answer there, and are user and password right?
  [1]

  $ env -u DISPLAY -u WAYLAND_DISPLAY naevus watch --source clip.avi
  naevus watch: there is no display to open a window on
          start it on a desktop, or with --json, which writes the answers as lines
  [1]

  $ naevus watch clip.avi --json
  naevus watch: clip.avi: this is no model
          a model's name ends in .onnx; --source names what is watched
  [2]

  $ naevus watch --source clip.avi nowhere.onnx --json
  naevus watch: nowhere.onnx: can't be opened: No such file or directory
  [1]

  $ naevus watch --source clip.avi --rate 2
  naevus watch: --rate requires --json
          try: naevus watch --help
  [2]

  $ bash -c 'source <(naevus completion bash); COMP_WORDS=(naevus watch --so); COMP_CWORD=2; _naevus; echo "${COMPREPLY[@]}"'
  --source

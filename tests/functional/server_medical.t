What a hospital's systems speak, and where a model looked:

  $ naevus synth pictures --images 4 --seed 3 > out.txt 2>&1
  $ python3 "$NAEVUS_TESTS/server_medical.py" pictures/images
  DICOM: a photograph is answered as the JPEG in it, a CT is refused, and nobody's name is in the database
  FHIR: each answer is a preliminary DiagnosticReport, valid by the published structure
  saliency: the overlay that `naevus predict --saliency` draws, of any class, until the prediction is erased
  where a model looked that is no longer served, or that can't tell, is not made up
  keys: a viewer reads reports, a clinician sees overlays too

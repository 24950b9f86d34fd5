"""tools/check_layers on small trees: it must pass a good one and name each violation of a bad one."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_layers"
TABLE = """# Layers

| floor | library | holds | uses |
| --- | --- | --- | --- |
| 0 | `base` | errors | fmt |
| 1 | `image` | pictures | OpenCV |
| 2 | `model` | model files | image |
| 2 | `train` | training | image, LibTorch |
| - | `apps/tool` | the program | all but train |
"""


class CheckLayers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("docs/architecture.md", TABLE)
        self.write("libs/base/CMakeLists.txt", "naevus_library(base LINK fmt::fmt)\n")
        self.write("libs/image/CMakeLists.txt", "naevus_library(image USES base LINK OpenCV::core)\n")
        self.write("libs/image/src/image.cpp", '#include <opencv2/core.hpp>\n#include "naevus/base/error.hpp"\n')
        self.write("libs/model/CMakeLists.txt", "naevus_library(model\n  USES base image\n  LINK_PRIVATE onnx)\n")
        self.write("libs/train/src/step.cpp", '#include <torch/torch.h>\n#include "naevus/image/image.hpp"\n')
        self.write("apps/tool/src/main.cpp", '#include "naevus/model/card.hpp"\n#include "local.hpp"\n')

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def check(self):
        ended = subprocess.run([sys.executable, TOOL, "--root", self.root], capture_output=True, text=True)
        return ended.returncode, ended.stdout

    def assert_violation(self, *parts):
        code, out = self.check()
        self.assertEqual(code, 1, out)
        for part in parts:
            self.assertIn(part, out)

    def test_passes_a_tree_that_keeps_to_the_table(self):
        code, out = self.check()
        self.assertEqual((code, out), (0, "check_layers: 5 libraries and programs keep to the layer table\n"))

    def test_names_an_include_of_a_higher_floor(self):
        self.write("libs/image/src/bad.cpp", '\n#include "naevus/model/card.hpp"\n')
        self.assert_violation("libs/image/src/bad.cpp:2: image may not use model")

    def test_names_an_include_in_a_public_header_and_in_a_test(self):
        self.write("libs/image/include/naevus/image/bad.hpp", '#include "naevus/train/options.hpp"\n')
        self.write("libs/image/tests/bad_test.cpp", '#  include "naevus/model/card.hpp"\n')
        self.assert_violation("bad.hpp:1: image may not use train", "bad_test.cpp:1: image may not use model")

    def test_names_a_use_in_cmake_with_its_line(self):
        self.write("libs/model/CMakeLists.txt", "# naevus_library(model USES base)\nnaevus_library(model\n  USES base image\n    train\n  LINK x)\n")
        self.assert_violation("libs/model/CMakeLists.txt:4: model may not use train")

    def test_keeps_an_engine_in_its_library(self):
        self.write("libs/model/src/bad.cpp", "#include <torch/torch.h>\n")
        self.assert_violation("libs/model/src/bad.cpp:1: model may not use LibTorch")

    def test_keeps_a_program_from_what_it_may_not_link(self):
        self.write("apps/tool/src/bad.cpp", '#include "naevus/train/options.hpp"\n')
        self.assert_violation("apps/tool/src/bad.cpp:1: apps/tool may not use train")

    def test_names_a_library_that_the_table_does_not_have(self):
        self.write("libs/extra/src/extra.cpp", "")
        self.assert_violation("libs/extra:1: extra is not in the layer table")

    def test_refuses_a_table_that_builds_upwards(self):
        self.write("docs/architecture.md", TABLE.replace("| pictures | OpenCV |", "| pictures | OpenCV, model |"))
        self.assert_violation("docs/architecture.md:6: image (floor 1) may not stand on model (floor 2)")

    def test_refuses_a_page_without_a_table(self):
        self.write("docs/architecture.md", "# Layers\n")
        self.assert_violation("docs/architecture.md:1: no layer table")


if __name__ == "__main__":
    unittest.main()

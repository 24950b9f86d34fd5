"""What a folder would still hold after the machine lost its power (tests/tools/durable.cpp), for the tests that kill a program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SYNC_ALL = """
import os
for folder, _, files in os.walk("."):
    for path in [os.path.join(folder, name) for name in files] + [folder]:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
"""


class Durable:
    """Watches a folder for programs that are started with `variables`."""

    def __init__(self, folder, mirror):
        self.folder, self.mirror = Path(folder).resolve(), Path(mirror).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mirror.mkdir(parents=True)
        library = Path(shutil.which("naevus")).resolve().parent.parent / "lib/libdurable.so"
        assert library.exists(), f"{library} is missing"
        self.variables = os.environ | {"LD_PRELOAD": str(library), "DURABLE_FOLDER": str(self.folder), "DURABLE_MIRROR": str(self.mirror)}

    def settle(self):
        """Makes all that is there now durable."""
        os.sync()  # else each file waits for the disk alone
        subprocess.run([sys.executable, "-c", SYNC_ALL], cwd=self.folder, env=self.variables, check=True)

    def lose_power(self, to):
        """Copies what was durable to a new folder. Programs that wrote must be dead."""
        if (self.mirror / "root").exists():
            shutil.copytree(self.mirror / "root", to)
        else:
            Path(to).mkdir()
        os.chmod(to, 0o700)

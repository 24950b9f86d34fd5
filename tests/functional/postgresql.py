"""A PostgreSQL of a test's own, for the tests that need one."""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = "/usr/lib/postgresql/15/bin/"


class PostgreSQL:
    """Lives in a temporary folder, is reached through a Unix socket there, and ends with this process. Not run as root: there the user postgres is taken."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(dir="/tmp")  # its own user must reach it, and a socket's path is short
        self.prefix = ["setpriv", "--pdeathsig", "QUIT"]
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder.name, user.pw_uid, user.pw_gid)
            self.prefix += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.data = str(Path(self.folder.name) / "data")
        initdb = [PROGRAMS + "initdb", "--pgdata=" + self.data, "--username=naevus", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"]
        subprocess.run(self.prefix + initdb, check=True, stdout=subprocess.DEVNULL, cwd="/")
        self.start()

    def start(self):
        settings = ["listen_addresses=", "unix_socket_directories=" + self.folder.name, "fsync=off", "shared_buffers=8MB", "log_min_messages=panic", "max_connections=60"]
        words = [word for setting in settings for word in ("-c", setting)]
        self.process = subprocess.Popen(self.prefix + [PROGRAMS + "postgres", "-D", self.data, *words], cwd="/")
        deadline = time.monotonic() + 60
        while subprocess.run([PROGRAMS + "pg_isready", "--quiet", "--host=" + self.folder.name], check=False).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < deadline, "PostgreSQL does not start"
            time.sleep(0.05)

    def stop(self):
        """What `pg_ctl stop -m immediate` does: it ends as in a crash, and recovers at its next start."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=60)

    def new_database(self, name):
        subprocess.run([PROGRAMS + "createdb", "--host=" + self.folder.name, "--username=naevus", name], check=True)
        return f"postgresql://naevus@/{name}?host={self.folder.name}"

    def end(self):
        self.stop()
        self.folder.cleanup()

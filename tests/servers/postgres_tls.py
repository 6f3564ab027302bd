"""A PostgreSQL server that speaks TLS, for which the package of the others is not built.

Its programs come from Maven Central the first time, by the package jgo, and lie in its cache.
"""

import io
import os
import platform
import shutil
import sys
import tarfile
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Final

from trustme import LeafCert

from tests.servers.child import ServerFault
from tests.servers.postgres import Server

MISSING: Final = (
    "These tests need a PostgreSQL that speaks TLS. Install jgo (make env does) and let it reach "
    "Maven Central once."
)
_PROGRAMS: Final = "io.zonky.test.postgres:embedded-postgres-binaries-{}-{}:18.0.0"
_MACHINES: Final = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}


class TlsServer(Server):
    """A server with a certificate of its own."""

    def __init__(self, folder: Path, certificate: LeafCert, *settings: str) -> None:
        super().__init__(folder, "ssl=on", *settings)
        # the names that it looks for in its folder
        key, owner = self.data / "server.key", self.data.stat()
        certificate.private_key_pem.write_to_path(key)
        certificate.cert_chain_pems[0].write_to_path(self.data / "server.crt")
        key.chmod(0o600)
        os.chown(key, owner.st_uid, owner.st_gid)

    def _binaries(self, folder: Path) -> Path:
        programs = folder / "programs"
        try:
            system = "darwin" if sys.platform == "darwin" else "linux"
            wanted = _PROGRAMS.format(system, _MACHINES[platform.machine().lower()])
            (jar,) = import_module("jgo").build(wanted).all_jars
            with zipfile.ZipFile(jar) as packed:
                (name,) = (name for name in packed.namelist() if name.endswith(".txz"))
                with tarfile.open(fileobj=io.BytesIO(packed.read(name)), mode="r:xz") as all_of_it:
                    all_of_it.extractall(programs, filter="tar")
        except Exception as why:  # whatever goes wrong in there, the reader needs the same advice
            raise ServerFault(f"{MISSING}\nIt failed with {type(why).__name__}: {why}") from why
        if self._user is not None:
            shutil.chown(folder, self._user)
        return programs / "bin"

"""PostgreSQL over TLS: who answers is proven, passwords come from files, plain text is refused."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
import pytest
import trustme

from store.postgres import PostgresLog
from store.records import LogError, LogUnreachable
from tests.servers.postgres import Server
from tests.servers.postgres_tls import TlsServer
from tests.store.making import native, tell

PASSWORD: Final = "told-by-nobody"  # noqa: S105  (of a server that lives for this test)
RULES: Final = "hostssl all all 127.0.0.1/32 scram-sha-256\n"


class Secure(NamedTuple):
    """A server that takes a password over TLS alone, and the folder of our files.

    Its certificate is that of `db.example`, by the authority of `near.pem` and not of `far.pem`.
    """

    server: Server
    folder: Path

    def address(self, *, host: str = "db.example", mode: str = "verify-full", ca: str = "near.pem",
                passfile: str = "passwords") -> str:  # fmt: skip
        return (
            f"postgresql://customs@/postgres?host={host}&hostaddr=127.0.0.1"
            f"&port={self.server.port}&sslmode={mode}&sslrootcert={self.folder / ca}"
            f"&passfile={self.folder / passfile}"
        )


@pytest.fixture(scope="module")
def secure() -> Iterator[Secure]:
    with tempfile.TemporaryDirectory(prefix="postgresql-tls-") as name:
        folder = Path(name)
        near = trustme.CA()
        near.cert_pem.write_to_path(folder / "near.pem")
        trustme.CA().cert_pem.write_to_path(folder / "far.pem")
        for file, password in (("passwords", PASSWORD), ("others", "another")):
            (folder / file).write_text(f"*:*:*:*:{password}\n")
            (folder / file).chmod(0o600)
        server = TlsServer(folder, near.issue_cert("db.example"))
        server.start()
        try:
            with psycopg.connect(server.address, autocommit=True) as db:
                db.execute(f"CREATE ROLE customs SUPERUSER LOGIN PASSWORD '{PASSWORD}'".encode())
                (server.data / "pg_hba.conf").write_text(RULES)
                db.execute("SELECT pg_reload_conf()")
            yield Secure(server, folder)
        finally:
            server.stop("immediate")


def test_a_server_that_proves_who_it_is_is_spoken_to_under_tls(secure: Secure) -> None:
    with PostgresLog(secure.address()) as log:
        tell(log, native("r1"))
        with log.connection() as db:
            query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert db.execute(query).fetchone() == (True,)
        assert list(log.verify()) == []


def refusal(address: str, *, insecure: bool = False) -> str:
    """Why no log is opened there; whatever is said, no password is."""
    with pytest.raises(LogError) as caught:
        PostgresLog(address, busy_timeout=1, insecure=insecure)
    assert PASSWORD not in str(caught.value)
    assert "another" not in str(caught.value).replace("name another", "")
    if "leads to" not in str(caught.value):
        assert isinstance(caught.value, LogUnreachable)
    return str(caught.value)


def test_the_certificate_of_another_authority_is_refused(secure: Secure) -> None:
    assert "certificate verify failed" in refusal(secure.address(ca="far.pem"))


def test_the_certificate_of_another_host_is_refused(secure: Secure) -> None:
    assert "does not match host name" in refusal(secure.address(host="other.example"))


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-ca"])
def test_less_than_proof_is_refused_before_anybody_is_asked(secure: Secure, mode: str) -> None:
    assert "leads to db.example without proof" in refusal(secure.address(mode=mode))


def test_who_says_insecure_goes_without_proof(secure: Secure) -> None:
    with PostgresLog(secure.address(mode="require", ca="near.pem"), insecure=True) as log:
        assert log.next_offset("nowhere") == 0
    # then it is for the server to refuse
    assert "no encryption" in refusal(secure.address(mode="disable"), insecure=True)


def test_a_wrong_password_is_said_and_not_shown(secure: Secure) -> None:
    assert "password authentication failed" in refusal(secure.address(passfile="others"))


def test_the_password_may_come_from_the_file_that_the_environment_names(
    secure: Secure, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = secure.address().rpartition("&passfile=")[0]
    assert "no password supplied" in refusal(address)
    monkeypatch.setenv("PGPASSFILE", str(secure.folder / "passwords"))
    with PostgresLog(address) as log:
        assert log.next_offset("nowhere") == 0

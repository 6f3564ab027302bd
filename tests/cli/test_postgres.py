"""The command on a store in PostgreSQL."""

from pathlib import Path

import pytest

from cli.demo import HISTORIES
from store.postgres import PostgresLog
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written
from tests.servers.postgres import CANARY, user

QUESTIONS = (
    ("board",),
    ("debts", "--json"),
    ("deadlines", "--json"),
    ("findings", "--json", "--law", "2019-04-14"),
    ("quarantine", "list"),
)


def test_it_answers_the_same_as_from_a_file(run: Run, postgres: str, tmp_path: Path) -> None:
    stores = (postgres, str(tmp_path / "customs.sqlite"))
    sources = ("--sources", str(HISTORIES / "sources.toml"))
    for store in stores:
        for delivery in sorted(path for path in HISTORIES.iterdir() if path.is_dir()):
            taken = run("ingest", str(delivery / "reports"), "--store", store, *sources)
            assert taken.exit_code in (0, 7), taken.output
    for question in QUESTIONS:
        one, other = (run(*question, env={"CUSTOMS_STORE": store}) for store in stores)
        assert one.exit_code == other.exit_code == 0, one.output
        assert one.stdout == other.stdout
        assert one.stdout
    rebuilt = run("rebuild", "--store", postgres)
    assert rebuilt.exit_code == 0, rebuilt.output


def test_a_missing_log_and_a_missing_server_are_said(
    run: Run, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = run("debts", "--store", postgres)
    assert missing.exit_code == 5
    assert "There is no log in schema" in missing.stderr

    monkeypatch.setitem(PostgresLog.__init__.__kwdefaults__ or {}, "busy_timeout", 0.1)
    silent = run("debts", "--store", "postgresql://me:hush@127.0.0.1:1/customs")
    assert silent.exit_code == 5
    assert "does not answer" in silent.stderr
    assert "hush" not in silent.stderr

    far = run("debts", "--store", "postgresql://me@db.example/customs")
    assert far.exit_code == 5
    assert "sslmode=verify-full" in " ".join(far.stderr.split())


def test_doctor_shows_no_password(run: Run, postgres: str, roles: str) -> None:
    assert run("migrate", "--store", postgres, "--roles", roles).exit_code == 0
    address = user(postgres, f"{roles}_reader")
    assert CANARY in address
    for form in ((), ("--json",)):
        said = run("doctor", *form, "--store", address)
        assert "PostgreSQL at" in said.stdout
        assert CANARY not in said.output


def test_the_intake_is_told_what_was_recorded_and_what_it_may_not_derive(
    run: Run, postgres: str, roles: str, tmp_path: Path
) -> None:
    assert run("migrate", "--store", postgres, "--roles", roles).exit_code == 0
    intake = ("--store", user(postgres, f"{roles}_intake"))
    stranger = STORAGE | {"id": "p-2", "source": "ruse", "subject": "doc:RUSE"}
    file = written(tmp_path / "a.ndjson", [STORAGE, stranger])
    known = tmp_path / "sources.toml"
    known.write_text('[sources.ruse]\nroles = ["facility"]\n')
    sources = ("--sources", str(known))

    taken = run("ingest", str(file), *intake)
    assert taken.exit_code == 5
    assert "recorded" in taken.stdout
    told = " ".join(taken.stderr.split())
    assert "What is said above was recorded. What follows from it is not derived yet" in told
    assert "permission denied" in told
    assert "Nothing was written" not in told
    assert run("ingest", str(file), "--no-project", *intake).exit_code == 7

    again = run("quarantine", "redrive", "--go", *sources, *intake)
    assert again.exit_code == 5
    assert "recorded" in again.stdout
    assert "What is said above was recorded." in " ".join(again.stderr.split())
    nothing = run("quarantine", "redrive", "--go", "--no-project", *sources, *intake)
    assert (nothing.exit_code, nothing.stdout) == (0, "Redriven: none\n")
    with PostgresLog(postgres) as log:
        assert len(log.stream("doc:RUSE")) == len(log.stream("doc:A1")) == 1

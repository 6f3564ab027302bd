"""The command on a store in PostgreSQL."""

from pathlib import Path

import pytest

from cli.demo import HISTORIES
from store.postgres import PostgresLog
from tests.cli.conftest import Run

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

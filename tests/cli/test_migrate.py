"""All tables of a store, made by one command."""

import os
from pathlib import Path

import psycopg
import pytest

from projections import publications, state
from projections.migration import ROLES
from projections.publications import AT_ONCE
from store.sqlite import SqliteLog
from tests.cli.conftest import Run


def test_a_store_is_migrated_as_often_as_one_likes(run: Run, tmp_path: Path) -> None:
    store = str(tmp_path / "customs.sqlite")
    first, again = (run("migrate", "--store", store) for _ in range(2))
    assert first.exit_code == again.exit_code == 0, first.output
    assert "Made outlines, names" in first.stderr
    assert "All tables are there" in again.stderr


def test_a_store_that_was_asked_before_needs_nothing_more(run: Run, copied: Path) -> None:
    before = run("debts", "--json", env={"CUSTOMS_STORE": str(copied)})
    assert run("migrate", "--store", str(copied)).exit_code == 0
    assert run("debts", "--json", env={"CUSTOMS_STORE": str(copied)}).stdout == before.stdout


def test_a_store_that_was_brought_back_publishes_its_positions_as_later_ones(
    run: Run, copied: Path
) -> None:
    def stands() -> tuple[int, int]:
        with SqliteLog(copied, create=False) as log, log.connection() as db:
            found = state.found(db)
            assert found
            return found.generation, publications.waiting(db, AT_ONCE)

    generation, _ = stands()
    assert run("migrate", "--restored", "--store", str(copied)).exit_code == 0
    later, waiting = stands()
    assert later > generation
    assert waiting > 0
    assert run("migrate", "--restored", "--store", str(copied)).exit_code == 0
    assert stands() == (later + 1, waiting)
    assert run("rebuild", "--store", str(copied)).exit_code == 0


def test_a_file_has_no_roles(run: Run, tmp_path: Path) -> None:
    refused = run("migrate", "--store", str(tmp_path / "customs.sqlite"), "--roles", "customs")
    assert refused.exit_code == 2
    assert "a file has no roles" in refused.stderr


def test_the_sql_of_the_roles_is_printed_for_somebody_who_may_run_it(
    run: Run, postgres: str
) -> None:
    prefix = f"site_{os.getpid()}_cli"
    printed = run("migrate", "--store", postgres, "--roles", prefix, "--print")
    assert printed.exit_code == 0, printed.output
    roles = [f"{prefix}_{role}" for role in ROLES]
    with psycopg.connect(postgres, autocommit=True) as db:
        query = "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)"
        assert db.execute(query, (roles,)).fetchall() == []
        try:
            db.execute(printed.stdout.encode())
            assert len(db.execute(query, (roles,)).fetchall()) == len(roles)
        finally:
            db.execute(f"DROP OWNED BY {', '.join(roles)} CASCADE".encode())
            db.execute(f"DROP ROLE {', '.join(roles)}".encode())


def test_the_roles_are_made_and_told(run: Run, postgres: str) -> None:
    prefix = f"site_{os.getpid()}_told"
    roles = ", ".join(f"{prefix}_{role}" for role in ROLES)
    told = run("migrate", "--store", postgres, "--roles", prefix)
    try:
        assert told.exit_code == 0, told.output
        assert f"{prefix}_intake appends to the log" in told.stderr
    finally:
        with psycopg.connect(postgres, autocommit=True) as db:
            db.execute(f"DROP OWNED BY {roles} CASCADE; DROP ROLE {roles}".encode())


@pytest.mark.parametrize("show", [(), ("--print",)])
def test_a_prefix_that_no_role_can_have_is_refused(
    run: Run, postgres: str, show: tuple[str, ...]
) -> None:
    refused = run("migrate", "--store", postgres, "--roles", "My Site", *show)
    assert refused.exit_code == 2
    assert "cannot begin the names of roles" in refused.stderr

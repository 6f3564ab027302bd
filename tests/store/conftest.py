"""A log of its own for each test: in a file, or in each of the databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.log import Log
from store.postgres import PostgresLog
from store.sqlite import SqliteLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(path) as log:
        yield log


@pytest.fixture
def postgres_log(postgres: str) -> Iterator[PostgresLog]:
    with PostgresLog(postgres) as log:
        yield log


@pytest.fixture(params=["log", "postgres_log"], ids=["sqlite", "postgresql"])
def any_log(request: pytest.FixtureRequest) -> Log:
    """The same test on each database."""
    log: Log = request.getfixturevalue(request.param)
    return log

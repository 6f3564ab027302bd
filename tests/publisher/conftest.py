"""A log on either database, and topics in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.log import Log
from store.postgres import PostgresLog
from store.sqlite import SqliteLog
from tests.processes.memory import Topics


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, path: Path) -> Iterator[Log]:
    if request.param == "sqlite":
        made: Log = SqliteLog(path)
    else:
        made = PostgresLog(request.getfixturevalue("postgres"))
    with made:
        yield made


@pytest.fixture
def topics() -> Topics:
    return Topics()

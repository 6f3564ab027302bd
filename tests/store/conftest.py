"""A log of its own for each test: in a file, or in each of the databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.sqlite import SqliteLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(path) as log:
        yield log


@pytest.fixture(params=["path", "postgres"], ids=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Where several processes open one log, on each database."""
    return str(request.getfixturevalue(request.param))

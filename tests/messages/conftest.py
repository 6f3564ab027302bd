"""An empty log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.sqlite import SqliteLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(tmp_path / "log.db") as made:
        yield made

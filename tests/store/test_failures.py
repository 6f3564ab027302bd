"""A statement that fails, whichever it is, leaves the log as it was."""

import functools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from eventsourcing.persistence import PersistenceError

from store.records import Incoming, Link, LogFormatError
from store.sqlite import SqliteLog
from tests.store.making import (
    MRN_A,
    MRN_B,
    NOON,
    batch,
    dump,
    erasure,
    malformed,
    native,
    tell,
    translated,
)

P = ParamSpec("P")
R = TypeVar("R")


class Fuse:
    """Fails the n-th statement after `left` was set to n."""

    left = 0

    def guard(self, statement: Callable[P, R]) -> Callable[P, R]:
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            self.left -= 1
            if self.left == 0:
                raise sqlite3.OperationalError("disk I/O error")
            return statement(*args, **kwargs)

        return guarded


FUSE = Fuse()


class FusedCursor(sqlite3.Cursor):
    execute = FUSE.guard(sqlite3.Cursor.execute)


class FusedConnection(sqlite3.Connection):
    execute = FUSE.guard(sqlite3.Connection.execute)
    executemany = FUSE.guard(sqlite3.Connection.executemany)
    commit = FUSE.guard(sqlite3.Connection.commit)

    def cursor(self, _: object = None) -> FusedCursor:  # type: ignore[override]
        return super().cursor(FusedCursor)


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fuse]:
    fused = functools.partial(sqlite3.connect, factory=FusedConnection)
    monkeypatch.setattr(sqlite3, "connect", fused)
    yield FUSE
    FUSE.left = 0


def fail_each_statement(fuse: Fuse, path: Path, work: Callable[[], object]) -> int:
    """Do `work` until no statement of it fails; the log must stay as it is until then."""
    before = dump(path)
    for failing in range(1, 100):
        fuse.left = failing
        try:
            work()
        except (PersistenceError, sqlite3.OperationalError) as error:
            assert "disk I/O error" in str(error)  # noqa: PT017
        else:
            return failing - 1
        finally:
            fuse.left = 0
        assert dump(path) == before
    raise AssertionError("There is no end to the statements.")


def told() -> list[Incoming]:
    return [
        native("r1"),
        native("r2", MRN_A, Link(MRN_B, "previous")),
        native("r1", raw=b"other"),
        translated("m1", MRN_A, MRN_B),
        malformed(),
    ]


def test_a_failed_append_leaves_nothing_and_can_be_tried_again(fuse: Fuse, path: Path) -> None:
    with SqliteLog(path, salts=bytes) as log:
        tell(log, native("r0", MRN_A), native("r1", MRN_B))
        again = batch(told(), expected=2)
        statements = fail_each_statement(fuse, path, lambda: log.append(again, NOON))

        assert statements >= 10
        assert list(log.verify()) == []
        assert log.head().index == 6
    with SqliteLog(path.with_name("unhurt.sqlite"), salts=bytes) as unhurt:
        tell(unhurt, native("r0", MRN_A), native("r1", MRN_B))
        unhurt.append(again, NOON)
    assert dump(path) == dump(unhurt.path)


def test_a_failed_erasure_leaves_the_raw_bytes(fuse: Fuse, path: Path) -> None:
    with SqliteLog(path) as log:
        (outcome,) = tell(log, translated("m1"))
        log.next_offset("files")

        def erase() -> None:
            log.erase_raw(erasure(outcome.id))

        before = dump(path)
        fuse.left = 3
        with pytest.raises(PersistenceError):
            erase()
        fuse.left = 0
        assert dump(path) == before
        assert log.raw(outcome.id) == b"<xml/>"


def test_a_log_is_made_whole_or_not_at_all(fuse: Fuse, path: Path) -> None:
    def make() -> bool:
        try:
            SqliteLog(path).close()
        except (LogFormatError, sqlite3.OperationalError):
            return False
        return True

    failures = 0
    fuse.left = 1
    while not make():
        failures += 1
        fuse.left = 0
        assert set(path.parent.iterdir()) <= {path}
        if path.exists():
            assert dump(path)[-1] == "COMMIT;"
            path.unlink()
        fuse.left = failures + 1
    assert failures > 15

"""The eventsourcing library's SQLite classes, set up for the log.

Its pool, connections and recorder are used as they are but for three things: connections are
durable and sized for the log, a writing transaction takes the lock when it begins, and the
recorder reads the log but does not write to it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, NoReturn, cast

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from store.records import LogBusy, LogError

CHECKPOINT_PAGES = 4_000
"""Of `files.PAGE_SIZE` bytes."""
CACHE_KIBIBYTES = 64 * 1024


class LogTransaction(SQLiteTransaction):
    """A transaction that takes the write lock at once when it will commit."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        return cursor

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        try:
            super().__exit__(exc_type, exc_val, exc_tb)
        finally:
            # after a failed COMMIT the transaction is still open, and the pool would lend it out
            self.connection.rollback()


class LogConnection(SQLiteConnection):
    """A connection that gives rows as tuples to us and as mappings to the library."""

    @property
    def raw(self) -> sqlite3.Connection:
        return self._sqlite_conn

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with LogTransaction(self, commit=commit) as cursor, cursor:
            yield cursor

    @contextmanager
    def tuples(self, *, commit: bool) -> Iterator[sqlite3.Connection]:
        """A transaction on the bare connection."""
        self.raw.row_factory = None
        try:
            with LogTransaction(self, commit=commit):
                yield self.raw
        finally:
            self.raw.row_factory = sqlite3.Row


class LogConnectionPool(SQLiteConnectionPool):
    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.busy_timeout = busy_timeout
        # a URI, so that no character of the path is taken for an option
        super().__init__(db_name=path.resolve().as_uri(), pool_timeout=busy_timeout)

    def _create_connection(self) -> LogConnection:
        raw = super()._create_connection().cursor().sqlite_cursor.connection
        raw.execute(f"PRAGMA busy_timeout={int(self.busy_timeout * 1000)}")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        raw.execute(f"PRAGMA cache_size=-{CACHE_KIBIBYTES}")
        return LogConnection(raw, max_age=None)


class LogDatastore(SQLiteDatastore):
    """Connections to one log file; `busy_timeout` is in seconds."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        super().__init__(str(path), originator_id_type="text")
        self.path = path
        self.busy_timeout = busy_timeout
        self.pool = LogConnectionPool(path, busy_timeout)
        # the pool has such a lock, but lets readers wait behind a writer who waits for it
        self._writer = Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the log, whoever writes meanwhile."""
        with self._lent() as connection, connection.tuples(commit=False) as raw:
            yield raw

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which holds the write lock from its start to its commit.

        Raises LogBusy when others hold the lock for longer than the timeout.
        """
        if not self._writer.acquire(timeout=self.busy_timeout):
            raise self._busy("this process")
        try:
            with self._lent() as connection, connection.tuples(commit=True) as raw:
                yield raw
        except sqlite3.OperationalError as error:  # of BEGIN: the library wraps all later ones
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise self._busy("another process") from error
            raise
        finally:
            self._writer.release()

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it; False when a reader prevents it."""
        with self._lent() as connection:
            blocked, *_ = connection.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not blocked

    @contextmanager
    def _lent(self) -> Iterator[LogConnection]:
        connection = cast("LogConnection", self.pool.get_connection())
        try:
            yield connection
        finally:
            self.pool.put_connection(connection)

    def _busy(self, who: str) -> LogBusy:
        return LogBusy(
            f"{self.path}: a transaction of {who} has held the log for more than "
            f"{self.busy_timeout:g} s. Nothing was written; try again when it has ended."
        )


class LogRecorder(SQLiteApplicationRecorder):
    """The reading side of the library on the log: events of a stream, notifications."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:  # noqa: ANN401, ARG002
        raise LogError("Only SqliteLog.append writes to the log: a record needs its evidence.")

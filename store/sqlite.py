"""The log in one SQLite file: appending to it, erasing raw bytes, verifying it."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import orjson

from evidence.leaf import Fault, instant, microseconds
from store import filing, preparing, queries, verification
from store.datastore import LogDatastore, LogRecorder
from store.files import ensure_log
from store.heads import StreamHeads
from store.reading import LogReader
from store.records import Batch, LogBusy, LogError, OffsetConflict, Outcome

KEYS_IN_ONE_QUERY = 500


class SqliteLog(LogReader):
    """The log of one SQLite file; many processes may read it while one writes.

    A second writer waits for the first, for at most `busy_timeout` seconds. `salts(n)` gives the n
    random bytes that key the digest of a translated report. Raises FileNotFoundError when there is
    no log at `path` and `create` is false, LogFormatError when the file is not a log of our format.
    """

    def __init__(
        self,
        path: str | Path,
        create: bool = True,
        *,
        busy_timeout: float = 10.0,
        salts: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.path = Path(path)
        ensure_log(self.path, create)
        super().__init__(LogDatastore(self.path, busy_timeout))
        self.recorder = LogRecorder(self._datastore)
        self._salts = salts
        self._heads = StreamHeads()
        self._appending = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._datastore.close()

    def append(self, batch: Batch, recorded_at: datetime) -> list[Outcome]:
        """Record a batch in one transaction and return the outcome of each incoming record.

        `recorded_at` is taken as given unless the log already stands at a later instant. Raises
        OffsetConflict when the partition does not stand at `batch.expected`, LogBusy when another
        writer does not end, ValueError for a batch that no intake may build; nothing is written
        then, nor on any other failure.
        """
        prepared = preparing.prepare(batch, self._salts)
        given = microseconds(recorded_at)
        with self._appending:
            with self._datastore.writing() as connection:
                _move_offset(connection, batch)
                at = filing.Position(*connection.execute(queries.HEAD).fetchone())
                now = instant(max(given, given if at.recorded_at is None else at.recorded_at))
                told = tellings(connection, prepared)
                decisions = filing.decide(prepared, told, batch.partition, at, now)
                heads = self._stream_heads(connection, filing.streams_of(decisions), at.log_index)
                filed = filing.seal(decisions, heads, at, now)
                _insert(connection, filed)
            self._heads.learn(heads, filed.position.log_index)
        return [decision.outcome for decision in decisions]

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """One writing transaction for tables beside the log; it holds the log's lock.

        Raises LogBusy when another writer does not end in time. `append` cannot run inside it.
        """
        return self._datastore.writing()

    def erase_raw(self, outcome_id: int) -> None:
        """Erase the raw bytes of a translated or quarantined report, and the salt of its digest.

        What was recorded stays, and its leaf still verifies. Raises LogError when the outcome keeps
        no raw bytes of its own, LogBusy when the bytes cannot leave the write-ahead log yet.
        """
        with self._datastore.writing() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            try:
                erased = connection.execute(queries.ERASE_RAW, (outcome_id,)).rowcount
            finally:
                connection.execute("PRAGMA secure_delete = OFF")
        if not erased:
            raise LogError(
                f"Outcome {outcome_id} keeps no raw bytes of its own: it is unknown, a duplicate "
                "of an earlier telling, or a native report, which is the record itself."
            )
        if not self._datastore.checkpoint():
            raise LogBusy(
                f"The raw bytes of outcome {outcome_id} are erased, but a long reader of "
                f"{self.path} keeps them in the write-ahead log. Erase again when it has ended."
            )

    def verify(self) -> Iterator[Fault]:
        """Check the whole log; yield each fault, with its index and stream, as it is found."""
        return verification.verify(self)

    def _stream_heads(
        self, connection: sqlite3.Connection, streams: set[str], index: int
    ) -> filing.Heads:
        heads = self._heads.known(streams, index)
        unknown = orjson.dumps(sorted(streams - heads.keys())).decode()
        for stream, version, leaf in connection.execute(queries.STREAM_HEADS, (unknown,)):
            heads[stream] = (version, leaf)
        return heads


def _move_offset(connection: sqlite3.Connection, batch: Batch) -> None:
    """Move the partition from `expected` to `next`, if that is where it stands."""
    move = {"partition": batch.partition, "expected": batch.expected, "next": batch.next}
    moved = connection.execute(queries.MOVE_OFFSET, move).rowcount
    if not moved and batch.expected == 0:
        moved = connection.execute(queries.START_PARTITION, move).rowcount
    if not moved:
        row = connection.execute(queries.NEXT_OFFSET, (batch.partition,)).fetchone()
        raise OffsetConflict(batch.partition, row[0] if row else 0, batch.expected)


def tellings(
    connection: sqlite3.Connection, prepared: list[preparing.Prepared]
) -> dict[bytes, filing.Telling]:
    """The recorded reports that hold a key of the batch already."""
    keys = sorted(key for item in prepared for key in item.keys)
    told = {}
    for start in range(0, len(keys), KEYS_IN_ONE_QUERY):
        some = keys[start : start + KEYS_IN_ONE_QUERY]
        query = queries.TELLINGS.format(", ".join("?" * len(some)))
        for key, outcome, index, digest, salt, erased in connection.execute(query, some):
            told[key] = filing.Telling(outcome, index, digest, salt, bool(erased))
    return told


def _insert(connection: sqlite3.Connection, filed: filing.Filed) -> None:
    connection.executemany(queries.INSERT_RECORDS, filed.records)
    # in key order, which touches each page of the table once
    connection.executemany(queries.INSERT_REPORTS, sorted(filed.reports))
    connection.executemany(queries.INSERT_OUTCOMES, filed.outcomes)
    connection.executemany(queries.INSERT_RAWS, filed.raws)
    connection.execute(queries.MOVE_HEAD, filed.position)

"""The log in one SQLite file."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import orjson

from evidence.digests import digest_of
from store import erasing, filing, queries
from store.appending import Appender
from store.datastore import LogDatastore, LogRecorder
from store.files import ensure_log
from store.log import Connection
from store.preparing import report_key
from store.records import Erasure, LogBusy, OutcomeKind

KEYS_IN_ONE_QUERY = 500
_RECORDED = OutcomeKind.RECORDED.value


class SqliteLog(Appender[sqlite3.Connection]):
    """The log of one SQLite file; many processes may read it while one writes.

    A second writer waits for the first, for at most `busy_timeout` seconds. `salts(n)` gives the n
    random bytes that key the digest of a translated report. Raises FileNotFoundError when there is
    no log at `path` and `create` is false, LogFormatError when the file is not a log of our format.
    """

    queries = queries

    def __init__(
        self,
        path: str | Path,
        create: bool = True,
        *,
        busy_timeout: float = 10.0,
        salts: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        super().__init__(salts)
        self.path = Path(path)
        ensure_log(self.path, create)
        self._datastore = LogDatastore(self.path, busy_timeout)
        self.recorder = LogRecorder(self._datastore)

    def close(self) -> None:
        self._datastore.close()

    def connection(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection for reading, with one unchanging view; what it writes is undone."""
        return self._datastore.reading()

    @contextmanager
    def checking(self) -> Iterator[sqlite3.Connection]:
        """A connection for the queries that check the log."""
        with self.connection() as connection:
            connection.create_function("report_key", 2, _key, deterministic=True)
            connection.create_function("plain_digest", 1, _digest, deterministic=True)
            yield connection

    def damage(self, connection: Connection, *, quick: bool = False) -> Iterator[str]:
        """What SQLite finds broken in the file, or what a quick look shows of it."""
        check = "quick_check(10)" if quick else "integrity_check"
        for (line,) in connection.execute(f"PRAGMA {check}"):
            if line != "ok":
                yield f"the file is damaged: {line}"

    def transaction(self, *, alone: bool = False) -> AbstractContextManager[sqlite3.Connection]:  # noqa: ARG002  (a reader has its own view of the file and is in nobody's way)
        """One writing transaction for tables beside the log; it holds the log's lock.

        Raises LogBusy when another writer does not end in time. `append` cannot run inside it.
        """
        return self._datastore.writing()

    def erase_raw(self, erasure: Erasure) -> None:
        """Erase the raw bytes of a translated or quarantined report, and the salt of its digest.

        What was recorded stays, and its leaf still verifies. Raises LogError when the outcome keeps
        no raw bytes of its own, LogBusy when the bytes cannot leave the write-ahead log yet.
        """
        with self._datastore.writing() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            try:
                erasing.erase(connection, queries, erasure)
            finally:
                connection.execute("PRAGMA secure_delete = OFF")
        if not self._datastore.checkpoint():
            raise LogBusy(
                f"The raw bytes of outcome {erasure.outcome} are erased, but a long reader of "
                f"{self.path} keeps them in the write-ahead log. Erase again when it has ended."
            )

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return self._datastore.writing()

    def _position(self, connection: sqlite3.Connection) -> filing.Position:
        return filing.Position(*connection.execute(queries.HEAD).fetchone())

    def _tellings(
        self, connection: sqlite3.Connection, keys: list[bytes]
    ) -> dict[bytes, filing.Telling]:
        keys, told = sorted(keys), {}
        for start in range(0, len(keys), KEYS_IN_ONE_QUERY):
            some = keys[start : start + KEYS_IN_ONE_QUERY]
            query = queries.TELLINGS.format(", ".join("?" * len(some)))
            found = connection.execute(query, [bytearray(key) for key in some])
            for key, outcome, index, digest, salt, erased in found:
                told[key] = filing.Telling(outcome, index, digest, salt, bool(erased))
        return told

    def _stored_heads(self, connection: sqlite3.Connection, streams: list[str]) -> filing.Heads:
        unknown = orjson.dumps(streams).decode()
        found = connection.execute(queries.STREAM_HEADS, (unknown,))
        return {stream: (version, leaf) for stream, version, leaf in found}

    def _insert(self, connection: sqlite3.Connection, filed: filing.Filed) -> None:
        connection.executemany(queries.INSERT_RECORDS, map(_bound, filed.records))
        # in key order, which touches each page of the table once
        reports = [(bytearray(key), outcome) for key, outcome in sorted(filed.reports)]
        connection.executemany(queries.INSERT_REPORTS, reports)
        plain, others = [], []
        for row in filed.outcomes:
            if row[3] == _RECORDED and row[12] is None:  # which says no more than that
                plain.append((*row[:3], *row[6:11]))
            else:
                others.append(row)
        connection.executemany(queries.INSERT_RECORDED, plain)
        connection.executemany(queries.INSERT_OUTCOMES, others)
        connection.executemany(queries.INSERT_RAWS, filed.raws)
        connection.execute(queries.MOVE_HEAD, filed.position)


def _bound(row: filing.Row) -> tuple[object, ...]:
    """The row of a record as it is bound at the least cost.

    Of a value of type `bytes`, and of None, sqlite3 asks each time whether it can adapt itself;
    that takes longer than to copy it.
    """
    index, stream, version, topic, at, source, report, digest, previous, body, leaf = row
    return (
        index, stream, version, topic, at, source, report,
        bytearray(digest), bytearray(previous), bytearray(body), bytearray(leaf),
    )  # fmt: skip


def _key(source: object, report_id: object) -> bytes | None:
    """The key of a report; None, which no row has, for damaged values."""
    if isinstance(source, str) and isinstance(report_id, str):
        return report_key(source, report_id)
    return None


def _digest(body: object) -> bytes | None:
    """The digest of a native report, of which the body is; None for a damaged value."""
    return digest_of(body, None) if isinstance(body, bytes) else None

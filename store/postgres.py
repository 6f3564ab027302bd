"""The log in a PostgreSQL database."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from store import erasing, filing, postgres_queries
from store.appending import Appender, Seen
from store.postgres_datastore import (
    PostgresConnection,
    PostgresLogDatastore,
    PostgresLogRecorder,
)
from store.preparing import Prepared
from store.records import Erasure

_INT, _TEXT, _BYTES = "int8", "text", "bytea"
RECORD_TYPES: Final = (
    *(_INT, _TEXT, _INT, _TEXT, _INT, _TEXT, _TEXT),
    *(_BYTES, _BYTES, _BYTES, _BYTES),
)
REPORT_TYPES: Final = (_BYTES, _INT)
OUTCOME_TYPES: Final = (
    *(_INT, _TEXT, _INT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT),
    *(_INT, _INT, _INT, _INT, _INT),
)
RAW_TYPES: Final = (_INT, _BYTES, _BYTES)


class PostgresLog(Appender[PostgresConnection]):
    """The log of one schema of a PostgreSQL database; any number of processes may use it.

    Writers take turns: the head of the log is a row that each locks. One waits for another for at
    most `busy_timeout` seconds. The schema is the first of the search path, which the address may
    set: `?options=-csearch_path%3Dcustoms`. `insecure` lets bytes for other machines travel without
    proof of who answers. Raises LogUnreachable when the server does not answer,
    LogError when there is no log and `create` is false or the address is not fit, LogFormatError
    when the schema holds anything else.
    """

    queries = postgres_queries

    def __init__(
        self,
        address: str,
        create: bool = True,
        *,
        busy_timeout: float = 10.0,
        salts: Callable[[int], bytes] = secrets.token_bytes,
        insecure: bool = False,
    ) -> None:
        super().__init__(salts)
        self.address = address
        self._datastore = PostgresLogDatastore(address, create, busy_timeout, insecure=insecure)
        self.recorder = PostgresLogRecorder(self._datastore)

    def close(self) -> None:
        self._datastore.close()

    def connection(self) -> AbstractContextManager[PostgresConnection]:
        """A connection for reading, with one unchanging view; it refuses to write."""
        return self._datastore.reading()

    def transaction(self, *, alone: bool = False) -> AbstractContextManager[PostgresConnection]:
        """One writing transaction for tables beside the log; one at a time, while others append.

        `alone` has it wait until nobody reads, which dropping or renaming tables needs. Raises
        LogBusy when others do not end in time.
        """
        return self._datastore.writing(alone=alone)

    def erase_raw(self, erasure: Erasure) -> None:
        """Erase the raw bytes of a translated or quarantined report, and the salt of its digest.

        What was recorded stays, and its leaf still verifies. The server's files hold the bytes
        until it uses their space again: docs/log-format.md says how to hasten that. Raises
        LogError when the outcome keeps no raw bytes of its own.
        """
        with self._datastore.appending() as connection:
            self._position(connection)  # those who erase at once take turns
            erasing.erase(connection, postgres_queries, erasure)

    def _writing(self) -> AbstractContextManager[PostgresConnection]:
        return self._datastore.appending()

    def _position(self, connection: PostgresConnection) -> filing.Position:
        # under READ COMMITTED every later statement sees what the last holder of the lock wrote
        (row,) = connection.execute(postgres_queries.LOCKED_HEAD).fetchall()
        return filing.Position(*row)

    def _look_ahead(self, prepared: Iterable[Prepared]) -> Seen:
        """The same look-ups as under the lock, which then are few: what others added since."""
        with self.connection() as connection:
            (row,) = connection.execute(postgres_queries.HEAD).fetchall()
            at = filing.Position(*row)
            told = self._tellings(connection, filing.keys_of(prepared))
            heads = self._known_heads(connection, prepared, at)
            self._heads.learn(heads, at.log_index)
        return Seen(told, heads, at.outcome)

    def _tellings(
        self, connection: PostgresConnection, keys: list[bytes]
    ) -> dict[bytes, filing.Telling]:
        found = connection.execute(postgres_queries.TELLINGS, (sorted(keys),))
        return {key: filing.Telling(*telling) for key, *telling in found}

    def _stored_heads(self, connection: PostgresConnection, streams: list[str]) -> filing.Heads:
        if not streams:
            return {}
        found = connection.execute(postgres_queries.STREAM_HEADS, (streams,))
        return {stream: (version, leaf) for stream, version, leaf in found}

    def _insert(self, connection: PostgresConnection, filed: filing.Filed) -> None:
        _copy(connection, postgres_queries.COPY_RECORDS, RECORD_TYPES, filed.records)
        _copy(connection, postgres_queries.COPY_REPORTS, REPORT_TYPES, sorted(filed.reports))
        _copy(connection, postgres_queries.COPY_OUTCOMES, OUTCOME_TYPES, filed.outcomes)
        _copy(connection, postgres_queries.COPY_RAWS, RAW_TYPES, filed.raws)
        connection.execute(postgres_queries.MOVE_HEAD, filed.position)
        if filed.records:
            connection.execute(postgres_queries.NOTIFY)


def _copy(
    connection: PostgresConnection,
    sql: str,
    types: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> None:
    if rows:
        connection.copy(sql, types, rows)

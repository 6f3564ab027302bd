"""Connections to the log in PostgreSQL, through the pool of the eventsourcing library.

Its datastore and recorder are used as they are but for three things: the address is one that
libpq understands whole, what goes wrong has our words, and the recorder reads the log but does not
write to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, NoReturn, cast

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import TupleRow, dict_row, tuple_row
from psycopg.types.string import BytesBinaryDumper

from store.address import parsed, shown
from store.postgres_tables import ensure_tables
from store.records import LogBusy, LogError, LogUnreachable

WRITING: Final = 0x637573746F6D7302
"""The advisory lock of whoever writes to tables beside the log."""
CONNECTIONS: Final = 10
_READ: Final = """
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = {};
    LOCK TABLE meta IN ACCESS SHARE MODE"""
# a writer that stands still, its machine frozen or cut off, must not hold up the others for ever
_WRITE: Final = """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = {};
    SET LOCAL idle_in_transaction_session_timeout = '60s'"""
_ALONE: Final = "LOCK TABLE meta IN ACCESS EXCLUSIVE MODE"


class PostgresConnection:
    """A connection that takes the SQL of the read models, with `?` for a parameter."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw

    def execute(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = (), /
    ) -> psycopg.Cursor[TupleRow]:
        cursor = self.raw.cursor(binary=True, row_factory=tuple_row)
        return cursor.execute(_placed(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> None:
        with self.raw.cursor() as cursor:
            cursor.executemany(_placed(sql), parameters)

    def copy(self, sql: str, types: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write rows by binary COPY."""
        with self.raw.cursor() as cursor, cursor.copy(_placed(sql)) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)


@lru_cache(maxsize=1024)
def _placed(sql: str) -> bytes:
    return sql.replace("?", "%s").encode()


class PostgresLogDatastore(PostgresDatastore):
    """Connections to one log; `busy_timeout` is in seconds.

    Raises LogUnreachable when the server does not answer, and what `parsed` and `ensure_tables`
    raise.
    """

    def __init__(
        self, address: str, create: bool, busy_timeout: float, *, insecure: bool = False
    ) -> None:
        given = parsed(address, insecure=insecure)
        self.where = shown(given)
        self.busy_timeout = busy_timeout
        schema = self._prepared(given, create)
        super().__init__("", "", "", "", "", originator_id_type="text", schema=schema)
        # its own pool has no place for TLS or a search path
        self.pool = ConnectionPool(
            connection_class=psycopg.Connection[dict[str, Any]],
            kwargs={**given, "row_factory": dict_row},
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            configure=_quick_with_bytes(self.after_connect_func()),
            check=ConnectionPool.check_connection,
            timeout=busy_timeout,
        )

    def _prepared(self, given: dict[str, str], create: bool) -> str:
        """Make or check the tables once, outside the pool, which would try again and again."""
        with self._told(), psycopg.connect(**cast("dict[str, Any]", given), autocommit=True) as raw:
            connection = PostgresConnection(raw)
            raw.execute(_WRITE.format(self._milliseconds).encode())
            (schema,) = connection.execute("SELECT current_schema()::text").fetchone() or (None,)
            if schema is None:
                raise LogError(
                    f"{self.where}: no schema of the search path exists. Create it, or name "
                    "another in the address: ?options=-csearch_path%3Dcustoms"
                )
            ensure_tables(connection, schema, self.where, create)
            raw.execute(b"COMMIT")
            return str(schema)

    @contextmanager
    def reading(self) -> Iterator[PostgresConnection]:
        """One unchanging view of the log, whoever writes meanwhile.

        Its lock keeps tables from being put in the place of others until it ends: a table that
        is new to the database is not in the view.
        """
        with self._lent(_READ, commit=False) as connection:
            yield connection

    @contextmanager
    def appending(self) -> Iterator[PostgresConnection]:
        """One transaction on the log, whose head row is the lock."""
        with self._lent(_WRITE, commit=True) as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool) -> Iterator[PostgresConnection]:
        """One transaction on tables beside the log; appending goes on meanwhile.

        `alone` waits until nobody reads. Raises LogBusy when others do not end in time.
        """
        with self._lent(_WRITE, commit=True) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(?)", (WRITING,))
            if alone:
                connection.execute(_ALONE)
            yield connection

    @contextmanager
    def _lent(self, begin: str, *, commit: bool) -> Iterator[PostgresConnection]:
        with self._told():
            self.pool.open()
            with self.pool.connection() as raw:
                raw.execute(begin.format(self._milliseconds).encode(), prepare=False)
                try:
                    yield PostgresConnection(raw)
                except BaseException:
                    if not raw.closed:
                        raw.execute(b"ROLLBACK")
                    raise
                raw.execute(b"COMMIT" if commit else b"ROLLBACK")

    @property
    def _milliseconds(self) -> int:
        return max(1, int(self.busy_timeout * 1000))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the database raises, in our words."""
        try:
            yield
        except psycopg.errors.LockNotAvailable as error:
            raise LogBusy(
                f"{self.where}: another transaction has held the log for more than "
                f"{self.busy_timeout:g} s. Nothing was written; try again when it has ended."
            ) from error
        except psycopg.errors.DeadlockDetected as error:
            raise LogBusy(
                f"{self.where}: another transaction was in the way. Nothing was written; try again."
            ) from error
        except psycopg.errors.IdleInTransactionSessionTimeout as error:
            raise LogBusy(
                f"{self.where}: this process stood still in a transaction, and the server ended "
                "it for the sake of others. Nothing was written; try again."
            ) from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise LogError(
                f"{self.where}: {error}. Grant it to this user, or name another in the address; "
                "after a new release, let `customs migrate` make what is new."
            ) from error
        except psycopg.OperationalError as error:
            if not _is_lost(error):
                raise LogError(f"{self.where}: {error} Nothing was written.") from error
            raise LogUnreachable(
                f"{self.where} does not answer: {str(error).strip()} Start the server, or check "
                "the address. A batch under way was recorded whole or not at all: the next "
                "offset of its partition tells."
            ) from error


def _quick_with_bytes(
    configure: Callable[[psycopg.Connection[Any]], None],
) -> Callable[[psycopg.Connection[Any]], None]:
    """Set a connection up as told; then let it write bytes in C, which by default COPY does not."""

    def configured(raw: psycopg.Connection[Any]) -> None:
        configure(raw)
        raw.adapters.register_dumper(bytes, BytesBinaryDumper)

    return configured


def _is_lost(error: psycopg.OperationalError) -> bool:
    """Whether the connection is gone, or never was: not full disks and the like."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "28"))


class PostgresLogRecorder(PostgresApplicationRecorder):
    """The reading side of the library on the log: events of a stream, notifications."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:  # noqa: ANN401, ARG002
        raise LogError("Only PostgresLog.append writes to the log: a record needs its evidence.")

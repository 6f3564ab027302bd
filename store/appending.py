"""Appending to the log: the order of the steps, which is the same for any database."""

import secrets
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Lock
from typing import Generic, Self, TypeVar

from evidence.leaf import Fault, instant, microseconds
from store import filing, preparing, verification
from store.heads import StreamHeads
from store.log import Connection
from store.reading import LogReader
from store.records import Batch, OffsetConflict, Outcome

C = TypeVar("C", bound=Connection)
NO_RAW_BYTES = (
    "Outcome {} keeps no raw bytes of its own: it is unknown, a duplicate of an earlier telling, "
    "or a native report, which is the record itself."
)


class Appender(LogReader, Generic[C]):
    """A log that can be appended to; its subclass knows the words of one database.

    `salts(n)` gives the n random bytes that key the digest of a translated report.
    """

    def __init__(self, salts: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._salts = salts
        self._heads = StreamHeads()
        self._appending = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def connection(self) -> AbstractContextManager[C]:
        """A connection for reading, with one unchanging view."""

    @abstractmethod
    def close(self) -> None: ...

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
            with self._writing() as connection:
                self._move_offset(connection, batch)
                at = self._position(connection)
                now = instant(max(given, given if at.recorded_at is None else at.recorded_at))
                told = self._tellings(connection, [key for each in prepared for key in each.keys])
                decisions = filing.decide(prepared, told, batch.partition, at, now)
                streams = filing.streams_of(decisions)
                heads = self._heads.known(streams, at.log_index)
                heads |= self._stored_heads(connection, sorted(streams - heads.keys()))
                filed = filing.seal(decisions, heads, at, now)
                self._insert(connection, filed)
            self._heads.learn(heads, filed.position.log_index)
        return [decision.outcome for decision in decisions]

    def standing(self, keys: list[bytes]) -> tuple[filing.Position, dict[bytes, filing.Telling]]:
        """Where the log stands, and the recorded reports that hold one of these keys."""
        with self.connection() as connection:
            at = filing.Position(*connection.execute(self.queries.HEAD).fetchone())
            return at, self._tellings(connection, keys)

    def verify(self) -> Iterator[Fault]:
        """Check the whole log; yield each fault, with its index and stream, as it is found."""
        return verification.verify(self)

    def _move_offset(self, connection: C, batch: Batch) -> None:
        """Move the partition from `expected` to `next`, if that is where it stands."""
        if not self._moved(connection, batch):
            row = connection.execute(self.queries.NEXT_OFFSET, (batch.partition,)).fetchone()
            raise OffsetConflict(batch.partition, row[0] if row else 0, batch.expected)

    @abstractmethod
    def _writing(self) -> AbstractContextManager[C]:
        """One transaction that appends."""

    @abstractmethod
    def _moved(self, connection: C, batch: Batch) -> bool:
        """Compare and set the offset of the partition; false when it stands elsewhere."""

    @abstractmethod
    def _position(self, connection: C) -> filing.Position:
        """Where the log stands, which nobody else moves before this transaction ends."""

    @abstractmethod
    def _tellings(self, connection: C, keys: list[bytes]) -> dict[bytes, filing.Telling]:
        """The recorded reports that hold one of these keys already."""

    @abstractmethod
    def _stored_heads(self, connection: C, streams: list[str]) -> filing.Heads:
        """The last version and leaf of each of these streams that has any."""

    @abstractmethod
    def _insert(self, connection: C, filed: filing.Filed) -> None:
        """Write the rows of a batch, and move the head of the log."""

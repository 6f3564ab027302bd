"""Appending to the log: the order of the steps, which is the same for any database."""

import secrets
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from operator import attrgetter
from threading import Lock
from typing import Generic, NamedTuple, Self, TypeVar

from evidence.leaf import Fault, instant, microseconds
from store import filing, preparing, verification
from store.asides import Asides
from store.heads import StreamHeads
from store.log import Connection
from store.preparing import Prepared
from store.reading import LogReader
from store.records import Batch, LogError, Move, OffsetConflict, Outcome, ReaderMoved

C = TypeVar("C", bound=Connection)
NOWHERE = -1
FOLLOWED = 50_000
"""How many records of others are looked through for the heads of streams at most."""


class Seen(NamedTuple):
    """What was looked up for a batch in the log up to an outcome: the recorded tellings of its
    keys, the heads of its streams.
    """

    told: dict[bytes, filing.Telling]
    heads: filing.Heads
    outcome: int


class Appender(LogReader, Generic[C]):
    """A log that can be appended to; its subclass knows the words of one database.

    `salts(n)` gives the n random bytes that key the digest of a translated report.
    """

    def __init__(self, salts: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._salts = salts
        self._heads = StreamHeads()
        self._asides = Asides()
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
        """Record one batch; see `append_all`."""
        return self.append_all((batch,), recorded_at)[0]

    def append_all(self, batches: Sequence[Batch], recorded_at: datetime) -> list[list[Outcome]]:
        """Record the batches of several partitions in one transaction, in the order given, and
        return the outcome of each incoming record of each.

        `recorded_at` is taken as given unless the log already stands at a later instant. Raises
        OffsetConflict when a partition does not stand where its batch expects it, LogBusy when
        another writer does not end, ValueError for a batch that no intake may build; nothing is
        written then, nor on any other failure.
        """
        prepared = [item for batch in batches for item in preparing.prepare(batch, self._salts)]
        given = microseconds(recorded_at)
        with self._appending:
            seen = self._look_ahead(prepared)
            again = {batch.partition for batch in batches if batch.again}
            if again and any(item.incoming.reason is not None for item in prepared):
                with self.connection() as reading:
                    self._asides.follow(reading, self.queries)
            with self._writing() as connection:
                # in the order of names, so that of two that share partitions one waits
                for batch in sorted(batches, key=attrgetter("partition")):
                    self._move_offset(connection, batch)
                at = self._position(connection)
                now = instant(max(given, given if at.recorded_at is None else at.recorded_at))
                heads = seen.heads
                if at.outcome != seen.outcome:
                    unknown = [key for key in filing.keys_of(prepared) if key not in seen.told]
                    seen.told.update(self._tellings(connection, unknown))
                decisions = filing.decide(prepared, seen.told, at, now)
                if again:
                    decisions = self._asides.mark_repeats(
                        connection, self.queries, decisions, again
                    )
                if at.outcome != seen.outcome:
                    heads = self._known_heads(connection, filing.recorded(decisions), at)
                filed = filing.seal(decisions, heads, at, now)
                self._insert(connection, filed)
            self._heads.learn(heads, filed.position.log_index)
        outcomes = (decision.outcome for decision in decisions)
        return [list(islice(outcomes, len(batch.incoming))) for batch in batches]

    def start_partition(self, partition: str, offset: int, at: datetime) -> None:
        """Record that a partition starts at this offset, as was seen at that instant.

        Raises OffsetConflict when it stands somewhere already, be it there, and LogError as
        `move_partition` does.
        """
        with self._writing() as connection:
            start = (partition, offset)
            if not connection.execute(self.queries.START_PARTITION, start).rowcount:
                raise OffsetConflict(partition, self._offset(connection, partition), offset)
            self._note(connection, Move(partition, None, offset, at))

    def move_partition(self, move: Move) -> None:
        """Record that a partition is read on from another offset, which a person decided.

        One that was never seen stands at 0. What lies in between is passed over, or told again.
        Raises OffsetConflict when the partition does not stand where it `was`, LogError when an
        earlier release made the store and it was only opened to be read since.
        """
        name, was, now, *_ = move
        expected, moves = was or 0, (self.queries.MOVE_OFFSET, self.queries.START_PARTITION)
        with self._writing() as connection:
            if not _set(connection, *moves, name, expected, now):
                raise OffsetConflict(name, self._offset(connection, name), expected)
            self._note(connection, move)

    def _note(self, connection: C, move: Move) -> None:
        """Keep where a partition was put, for whoever asks whether the record is complete."""
        if connection.execute(self.queries.HAS_MOVES).fetchone() is None:
            raise LogError("The store keeps no moves yet: run customs migrate on it.")
        name, was, now, at, by, why = move
        row = (name, was, now, microseconds(at), by, why)
        connection.execute(self.queries.NOTE_MOVE, row)

    def move_reader(self, name: str, expected: int, to: int) -> None:
        """Record that the reader of this name has got up to an index of the log.

        Raises ReaderMoved when it does not stand at `expected`, LogError when an earlier release
        made the store and it was only opened to be read since.
        """
        with self._writing() as connection:
            if connection.execute(self.queries.HAS_READERS).fetchone() is None:
                raise LogError("The store keeps no readers yet: run customs migrate on it.")
            moves = (self.queries.MOVE_READER, self.queries.START_READER)
            if not _set(connection, *moves, name, expected, to):
                row = connection.execute(self.queries.READER, (name,)).fetchone()
                raise ReaderMoved(name, row[0] if row else 0, expected)

    def standing(self, keys: list[bytes]) -> tuple[filing.Position, dict[bytes, filing.Telling]]:
        """Where the log stands, and the recorded reports that hold one of these keys."""
        with self.connection() as connection:
            at = filing.Position(*connection.execute(self.queries.HEAD).fetchone())
            return at, self._tellings(connection, keys)

    def verify(self) -> Iterator[Fault]:
        """Check the whole log; yield each fault, with its index and stream, as it is found."""
        return verification.verify(self)

    def _look_ahead(self, prepared: Iterable[Prepared]) -> Seen:  # noqa: ARG002  (a subclass may)
        """Look up before the log is locked what need not be looked up while others wait."""
        return Seen({}, {}, NOWHERE)

    def _known_heads(
        self, connection: C, prepared: Iterable[Prepared], at: filing.Position
    ) -> filing.Heads:
        """The heads of the streams of these, where the log stands; the memory follows it there."""
        memory, streams = self._heads, filing.streams_of(prepared)
        behind = at.log_index - memory.index
        if 0 < behind <= FOLLOWED and memory.index != NOWHERE:
            since = connection.execute(self.queries.HEADS_SINCE, (memory.index,))
            memory.learn({name: (version, leaf) for name, version, leaf in since}, at.log_index)
        elif behind:
            memory.forget(at.log_index)
        known = memory.known(streams)
        stored = self._stored_heads(connection, sorted(streams - known.keys()))
        return dict.fromkeys(streams, filing.NO_HEAD) | known | stored

    def _move_offset(self, connection: C, batch: Batch) -> None:
        """Move the partition from `expected` to `next`, if that is where it stands."""
        name, moves = batch.partition, (self.queries.MOVE_OFFSET, self.queries.START_PARTITION)
        if not _set(connection, *moves, name, batch.expected, batch.next):
            raise OffsetConflict(name, self._offset(connection, name), batch.expected)

    def _offset(self, connection: C, partition: str) -> int:
        row = connection.execute(self.queries.NEXT_OFFSET, (partition,)).fetchone()
        return row[0] if row else 0

    @abstractmethod
    def _writing(self) -> AbstractContextManager[C]:
        """One transaction that appends."""

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


def _set(connection: Connection, move: str, start: str, name: str, expected: int, to: int) -> bool:
    """Compare and set the place of a name, which starts at 0; false when it stands elsewhere."""
    if connection.execute(move, (to, name, expected)).rowcount:
        return True
    return expected == 0 and bool(connection.execute(start, (name, to)).rowcount)

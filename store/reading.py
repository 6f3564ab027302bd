"""Reading the log: records by stream, by index and by report, and what became of each report."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import orjson

from domain.records import maker
from evidence.leaf import instant, microseconds
from store import asides, erasing
from store.log import Connection
from store.preparing import is_storable, report_key
from store.records import Erasure, Head, Move, Outcome, OutcomeKind, Record

NO_LIMIT = 2**63 - 1
PAGE = 1000


class Queries(erasing.Queries, asides.Queries, Protocol):
    """The SQL of a log, in the words of one database; see `store.queries`."""

    HEAD: str
    NEXT_OFFSET: str
    PARTITIONS: str
    READER: str
    HAS_READERS: str
    MOVES: str
    HAS_MOVES: str
    RECORDED_AT: str
    RECORD_AT: str
    RECORD_OF_VERSION: str
    RECORDS_AFTER: str
    FACTS_AFTER: str
    RECORDS_OF_STREAMS: str
    FACTS_OF_STREAMS: str
    LINKS_OF_STREAM: str
    FACTS_OF_REPORT: str
    STREAM_NAMES: str
    COUNTS: str
    OPEN_COUNTS: str
    TOLD_AGAIN: str
    LATEST: str
    RAW: str
    LAST_INDEX: str
    OUTCOMES: str
    LOST_OUTCOMES: str
    RAWS_OF_NOTHING: str
    RANGES: str
    FACTS_WITHOUT_KEY: str
    MESSAGES_WITHOUT_KEY: str
    KEPT_RAWS: str

    MOVE_OFFSET: str
    START_PARTITION: str
    HEADS_SINCE: str
    NOTE_MOVE: str
    MOVE_READER: str
    START_READER: str

    def outcomes(
        self, columns: Iterable[str], *, recorded: bool = True, only_open: bool = False
    ) -> str: ...


class LogReader(ABC):
    """What can be asked of a log.

    Each call sees one state of the log; `up_to` cuts the log behind an index, which together with
    `index_at` gives any earlier state.
    """

    queries: Queries

    @abstractmethod
    def connection(self) -> AbstractContextManager[Connection]:
        """A connection for reading, with one unchanging view."""

    def checking(self) -> AbstractContextManager[Connection]:
        """A connection for the queries that check the log."""
        return self.connection()

    def damage(self, connection: Connection, *, quick: bool = False) -> Iterator[str]:  # noqa: ARG002  (a subclass may ask)
        """What the database itself finds broken, or what a quick look shows of it."""
        yield from ()

    def next_offset(self, partition: str) -> int:
        """The offset to read `partition` on from; 0 for a partition never seen."""
        with self.connection() as connection:
            row = connection.execute(self.queries.NEXT_OFFSET, (partition,)).fetchone()
        return 0 if row is None else int(row[0])

    def partitions(self, prefix: str = "") -> dict[str, int]:
        """The next offset of each partition whose name begins so, in the order of the names."""
        with self.connection() as connection:
            return dict(connection.execute(self.queries.PARTITIONS, (prefix, prefix)).fetchall())

    def moves(self) -> list[Move]:
        """Where partitions started and were moved to, in the order in which that was recorded."""
        with self.connection() as connection:
            if connection.execute(self.queries.HAS_MOVES).fetchone() is None:
                return []  # a store of an earlier release that nothing has written to since
            rows = connection.execute(self.queries.MOVES).fetchall()
        return [Move(name, was, now, instant(at), *said) for name, was, now, at, *said in rows]

    def erasures(self) -> list[Erasure]:
        """What was erased, in the order in which it was noted."""
        with self.connection() as connection:
            return [erasing.read(each) for each in erasing.noted(connection, self.queries)]

    def reader(self, name: str) -> int:
        """The index of the log up to which the reader of this name has got; 0 at first."""
        with self.connection() as connection:
            if connection.execute(self.queries.HAS_READERS).fetchone() is None:
                return 0  # a store of the first release that nothing has written to since
            row = connection.execute(self.queries.READER, (name,)).fetchone()
        return 0 if row is None else int(row[0])

    def head(self) -> Head:
        with self.connection() as connection:
            index, _, recorded_at = connection.execute(self.queries.HEAD).fetchone()
        return Head(index, None if recorded_at is None else instant(recorded_at))

    def index_at(self, known_at: datetime) -> int:
        """The last index recorded at or before `known_at`, 0 when there is none."""
        with self.connection() as connection:
            last, _, _ = connection.execute(self.queries.HEAD).fetchone()

            def recorded_at(index: int) -> int:
                return int(connection.execute(self.queries.RECORDED_AT, (index,)).fetchone()[0])

            # bisection, for recorded_at never decreases and indexes have no holes
            return bisect_right(range(1, last + 1), microseconds(known_at), key=recorded_at)

    def stream(self, stream: str, *, up_to: int | None = None, links: bool = True) -> list[Record]:
        """The records of one stream in version order."""
        return self.streams((stream,), up_to=up_to, links=links)[stream]

    def streams(
        self, streams: Iterable[str], *, up_to: int | None = None, links: bool = True
    ) -> dict[str, list[Record]]:
        """The records of many streams, each in version order; a stream never seen gives []."""
        found: dict[str, list[Record]] = {stream: [] for stream in streams}
        names = orjson.dumps([name for name in found if is_storable(name)]).decode()
        query = self.queries.RECORDS_OF_STREAMS if links else self.queries.FACTS_OF_STREAMS
        for record in self._records(query, {"streams": names, "up_to": _bound(up_to)}):
            found[record.stream].append(record)
        return found

    def links(
        self, stream: str, *, after: int = 0, limit: int = PAGE, up_to: int | None = None
    ) -> list[Record]:
        """The links alone on one stream, in pages: those with a version above `after`."""
        return self._records(self.queries.LINKS_OF_STREAM, (stream, after, _bound(up_to), limit))

    def page(
        self, after: int, limit: int, *, up_to: int | None = None, links: bool = True
    ) -> list[Record]:
        """At most `limit` records behind index `after`, in index order; without `links` the facts
        among them.
        """
        query = self.queries.RECORDS_AFTER if links else self.queries.FACTS_AFTER
        return self._records(query, (after, _bound(up_to), limit))

    def record(self, index: int) -> Record | None:
        return next(iter(self._records(self.queries.RECORD_AT, (index,))), None)

    def record_of(self, stream: str, version: int) -> Record | None:
        return next(iter(self._records(self.queries.RECORD_OF_VERSION, (stream, version))), None)

    def report(self, source: str, report_id: str) -> list[Record]:
        """The facts that a report told; [] for a report that was not recorded.

        The id of a message gives all its facts, the id of one of its facts that fact.
        """
        if not is_storable(report_id):
            return []
        key = report_key(source, report_id)
        return self._records(self.queries.FACTS_OF_REPORT, {"key": key, "report_id": report_id})

    def stream_names(self, after: str = "", limit: int = 1000) -> list[str]:
        """The names of all streams behind `after`, in the order of their code points."""
        with self.connection() as connection:
            return [
                name for (name,) in connection.execute(self.queries.STREAM_NAMES, (after, limit))
            ]

    def outcomes(
        self,
        *,
        kind: OutcomeKind | None = None,
        reason: str | None = None,
        partition: str | None = None,
        source: str | None = None,
        only_open: bool = False,
        limit: int | None = None,
        after: int = 0,
    ) -> Iterator[Outcome]:
        """The outcomes with an id above `after` that fit all that is given, in the order of ids.

        `only_open` leaves out those that were told again since.
        """
        if reason is not None and kind is None:
            kind = OutcomeKind.QUARANTINED  # the only outcome that has a reason
        given = {"kind": kind, "reason": reason, "partition": partition, "source": source}
        given = {column: value for column, value in given.items() if value is not None}
        recorded = kind in (None, OutcomeKind.RECORDED)
        query = self.queries.outcomes(given, recorded=recorded, only_open=only_open)
        left = NO_LIMIT if limit is None else limit
        while left > 0:
            asked = min(left, PAGE)
            with self.connection() as connection:
                rows = connection.execute(query, (after, *given.values(), asked)).fetchall()
            for row in rows:
                yield _outcome(row)
            if len(rows) < asked:
                return
            after, left = rows[-1][0], left - asked

    def told_again(self, told: Outcome) -> Outcome | None:
        """The last outcome of the same message since `told`; `None` where it was not redriven."""
        first = told.redrives or told.id
        with self.connection() as connection:
            row = connection.execute(self.queries.TOLD_AGAIN, (first, told.id)).fetchone()
        return None if row is None else _outcome(row)

    def raw(self, outcome_id: int) -> bytes | None:
        """The bytes as received; None when they were erased or there is no such outcome."""
        with self.connection() as connection:
            row = connection.execute(self.queries.RAW, (outcome_id,)).fetchone()
        return None if row is None else row[0]

    def counts(self) -> dict[tuple[str, OutcomeKind, str | None], int]:
        """How many incoming records of each source had which outcome, for which reason."""
        with self.connection() as connection:
            return {
                (source, OutcomeKind(kind), reason): count
                for source, kind, reason, count in connection.execute(self.queries.COUNTS)
            }

    def open_counts(self) -> dict[tuple[str, str], int]:
        """How many records of each source are set aside for which reason, and not redriven yet."""
        with self.connection() as connection:
            rows = connection.execute(self.queries.OPEN_COUNTS)
            return {(source, reason): count for source, reason, count in rows}

    def latest(self) -> dict[str, datetime]:
        """When each source was last heard of, whatever became of what it told."""
        with self.connection() as connection:
            rows = connection.execute(self.queries.LATEST)
            return {source: instant(recorded_at) for source, recorded_at in rows}

    def _records(
        self, query: str, parameters: Mapping[str, object] | tuple[object, ...]
    ) -> list[Record]:
        with self.connection() as connection:
            return list(records_of(connection.execute(query, parameters)))


def records_of(rows: Iterable[tuple[Any, ...]]) -> Iterator[Record]:
    """The records in `rows` of the columns that the queries select."""
    for index, stream, version, topic, at, source, report_id, digest, before, leaf, body in rows:
        yield _record(
            (
                index, stream, version, topic, _instant(at),
                source, report_id, digest, before, leaf, body,
            )
        )  # fmt: skip


_record = maker(Record)
_instant = lru_cache(maxsize=1_024)(instant)
"""The records of a batch have one instant."""


def _outcome(row: tuple[Any, ...]) -> Outcome:
    number, partition, offset, kind, reason, detail, source, report_id, index, at, redrives = row
    return Outcome(
        number,
        partition,
        offset,
        OutcomeKind(kind),
        reason,
        detail,
        source,
        report_id,
        index,
        instant(at),
        redrives,
    )


def _bound(up_to: int | None) -> int:
    return NO_LIMIT if up_to is None else up_to

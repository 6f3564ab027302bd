"""Verifying a log: its leaves and chains, and that outcomes, unique keys and raw bytes fit them
and are gone only where they were erased.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator

import psycopg
from eventsourcing.persistence import PersistenceError

from evidence import leaf
from evidence.digests import keyed_digest
from evidence.leaf import Fault
from store import erasing
from store.log import Connection
from store.reading import PAGE, LogReader, Queries
from store.records import Record

# what a damaged database, or a damaged value in it, makes reading raise
UNREADABLE = (
    PersistenceError,
    psycopg.Error,
    sqlite3.Error,
    TypeError,
    ValueError,
    OverflowError,
)


def verify(log: LogReader) -> Iterator[Fault]:
    """Each fault of the log as it stands now; what is appended meanwhile is not looked at."""
    queries = log.queries
    try:
        with log.connection() as connection:
            head = connection.execute(queries.HEAD).fetchone()[0]
            last = connection.execute(queries.LAST_INDEX).fetchone()[0]
    except UNREADABLE as error:
        yield Fault(0, "", f"the head of the log cannot be read: {error}")
        return
    unreadable: deque[Fault] = deque()
    for fault in leaf.verify(_records(log, last, unreadable)):
        yield from _drained(unreadable)
        yield fault
    yield from _drained(unreadable)
    if head != last:
        yield Fault(min(head, last) + 1, "", f"the log ends at {last}, its head says {head}")
    yield from _beside_the_records(log)


def _records(log: LogReader, last: int, unreadable: deque[Fault]) -> Iterator[Record]:
    for after in range(0, last, PAGE):
        end = min(after + PAGE, last)
        try:
            yield from log.page(after, PAGE, up_to=end)
        except UNREADABLE:
            yield from _readable(log, range(after + 1, end + 1), unreadable)


def _readable(log: LogReader, indexes: range, unreadable: deque[Fault]) -> Iterator[Record]:
    for index in indexes:
        try:
            record = log.record(index)
        except UNREADABLE as error:
            unreadable.append(Fault(index, "", f"the record cannot be read: {error}"))
        else:
            if record is not None:
                yield record


def _drained(faults: deque[Fault]) -> Iterator[Fault]:
    while faults:
        yield faults.popleft()


def _beside_the_records(log: LogReader) -> Iterator[Fault]:
    """Faults in what stands beside the records; index 0 where none of them is meant."""
    queries = log.queries
    try:
        with log.checking() as connection:
            yield from _outcomes(connection, queries)
            yield from _ranges(connection, queries)
            for index, stream in connection.execute(queries.FACTS_WITHOUT_KEY):
                yield Fault(index, stream, "the fact is not found under its report id")
            for index, stream in connection.execute(queries.MESSAGES_WITHOUT_KEY):
                what = "the report that told this fact is not found under its id"
                yield Fault(index, stream, what)
            yield from _raws(connection, queries)
            yield from erasing.verify(connection, queries)
            for what in log.damage(connection):
                yield Fault(0, "", what)
    except UNREADABLE as error:
        yield Fault(0, "", f"what stands beside the records cannot be read: {error}")


def _outcomes(connection: Connection, queries: Queries) -> Iterator[Fault]:
    """Outcomes must be numbered without a hole up to the last one that the head gave out, and what
    bytes are kept be those of one.
    """
    _, given, _ = connection.execute(queries.HEAD).fetchone()
    count, last = connection.execute(queries.OUTCOMES).fetchone()
    if count != max(last, given):
        for first, before_next in connection.execute(queries.LOST_OUTCOMES).fetchall():
            end = given if before_next is None else before_next
            if first <= end:
                some = f"outcome {first} is" if first == end else f"outcomes {first} to {end} are"
                yield Fault(0, "", f"{some} not there: what became of a message is lost")
    if last > given:
        yield Fault(0, "", f"the outcomes end at {last}, the head gave out {given}")
    for (outcome,) in connection.execute(queries.RAWS_OF_NOTHING).fetchall():
        yield Fault(0, "", f"raw bytes are kept of outcome {outcome}, which is not there")


def _ranges(connection: Connection, queries: Queries) -> Iterator[Fault]:
    """The recorded outcomes must stand for all records, each record under one outcome."""
    expected = 1
    for outcome, first, last in erasing.paged(connection, queries.RANGES):
        if first != expected:
            what = f"outcome {outcome} starts at {first}, not at {expected}"
            yield Fault(min(first, expected), "", what)
        expected = last + 1
    end = connection.execute(queries.LAST_INDEX).fetchone()[0]
    if expected != end + 1:
        what = f"the outcomes end at {expected - 1}, the records at {end}"
        yield Fault(min(expected, end + 1), "", what)


def _raws(connection: Connection, queries: Queries) -> Iterator[Fault]:
    for _, index, stream, raw, salt, digest in erasing.paged(connection, queries.KEPT_RAWS):
        if not _fits(raw, salt, digest):
            what = "the raw bytes kept beside the outcome do not fit the digest"
            yield Fault(index, stream, what)


def _fits(raw: object, salt: object, digest: bytes) -> bool:
    if isinstance(raw, bytes) and isinstance(salt, bytes):
        return keyed_digest(salt, raw) == digest
    return False

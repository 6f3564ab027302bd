"""A look at a log that does not read all of it: records spread over it, and the file's pages."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from evidence.leaf import FIRST, Fault, leaf
from store.log import Log
from store.records import Record
from store.verification import UNREADABLE

RECORDS: Final = 1_000


def sample(log: Log, many: int = RECORDS) -> Iterator[Fault]:
    """Check that the pages of the file hang together, and about `many` records of the log, first
    and last among them: the leaf, the leaf before it in its stream, instants that never decrease.
    """
    yield from _pages(log)
    before: datetime | None = None
    try:
        last = log.head().index
        for index in sorted({*range(1, last + 1, max(last // many, 1)), *([last] if last else [])}):
            record = log.record(index)
            if record is None:
                yield Fault(index, "", "the record is missing")
                continue
            for what in _faults(log, record, before):
                yield Fault(index, record.stream, what)
            before = record.recorded_at
    except UNREADABLE as error:
        yield Fault(0, "", f"the log cannot be read: {error}")


def _faults(log: Log, record: Record, before: datetime | None) -> Iterator[str]:
    if record.leaf != leaf(record):
        yield "the leaf does not match: the record was changed after it was written"
    earlier = log.record_of(record.stream, record.version - 1) if record.version > 1 else None
    if record.previous_leaf != (earlier.leaf if earlier else FIRST):
        yield "the previous leaf is not the leaf of the record before it in the stream"
    if before is not None and record.recorded_at < before:
        yield "it was recorded earlier than a record before it"


def _pages(log: Log) -> Iterator[Fault]:
    try:
        with log.connection() as connection:
            for what in log.damage(connection, quick=True):
                yield Fault(0, "", what)
    except UNREADABLE as error:
        yield Fault(0, "", f"the file cannot be read: {error}")

"""Reports and batches for the tests of the log."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.log import Log
from store.postgres import PostgresLog
from store.records import Batch, Erasure, Filing, Incoming, Link, Outcome, Record
from store.sqlite import SqliteLog

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PRESENTED = "temporary-storage.goods-presented.v1"
MRN_A, MRN_B = "mrn:26BG001000000000A1", "mrn:26BG001000000000B2"
PERMIT = "authorisation:BGCWPBG001000-2026-TST1"


def native(
    report_id: str,
    stream: str = MRN_A,
    *links: Link,
    raw: bytes | None = None,
    source: str = "port",
) -> Incoming:
    """A native report of one fact."""
    raw = b'{"id": "%s"}' % report_id.encode(errors="replace") if raw is None else raw
    return Incoming(
        0, raw, source, report_id, (Filing(stream, PRESENTED, report_id, raw, tuple(links)),)
    )


def translated(
    report_id: str, *streams: str, raw: bytes = b"<xml/>", source: str = "feed"
) -> Incoming:
    """A message of a feed that tells a fact of each stream."""
    filings = tuple(
        Filing(stream, PRESENTED, f"{report_id}/{place}", b'{"from": "%s"}' % raw)
        for place, stream in enumerate(streams or (MRN_A,), 1)
    )
    return Incoming(0, raw, source, report_id, filings, translated=True)


def malformed(raw: bytes = b"{", detail: str = "It is not JSON.") -> Incoming:
    return Incoming(0, raw, "port", None, reason="malformed", detail=detail)


def batch(incoming: Iterable[Incoming], expected: int = 0, partition: str = "files") -> Batch:
    """A batch that gives the records the offsets from `expected` on."""
    told = tuple(each._replace(offset=offset) for offset, each in enumerate(incoming, expected))
    return Batch(partition, expected, told, expected + len(told))


def tell(
    log: Log, *incoming: Incoming, at: datetime = NOON, partition: str = "files"
) -> list[Outcome]:
    """Append the records where the partition stands."""
    return log.append(batch(incoming, log.next_offset(partition), partition), at)


def erasure(outcome: int, why: str = "case 7 of 2026") -> Erasure:
    """What Ana has erased an hour after the reports came."""
    return Erasure(outcome, NOON + 60 * MINUTE, "Ana", why)


def opened_again(log: Log) -> Log:
    """The same log, as another process opens it."""
    if isinstance(log, PostgresLog):
        return PostgresLog(log.address)
    assert isinstance(log, SqliteLog)
    return SqliteLog(log.path)


def everything(log: Log) -> list[Record]:
    return log.page(0, 1_000_000)


def dump(path: Path | str) -> list[str]:
    """The whole content of the file, for comparison."""
    with SqliteLog(path, create=False) as log, log.connection() as connection:
        return list(connection.iterdump())

"""Any sequence of batches gives a log that verifies and loses nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.heads import StreamHeads
from store.log import Log
from store.postgres import PostgresLog
from store.records import LINK, Batch, Filing, Incoming, Link, OutcomeKind
from store.sqlite import SqliteLog
from tests.servers.postgres import schema
from tests.store.making import NOON, PRESENTED, everything, opened_again

Store = Callable[[str], AbstractContextManager[SqliteLog | PostgresLog]]

SOURCES = st.sampled_from(["port", "feed"])
STREAMS = st.sampled_from(["mrn:A", "mrn:B", "mrn:C", "lrn:Пловдив/1"])
IDS = st.sampled_from(["1", "2", "3", "1/1"])
RAWS = st.sampled_from([b"", b"x", b"y"])
LINKS = st.lists(st.builds(Link, STREAMS, st.just("previous")), max_size=3).map(tuple)


@st.composite
def natives(draw: st.DrawFn) -> Incoming:
    raw, report_id = draw(RAWS), draw(IDS)
    filing = Filing(draw(STREAMS), PRESENTED, report_id, raw, draw(LINKS))
    return Incoming(0, raw, draw(SOURCES), report_id, (filing,))


@st.composite
def messages(draw: st.DrawFn) -> Incoming:
    report_id = draw(IDS)
    streams = draw(st.lists(STREAMS, min_size=1, max_size=3))
    filings = tuple(
        Filing(stream, PRESENTED, f"{report_id}/{place}", b"{}", draw(LINKS))
        for place, stream in enumerate(streams, 1)
    )
    return Incoming(0, draw(RAWS), draw(SOURCES), report_id, filings, translated=True)


REASONS = st.sampled_from(["malformed", "x"])
ASIDE = st.tuples(RAWS, SOURCES, st.none() | IDS, REASONS).map(
    lambda told: Incoming(0, *told[:3], reason=told[3])
)


@dataclass(frozen=True)
class Step:
    """A batch of one of two partitions, recorded some minutes after noon or before."""

    partition: str
    incoming: list[Incoming]
    skipped: int
    minutes: int
    by_another: bool


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["kafka:0", "kafka:1"]),
        st.lists(natives() | messages() | ASIDE, max_size=6),
        st.integers(0, 2),
        st.integers(-3, 3),
        st.booleans(),
    ),
    max_size=5,
)


@dataclass
class Ledger:
    """What the log must say, kept the slow and obvious way."""

    told: dict[tuple[str, str], bytes] = field(default_factory=dict)
    kinds: list[OutcomeKind] = field(default_factory=list)
    records: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, incoming: Incoming) -> None:
        kind = self.kind_of(incoming)
        self.kinds.append(kind)
        if kind is not OutcomeKind.RECORDED:
            return
        for report_id in [incoming.report_id, *(told.report_id for told in incoming.filings)]:
            self.told[incoming.source, str(report_id)] = incoming.raw
        for told in incoming.filings:
            self.records.append((told.stream, told.topic, incoming.source, told.report_id))
            for link in told.links:
                self.records.append((link.stream, LINK, incoming.source, told.report_id))

    def kind_of(self, incoming: Incoming) -> OutcomeKind:
        if incoming.reason:
            return OutcomeKind.QUARANTINED
        own, *others = [
            (incoming.source, str(report_id))
            for report_id in [incoming.report_id, *(told.report_id for told in incoming.filings)]
        ]
        if own in self.told:
            same = self.told[own] == incoming.raw
            return OutcomeKind.DUPLICATE if same else OutcomeKind.QUARANTINED
        if any(other in self.told for other in others):
            return OutcomeKind.QUARANTINED
        return OutcomeKind.RECORDED


def append(log: Log, step: Step) -> None:
    start = log.next_offset(step.partition)
    first = start + step.skipped
    told = [each._replace(offset=offset) for offset, each in enumerate(step.incoming, first)]
    at = NOON + timedelta(minutes=step.minutes)
    log.append(Batch(step.partition, start, tuple(told), first + len(told)), at)


@contextmanager
def sqlite(_: str) -> Iterator[SqliteLog]:
    with TemporaryDirectory() as folder, SqliteLog(Path(folder, "log.sqlite")) as log:
        yield log


@contextmanager
def postgresql(database: str) -> Iterator[PostgresLog]:
    with schema(database) as address, PostgresLog(address) as log:
        yield log


@pytest.mark.parametrize("store", [sqlite, postgresql])
@given(steps=STEPS, remembered=st.integers(0, 3))
@settings(max_examples=60)
def test_any_batches_give_a_log_that_verifies_and_conserves(
    store: Store, postgres_database: str, steps: list[Step], remembered: int
) -> None:
    ledger = Ledger()
    with store(postgres_database) as log:
        log._heads = StreamHeads(limit=remembered)
        for step in steps:
            if step.by_another:
                with opened_again(log) as other:
                    append(other, step)
            else:
                append(log, step)
            for incoming in step.incoming:
                ledger.add(incoming)

        assert list(log.verify()) == []
        check_records(log, ledger)
        check_conservation(log, steps, ledger)


def check_records(log: Log, ledger: Ledger) -> None:
    records = everything(log)
    assert [(r.stream, r.topic, r.source, r.report_id) for r in records] == ledger.records
    assert [r.index for r in records] == list(range(1, len(records) + 1))
    assert [r.recorded_at for r in records] == sorted(r.recorded_at for r in records)
    for record in records:
        known = log.index_at(record.recorded_at)
        assert [r.recorded_at <= record.recorded_at for r in records].count(True) == known
    for stream in log.stream_names():
        versions = [r.version for r in log.stream(stream)]
        assert versions == list(range(1, len(versions) + 1))


def check_conservation(log: Log, steps: list[Step], ledger: Ledger) -> None:
    outcomes = list(log.outcomes())
    incoming = [each for step in steps for each in step.incoming]
    assert [outcome.kind for outcome in outcomes] == ledger.kinds
    assert [log.raw(outcome.id) for outcome in outcomes] == [each.raw for each in incoming]
    counts = Counter[OutcomeKind]()
    for (_, kind, _), count in log.counts().items():
        counts[kind] += count
    assert counts == Counter(ledger.kinds)
    for partition in ("kafka:0", "kafka:1"):
        offsets = [outcome.offset for outcome in log.outcomes(partition=partition)]
        assert offsets == sorted(set(offsets))
        own = [step for step in steps if step.partition == partition]
        end = sum(step.skipped + len(step.incoming) for step in own)
        assert log.next_offset(partition) == end

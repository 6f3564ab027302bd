"""What can be asked of a log, as it stands and as it stood."""

from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
import pytest

from projections.sql import exists
from projections.tables import POSITIONS
from store.log import Log
from store.records import LINK, NEAR, Filing, Incoming, Link, OutcomeKind, Record
from tests.store.making import (
    MINUTE,
    MRN_A,
    MRN_B,
    NOON,
    PERMIT,
    PRESENTED,
    everything,
    malformed,
    native,
    tell,
    translated,
)

RECORDED, DUPLICATE, QUARANTINED = OutcomeKind


@pytest.fixture
def log(any_log: Log) -> Log:
    return any_log


@pytest.fixture
def told(log: Log) -> Log:
    """Records 1 to 3 of noon, 4 and 5 of a minute later, 6 of another minute later."""
    use = Link(PERMIT, "authorisation")
    tell(log, native("r1", MRN_A, use), native("r2", PERMIT))
    tell(log, native("r3", MRN_B, use), at=NOON + MINUTE)
    tell(log, native("r4", MRN_A), at=NOON + 2 * MINUTE)
    return log


def indexes(records: Iterable[Record]) -> list[int]:
    return [record.index for record in records]


def test_a_stream_is_read_in_the_order_of_its_versions(told: Log) -> None:
    records = told.stream(PERMIT)

    assert [(record.index, record.version) for record in records] == [(2, 1), (3, 2), (5, 3)]
    assert [record.topic == LINK for record in records] == [True, False, True]


def test_the_facts_of_a_stream_can_be_read_without_its_links(told: Log) -> None:
    (record,) = told.stream(PERMIT, links=False)
    assert (record.index, record.report_id) == (3, "r2")


def test_the_facts_of_a_long_stream_are_read_in_order_with_none_left_out(log: Log) -> None:
    uses = (Link(PERMIT, "authorisation"),) * (NEAR - 2)
    last = (native(f"p{number}", PERMIT) for number in range(4))
    tell(log, native("p", PERMIT), native("m", MRN_A, *uses), *last)

    versions = [record.version for record in log.stream(PERMIT, links=False)]
    assert versions == [1, NEAR, NEAR + 1, NEAR + 2, NEAR + 3]


def test_the_links_of_a_stream_can_be_read_alone_in_pages(told: Log) -> None:
    first, second = told.links(PERMIT)
    assert [orjson.loads(link.body)["subject"] for link in (first, second)] == [MRN_A, MRN_B]

    assert told.links(PERMIT, limit=1) == [first]
    assert told.links(PERMIT, after=first.version) == [second]
    assert told.links(PERMIT, up_to=4) == [first]


def test_many_streams_are_read_at_once_and_a_stream_never_seen_is_empty(told: Log) -> None:
    streams = told.streams([PERMIT, "mrn:unknown", MRN_A])

    assert list(streams) == [PERMIT, "mrn:unknown", MRN_A]
    assert {name: indexes(records) for name, records in streams.items()} == {
        PERMIT: [2, 3, 5],
        "mrn:unknown": [],
        MRN_A: [1, 6],
    }
    assert told.streams([]) == {}


@pytest.mark.parametrize("up_to", range(8))
def test_a_prefix_of_the_log_is_read_as_the_log_stood_then(told: Log, up_to: int) -> None:
    prefix = [record for record in everything(told) if record.index <= up_to]
    facts = [record for record in prefix if record.topic != LINK]

    assert told.page(0, 100, up_to=up_to) == prefix
    for name, records in told.streams([MRN_A, MRN_B, PERMIT], up_to=up_to).items():
        assert records == [record for record in prefix if record.stream == name]
    for name, records in told.streams([MRN_A, PERMIT], up_to=up_to, links=False).items():
        assert records == [record for record in facts if record.stream == name]


def test_the_log_is_read_in_pages(told: Log) -> None:
    assert indexes(told.page(0, 2)) == [1, 2]
    assert indexes(told.page(2, 2)) == [3, 4]
    assert indexes(told.page(4, 100)) == [5, 6]
    assert told.page(6, 100) == []


def test_the_facts_alone_are_read_in_pages_as_well(told: Log) -> None:
    facts = [record for record in everything(told) if record.topic != LINK]
    assert 1 < len(facts) < len(everything(told))
    found: list[Record] = []
    while page := told.page(found[-1].index if found else 0, 2, links=False):
        assert len(page) <= 2
        found += page
    assert found == facts
    assert told.page(0, 100, up_to=facts[-1].index - 1, links=False) == facts[:-1]


def test_a_record_is_found_by_its_index(told: Log) -> None:
    assert told.record(4) == everything(told)[3]
    assert told.record(0) is told.record(7) is None


@pytest.mark.parametrize(
    ("known_at", "index"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), 0),
        (NOON - MINUTE, 0),
        (NOON, 3),
        (NOON + 0.5 * MINUTE, 3),
        (NOON + MINUTE, 5),
        (NOON + 2 * MINUTE, 6),
        (datetime(9999, 12, 31, tzinfo=UTC), 6),
    ],
)
def test_what_was_known_at_an_instant_is_a_prefix_of_the_log(
    told: Log, known_at: datetime, index: int
) -> None:
    assert told.index_at(known_at) == index


def test_nothing_was_known_while_the_log_was_empty(log: Log) -> None:
    assert log.index_at(NOON) == 0


def test_the_facts_of_a_report_are_found_by_its_id(told: Log) -> None:
    tell(told, translated("m1", MRN_A, MRN_B))

    assert indexes(told.report("port", "r3")) == [4]
    assert indexes(told.report("feed", "m1")) == [7, 8]
    assert indexes(told.report("feed", "m1/2")) == [8]
    assert told.report("port", "m1") == told.report("port", "") == []


def test_a_message_may_give_all_its_facts_its_own_id(log: Log) -> None:
    filings = tuple(Filing(stream, PRESENTED, "m1", b"{}") for stream in (MRN_A, MRN_B))
    tell(log, Incoming(0, b"<xml/>", "feed", "m1", filings, translated=True))

    assert indexes(log.report("feed", "m1")) == [1, 2]
    assert list(log.verify()) == []


def test_the_names_of_streams_come_in_key_order_and_in_pages(told: Log) -> None:
    names = [PERMIT, MRN_A, MRN_B]
    assert told.stream_names() == names
    assert told.stream_names(limit=2) == names[:2]
    assert told.stream_names(after=MRN_A) == names[2:]
    assert told.stream_names(after=MRN_B) == []


def test_key_order_is_the_order_of_code_points(log: Log) -> None:
    names = ["lrn:Z", "lrn:a", "lrn:ä", "lrn:Я", "lrn:\uffee", "lrn:\U0001f4e6"]
    tell(log, *(native(name, name) for name in reversed(names)))

    assert log.stream_names() == names == sorted(names)


def test_outcomes_are_filtered_by_all_that_is_given(log: Log) -> None:
    tell(log, native("r1"), malformed(), native("r1"), partition="http")
    tell(log, native("r1", raw=b"other"), translated("m1"), malformed(), partition="files")

    def ids(**given: object) -> list[int]:
        return [outcome.id for outcome in log.outcomes(**given)]  # type: ignore[arg-type]

    assert ids() == [1, 2, 3, 4, 5, 6]
    assert ids(kind=RECORDED) == [1, 5]
    assert ids(kind=DUPLICATE) == [3]
    assert ids(kind=QUARANTINED) == ids(kind="quarantined") == [2, 4, 6]
    assert ids(reason="malformed") == [2, 6]
    assert ids(reason="malformed", kind=RECORDED) == []
    assert ids(partition="http", kind=QUARANTINED) == [2]
    assert ids(source="feed") == [5]
    assert ids(after=3) == [4, 5, 6]
    assert ids(limit=2) == [1, 2]
    assert ids(limit=0) == []
    assert ids(kind=QUARANTINED, after=2, limit=1) == [4]


def test_more_outcomes_than_one_page_come_in_order(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading.PAGE", 3)
    returned = tell(log, *(malformed(b"%d" % place) for place in range(7)))

    assert list(log.outcomes()) == returned
    assert list(log.outcomes(limit=5)) == returned[:5]
    assert list(log.outcomes(limit=6)) == returned[:6]


def test_outcomes_are_counted_by_source_kind_and_reason(log: Log) -> None:
    tell(log, native("r1"), native("r1"), native("r2"), malformed(), translated("m1"))

    assert log.counts() == {
        ("feed", RECORDED, None): 1,
        ("port", RECORDED, None): 2,
        ("port", DUPLICATE, None): 1,
        ("port", QUARANTINED, "malformed"): 1,
    }


def test_an_unknown_outcome_has_no_raw_bytes(log: Log) -> None:
    assert log.raw(7) is None


def test_a_reading_connection_sees_one_state_of_the_log(told: Log) -> None:
    with told.connection() as connection:
        before = connection.execute("SELECT count(*) FROM stored_events").fetchone()
        tell(told, native("r9"))
        assert connection.execute("SELECT count(*) FROM stored_events").fetchone() == before
    assert told.head().index == 7


def test_tables_beside_the_log_are_written_in_one_transaction(told: Log) -> None:
    with told.transaction() as connection:
        connection.execute("CREATE TABLE positions (movement TEXT)")
        connection.execute("INSERT INTO positions VALUES (?)", (MRN_A,))
    with told.connection() as connection:
        assert connection.execute("SELECT movement FROM positions").fetchall() == [(MRN_A,)]


def test_a_failed_transaction_beside_the_log_leaves_nothing(told: Log) -> None:
    def fail() -> None:
        with told.transaction() as connection:
            connection.execute("CREATE TABLE positions (movement TEXT)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with told.connection() as connection:
        assert not exists(connection, POSITIONS)

"""What a reader finds on the topics."""

import re

import orjson

from consumers.broker.ports import Headers, Outgoing
from consumers.messages.cloud_event import attributes
from consumers.messages.facts import facts
from consumers.messages.positions import Latest, position, taken_back
from consumers.messages.verdicts import verdict
from domain.references import scheme_of
from projections import journal
from projections.canonical import canonical
from projections.current import PresentPosition, present
from projections.verdicts import given_out
from store.records import LINK
from store.sqlite import SqliteLog
from tests.projections.histories import HISTORY, MRN, STORAGE, imported, projector, take, warehouse

MARCH_9 = "2017-03-09T00:00:00.000000Z"
NOW = "2018-01-01T00:00:00.000000Z"
BINARY = {"id", "source", "type", "specversion", "time", "subject"}


def header(record: Outgoing, name: str) -> bytes:
    return dict(record.headers)[name]


def positions(log: SqliteLog, movement: str, as_of: str = NOW) -> PresentPosition:
    with log.connection() as db:
        return present(db, [movement], as_of, 0)[movement]


def test_a_fact_goes_out_in_the_bytes_in_which_it_came(log: SqliteLog) -> None:
    take(log, HISTORY)

    assert [each.value for each in facts(log.page(0, 100))] == HISTORY


def test_links_stay_at_home(log: SqliteLog) -> None:
    take(log, HISTORY)
    page = log.page(0, 100)

    assert [record for record in page if record.topic == LINK]
    assert len(facts(page)) == len(HISTORY)


def test_a_fact_is_a_cloud_event_in_binary_mode(log: SqliteLog) -> None:
    take(log, HISTORY)
    first = log.page(0, 1)[0]
    (told,) = facts([first])

    assert told.key == STORAGE.encode()
    assert header(told, "content-type") == b"application/json"
    assert attributes(told.headers) == {
        "specversion": "1.0",
        "id": f"{STORAGE}-1",
        "source": "local",
        "type": "temporary-storage.goods-presented.v1",
        "time": "2018-01-01T00:00:00.000000Z",
        "subject": STORAGE,
        "logindex": "1",
        "streamversion": "1",
        "leaf": first.leaf.hex(),
    }


def test_the_same_record_gives_the_same_bytes(log: SqliteLog) -> None:
    take(log, HISTORY)

    assert facts(log.page(0, 100)) == [each for n in range(9) for each in facts(log.page(n, 1))]


def test_the_names_of_attributes_are_those_that_cloud_events_allow(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    with log.connection() as db:
        entry = next(journal.entries(db))
    stands = position(positions(log, MRN), "urn:x")
    for record in (*facts(log.page(0, 100)), verdict(entry, "urn:x"), stands):
        names = attributes(record.headers)
        assert names.keys() >= BINARY
        assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in names)


def test_a_value_outside_ascii_is_utf_8() -> None:
    assert attributes((("ce_subject", "doc:Варна".encode()),)) == {"subject": "doc:Варна"}


def test_a_verdict_reads_as_the_command_gives_it_out(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    with log.connection() as db:
        entries = list(journal.entries(db))

    assert len(entries) > 3
    for each in entries:
        told = verdict(each, "urn:x")
        spelled = canonical({"schema": "customs.verdict.v1", **given_out(each)._asdict()})
        assert told.value == spelled.encode()
        assert told.key == each.movement.encode()
        assert re.fullmatch(rb"%d/[0-9a-f]{16}" % each.number, header(told, "ce_id"))
        other = verdict(each._replace(statement="status/2"), "urn:x")
        assert header(other, "ce_id") != header(told, "ce_id")


def test_a_position_holds_for_its_segment(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    before, now = positions(log, STORAGE, MARCH_9), positions(log, STORAGE)

    assert canonical(before.since) == '"2017-03-01T10:00:00.000000Z"'
    assert canonical(before.until) == '"2017-03-10T11:00:00.000000Z"'
    assert [part.situation for line in before.lines for part in line.parts] == ["TEMP_STORAGE"]
    assert before.until is not None
    assert now.since is not None
    assert now.since > before.until
    assert now.until is None


def test_what_is_overdue_is_a_segment_of_its_own(log: SqliteLog) -> None:
    take(log, HISTORY[:1])
    projector(log).catch_up()
    june = positions(log, STORAGE, "2017-05-30T20:59:59.999999Z")
    late = positions(log, STORAGE, "2017-06-01T00:00:00.000000Z")

    assert [line.overdue for line in june.lines] == [0]
    assert june.until == late.since
    assert [str(line.overdue) for line in late.lines] == ["100"]


def test_what_many_successors_hold_is_one_part(log: SqliteLog) -> None:
    take(log, warehouse(30))
    projector(log).catch_up()
    (line,) = positions(log, "local:warehouse").lines

    assert {part.situation: str(part.quantity) for part in line.parts} == {
        "CUSTOMS_WAREHOUSE": "970",
        "DISCHARGED": "30",
    }


def test_nothing_stands_anywhere_before_the_first_act(log: SqliteLog) -> None:
    take(log, HISTORY[:1])
    projector(log).catch_up()
    early = positions(log, STORAGE, "2017-01-01T00:00:00.000000Z")

    assert (early.since, early.lines) == (None, ())
    assert early.until is not None


def test_a_reader_ignores_what_is_earlier(log: SqliteLog) -> None:
    take(log, HISTORY[:1])
    projector(log).catch_up()
    first = positions(log, STORAGE, MARCH_9)
    take(log, imported())
    projector(log).catch_up()
    later = positions(log, STORAGE)
    told = [position(each, "urn:x") for each in (first, later, first, later)]
    latest = Latest()

    assert [latest.take(each.key, each.value) for each in told] == [True, True, False, True]
    assert latest.values[STORAGE] == orjson.loads(told[1].value or b"")


def test_a_position_of_rebuilt_read_models_is_later(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    found = positions(log, MRN)
    latest = Latest()
    told = [position(each, "urn:x") for each in (found, found._replace(generation=1, index=1))]

    assert [latest.take(each.key, each.value) for each in told] == [True, True]


def test_a_name_that_nothing_goes_by_is_taken_back() -> None:
    gone = taken_back("lrn:BG1/BG001007/L-1")
    latest = Latest()

    assert gone.value is None
    assert not latest.take(gone.key, gone.value)
    assert scheme_of(gone.key.decode())


def test_of_headers_that_stand_twice_the_last_one_counts() -> None:
    headers: Headers = (("ce_id", b"1"), ("other", b"\xff"), ("ce_id", b"2"))

    assert attributes(headers) == {"id": "2"}

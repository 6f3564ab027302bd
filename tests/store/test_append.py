"""What one append records, and what it refuses to record twice."""

import re
from collections.abc import Callable
from datetime import datetime

import orjson
import pytest

from evidence.digests import digest_of, keyed_digest
from evidence.leaf import FIRST, leaf
from store.log import Log
from store.records import LINK, Batch, Head, Incoming, Link, OffsetConflict, OutcomeKind
from tests.store.making import (
    MINUTE,
    MRN_A,
    MRN_B,
    NOON,
    PERMIT,
    PRESENTED,
    batch,
    erasure,
    everything,
    malformed,
    native,
    opened_again,
    tell,
    translated,
)

RECORDED, DUPLICATE, QUARANTINED = OutcomeKind


@pytest.fixture
def log(any_log: Log) -> Log:
    return any_log


def _with_a_link(incoming: Incoming) -> Incoming:
    (*filings, last) = incoming.filings
    return incoming._replace(filings=(*filings, last._replace(topic=LINK)))


def kinds(log: Log, *incoming: Incoming) -> list[OutcomeKind]:
    return [outcome.kind for outcome in tell(log, *incoming)]


def test_an_empty_log_stands_at_nothing(log: Log) -> None:
    assert log.head() == Head(0, None)
    assert log.next_offset("files") == 0
    assert everything(log) == []


def test_indexes_are_dense_over_all_streams_and_versions_within_each(log: Log) -> None:
    tell(log, native("r1", MRN_A), native("r2", MRN_B))
    tell(log, native("r3", MRN_A), malformed(), native("r4", MRN_A))

    places = [(record.index, record.stream, record.version) for record in everything(log)]
    assert places == [(1, MRN_A, 1), (2, MRN_B, 1), (3, MRN_A, 2), (4, MRN_A, 3)]
    assert log.head() == Head(4, NOON)


def test_links_stand_right_behind_their_fact_on_the_streams_that_they_name(log: Log) -> None:
    links = (Link(MRN_B, "previous"), Link(PERMIT, "authorisation"))
    tell(log, native("r1", MRN_A, *links), native("r2", PERMIT))

    fact, previous, permit, _ = everything(log)
    assert (fact.stream, fact.topic) == (MRN_A, PRESENTED)
    for link, at, relation in ((previous, 2, "previous"), (permit, 3, "authorisation")):
        assert (link.index, link.topic) == (at, LINK)
        assert (link.source, link.report_id, link.digest) == ("port", "r1", fact.digest)
        told = {"index": 1, "relation": relation, "subject": MRN_A}
        assert link.body == orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    assert [(record.index, record.version) for record in log.stream(PERMIT)] == [(3, 1), (4, 2)]


def test_each_record_is_chained_to_the_one_before_it_in_its_stream(log: Log) -> None:
    tell(log, native("r1", MRN_A, Link(MRN_B, "previous")))
    tell(log, native("r2", MRN_B))
    with opened_again(log) as other:  # which has no heads in memory
        tell(other, native("r3", MRN_A))
    tell(log, native("r4", MRN_A))

    first, second, third = log.stream(MRN_A)
    assert [first.previous_leaf, second.previous_leaf] == [FIRST, first.leaf]
    assert third.previous_leaf == second.leaf
    assert all(record.leaf == leaf(record) for record in everything(log))
    assert list(log.verify()) == []


def test_a_native_report_is_its_own_record(log: Log) -> None:
    raw = b'{"id":"r1",  "data": {}}'
    (outcome,) = tell(log, native("r1", raw=raw))

    (record,) = everything(log)
    assert record.body == raw
    assert record.digest == digest_of(raw, salt=None)
    assert log.raw(outcome.id) == raw


def test_a_translated_report_keeps_its_raw_bytes_and_a_salt_beside_the_outcome(
    log: Log,
) -> None:
    (outcome,) = tell(log, translated("m1", MRN_A, MRN_B, raw=b"<xml/>"))

    first, second = everything(log)
    assert (first.report_id, second.report_id) == ("m1/1", "m1/2")
    with log.connection() as connection:
        raw, salt = connection.execute("SELECT raw, salt FROM raws").fetchone()
    assert raw == log.raw(outcome.id) == b"<xml/>"
    assert len(salt) == 32
    assert first.digest == second.digest == keyed_digest(salt, b"<xml/>")


def test_every_translated_report_has_a_salt_of_its_own(log: Log) -> None:
    tell(log, translated("m1"), translated("m2"))

    one, other = everything(log)
    assert one.digest != other.digest


def test_the_same_bytes_under_the_same_id_are_a_duplicate(log: Log) -> None:
    tell(log, native("r0"), native("r1"))
    assert kinds(log, native("r1")) == [DUPLICATE]
    assert kinds(log, native("r2"), native("r2")) == [RECORDED, DUPLICATE]

    assert log.head().index == 3
    outcomes = list(log.outcomes(kind=DUPLICATE))
    assert [(outcome.report_id, outcome.index) for outcome in outcomes] == [("r1", 2), ("r2", 3)]
    assert [log.raw(outcome.id) for outcome in outcomes] == [b'{"id": "r1"}', b'{"id": "r2"}']


def test_the_same_bytes_of_a_translated_report_are_a_duplicate(log: Log) -> None:
    assert kinds(log, translated("m1"), translated("m1")) == [RECORDED, DUPLICATE]
    (outcome,) = tell(log, translated("m1"))

    assert (outcome.kind, outcome.index) == (DUPLICATE, 1)
    assert log.raw(outcome.id) == b"<xml/>"


@pytest.mark.parametrize("make", [native, translated])
def test_other_bytes_under_the_same_id_are_set_aside_whole(
    log: Log, make: Callable[..., Incoming]
) -> None:
    first, other = make("r1", raw=b"one"), make("r1", raw=b"two")
    assert kinds(log, first, other) == [RECORDED, QUARANTINED]
    (outcome,) = tell(log, other)

    assert (outcome.kind, outcome.reason, outcome.index) == (QUARANTINED, "id_conflict", None)
    assert outcome.detail is not None
    assert "at index 1 of the log" in outcome.detail
    assert log.raw(outcome.id) == b"two"
    assert log.head().index == 1


def test_two_sources_may_use_the_same_id(log: Log) -> None:
    assert kinds(log, native("r1"), native("r1", source="airport")) == [RECORDED, RECORDED]
    ambiguous = native("1", source="port2"), native("21", source="port")
    assert kinds(log, *ambiguous) == [RECORDED, RECORDED]


def test_the_id_of_one_fact_of_a_message_is_taken_too(log: Log) -> None:
    tell(log, translated("m1", MRN_A, MRN_B))
    (outcome,) = tell(log, native("m1/2", source="feed"))
    assert (outcome.kind, outcome.reason) == (QUARANTINED, "id_conflict")

    tell(log, native("m2/1", source="feed"))
    (outcome,) = tell(log, translated("m2", MRN_A, MRN_B))
    assert (outcome.kind, outcome.reason) == (QUARANTINED, "id_conflict")


def test_what_was_set_aside_does_not_hold_its_id(log: Log) -> None:
    aside = Incoming(0, b"v9", "port", "r1", reason="unknown_version", detail="Version 9.")
    assert kinds(log, aside, aside, native("r1")) == [QUARANTINED, QUARANTINED, RECORDED]


def test_a_redriven_record_names_the_outcome_that_it_is_told_again_for(log: Log) -> None:
    (aside,) = tell(log, malformed())
    (outcome,) = tell(log, native("r1")._replace(redrives=aside.id))

    assert outcome.redrives == aside.id
    assert list(log.outcomes(after=aside.id)) == [outcome]


def test_append_returns_the_outcomes_that_it_stored(log: Log) -> None:
    returned = tell(log, native("r1", MRN_A, Link(MRN_B, "previous")), malformed(), native("r1"))

    assert returned == list(log.outcomes())
    assert [outcome.offset for outcome in returned] == [0, 1, 2]
    assert [outcome.index for outcome in returned] == [1, None, 1]


def test_a_batch_that_starts_before_the_stored_offset_is_a_zombie(log: Log) -> None:
    late = batch([native("r1"), native("r2")])
    log.append(late, NOON)
    with pytest.raises(OffsetConflict, match=r"log stands at 2.*read on from offset 2"):
        log.append(late, NOON)

    assert log.head().index == 2
    assert len(list(log.outcomes())) == 2


def test_a_batch_that_starts_behind_the_stored_offset_is_a_jump(log: Log) -> None:
    tell(log, native("r1"))
    with pytest.raises(OffsetConflict) as caught:
        log.append(batch([native("r2")], expected=5), NOON)
    assert (caught.value.stored, caught.value.expected) == (1, 5)

    with pytest.raises(OffsetConflict, match="stands at 0"):
        log.append(batch([native("r2")], expected=5, partition="unknown"), NOON)
    assert log.next_offset("unknown") == 0


def test_each_partition_has_an_offset_of_its_own(log: Log) -> None:
    tell(log, native("r1"), native("r2"), partition="kafka:0")
    tell(log, native("r3"), partition="kafka:1")

    assert (log.next_offset("kafka:0"), log.next_offset("kafka:1")) == (2, 1)


def test_offsets_may_have_gaps_and_a_batch_may_be_empty(log: Log) -> None:
    told = native("r1")._replace(offset=500), native("r2")._replace(offset=503)
    log.append(Batch("kafka:0", 0, told, 510), NOON)
    log.append(Batch("kafka:0", 510, (), 520), NOON)

    assert [outcome.offset for outcome in log.outcomes()] == [500, 503]
    assert log.next_offset("kafka:0") == 520


@pytest.mark.parametrize("offsets", [(3, 2), (2, 2), (1, 2), (2, 9)])
def test_offsets_that_do_not_rise_within_the_batch_are_a_fault_of_intake(
    log: Log, offsets: tuple[int, int]
) -> None:
    first, second = offsets
    told = native("r1")._replace(offset=first), native("r2")._replace(offset=second)
    with pytest.raises(ValueError, match="rising order"):
        log.append(Batch("kafka:0", 2, told, 9), NOON)
    with pytest.raises(ValueError, match="cannot end at 3"):
        log.append(Batch("kafka:0", 4, (), 3), NOON)


@pytest.mark.parametrize(
    ("incoming", "why"),
    [
        (Incoming(0, b"", "port", "r1"), "neither filings nor a reason"),
        (native("r1")._replace(reason="malformed"), "set aside as malformed and has filings"),
        (native("r1")._replace(report_id=None), "filings and no report id"),
        (native("r1")._replace(raw=b"other"), "differs from its raw bytes"),
        (native("r1")._replace(report_id="r2"), "its fact is filed as 'r1'"),
        (translated("m1", MRN_A, MRN_B)._replace(translated=False), "native and has 2 filings"),
        (_with_a_link(native("r1", raw=b"")), "a filing is a link.v1"),
        (_with_a_link(translated("m1", MRN_A, MRN_B)), "a filing is a link.v1"),
        (
            _with_a_link(native("r1", raw=b""))._replace(reason="malformed"),
            "set aside as malformed and has filings",
        ),
        (_with_a_link(native("r1", raw=b""))._replace(report_id=None), "filings and no report id"),
    ],
)
def test_an_incoming_record_that_contradicts_itself_is_a_fault_of_intake(
    log: Log, incoming: Incoming, why: str
) -> None:
    where = f"Partition files, offset 0, report {incoming.report_id!r} of {incoming.source!r}: "
    with pytest.raises(ValueError, match=f"^{re.escape(where)}.*{why}"):
        tell(log, incoming)
    assert log.head().index == 0


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"])
def test_a_text_that_some_database_cannot_hold_sets_the_report_aside(log: Log, bad: str) -> None:
    told = [native(bad), native("r2", bad), native("r3", MRN_A, Link(bad, "previous"))]
    told += [native("r4", source=bad), malformed(detail=bad), native("r5", "lrn:Пловдив")]
    outcomes = tell(log, *told)

    assert [outcome.kind for outcome in outcomes] == [QUARANTINED] * 5 + [RECORDED]
    assert {outcome.reason for outcome in outcomes[:4]} == {"unstorable_text"}
    assert outcomes[0].report_id == outcomes[3].source == outcomes[4].detail == "a�b"
    assert outcomes[4].reason == "malformed"
    assert outcomes == list(log.outcomes())
    assert log.raw(outcomes[1].id) == b'{"id": "r2"}'
    assert log.stream(bad) == log.report("port", bad) == []


def test_the_time_of_recording_never_decreases(log: Log) -> None:
    tell(log, native("r1"), at=NOON)
    tell(log, native("r2"), at=NOON - MINUTE)
    tell(log, native("r3"), at=NOON + MINUTE)

    times = [record.recorded_at for record in everything(log)]
    assert times == [NOON, NOON, NOON + MINUTE]
    assert [outcome.recorded_at for outcome in log.outcomes()] == times
    assert log.head().recorded_at == NOON + MINUTE


def test_a_time_of_recording_needs_a_zone(log: Log) -> None:
    with pytest.raises(TypeError):
        tell(log, native("r1"), at=datetime(2026, 3, 2))  # noqa: DTZ001
    assert log.next_offset("files") == 0


def again(log: Log, *incoming: Incoming, partition: str = "files") -> list[OutcomeKind]:
    """What becomes of messages of a partition that is read again from its start."""
    told = batch(incoming, log.next_offset(partition), partition)._replace(again=True)
    return [each.kind for each in log.append(told, NOON)]


def test_what_is_read_again_repeats_what_is_still_set_aside(log: Log) -> None:
    assert again(log, malformed(), malformed(b"[")) == [QUARANTINED, QUARANTINED]
    assert again(log, malformed(), malformed(b"[")) == [DUPLICATE, DUPLICATE]
    with opened_again(log) as other:
        assert again(other, malformed()) == [DUPLICATE]
    assert again(log, malformed(), partition="elsewhere") == [QUARANTINED]
    assert again(log, malformed()._replace(reason="invalid")) == [QUARANTINED]
    told = list(log.outcomes(kind=DUPLICATE))
    assert {each.reason for each in told} == {"malformed"}
    assert [log.raw(each.id) for each in told] == [b"{", b"[", b"{"]
    assert not list(log.verify())
    # one that is not set aside any more, or whose bytes are gone, is no telling to repeat
    tell(log, native("r1")._replace(redrives=1))
    log.erase_raw(erasure(2))
    assert again(log, malformed(), malformed(b"[")) == [QUARANTINED, QUARANTINED]


def test_what_a_partition_brings_twice_without_being_read_again_is_set_aside_twice(
    log: Log,
) -> None:
    assert kinds(log, malformed(), malformed()) == [QUARANTINED, QUARANTINED]


def test_an_id_that_conflicts_again_is_a_repeat_too(log: Log) -> None:
    tell(log, native("r1"))
    assert again(log, native("r1", raw=b"other")) == [QUARANTINED]
    assert again(log, native("r1", raw=b"other")) == [DUPLICATE]

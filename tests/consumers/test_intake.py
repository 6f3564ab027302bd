"""Each message gets one outcome: what is understood is recorded, the rest is set aside whole."""

import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from consumers.entitlement import Sources
from consumers.intake import Intake, Message, understand
from consumers.reasons import Reason
from store.records import Link, Outcome, OutcomeKind
from store.sqlite import SqliteLog

Native = Callable[..., bytes]
Take = Callable[..., list[Outcome]]

AT = datetime(2017, 3, 2, tzinfo=UTC)


def line(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """The data of a report with one line that has these fields."""
    return {"data": {"lines": [{"quantity": "1", "unit": "KGM"} | fields]}}


def test_a_report_is_recorded_in_the_stream_of_its_subject_byte_for_byte(
    native: Native, take: Take, log: SqliteLog
) -> None:
    raw = b" " + native() + b"\n"
    [outcome] = take(raw)
    assert outcome.kind is OutcomeKind.RECORDED
    assert (outcome.source, outcome.report_id) == ("varna-terminal", "r-1")
    [record] = log.stream("doc:BL-4711")
    assert record.topic == "temporary-storage.goods-presented.v1"
    assert record.body == raw


def test_the_same_bytes_again_are_a_duplicate(native: Native, take: Take, log: SqliteLog) -> None:
    first, again = take(native(), native())
    assert again.kind is OutcomeKind.DUPLICATE
    assert again.index == first.index
    assert log.head().index == 1


def test_the_same_id_with_other_bytes_is_set_aside(
    native: Native, take: Take, log: SqliteLog
) -> None:
    take(native())
    [outcome] = take(native(**line(quantity="2")))
    assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, Reason.ID_CONFLICT)
    assert log.head().index == 1


def test_each_reference_that_a_report_names_gets_a_link(native: Native, sources: Sources) -> None:
    raw = native(
        type="declaration.lodged.v1",
        source="pontos",
        role="declarant",
        subject="mrn:17bg002002000117j4",
        data={
            "holder": None,
            "declarant": "BG201611700",
            "procedure": "customs-warehousing",
            "authorisation": "auth:BGCW117",
            "guarantee": "grn:17bg0020020117vt7",
            "same_as": "lrn:BG201611700/BG002002/PNT-117",
            "lines": [
                {"quantity": "1", "previous": "mrn:17BG002002000116K5"},
                {"quantity": "2", "previous": "mrn:17bg002002000116k5"},
                {"quantity": "2", "previous": "mrn:17BG002002000117J4"},
            ],
        },
    )
    [filing] = understand(Message(raw), 7, sources).filings
    assert filing.stream == "mrn:17BG002002000117J4"
    assert filing.links == (
        Link("lrn:BG201611700/BG002002/PNT-117", "same-as"),
        Link("mrn:17BG002002000116K5", "previous"),
        Link("auth:BGCW117", "authorisation"),
        Link("grn:17BG0020020117VT7", "guarantee"),
    )
    assert filing.body == raw


WRONG: list[tuple[str, dict[str, Any], Reason, str]] = [
    ("no type", {"type": None}, Reason.NOT_A_REPORT, "no object with a type"),
    ("type is a number", {"type": 7}, Reason.NOT_A_REPORT, "no object with a type"),
    (
        "misspelled type",
        {"type": "temporary-storage.good-presented.v1"},
        Reason.UNKNOWN_TYPE,
        "did you mean temporary-storage.goods-presented.v1?",
    ),
    ("type without version", {"type": "entry.goods-entered"}, Reason.UNKNOWN_TYPE, "no fact"),
    ("version of letters", {"type": "entry.goods-entered.vX"}, Reason.UNKNOWN_TYPE, "no fact"),
    (
        "version of tomorrow",
        {"type": "entry.goods-entered.v2"},
        Reason.UNKNOWN_VERSION,
        "known as entry.goods-entered.v1 only",
    ),
    ("no id", {"id": None}, Reason.INVALID, "id: is missing"),
    ("no data", {"data": {"holder": None}}, Reason.INVALID, "data.holder: is missing"),
    ("role unheard of", {"role": "king"}, Reason.INVALID, "role: "),
    ("CloudEvents 0.3", {"specversion": "0.3"}, Reason.INVALID, "specversion: "),
    ("a field too many", {"data": {"colour": "red"}}, Reason.INVALID, "data.colour: is no field"),
    ("time without zone", {"time": "2017-03-01T10:00:00"}, Reason.INVALID, "time: "),
    ("float", line(quantity=1.5), Reason.INVALID, "data.lines[0].quantity: write an exact number"),
    ("negative", line(quantity="-1"), Reason.INVALID, "a minus before them only where it may"),
    ("negative number", line(quantity=-1), Reason.INVALID, "input should be greater than or equal"),
    (
        "not a number",
        line(quantity="NaN"),
        Reason.INVALID,
        "data.lines[0].quantity: write a number",
    ),
    ("grouped", line(quantity="1_000"), Reason.INVALID, "data.lines[0].quantity: write a number"),
    ("infinite", line(quantity="Infinity"), Reason.INVALID, "data.lines[0].quantity: "),
    ("10^30", line(quantity="1" + "0" * 30), Reason.INVALID, "1 to 14 of the digits 0 to 9"),
    ("10^30 as exponent", line(quantity="1e30"), Reason.INVALID, "1 to 14 of the digits 0 to 9"),
    ("7 decimals", line(quantity="0.1234567"), Reason.INVALID, "at most 6 more after a point"),
    ("true as quantity", line(quantity=True), Reason.INVALID, "data.lines[0].quantity: "),
    ("unit in full", line(unit="kilogram"), Reason.INVALID, "data.lines[0].unit: "),
    ("30 February", {"data": {"happened": "2017-02-30"}}, Reason.INVALID, "data.happened: day"),
    ("month 13", {"data": {"happened": "2017-13-01T00:00:00Z"}}, Reason.INVALID, "data.happened: "),
    ("year 1", {"data": {"happened": "0001-01-01"}}, Reason.INVALID, "must lie between 1900"),
    (
        "instant without offset",
        {"data": {"happened": "2017-03-01T10:00:00"}},
        Reason.INVALID,
        "data.happened: an instant needs its offset",
    ),
    ("no scheme", {"subject": "4711"}, Reason.INVALID, "subject: this is no reference"),
    ("office of words", {"data": {"office": "Varna"}}, Reason.INVALID, "data.office: "),
    ("control character", {"data": {"holder": "BG\n1"}}, Reason.INVALID, "data.holder: "),
    (
        "guarantee as movement",
        {"subject": "grn:17BG0020020117VT7"},
        Reason.BAD_SUBJECT,
        "scheme grn cannot be the stream of a temporary-storage.goods-presented.v1",
    ),
    ("a stranger", {"source": "burgas"}, Reason.SOURCE_UNKNOWN, "no source is called 'burgas'"),
    (
        "role not had",
        {"role": "carrier"},
        Reason.SOURCE_NOT_ENTITLED,
        "'varna-terminal' may not speak as carrier",
    ),
    (
        "role that may not tell",
        {"source": "pontos", "role": "declarant"},
        Reason.SOURCE_NOT_ENTITLED,
        "is not told by a declarant but by: ",
    ),
    (
        "another office",
        {"data": {"office": "BG001000"}},
        Reason.SOURCE_NOT_ENTITLED,
        "speaks for BG002002 only, and the report names office BG001000",
    ),
    (
        "no office",
        {"data": {"office": None}},
        Reason.SOURCE_NOT_ENTITLED,
        "the report names no office (data.office)",
    ),
]


@pytest.mark.parametrize(
    ("changes", "reason", "says"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_what_is_wrong_is_set_aside_and_nothing_else_disturbed(
    native: Native,
    take: Take,
    log: SqliteLog,
    changes: dict[str, Any],
    reason: Reason,
    says: str,
) -> None:
    wrong = native(**{"id": "r-2", **changes})
    before, outcome, after = take(native(), wrong, native(id="r-3"))
    assert [before.kind, after.kind] == [OutcomeKind.RECORDED, OutcomeKind.RECORDED]
    assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, reason)
    assert outcome.detail is not None
    assert says in outcome.detail
    assert outcome.detail.endswith(reason.advice)
    assert log.raw(outcome.id) == wrong
    assert len(log.stream("doc:BL-4711")) == 2


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", Reason.MALFORMED),
        (b"\xff\xfe", Reason.MALFORMED),
        (b'{"id": "r-2", "id": "r-3"}', Reason.MALFORMED),
        (b"[]", Reason.NOT_A_REPORT),
        (b"null", Reason.NOT_A_REPORT),
        (b'"declaration.lodged.v1"', Reason.NOT_A_REPORT),
        (b"{}", Reason.NOT_A_REPORT),
        (b'{"type":"' + b"x" * (1 << 20) + b'"}', Reason.TOO_LARGE),
    ],
)
def test_bytes_that_are_no_report_are_kept_whole(
    take: Take, log: SqliteLog, raw: bytes, reason: Reason
) -> None:
    [outcome] = take(raw)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, reason)
    assert (outcome.source, outcome.report_id) == ("unknown", None)
    assert log.raw(outcome.id) == raw


def test_every_reason_is_met_in_these_tests() -> None:
    met = {case[2] for case in WRONG} | {Reason.MALFORMED, Reason.TOO_LARGE, Reason.ID_CONFLICT}
    assert met == set(Reason)


def test_five_faults_are_named_and_the_rest_counted(native: Native, sources: Sources) -> None:
    lines = [{"quantity": "x"} for _ in range(8)]
    incoming = understand(Message(native(data={"lines": lines})), 0, sources)
    assert incoming.detail is not None
    assert incoming.detail.count("quantity: ") == 5
    assert "; and 3 more" in incoming.detail


@pytest.mark.parametrize(
    ("changes", "speaker", "source", "report_id"),
    [
        ({}, None, "varna-terminal", "r-1"),
        ({}, "desk", "desk", "r-1"),
        ({"source": "no name", "id": ""}, "desk", "desk", None),
        ({"source": 7, "id": 7}, None, "unknown", None),
    ],
)
def test_what_is_set_aside_counts_for_who_handed_it_in_or_else_who_it_says(
    native: Native,
    sources: Sources,
    changes: dict[str, Any],
    speaker: str | None,
    source: str,
    report_id: str | None,
) -> None:
    incoming = understand(Message(native(role="king", **changes), speaker=speaker), 0, sources)
    assert incoming.reason is not None
    assert (incoming.source, incoming.report_id) == (source, report_id)


def test_nobody_speaks_in_the_name_of_another(native: Native, sources: Sources) -> None:
    own = understand(Message(native(), speaker="varna-terminal"), 0, sources)
    assert own.reason is None
    other = understand(Message(native(), speaker="bg-customs"), 0, sources)
    assert other.reason == Reason.SOURCE_NOT_ENTITLED
    assert other.detail is not None
    assert "names the source 'varna-terminal', and 'bg-customs' handed it in" in other.detail


def test_offsets_continue_where_the_partition_stands(native: Native, take: Take) -> None:
    assert [one.offset for one in take(native(id="r-1"), b"x", native(id="r-2"))] == [0, 1, 2]
    assert [one.offset for one in take(native(id="r-3"))] == [3]


def test_no_messages_are_no_transaction(log: SqliteLog, sources: Sources) -> None:
    assert Intake(log, sources).take("files", [], AT) == []
    assert log.next_offset("files") == 0


def test_the_local_source_may_say_everything(native: Native) -> None:
    sources = Sources.local()
    assert understand(Message(native(source="local")), 0, sources).reason is None
    assert understand(Message(native()), 0, sources).reason == Reason.SOURCE_UNKNOWN


@pytest.mark.parametrize("told", [{"source": "nobody"}, {"role": "customs"}])
def test_the_bytes_of_a_refused_report_do_not_wait_for_the_garbage_collector(
    native: Native, sources: Sources, told: dict[str, Any]
) -> None:
    raw = native(**told)
    gc.disable()
    try:
        held = sys.getrefcount(raw)
        reason = understand(Message(raw), 0, sources).reason
        # Not what the collector finds: that is of every thread in the process.
        left = sys.getrefcount(raw)
    finally:
        gc.enable()
    assert reason in {Reason.SOURCE_UNKNOWN, Reason.SOURCE_NOT_ENTITLED}
    assert left == held

"""What was set aside goes through the intake again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from consumers import redrive
from consumers.broker.ports import Arrived
from consumers.entitlement import Source, Sources
from consumers.intake import Intake, Message
from consumers.messages.replicated import replicated
from consumers.processes.source_topics import incoming_of
from consumers.reasons import Reason
from consumers.redrive import PARTITION, Redrive, Redriven, Wanted
from domain.facts.values import Role
from schemas.topics import FACTS
from store.records import Batch, Incoming, OffsetConflict, Outcome, OutcomeKind
from store.sqlite import SqliteLog
from tests.consumers.conftest import Native, Take
from tests.store.making import dump, erasure

RECORDED, DUPLICATE, QUARANTINED = OutcomeKind
ALL = Wanted()
LATER = datetime(2017, 3, 5, tzinfo=UTC)
NCTS = Path(__file__).parents[2] / "examples" / "demo" / "2017-06-07" / "ncts"


@pytest.fixture
def widened(sources: Sources) -> Sources:
    """The same sources, and one more that may speak now."""
    return Sources([*sources.values(), Source("ruse-port", frozenset({Role.FACILITY}))])


@pytest.fixture
def aside(take: Take, native: Native) -> list[Outcome]:
    """A report of a source that is not known, twice, one that is malformed, and a good one."""
    unknown = native(id="r-2", source="ruse-port", subject="doc:RUSE-1")
    *found, _ = take(unknown, unknown, b"{", native())
    return found


def became(told: Iterator[Redriven]) -> list[tuple[int, OutcomeKind, str | None]]:
    return [(each.aside.id, each.again.kind, each.again.reason) for each in told if each.again]


EXPECTED = [
    (1, RECORDED, None),
    (2, DUPLICATE, None),
    (3, QUARANTINED, Reason.MALFORMED),
]


@pytest.mark.usefixtures("aside")
def test_a_rehearsal_says_what_comes_true_and_writes_nothing(
    log: SqliteLog, widened: Sources, tmp_path: Path
) -> None:
    before = dump(tmp_path / "log.db")
    assert became(Redrive(log, widened).rehearse(ALL, LATER)) == EXPECTED
    assert dump(tmp_path / "log.db") == before
    assert became(Redrive(log, widened).go(ALL, LATER)) == EXPECTED


@pytest.mark.usefixtures("aside")
def test_each_new_outcome_is_linked_to_the_first(log: SqliteLog, widened: Sources) -> None:
    recorded, repeated, _ = Redrive(log, widened).go(ALL, LATER)
    assert recorded.again
    assert repeated.again
    assert [each.redrives for each in log.outcomes(partition=PARTITION)] == [1, 2]
    assert (recorded.again.partition, recorded.again.offset) == (PARTITION, 0)
    assert recorded.again.recorded_at == LATER
    assert [each.id for each in log.outcomes(kind=QUARANTINED, only_open=True)] == [3]
    assert log.report("ruse-port", "r-2")[0].stream == "doc:RUSE-1"
    assert list(log.verify()) == []


@pytest.mark.usefixtures("aside")
def test_to_redrive_twice_does_nothing_more(
    log: SqliteLog, widened: Sources, tmp_path: Path
) -> None:
    list(Redrive(log, widened).go(ALL, LATER))
    before = dump(tmp_path / "log.db")
    assert became(Redrive(log, widened).go(ALL, LATER)) == EXPECTED[2:]
    assert dump(tmp_path / "log.db") == before


def test_nothing_is_lost_on_the_way(log: SqliteLog, aside: list[Outcome], widened: Sources) -> None:
    list(Redrive(log, widened).go(ALL, LATER))
    counts: dict[OutcomeKind, int] = dict.fromkeys(OutcomeKind, 0)
    for (_, kind, _), many in log.counts().items():
        counts[kind] += many
    incoming = log.next_offset("files") + log.next_offset(PARTITION)
    assert counts == {RECORDED: 2, DUPLICATE: 1, QUARANTINED: len(aside)}
    assert sum(counts.values()) == incoming == 6


@pytest.mark.usefixtures("aside")
def test_what_is_wrong_by_now_is_told_and_changes_nothing(log: SqliteLog, tmp_path: Path) -> None:
    carrier = Sources([Source("ruse-port", frozenset({Role.CARRIER}))])
    before = dump(tmp_path / "log.db")
    told = became(Redrive(log, carrier).go(Wanted(ids=[1]), LATER))
    assert told == [(1, QUARANTINED, Reason.SOURCE_NOT_ENTITLED)]
    assert dump(tmp_path / "log.db") == before


@pytest.mark.usefixtures("aside")
@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(ids=[3, 1]), [1, 3]),
        (Wanted(ids=[4]), []),
        (Wanted(reason=Reason.SOURCE_UNKNOWN), [1, 2]),
        (Wanted(ids=[2], reason=Reason.MALFORMED), []),
        (Wanted(names=["doc:RUSE-1"]), [1, 2]),
        (Wanted(names=["doc:BL-4711"]), []),
    ],
)
def test_messages_are_chosen_by_id_reason_and_movement(
    log: SqliteLog, sources: Sources, wanted: Wanted, ids: list[int]
) -> None:
    chosen = Redrive(log, sources).rehearse(wanted, LATER)
    assert [each.aside.id for each in chosen] == ids


def test_a_message_that_cannot_be_read_is_found_by_the_references_in_its_text(
    log: SqliteLog, take: Take, native: Native, sources: Sources
) -> None:
    deep = b'{"data": ' + b"[" * 900 + b'"mrn:17bg001000000000a1"' + b"]" * 900 + b"}"
    take(
        native(type="goods.vanished.v1", subject="mrn:17bg001000000000a1"),
        native(type="goods.vanished.v1", data={"same_as": "lrn:a/b/c"}),
        orjson.dumps({"TransitOperation": {"MRN": "17BG001000000000A1"}}),
        deep,
    )

    def found(name: str) -> list[int]:
        chosen = Redrive(log, sources).rehearse(Wanted(names=[name]), LATER)
        return [each.aside.id for each in chosen]

    assert found("mrn:17BG001000000000A1") == [1, 3, 4]
    assert found("lrn:a/b/c") == [2]


def test_who_handed_a_message_in_still_may_not_speak_for_another(
    log: SqliteLog, native: Native, sources: Sources
) -> None:
    handed = Message(native(), speaker="pontos")
    Intake(log, sources).take("files", [handed], LATER)
    assert became(Redrive(log, sources).rehearse(ALL, LATER)) == [
        (1, QUARANTINED, Reason.SOURCE_NOT_ENTITLED)
    ]


def test_for_a_feed_somebody_can_be_named_who_speaks(log: SqliteLog, sources: Sources) -> None:
    messages = [Message(file.read_bytes(), "ncts") for file in sorted(NCTS.glob("*.json"))]
    Intake(log, sources).take("files", messages, LATER)
    speaking = Sources.local("ncts")
    assert {kind for _, kind, _ in became(Redrive(log, speaking).rehearse(ALL, LATER))} == {
        QUARANTINED
    }
    told = list(Redrive(log, speaking, "ncts").go(ALL, LATER))
    assert [each.again and each.again.kind for each in told] == [RECORDED] * len(messages)
    assert list(log.outcomes(kind=QUARANTINED, only_open=True)) == []


def test_of_two_that_redrive_at_once_one_writes_nothing(
    log: SqliteLog, aside: list[Outcome], widened: Sources
) -> None:
    late = Redrive(log, widened)
    chosen = late.go(Wanted(ids=[aside[1].id]), LATER)
    list(Redrive(log, widened).go(Wanted(ids=[aside[0].id]), LATER))
    with pytest.raises(OffsetConflict):
        list(chosen)
    assert log.next_offset(PARTITION) == 1


@pytest.mark.usefixtures("aside")
def test_what_was_erased_cannot_be_redriven(log: SqliteLog, widened: Sources) -> None:
    log.erase_raw(erasure(1))
    first, *others = Redrive(log, widened).go(ALL, LATER)
    assert first.again is None
    assert became(iter(others)) == [(2, RECORDED, None), *EXPECTED[2:]]


def test_many_messages_go_batch_by_batch_in_their_first_order(
    log: SqliteLog, take: Take, native: Native, widened: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrive, "BATCH", 2)
    take(*(native(id=f"r-{number}", source="ruse-port") for number in (1, 2, 3, 2, 5)))
    foreseen = list(Redrive(log, widened).rehearse(ALL, LATER))
    done = list(Redrive(log, widened).go(ALL, LATER))
    kinds = [each.again and each.again.kind for each in done]
    assert kinds == [RECORDED, RECORDED, RECORDED, DUPLICATE, RECORDED]
    assert kinds == [each.again and each.again.kind for each in foreseen]
    assert [each.report_id for each in log.page(0, 10)] == ["r-1", "r-2", "r-3", "r-5"]


def test_a_message_set_aside_while_it_was_redriven_keeps_its_place_in_the_order(
    log: SqliteLog, aside: list[Outcome], native: Native, widened: Sources
) -> None:
    first = aside[0]
    other = native(id="r-2", source="ruse-port", subject="doc:OTHER")
    racing = Redrive(log, widened)
    append = log.append

    def overtaken(batch: Batch, recorded_at: datetime) -> list[Outcome]:
        if batch.partition == PARTITION:
            Intake(log, widened).take("files", [Message(other)], recorded_at)
        return append(batch, recorded_at)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(log, "append", overtaken)
        told = became(racing.go(Wanted(ids=[first.id]), LATER))
    assert told == [(1, QUARANTINED, Reason.ID_CONFLICT)]
    (again, *_) = Redrive(log, widened).rehearse(ALL, LATER)
    assert (again.aside.redrives, again.aside.reason) == (first.id, Reason.ID_CONFLICT)


def test_what_another_site_published_is_taken_in_whoever_told_it(
    log: SqliteLog, native: Native, sources: Sources
) -> None:
    raw = native(source="elsewhere")
    for partition in ("kafka:customs.facts.v1[3]@id", "kafka:customs.elsewhere.reports.v1[3]@id"):
        aside = Incoming(0, raw, "elsewhere", "r-1", reason=Reason.UNKNOWN_VERSION, detail="Wait.")
        log.append(Batch(partition, 0, (aside,), 1), LATER)

    assert became(Redrive(log, sources).go(ALL, LATER)) == [
        (1, RECORDED, None),
        (2, QUARANTINED, Reason.SOURCE_UNKNOWN),
    ]


@pytest.mark.parametrize("topic", ["customs.ruse-port.reports.v1", FACTS.name])
def test_a_record_without_value_stays_what_the_intake_said_of_it(
    log: SqliteLog, widened: Sources, topic: str
) -> None:
    def arrived(offset: int, value: bytes | None) -> Incoming:
        record = Arrived(topic, 0, offset, b"key", value, (), 0)
        if topic == FACTS.name:
            return replicated(record)
        return incoming_of(record, "ruse-port", widened)

    told = (arrived(0, None), arrived(1, b""))
    none, empty = log.append(Batch(f"kafka:{topic}[0]@id", 0, told, 2), LATER)
    assert (none.reason, empty.reason) == (Reason.NOT_A_REPORT, Reason.MALFORMED)
    before = (none.reason, none.detail), (empty.reason, empty.detail)
    for take in (Redrive(log, widened).rehearse, Redrive(log, widened).go):
        again = [each.again for each in take(ALL, LATER)]
        assert tuple((each.reason, each.detail) for each in again if each) == before

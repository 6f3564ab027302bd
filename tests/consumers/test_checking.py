"""What messages would change if they were taken in; nothing is recorded."""

from pathlib import Path

import orjson
import pytest

from consumers.checking import Checker
from consumers.entitlement import Sources
from consumers.intake import Intake, Message
from consumers.reasons import Reason
from domain.law.citation import Law
from domain.policies import Policies
from domain.timeline import Finding
from projections.comparing import Effect
from projections.judging import Terms
from store.records import OutcomeKind
from store.sqlite import SqliteLog
from tests.projections.histories import LATER, STORAGE, imported, projector, report, stored, take
from tests.store.making import dump

TERMS = Terms(Law(), Policies())
LOCAL = Sources.local()
NCTS = Path(__file__).parents[2] / "examples" / "demo" / "2017-06-07" / "ncts"


def checker(log: SqliteLog) -> Checker:
    return Checker(log, LOCAL, TERMS)


def test_nothing_is_recorded(log: SqliteLog, tmp_path: Path) -> None:
    take(log, stored())
    before = dump(tmp_path / "log.db")
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    checking = checker(log)
    for raw in (*imported(), b"{", *stored()):
        checking.check(Message(raw), LATER)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert dump(tmp_path / "log.db") == before


def test_the_outcome_is_that_of_the_intake(log: SqliteLog) -> None:
    take(log, stored())
    other = orjson.dumps(orjson.loads(stored()[0]) | {"time": "2017-03-02T10:00:00Z"})
    stranger = orjson.dumps(orjson.loads(imported()[0]) | {"source": "stranger"})
    messages = [Message(raw) for raw in (*imported(), *stored(), other, stranger, b"{}")]
    checking = checker(log)
    checked = [checking.check(each, LATER).outcome for each in messages]
    taken = Intake(log, LOCAL).take("files", messages, LATER)
    told = [[(each.kind, each.reason, each.index) for each in some] for some in (checked, taken)]
    assert told[0] == told[1]
    assert [each.reason for each in checked[3:]] == [
        None,
        Reason.ID_CONFLICT,
        Reason.SOURCE_UNKNOWN,
        Reason.NOT_A_REPORT,
    ]


def test_each_is_checked_as_if_those_before_it_were_recorded(log: SqliteLog) -> None:
    take(log, stored())
    checking = checker(log)
    lodged, accepted, released = (checking.check(Message(raw), LATER) for raw in imported())
    assert {each.movement for each in lodged.differences} < {
        each.movement for each in accepted.differences
    } | {"lrn:BG201611700/BG001007/L-1"}
    assert STORAGE in {each.movement for each in accepted.differences}
    assert any(each.kind == "debt" for each in accepted.differences)
    assert released.differences
    twice = checking.check(Message(imported()[2]), LATER)
    assert (twice.outcome.kind, twice.differences) == (OutcomeKind.DUPLICATE, ())


def test_the_neighbour_that_shows_it_is_told_of(log: SqliteLog) -> None:
    take(log, [*stored(), *imported()])
    checking = checker(log)
    lodged, accepted, _ = imported(lrn="lrn:BG1/BG001007/L-2", mrn="mrn:17BG001007A000029J2")
    checking.check(Message(lodged), LATER)
    found = checking.check(Message(accepted), LATER)
    codes = {
        (each.movement, each.said.code)
        for each in found.differences
        if each.effect is Effect.ADDED and isinstance(each.said, Finding)
    }
    assert (STORAGE, "UCC215_OVER_DISCHARGE") in codes


def test_a_message_of_a_feed_is_checked_whole(log: SqliteLog) -> None:
    checking = Checker(log, Sources.local("ncts"), TERMS)
    (first, *_) = sorted(NCTS.glob("*.json"))
    found = checking.check(Message(first.read_bytes(), "ncts", "ncts"), LATER)
    assert found.outcome.kind is OutcomeKind.RECORDED
    assert len(found.told) >= 1
    assert found.differences


@pytest.mark.parametrize("kind", ["reference.interest-rate-set", "authorisation.granted"])
def test_what_is_no_movements_changes_no_movement_of_its_own(log: SqliteLog, kind: str) -> None:
    subject, data = {
        "reference.interest-rate-set": (
            "interest:EUR",
            {"first_day": "2016-01-01", "percent": "1"},
        ),
        "authorisation.granted": ("auth:A", {"holder": "BG1", "procedure": "inward-processing"}),
    }[kind]
    found = checker(log).check(Message(report("r", kind, subject, "2016-01-01", **data)), LATER)
    assert (found.outcome.kind, found.differences) == (OutcomeKind.RECORDED, ())


def test_what_rests_on_reference_data_is_told_once_the_read_models_are_derived(
    log: SqliteLog,
) -> None:
    take(log, stored())
    holiday = report(
        "day", "reference.calendar-set", "calendar:BG", "2017-01-01", added=["2017-05-30"]
    ).replace(b'"customs"', b'"operator"')
    first = checker(log).check(Message(holiday), LATER)
    assert (first.underived, first.differences) == (True, ())
    projector(log).catch_up()
    again = checker(log).check(Message(holiday), LATER)
    assert not again.underived
    assert {each.movement for each in again.differences} == {STORAGE}

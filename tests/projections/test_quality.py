"""What the owner of a feed should put right."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from consumers.entitlement import Source, Sources
from consumers.intake import Intake, Message
from consumers.redrive import Redrive, Wanted
from domain.facts.values import Role
from projections import lateness as measured
from projections.lateness import Lateness, lateness
from projections.quality import Disagreement, QualityView, Reasons, quality, sources_of
from projections.view import view
from store.sqlite import SqliteLog
from tests.projections.histories import GOODS, LATER, projector, report

ACCEPTED = "declaration.accepted"
PRESENTED = "temporary-storage.goods-presented"
MARCH = datetime(2017, 3, 31, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
ROLES = frozenset(Role)
SOURCES = Sources([Source(name, ROLES) for name in ("local", "port", "port/gate")])


def of(source: str, raw: bytes, **changes: Any) -> bytes:  # noqa: ANN401
    """The same report, told by another source."""
    return orjson.dumps({**orjson.loads(raw), "source": source, **changes})


def take(log: SqliteLog, reports: Iterable[bytes], at: datetime = LATER) -> None:
    Intake(log, SOURCES).take("test", [Message(raw) for raw in reports], at)


def presented(name: str, movement: str, happened: str) -> bytes:
    return report(name, PRESENTED, movement, happened, holder="BG1", lines=[GOODS])


def told(log: SqliteLog, late_after: timedelta = WEEK) -> dict[str, QualityView]:
    projector(log).catch_up()
    with view(log) as found:
        return {each.source: each for each in quality(log, found, LATER, late_after)}


def test_messages_are_counted_by_source_and_outcome(log: SqliteLog) -> None:
    good = presented("p-1", "doc:A", "2017-03-01T10:00:00Z")
    unknown = of("rail", good)
    take(log, [good, good, b"{", unknown, unknown])
    found = told(log)

    assert found.keys() == {"local", "rail", "unknown"}
    local, rail = found["local"], found["rail"]
    assert (local.recorded, local.duplicates, local.set_aside, local.open) == (1, 1, 0, 0)
    assert (rail.recorded, rail.duplicates, rail.set_aside, rail.open) == (0, 0, 2, 2)
    assert rail.reasons == (Reasons("source_unknown", 2, 2),)
    assert found["unknown"].reasons == (Reasons("malformed", 1, 1),)
    assert {each.last_heard for each in found.values()} == {LATER}


def test_what_was_redriven_is_set_aside_no_more(log: SqliteLog) -> None:
    take(log, [of("rail", presented("p-1", "doc:A", "2017-03-01T10:00:00Z")), b"{"])
    list(Redrive(log, Sources([Source("rail", ROLES)])).go(Wanted(), LATER))
    rail = told(log)["rail"]

    assert (rail.recorded, rail.set_aside, rail.open) == (1, 1, 0)
    assert rail.reasons == (Reasons("source_unknown", 1, 0),)


@pytest.mark.parametrize(
    ("happened", "hours", "late"),
    [
        ("2017-03-31T12:00:00Z", 0, 0),
        ("2017-03-31T07:30:00Z", 4, 0),
        ("2017-03-24T12:00:00Z", 168, 0),
        ("2017-03-24T11:59:59Z", 168, 1),
        ("2017-03-31", 0, 0),  # its day is not over
        ("2017-03-30", 12, 0),
        ("2017-03-24", 156, 0),
        ("2017-03-23", 180, 1),
        ("2017-04-02T00:00:00Z", 0, 0),  # told ahead
        ("2017-03-31T12:00:00+02:00", 2, 0),
    ],
)
def test_a_fact_is_late_from_when_it_happened_or_its_day_ended(
    log: SqliteLog, happened: str, hours: int, late: int
) -> None:
    take(log, [presented("p-1", "doc:A", happened)], MARCH)
    assert lateness(log, WEEK) == {"local": Lateness(1, hours, hours, late)}


def test_the_median_and_the_longest_are_of_all_facts_page_by_page(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "PAGE", 2)
    days = (30, 1, 29, 20, 31)
    take(
        log, [presented(f"p-{day}", "doc:A", f"2017-03-{day:02}T12:00:00Z") for day in days], MARCH
    )
    steps: list[int] = []
    found = lateness(log, WEEK, progress=lambda done, _: steps.append(done))

    assert found == {"local": Lateness(5, 48, 30 * 24, 2)}
    assert steps == [2, 4, 5]
    assert lateness(log, WEEK, after=3) == {"local": Lateness(2, 0, 11 * 24, 1)}


def test_decisions_and_rates_that_work_back_are_not_late(log: SqliteLog) -> None:
    rate = report("i", "reference.interest-rate-set", "interest:EUR", "2016-01-01",
                  first_day="2016-01-01", percent="0")  # fmt: skip
    take(log, [rate])
    assert lateness(log, WEEK) == {}


def test_wrong_references_are_warnings_for_who_opened_the_movement(log: SqliteLog) -> None:
    first = presented("p-1", "mrn:17BG00200500203113", "2017-03-01T10:00:00Z")
    digit, shape = "mrn:17BG00200500203114", "mrn:17BG"
    take(
        log,
        [
            of("port/gate", presented("p-2", digit, "2017-03-01T10:00:00Z")),
            of("port", presented("p-3", shape, "2017-03-01T10:00:00Z")),
            first,
        ],
    )
    found = told(log)
    warned = {name: (each.check_digit, each.shape) for name, each in found.items()}
    assert warned["port"] == (0, 1)
    assert warned["port/gate"][0] + warned["local"][0] == 1


def test_two_that_disagree_are_both_told_with_both_reports(log: SqliteLog) -> None:
    one = presented("p-1", "doc:A", "2017-03-01T10:00:00Z")
    other = of("port", presented("p-2", "doc:A", "2017-03-02T10:00:00Z"))
    take(log, [one, other, of("port/gate", presented("p-3", "doc:B", "2017-03-02T10:00:00Z"))])
    found = told(log)

    assert [found[name].disagreements for name in ("local", "port", "port/gate")] == [1, 1, 0]
    (pair,) = found["port"].disagreeing
    assert isinstance(pair, Disagreement)
    assert set(pair.reports) == {"local/p-1", "port/p-2"}
    assert pair.movement == "doc:A"
    assert found["local"].disagreeing == (pair,)


def test_a_source_with_a_slash_is_told_from_one_that_begins_like_it() -> None:
    source_of = sources_of(dict.fromkeys(("port", "port/gate"), LATER))
    assert source_of("port/gate/1") == "port/gate"
    assert source_of("port/1") == "port"
    assert source_of("porto/1") == "porto/1"

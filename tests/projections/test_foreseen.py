"""What reports would change, statement by statement."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from domain.customs_debt import Debt
from domain.facts.fact import Told, told
from domain.judgement.ahead import Ahead
from domain.law.citation import Law
from domain.policies import Policies
from domain.timeline import Finding
from projections import rows
from projections.comparing import Difference, Effect, Row, _bare, _renamed
from projections.foreseen import HARMLESS, against, differences
from projections.identifiers import of_row
from projections.judging import Terms
from projections.reader import LogReader
from projections.refresh import dependents
from projections.tables import POSITIONS, STATEMENTS, PositionRow, StatementRow
from store.sqlite import SqliteLog
from tests.projections.conftest import NewLog
from tests.projections.histories import (
    HISTORY,
    LATER,
    LRN,
    MRN,
    STORAGE,
    everything,
    imported,
    projector,
    report,
    stored,
    take,
    warehouse,
    withdrawn,
)

TERMS = Terms(Law(), Policies())
MAY = datetime(2017, 5, 1, tzinfo=UTC)
JUNE = datetime(2017, 6, 1, tzinfo=UTC)
RETRACTED = report("gone", "report.retracted", STORAGE, "2017-03-20", report=f"{STORAGE}-1")


def tell(raw: bytes) -> Told:
    body = orjson.loads(raw)
    return told(raw, body["type"], body["subject"], LATER)


def foreseen(log: SqliteLog, *reports: bytes) -> list[Difference]:
    reader = Ahead(LogReader(log, log.head().index))
    return differences([tell(raw) for raw in reports], reader, TERMS, resting(log))


def resting(log: SqliteLog) -> Callable[[str], set[str]]:
    """The movements that rest on a stream, as the read models know them by now."""

    def found(stream: str) -> set[str]:
        projector(log).catch_up()
        with log.connection() as db:
            return dependents(db, [stream])

    return found


def derived(log: SqliteLog) -> list[tuple[str, Row]]:
    """All statements and positions of the read models, by name."""
    projector(log).catch_up()
    positions = [PositionRow._make(row) for row in everything(log, POSITIONS)]
    statements = [StatementRow._make(row) for row in everything(log, STATEMENTS)]
    hidden = (rows.OBLIGATION, rows.OVERDUE)
    return [
        *((of_row(row), row) for row in positions),
        *((row.statement, row) for row in statements if row.kind not in hidden),
    ]


def named(found: Sequence[Difference], *effects: Effect) -> set[str]:
    return {each.id.partition("#")[2] for each in found if each.effect in effects}


def entangled(seed: int) -> list[bytes]:
    """Reports that make references one and take each other back, under whatever name."""
    chosen = Random(seed)  # noqa: S311  (a history, no secret)
    names = (STORAGE, LRN, MRN, "local:x")
    reports: list[bytes] = []
    for number in range(8):
        subject, other = chosen.sample(names, 2)
        name, happened = f"r{number}", f"2017-03-{chosen.randint(10, 28)}"
        earlier: dict[str, Any] = {"report": f"r{chosen.randrange(max(number, 1))}"}
        match chosen.choice("llaartc") if number else "l":
            case "l":
                lines = [{"quantity": f"{number + 1}", "value": "1", "duty": [{"percent": "10"}]}]
                told = {"procedure": "external-transit", "declarant": "D", "lines": lines}
                reports.append(report(name, "declaration.lodged", subject, happened, **told))
            case "a":
                reports.append(
                    report(name, "declaration.accepted", subject, happened, same_as=other)
                )
            case "r":
                reports.append(report(name, "report.retracted", subject, happened, **earlier))
            case _:
                told = {"corrects": earlier["report"], "same_as": other}
                reports.append(report(name, "declaration.accepted", subject, happened, **told))
    return reports


HISTORIES = {
    "storage, import, payment": HISTORY,
    "a retraction": [*stored(), *imported(), RETRACTED],
    "joined and parted again": [
        *stored(),
        *imported(),
        report("parted", "report.retracted", MRN, "2017-03-20", report=f"{MRN}-2"),
    ],
    "parted under the other name": [
        *stored(),
        *imported(),
        report("parted", "report.retracted", LRN, "2017-03-20", report=f"{MRN}-2"),
    ],
    "joined last": [*reversed(imported()), *stored()],
    "a warehouse": warehouse(2),
    "too much is drawn": [*warehouse(0), *(raw.replace(b'"quantity":"1"', b'"quantity":"2000"')
                                           for raw in withdrawn(0))],
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_what_is_foreseen_comes_true(log: SqliteLog, history: list[bytes]) -> None:
    for found, removed, added in comparisons(log, history):
        assert named(found, Effect.REMOVED, Effect.CHANGED) == removed
        assert named(found, Effect.ADDED, Effect.CHANGED) == added


@pytest.mark.parametrize("seed", range(16))
def test_it_comes_true_where_reports_join_and_part_references(log: SqliteLog, seed: int) -> None:
    for found, removed, added in comparisons(log, entangled(seed)):
        # what is the same under another movement is told, and is no difference in all that is said
        moved = named(found, Effect.REMOVED) & named(found, Effect.ADDED)
        assert named(found, Effect.REMOVED, Effect.CHANGED) - moved == removed - moved
        assert named(found, Effect.ADDED, Effect.CHANGED) - moved == added - moved


def comparisons(
    log: SqliteLog, history: list[bytes]
) -> Iterator[tuple[list[Difference], set[str], set[str]]]:
    """What each report of a history was foreseen to change, and what of all that is said it
    removed and added.
    """
    before = derived(log)
    for raw in history:
        found = foreseen(log, raw)
        take(log, [raw])
        after = derived(log)
        was, now = (Counter(_bare(row) for _, row in some) for some in (before, after))
        gone, come = was - now, now - was
        removed = {name for name, row in before if _bare(row) in gone}
        yield found, removed, {name for name, row in after if _bare(row) in come}
        before = after


def test_several_facts_of_one_message_change_what_they_change_together(
    log: SqliteLog, new_log: NewLog
) -> None:
    for each in (log, other := new_log()):
        take(each, stored())
    together = foreseen(log, *imported())
    apart = [foreseen_one(other, raw) for raw in imported()]
    take(log, imported())

    now = {each.id for each in together if each.now}
    assert {each.movement for each in together} == {STORAGE, MRN}
    assert now <= {f"{row.movement}#{name}" for name, row in derived(log)}
    assert now <= {each.id for found in apart for each in found}


def test_of_statements_that_say_the_same_as_many_got_another_name_as_there_are_on_both_sides() -> (
    None
):
    def finding(name: str, line: int = 1) -> StatementRow:
        start = "2017-05-01T00:00:00.000000Z"
        said = (line, start, None, "79", None, None, None, None, '{"code": "X", "because": "%s"}')
        return StatementRow(MRN, name, rows.FINDING, *said[:-1], said[-1] % name)

    was = {name: finding(name) for name in ("a", "b", "same")}
    now = {name: finding(name) for name in ("c", "same")}
    assert _renamed(was, now) == {"a", "c"}
    assert _renamed(now, was) == {"a", "c"}
    assert _renamed(was, {"d": finding("d", line=2)}) == set()


def foreseen_one(log: SqliteLog, raw: bytes) -> list[Difference]:
    found = foreseen(log, raw)
    take(log, [raw])
    return found


def test_references_that_are_found_to_be_one_are_told_of_once(log: SqliteLog) -> None:
    lodged, accepted, _ = imported()
    take(log, [*stored(), lodged])
    found = foreseen(log, accepted)

    assert {each.movement for each in found} == {STORAGE, MRN}
    assert LRN not in {each.movement for each in found}
    assert len({each.id for each in found}) == len(found)


def test_a_report_that_says_what_is_known_changes_nothing(log: SqliteLog) -> None:
    take(log, stored())
    again = orjson.loads(stored()[0]) | {"id": "other", "source": "other"}
    assert foreseen(log, orjson.dumps(again)) == []


def test_a_finding_that_an_act_has_no_effect_speaks_against_it(log: SqliteLog) -> None:
    take(log, stored())
    (found,) = against(foreseen(log, report("r", "report.retracted", STORAGE, "2017-03-20",
                                            report="local/nothing")), MAY)  # fmt: skip
    assert isinstance(found.said, Finding)
    assert found.said.code == "MATCHES_NOTHING"


def test_what_speaks_against_it_begins_by_the_day_that_is_looked_at(log: SqliteLog) -> None:
    found = foreseen(log, *stored())
    overrun = [each for each in found if isinstance(each.said, Debt)]
    assert [each.said.article for each in overrun if isinstance(each.said, Debt)] == ["79(1)(a)"]
    assert against(found, MAY) == []
    assert set(overrun) < set(against(found, JUNE))


def test_a_debt_on_release_speaks_against_nothing(log: SqliteLog) -> None:
    take(log, stored())
    found = foreseen(log, *imported()[:2])
    assert any(isinstance(each.said, Debt) and each.said.article == "77(1)(a)" for each in found)
    assert against(found, JUNE) == []


def test_harmless_findings_are_findings_that_the_rules_make() -> None:
    domain = Path(__file__).parents[2] / "domain"
    text = "".join(path.read_text() for path in domain.rglob("*.py"))
    for code in HARMLESS:
        assert re.search(rf'"{code}"', text), code

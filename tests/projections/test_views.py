from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.case import assemble
from domain.facts.fact import Told
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.policies import Policies, Reading
from domain.situation import Situation
from domain.timeline import DeadlineState, ProcedureState
from projections import live, queries
from projections.board import board
from projections.explain import NothingOfThatName, explain
from projections.history import history
from projections.reader import LogReader, ModelReader
from projections.sql import create, upsert
from projections.tables import DIGESTED, QUEUE, QueueRow
from projections.view import view
from store.sqlite import SqliteLog
from stories.model import Story
from tests.projections.histories import (
    HISTORY,
    LATER,
    LRN,
    MRN,
    STORAGE,
    imported,
    paid,
    projector,
    stored,
    take,
    warehouse,
)

VIEWS = (
    queries.positions,
    queries.procedures,
    queries.debts,
    queries.deadlines,
    queries.guarantees,
    queries.findings,
)
OTHER = Law(Law().text.replace(day=25))
"""Nothing was published on that day: the same law by another name, judged again."""


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.fixture
def projected(log: SqliteLog) -> SqliteLog:
    take(log, HISTORY)
    projector(log).catch_up()
    return log


def test_judged_again_every_view_answers_the_same(told: SqliteLog, story: Story) -> None:
    projector(told).catch_up()
    instants = sorted({story.as_of(point) for point in story.points})
    with view(told) as kept, view(told, law=OTHER) as again:
        assert kept.db is not again.db
        for as_of in instants:
            for ask in VIEWS:
                assert list(ask(kept, as_of)) == list(ask(again, as_of))
            assert board(kept, as_of) == board(again, as_of)
            assert queries.totals(kept, as_of) == queries.totals(again, as_of)


def test_every_position_and_statement_that_holds_is_what_was_judged(
    told: SqliteLog, story: Story
) -> None:
    projector(told).catch_up()
    judged = {each.movement: each for each in live.judgements(told, law=Law(), policies=Policies())}
    for as_of in {story.as_of(point) for point in story.points}:
        with view(told) as kept:
            parts = {
                (row.movement, row.line, row.situation, row.drawn_by, row.holder): row.quantity
                for row in queries.positions(kept, as_of)
            }
            assert parts == {
                (
                    each.movement,
                    position.line,
                    part.situation,
                    part.drawn_by,
                    part.holder,
                ): part.quantity
                for each in judged.values()
                for position in each.positions_at(as_of)
                for part in position.parts
            }
            owed = {
                (row.movement, row.article, row.debtor, row.open)
                for row in queries.debts(kept, as_of)
            }
            assert owed == {
                (each.movement, debt.article, person.person, debt.owed_by(person.person, as_of))
                for each in judged.values()
                for debt in each.debts
                if debt.incurred <= as_of
                for person in debt.obligations
            }
            found = sorted(
                (row.movement, row.code, row.words) for row in queries.findings(kept, as_of)
            )
            assert found == sorted(
                (each.movement, finding.code, finding.words)
                for each in judged.values()
                for finding in each.findings_at(as_of)
            )


def test_a_past_known_at_is_judged_again(log: SqliteLog) -> None:
    take(log, stored(), at("2017-03-01"))
    take(log, [*imported(), *paid()], at("2017-06-02"))
    projector(log).catch_up()
    with view(log, known_at=at("2017-06-01")) as then:
        rows = list(queries.debts(then, at("2017-06-03")))

    assert [row.article for row in rows] == ["79(1)(a)"]

    with view(log, known_at=at("2017-06-03")) as now:
        assert now.reader.up_to == log.head().index
        assert [row.article for row in queries.debts(now, at("2017-06-03"))] == ["77(1)(a)"]


def test_what_waits_in_the_queue_is_not_taken_for_known(projected: SqliteLog) -> None:
    with projected.transaction() as db:
        upsert(db, QUEUE, [QueueRow(STORAGE, 1, 0)])
    with view(projected, known_at=LATER) as asked:
        assert not isinstance(asked.reader, ModelReader)
    with view(projected) as asked:
        assert isinstance(asked.reader, ModelReader)


def test_only_the_movements_asked_for_are_judged_again(projected: SqliteLog) -> None:
    with view(projected, law=OTHER, movements=[LRN]) as asked:
        rows = list(queries.positions(asked, at("2017-04-01"), [LRN]))
        judged = asked.db.execute("SELECT COUNT(*) FROM movements").fetchone()

    assert [row.movement for row in rows] == [MRN]
    assert judged == (1,)


def test_other_policies_are_judged_again(projected: SqliteLog) -> None:
    with view(projected, policies=Policies(placed_by=Reading.RELEASE)) as asked:
        assert asked.terms.policies.placed_by is Reading.RELEASE
        assert asked.terms.law == Law()
        assert list(queries.positions(asked, at("2017-04-01")))


def test_a_position_says_when_its_line_changes_next(projected: SqliteLog) -> None:
    with view(projected) as asked:
        (row,) = queries.positions(asked, at("2017-03-05"), [STORAGE])

    assert (row.situation, row.quantity, row.unit) == (Situation.TEMP_STORAGE, Decimal(100), "KGM")
    assert row.changes == row.until == datetime(2017, 3, 10, 11, tzinfo=UTC)
    assert row.because.reports == (f"local/{STORAGE}-1",)


def test_a_debt_shows_what_stands_at_its_instant(projected: SqliteLog) -> None:
    with view(projected) as asked:
        (before,) = queries.debts(asked, at("2017-03-10T12:00"))
        (notified,) = queries.debts(asked, at("2017-03-11"))
        (after,) = queries.debts(asked, at("2017-03-16"))
        left = list(queries.debts(asked, at("2017-03-16"), only_open=True))

    assert (before.open, before.notified, before.due) == (Decimal(1800), None, None)
    assert (notified.open, notified.extinguished) == (Decimal(1800), ())
    assert notified.due
    assert after.open == 0
    assert [each.letter for each in after.extinguished] == ["b"]
    assert left == []


def test_debts_are_found_by_debtor(projected: SqliteLog) -> None:
    with view(projected) as asked:
        mine = list(queries.debts(asked, at("2017-03-11"), debtor="BG201611700"))
        others = list(queries.debts(asked, at("2017-03-11"), debtor="BG1"))

    assert len(mine) == 1
    assert others == []


def test_deadlines_are_filtered_by_state_and_by_what_runs_out_soon(log: SqliteLog) -> None:
    take(log, stored())
    projector(log).catch_up()
    with view(log) as asked:
        soon = list(queries.deadlines(asked, at("2017-05-25"), within=7))
        later = list(queries.deadlines(asked, at("2017-05-01"), within=7))
        overdue = list(queries.deadlines(asked, at("2017-06-01"), state=DeadlineState.MISSED))
        mine = list(queries.deadlines(asked, at("2017-05-25"), person="BG1"))

    assert [row.article for row in soon] == ["149"]
    assert later == []
    assert [(row.article, row.state) for row in overdue] == [("149", DeadlineState.MISSED)]
    assert [row.article for row in mine] == ["149"]


@pytest.mark.parametrize(
    ("asked_at", "days"),
    [("2017-05-25T00:00", 5), ("2017-05-25T10:00", 5), ("2017-05-25T20:59:59.999999", 5)],
)
def test_within_counts_legal_days_to_the_last_day(log: SqliteLog, asked_at: str, days: int) -> None:
    """The last day is 30 May: five days after 25 May, at whatever time of that day one asks."""
    take(log, stored())
    projector(log).catch_up()
    with view(log) as asked:
        found = [row.article for row in queries.deadlines(asked, at(asked_at), within=days)]
        fewer = [row.article for row in queries.deadlines(asked, at(asked_at), within=days - 1)]

    assert (found, fewer) == (["149"], [])


def test_a_clock_that_was_stopped_late_is_missed_and_not_overdue(log: SqliteLog) -> None:
    take(log, [*stored(), *imported(day="2017-06-05")])
    projector(log).catch_up()
    with view(log) as asked:
        before = list(
            queries.deadlines(asked, at("2017-06-01"), [STORAGE], state=DeadlineState.MISSED)
        )
        after = list(
            queries.deadlines(asked, at("2017-06-06"), [STORAGE], state=DeadlineState.MISSED)
        )

    assert [row.article for row in before] == ["149"]
    assert "149" not in [row.article for row in after]


def test_a_procedure_shows_how_it_was_discharged(log: SqliteLog) -> None:
    take(log, warehouse(3))
    projector(log).catch_up()
    with view(log) as asked:
        (row,) = queries.procedures(asked, at("2017-04-02"))

    assert row.state is ProcedureState.PARTLY_DISCHARGED
    assert (row.placed, row.open, row.discharged) == (Decimal(1000), Decimal(997), Decimal(3))
    assert [mode.successor for mode in row.by] == [f"local:draw-{n:04}" for n in range(3)]


def test_the_path_of_goods_is_the_same_from_either_end(log: SqliteLog) -> None:
    take(log, [*HISTORY, *warehouse(1)])
    reader = LogReader(log, log.head().index)
    path = history(reader, STORAGE, at("2018-01-01"))

    assert path == history(reader, LRN, at("2018-01-01"))
    assert [node.movement for node in path.movements] == [STORAGE, MRN]
    assert [(draw.source, draw.movement, draw.quantity, draw.stage) for draw in path.draws] == [
        (STORAGE, MRN, Decimal(100), "released")
    ]
    assert path.complete


def test_a_path_leads_as_far_as_the_goods_had_got(log: SqliteLog) -> None:
    take(log, HISTORY)
    reader = LogReader(log, log.head().index)
    stages = {
        "2017-03-10T09:59:00": [],
        "2017-03-10T10:59:00": ["declared"],
        "2017-03-10T14:59:00": ["accepted"],
        "2017-03-10T15:00:00": ["released"],
    }
    for instant, reached in stages.items():
        path = history(reader, STORAGE, datetime.fromisoformat(f"{instant}+00:00"))
        assert [draw.stage for draw in path.draws] == reached
        assert len(path.movements) == 1 + len(reached)


def test_a_path_through_a_busy_warehouse_says_that_it_is_cut(log: SqliteLog) -> None:
    take(log, warehouse(6))
    path = history(LogReader(log, log.head().index), "local:draw-0003", at("2018-01-01"), limit=4)

    assert len(path.movements) == 4
    assert not path.complete


def test_an_identifier_leads_to_movements(projected: SqliteLog) -> None:
    with view(projected) as asked:
        person = queries.references(asked, "eori:BG201611700")
        names = queries.references(asked, LRN)
        previous = queries.references(asked, STORAGE)

    assert [(row.relation, row.movement) for row in person] == [("party", MRN)]
    assert [(row.relation, row.movement, row.kind) for row in names] == [
        ("name", MRN, "free-circulation")
    ]
    assert [(row.relation, row.movement) for row in previous] == [
        ("name", STORAGE),
        ("previous", MRN),
    ]


def test_the_board_counts_what_stands_where(projected: SqliteLog) -> None:
    with view(projected) as asked:
        shown = board(asked, at("2017-03-12"))
        later = board(asked, at("2017-03-16"))

    assert shown.movements == 2
    assert dict(shown.situations) == {Situation.PASSED_ON: 1, Situation.FREE_CIRCULATION: 1}
    (owed,) = shown.debts
    assert (owed.article, owed.incurred, owed.open, owed.open_amount) == (
        "77(1)(a)",
        1,
        1,
        Decimal(1800),
    )
    assert dict(shown.total) == {"EUR": 1800}
    (settled,) = later.debts
    assert (settled.extinguished, settled.extinguished_amount, settled.open) == (
        1,
        Decimal(1800),
        0,
    )


def test_the_board_counts_what_runs_out(log: SqliteLog) -> None:
    take(log, stored())
    projector(log).catch_up()
    with view(log) as asked:
        soon, late = board(asked, at("2017-05-29")), board(asked, at("2017-06-02"))

    assert (soon.due.number, soon.overdue.number) == (1, 0)
    assert (late.due.number, late.overdue.number) == (0, 1)
    assert soon.due.rows[0].last_day.isoformat() == "2017-05-30"


def test_every_statement_can_be_explained(told: SqliteLog, story: Story) -> None:
    projector(told).catch_up()
    recorded = max(entry.recorded for entry in story.entries)
    as_of = max((story.as_of(point) for point in story.points), default=recorded)
    with view(told) as asked:
        names = [row.id for ask in VIEWS for row in ask(asked, as_of)]
        explained = [explain(asked, name) for name in names]

    assert [each.id for each in explained] == names
    for each in explained:
        cited = {report.cite for report in each.reports}
        assert {cite for why in each.because for cite in why.reports} <= cited


def test_the_reports_of_an_explanation_reproduce_it(projected: SqliteLog) -> None:
    """The cited reports alone, judged, say the same."""
    with view(projected) as asked:
        (debt,) = queries.debts(asked, at("2017-03-12"))
        cited = {report.cite for report in explain(asked, debt.id).reports}
    reader = LogReader(projected, projected.head().index)

    class Cited(LogReader):
        """Reads nothing but what was cited."""

        def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
            found = super().told(streams)
            return {
                name: [one for one in facts if one.cite in cited] for name, facts in found.items()
            }

    case = assemble(MRN, Cited(projected, reader.up_to))
    again = judge(case, Law(), Policies())
    assert again
    assert [each.amount for each in again.debts] == [debt.amount]
    assert [each.ref for each in again.debts] == [debt.id]


def test_an_id_that_nothing_has_is_refused(projected: SqliteLog) -> None:
    with view(projected) as asked, pytest.raises(NothingOfThatName, match="take one from a list"):
        explain(asked, f"{MRN}#debt/none")


def test_a_movement_whose_name_has_a_mark_of_ids_is_explained(log: SqliteLog) -> None:
    take(log, stored("local:shelf#4"))
    projector(log).catch_up()
    with view(log) as asked:
        (row,) = queries.positions(asked, at("2017-03-05"))
        assert explain(asked, row.id).movement == "local:shelf#4"


def test_questions_by_movement_or_by_kind_do_not_read_all_rows(log: SqliteLog) -> None:
    asked = [
        "SELECT * FROM names WHERE reference IN (?)",
        "SELECT * FROM dependencies WHERE stream IN (?)",
        "SELECT * FROM statements WHERE movement IN (?)",
        "SELECT * FROM statements WHERE kind = ? AND due <= ?",
        "SELECT * FROM statements WHERE person = ?",
        "SELECT * FROM agenda WHERE at > ? AND at <= ?",
        "SELECT * FROM queue WHERE shard = ? AND turn = ?",
    ]
    with log.transaction() as db:
        create(db, (*DIGESTED, QUEUE))
        for sql in asked:
            plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?")).fetchall()
            assert not [step for *_, step in plan if step.startswith("SCAN")], sql


def test_a_view_of_an_empty_log_is_empty(log: SqliteLog) -> None:
    with view(log) as asked:
        assert [list(ask(asked, LATER + timedelta(days=1))) for ask in VIEWS] == [[]] * len(VIEWS)
        assert board(asked, LATER).movements == 0

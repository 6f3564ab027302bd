from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
import pytest

from consumers.intake import Intake
from domain.law.citation import Law
from domain.policies import Policies
from projections import judging, state
from projections import projector as module
from projections.digest import digest
from projections.sql import drop, rows_where
from projections.tables import (
    DEPENDENCIES,
    MOVEMENTS,
    NAMES,
    OUTLINES,
    POSITIONS,
    QUEUE,
    REBUILT,
    STATEMENTS,
    Table,
)
from projections.view import view
from store.log import Connection
from store.sqlite import SqliteLog
from stories.model import Story
from stories.play import message, record, sources
from tests.projections.conftest import NewLog
from tests.projections.histories import (
    HISTORY,
    LATER,
    LRN,
    MRN,
    STORAGE,
    everything,
    imported,
    models,
    paid,
    projector,
    report,
    stored,
    take,
    take_apart,
    warehouse,
    withdrawn,
)

OTHER = Law(date(2016, 12, 25))
"""Nothing was published on that day: the same law by another name, judged again."""


def test_the_cut_into_pages_does_not_matter(told: SqliteLog) -> None:
    digests = set()
    for page in (1, 2, 7, told.head().index):
        with told.transaction() as db:
            drop(db, REBUILT)
        projector(told, page=page).catch_up()
        digests.add(models(told))

    assert len(digests) == 1


def test_a_cold_cache_gives_the_same(told: SqliteLog, story: Story, new_log: NewLog) -> None:
    for _ in range(told.head().index):
        projector(told, piece=1).catch_up(limit=1)
    other = new_log()
    record(story, other)
    projector(other).catch_up()

    assert models(told) == models(other)


def test_the_order_of_arrival_does_not_matter(story: Story, new_log: NewLog) -> None:
    digests = set()
    for shuffled in (False, True):
        log, entries = new_log(), list(story.entries)
        if shuffled:
            entries.reverse()
        for entry in entries:
            Intake(log, sources(story)).take("files", [message(entry)], LATER)
            projector(log).catch_up()
        digests.add(models(log))

    assert len(digests) == 1


def test_the_rows_at_a_position_are_those_of_the_log_known_then(told: SqliteLog) -> None:
    for _ in range(told.head().index):
        projector(told).catch_up(limit=1)
        with told.connection() as db:
            stands = state.found(db)
        assert stands
        last = told.record(stands.position)
        following = told.record(stands.position + 1)
        assert last
        if following and following.recorded_at == last.recorded_at:
            continue
        with view(told, law=OTHER, known_at=last.recorded_at) as judged_again:
            assert judged_again.reader.up_to == stands.position
            assert digest(judged_again.db) == models(told)


def test_rows_and_position_are_written_together_or_not_at_all(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(log, stored())
    projector(log).catch_up()
    before = models(log)
    take(log, imported())

    def fails(*_: object) -> None:
        raise RuntimeError("disk is full")

    failing = projector(log)
    with monkeypatch.context() as patched:
        patched.setattr(state, "put", fails)
        with pytest.raises(RuntimeError, match="disk"):
            failing.catch_up()
    with log.connection() as db:
        stands = state.found(db)

    assert models(log) == before
    assert stands
    assert stands.position == 1
    assert failing.catch_up() == log.head().index - 1
    assert MRN in {row[0] for row in everything(log, MOVEMENTS)}


def test_a_queue_drains_in_pieces(log: SqliteLog, counted: list[str]) -> None:
    take(log, warehouse(20))
    small = projector(log, piece=3)
    small.catch_up()
    take(
        log,
        [
            report(
                "again",
                "procedure.period-extended",
                "local:warehouse",
                "2017-05-01",
                end_by="2018-05-01",
            )
        ],
    )
    counted.clear()
    small.catch_up()

    assert counted[0] == "local:warehouse"
    assert sorted(counted[1:]) == [f"local:draw-{number:04}" for number in range(20)]
    assert not everything(log, QUEUE)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The movements judged, in order."""
    names: list[str] = []
    judged = judging.judged

    def counts(name: str, *rest: Any) -> judging.Judged:  # noqa: ANN401
        one = judged(name, *rest)
        names.append(one.movement)
        return one

    monkeypatch.setattr(judging, "judged", counts)
    return names


def test_a_neighbour_is_judged_again_only_when_the_outline_that_it_read_changed(
    log: SqliteLog, counted: list[str]
) -> None:
    keeping = projector(log)
    take(log, [*stored(), *imported()])
    keeping.catch_up()
    counted.clear()
    take(log, paid())
    keeping.catch_up()

    assert counted == [MRN]

    counted.clear()
    take(log, [report("gone", "goods.seized", MRN, "2017-03-20")])
    keeping.catch_up()

    assert counted == [MRN, STORAGE]


def test_what_was_looked_up_and_not_found_is_a_dependency(
    log: SqliteLog, counted: list[str]
) -> None:
    keeping = projector(log)
    take(log, imported())
    keeping.catch_up()
    counted.clear()
    take(log, stored())
    keeping.catch_up()

    assert sorted(counted) == [STORAGE, MRN]
    assert (MRN, STORAGE) in everything(log, DEPENDENCIES)


def test_reference_data_has_those_judged_that_read_it(log: SqliteLog, counted: list[str]) -> None:
    keeping = projector(log)
    take(log, HISTORY)
    keeping.catch_up()
    counted.clear()
    take(
        log,
        [
            report(
                "closed",
                "reference.calendar-set",
                "calendar:BG",
                "2017-01-01",
                added=["2017-03-20"],
            )
        ],
    )
    keeping.catch_up()

    assert sorted(counted) == [STORAGE, MRN]


def test_one_more_withdrawal_writes_only_the_rows_that_differ(log: SqliteLog) -> None:
    keeping = projector(log)
    take(log, warehouse(60))
    keeping.catch_up()
    before = {table: set(everything(log, table)) for table in (POSITIONS, STATEMENTS)}
    take(log, withdrawn(60))
    keeping.catch_up()
    changed = {table: len(set(everything(log, table)) ^ rows) for table, rows in before.items()}

    assert changed[POSITIONS] <= 12
    assert changed[STATEMENTS] <= 20


def test_what_was_written_last_is_not_read_back(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()

    def asks(db: Connection, table: Table, column: str, names: list[str], *rest: str) -> Any:  # noqa: ANN401
        asked.update(names)
        return rows_where(db, table, column, names, *rest)

    monkeypatch.setattr("projections.stored.rows_where", asks)
    keeping = projector(log)
    take(log, warehouse(5))
    keeping.catch_up()
    asked.clear()
    take(log, withdrawn(5))
    keeping.catch_up()

    assert asked == {"local:draw-0005"}
    asked.clear()
    projector(log).catch_up()
    take(log, withdrawn(6))
    projector(log).catch_up()

    assert asked == {"local:draw-0006", "local:warehouse"}


def test_a_movement_takes_over_what_was_known_by_another_of_its_names(log: SqliteLog) -> None:
    keeping = projector(log)
    lodged, *rest = imported()
    take(log, [lodged])
    keeping.catch_up()

    assert [row[0] for row in everything(log, MOVEMENTS)] == [LRN]

    take(log, rest)
    keeping.catch_up()

    assert [row[0] for row in everything(log, MOVEMENTS)] == [MRN]
    assert {row[0] for row in everything(log, STATEMENTS)} == {MRN}
    assert [row[0] for row in everything(log, OUTLINES)] == [MRN]


def test_names_that_a_retraction_parts_are_movements_of_their_own(log: SqliteLog) -> None:
    keeping = projector(log)
    take(log, imported())
    keeping.catch_up()
    take(log, [report("undo", "report.retracted", MRN, "2017-03-11", report=f"{MRN}-2")])
    keeping.catch_up()

    assert LRN in [row[0] for row in everything(log, MOVEMENTS)]
    assert (LRN, "name", LRN) in everything(log, NAMES)
    assert (MRN, "name", LRN) not in everything(log, NAMES)


def test_the_same_in_any_step_with_several_mrns_claiming_one_lrn(new_log: NewLog) -> None:
    other = "mrn:17BG001007A000013J4"
    reports = [
        *imported(),
        report("claim", "declaration.accepted", other, "2017-03-10", same_as=LRN),
    ]
    digests = set()
    for order in (reports, reports[::-1]):
        log = new_log()
        for raw in order:
            take(log, [raw])
            projector(log).catch_up()
        digests.add(models(log))

    assert len(digests) == 1


def test_a_claim_for_what_is_at_another_office_changes_no_movement_in_any_step(
    new_log: NewLog,
) -> None:
    told = orjson.loads(
        report("claim", "transit.goods-arrived", "local:x", "2017-01-10", same_as=LRN)
    )
    told |= {"source": "other", "role": "facility"}
    told["data"]["office"] = "BG005800"
    reports, digests = [*imported(), orjson.dumps(told)], set()
    for order in (reports, reports[::-1]):
        log = new_log()
        for raw in order:
            take(log, [raw])
            projector(log).catch_up()
        digests.add(models(log))
        assert (MRN, "name", LRN) in everything(log, NAMES)
        found = [row for row in everything(log, STATEMENTS) if "NOT_ENTITLED" in row]
        assert {row[0] for row in found} == {MRN, "local:x"}

    assert len(digests) == 1


def test_a_claim_that_is_taken_back_is_heard_by_the_other_claimant(log: SqliteLog) -> None:
    keeping, other = projector(log), "mrn:17BG001007A000013J4"
    claim = report("claim", "declaration.examination-announced", other, "2017-03-12", same_as=LRN)
    take(log, [*imported(), claim])
    keeping.catch_up()
    both = models(log)
    take(log, [report("undo", "report.retracted", other, "2017-03-13", report="claim")])
    keeping.catch_up()

    with view(log, law=OTHER) as judged_again:
        assert digest(judged_again.db) == models(log) != both


def test_two_projectors_do_no_harm_to_each_other(log: SqliteLog) -> None:
    one, other = projector(log, page=2), projector(log, page=3)
    take_apart(log, HISTORY)
    for _ in range(4):
        one.catch_up(limit=1)
        other.catch_up(limit=1)
    one.catch_up()
    apart = models(log)
    with view(log, law=OTHER) as judged_again:
        assert digest(judged_again.db) == apart


def test_read_models_under_another_law_are_not_continued(log: SqliteLog) -> None:
    take(log, stored())
    projector(log).catch_up()
    other = module.Projector(log, Law(Law().text.replace(year=2019)), Policies())

    with pytest.raises(state.OtherReadModels, match="rebuild them"):
        other.catch_up()


def test_progress_ends_at_the_head(log: SqliteLog) -> None:
    take(log, HISTORY)
    steps: list[tuple[int, int]] = []
    tell: Callable[[int, int], None] = lambda done, total: steps.append((done, total))  # noqa: E731
    projector(log, page=3).catch_up(progress=tell)

    assert steps[-1] == (log.head().index, log.head().index)
    assert steps == sorted(steps)

from datetime import UTC, datetime

import pytest

from domain.law.citation import Law
from projections import journal, queries, state
from projections import rebuild as module
from projections.answers import DebtView
from projections.health import State, read_models
from projections.rebuild import NEW, rebuild
from projections.state import OtherReadModels
from projections.tables import JOURNAL, MOVEMENTS, PROJECTION, REBUILT
from projections.view import view
from store.sqlite import SqliteLog
from tests.projections.histories import (
    HISTORY,
    LATER,
    everything,
    imported,
    models,
    projector,
    stored,
    take,
    warehouse,
)


def test_a_rebuild_gives_the_same_bytes(told: SqliteLog) -> None:
    projector(told, page=3).catch_up()
    before = models(told)
    rebuilt = rebuild(told)

    assert rebuilt.equal
    assert rebuilt.digest_live == before == models(told)
    assert rebuilt.differences == 0


def test_each_movement_is_judged_once_and_each_record_read_twice(log: SqliteLog) -> None:
    take(log, [*HISTORY, *warehouse(30)])
    projector(log).catch_up()
    rebuilt = rebuild(log)

    assert rebuilt.judged == len(everything(log, MOVEMENTS)) == 33
    assert rebuilt.read <= 2.1 * log.head().index


def test_each_damaged_row_is_listed(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    with log.transaction() as db:
        db.execute("UPDATE positions SET quantity = '99' WHERE situation = 'FREE_CIRCULATION'")
        db.execute("DELETE FROM statements WHERE kind = 'obligation'")
    rebuilt = rebuild(log)

    assert not rebuilt.equal
    assert rebuilt.differences == len(rebuilt.differing) == 2
    damaged, lost = rebuilt.differing
    assert (damaged.table, lost.table) == ("positions", "statements")
    assert damaged.live
    assert damaged.new
    assert (damaged.live[7], damaged.new[7]) == ("99", "100")
    assert lost.live is None
    assert rebuild(log).equal


def test_the_projector_goes_on_after_a_rebuild(log: SqliteLog) -> None:
    keeping = projector(log)
    take(log, stored())
    keeping.catch_up()
    rebuild(log)
    take(log, imported())
    keeping.catch_up()

    assert rebuild(log).equal
    assert rebuild(log).equal


def test_what_is_projected_meanwhile_is_not_lost(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(log, stored())
    projector(log).catch_up()
    compare = module._compared

    def meanwhile(*given: object) -> object:
        compared = compare(*given)  # type: ignore[arg-type]
        take(log, imported())
        projector(log).catch_up()
        return compared

    monkeypatch.setattr(module, "_compared", meanwhile)
    rebuild(log)
    with log.connection() as db:
        stands = state.found(db)

    assert stands
    assert stands.position == log.head().index
    monkeypatch.undo()
    assert rebuild(log).equal


def test_a_rebuild_leaves_the_journal_alone(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    journal.announce(log, LATER)
    before = everything(log, JOURNAL)
    with log.transaction() as db:
        db.execute("DELETE FROM agenda")
    rebuild(log)

    assert everything(log, JOURNAL) == before
    assert journal.announce(log, LATER) == 0


def test_a_rebuild_takes_over_from_one_that_was_stopped(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(log, HISTORY)
    projector(log).catch_up()

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "_swap", stopped)
        with pytest.raises(KeyboardInterrupt):
            rebuild(log)
    assert rebuild(log).equal
    with log.connection() as db:
        assert state.found(db, NEW) is None


def test_read_models_are_rebuilt_under_another_law(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    rebuild(log, law=Law(Law().text.replace(year=2019)))
    with log.connection() as db:
        stands = state.found(db)

    assert stands
    assert stands.law == "2019-12-24"
    with pytest.raises(state.OtherReadModels):
        projector(log).catch_up()


def test_a_store_without_read_models_gets_them(log: SqliteLog) -> None:
    take(log, HISTORY)
    rebuilt = rebuild(log)

    assert rebuilt.digest_live is None
    assert projector(log).catch_up() == 0
    assert len(everything(log, MOVEMENTS)) == 2


@pytest.mark.parametrize("table", [each.name for each in REBUILT])
def test_a_table_that_is_gone_is_said_and_made_again(log: SqliteLog, table: str) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    before = debts(log)
    with log.transaction() as db:
        db.execute(f"DROP TABLE {table}")

    assert debts(log) == before
    (examined,) = read_models(log)
    assert examined.state is not State.OK
    assert "rebuild" in examined.to_do
    if table != PROJECTION.name:
        with pytest.raises(OtherReadModels, match=f"gone: {table}; rebuild"):
            projector(log).catch_up()

    rebuild(log)
    assert debts(log) == before
    assert [each.state for each in read_models(log)] == [State.OK]


def test_a_journal_that_is_gone_is_said(log: SqliteLog) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    with log.transaction() as db:
        db.execute("DROP TABLE journal")
    first = next(iter(read_models(log)))
    assert (first.state, first.what.split()[-1]) == (State.FAIL, "journal")


def debts(log: SqliteLog) -> list[DebtView]:
    with view(log) as asked:
        return list(queries.debts(asked, datetime(2018, 1, 1, tzinfo=UTC)))

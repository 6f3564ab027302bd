"""Shards: each stands where it stands, whoever advances it, and together they say the same."""

from random import Random

import pytest

from domain.law.citation import Law
from domain.policies import Policies
from projections import journal, state
from projections.advancing import Advancing, Manner
from projections.judging import Terms
from projections.rebuild import rebuild
from projections.shards import Shard
from projections.tables import MOVEMENTS, QUEUE, STATEMENTS
from store.log import Log
from tests.projections.conftest import NewLog
from tests.projections.histories import (
    HISTORY,
    LRN,
    MRN,
    everything,
    imported,
    models,
    paid,
    projector,
    stored,
    take,
)
from tests.projections.test_any_history import file
from tests.projections.test_databases import generated

MANY = 90
"""Facts of a history that movements draw on and share names in."""


def advanced(log: Log, dice: Random, shards: int) -> None:
    """File a history bit by bit, while three that know nothing of each other advance shards."""
    told = generated()[:MANY]
    some = [projector(log, page=dice.randint(4, 19), piece=5, shards=shards) for _ in range(3)]
    while told:
        file(log, told[:9])
        del told[:9]
        for _ in range(dice.randint(0, 2 * shards)):
            dice.choice(some).advance(dice.choice((None, 5, 8)))


@pytest.mark.parametrize("shards", [2, 3])
def test_any_number_of_shards_gives_the_same_bytes(shards: int, new_log: NewLog) -> None:
    straight, apart, dice = new_log(), new_log(), Random(shards)  # noqa: S311  (the same always)
    file(straight, generated()[:MANY])
    projector(straight).catch_up()
    advanced(apart, dice, shards)
    projector(apart).catch_up()

    assert models(apart) == models(straight)
    assert not everything(apart, QUEUE)
    rebuilt = rebuild(apart)
    assert rebuilt.equal
    with apart.connection() as db:
        assert len(state.shards(db)) == shards


def test_a_movement_leaves_the_shard_of_the_name_that_it_had(log: Log) -> None:
    lodged, *rest = imported()
    keeping = projector(log, shards=5)
    take(log, [*stored(), lodged])
    keeping.catch_up()

    assert LRN in {row[0] for row in everything(log, MOVEMENTS)}

    take(log, rest)
    keeping.catch_up()
    with log.connection() as db:
        said = [row for row in journal.entries(db, [LRN]) if row.now is None]

    assert LRN not in {row[0] for row in everything(log, MOVEMENTS)}
    assert MRN in {row[0] for row in everything(log, MOVEMENTS)}
    assert not said
    assert rebuild(log).equal


def test_a_shard_that_is_behind_writes_nothing_of_a_movement_of_another(log: Log) -> None:
    lodged, *rest = imported()
    take(log, [*stored(), lodged])
    projector(log, shards=3).catch_up()
    take(log, rest)
    behind = len(rest)
    take(log, paid())
    terms = Terms(Law(), Policies())
    lrns, mrns = (
        next(each for each in (Shard(number, 3) for number in range(3)) if each.holds(name))
        for name in (LRN, MRN)
    )
    Advancing(log, terms, mrns, Manner()).catch_up()
    before = {table: everything(log, table) for table in (MOVEMENTS, STATEMENTS)}
    Advancing(log, terms, lrns, Manner()).catch_up(limit=behind)

    assert lrns != mrns
    assert LRN in {row[0] for row in before[MOVEMENTS]} - {
        row[0] for row in everything(log, MOVEMENTS)
    }
    for table, rows in before.items():
        assert [row for row in rows if row[0] == MRN] == [
            row for row in everything(log, table) if row[0] == MRN
        ]


def test_a_shard_that_somebody_else_advanced_is_left_to_him(log: Log) -> None:
    take(log, HISTORY)
    one, other = projector(log, shards=2), projector(log, shards=2)

    assert one.advance(1) == other.advance(1) == 1
    assert one.advance(1) == 0
    assert one.advance(1) == 1

    with log.connection() as db:
        assert [each.position for each in state.shards(db)] == [2, 1]

    assert other.catch_up() <= log.head().index
    assert one.catch_up() <= log.head().index
    with log.connection() as db:
        assert {each.position for each in state.shards(db)} == {log.head().index}

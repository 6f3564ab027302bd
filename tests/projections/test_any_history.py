"""However a history arrives and is read, the read models are the same bytes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random

import orjson
import pytest

from domain.facts.fact import Report, Told, links
from domain.law.citation import Law
from domain.references import names_movement
from projections import reader, state
from projections.digest import digest
from projections.rebuild import rebuild
from projections.view import view
from store.log import Log
from store.records import Batch, Filing, Incoming, Link
from tests.projections.conftest import NewLog
from tests.projections.histories import models, projector
from tests.test_any_history import History

OTHER = Law(date(2016, 12, 25))
"""Nothing was published on that day: the same law by another name, judged again."""
SAME = 0.3
NAMES = ("mrn:17BG00100700000098", "mrn:17BG00100700000087", "lrn:D/BG001007/7")
RECORDED = datetime(2019, 1, 1, tzinfo=UTC)


def incoming(offset: int, told: Told) -> Incoming:
    report = Report(
        id=told.report, source=told.source, type=told.fact.TYPE, subject=told.stream,
        role=told.role, time=told.made_at, data=told.fact,
    )  # fmt: skip
    raw = orjson.dumps(report.model_dump(mode="json", exclude_none=True))
    named = tuple(Link(each.reference, each.relation) for each in links(report))
    filing = Filing(told.stream, told.fact.TYPE, told.report, raw, named)
    return Incoming(offset, raw, told.source, told.report, (filing,))


def file(log: Log, told: Sequence[Told]) -> None:
    first = log.next_offset("any")
    taken = tuple(incoming(offset, one) for offset, one in enumerate(told, first))
    log.append(Batch("any", first, taken, first + len(taken)), RECORDED)


def tangled(dice: Random, told: Sequence[Told]) -> list[Told]:
    """The same facts, of which some say that two references name one operation, or take it back."""
    names = [*sorted({one.stream for one in told if names_movement(one.stream)}), *NAMES]
    tangled = []
    for one in told:
        if dice.random() < SAME and names_movement(one.stream):
            fact = one.fact.model_copy(update={"same_as": dice.choice(names)})
            tangled.append(one._replace(stream=dice.choice((one.stream, *NAMES)), fact=fact))
        else:
            tangled.append(one)
    return tangled


@pytest.mark.parametrize("seed", range(16))
def test_any_arrival_and_any_cut_give_the_same_bytes(
    seed: int, new_log: NewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "KEPT_OUTLINES", 1 + seed % 3)
    monkeypatch.setattr(reader, "FOLLOWED", 1 + seed % 4)
    told = History(f"read models {seed}").facts()
    told += History(f"more {seed}").facts()[: seed % 5]
    told = list({one.cite: one for one in told}.values())
    straight, shuffled, dice = new_log(), new_log(), Random(seed)  # noqa: S311  (the same always)
    told = tangled(dice, told) if seed % 2 else told
    file(straight, told)
    projector(straight).catch_up()
    dice.shuffle(told)
    shards = 1 + seed // 2 % 4
    projector(shuffled, shards=shards).catch_up()
    while told:
        some = dice.randint(1, 4)
        file(shuffled, told[:some])
        del told[:some]
        fresh = projector(shuffled, page=dice.randint(1, 5), piece=dice.randint(1, 3))
        for _ in range(dice.randint(1, 2 * shards)):
            fresh.advance(limit=dice.choice((1, 3, None)))
    projector(shuffled).catch_up()

    with view(shuffled, law=OTHER) as judged_again:
        assert digest(judged_again.db) == models(shuffled)
    with shuffled.connection() as db:
        assert len(state.shards(db)) == shards
        assert state.even(db)
    assert models(shuffled) == models(straight)
    rebuilt = rebuild(shuffled)
    assert rebuilt.differing == ()
    assert rebuilt.equal

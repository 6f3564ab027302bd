"""Random histories of goods that are declared, taken away and lost: what is owed for them.

A hundred units that bear EUR 1 each are stored or placed under a procedure. Whatever is told of
them, one amount is owed for what is declared or went astray, and none for what is gone for good.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from domain.case import Book, assemble
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
)
from domain.facts.fact import Fact, Told
from domain.facts.inventory import ShortageFound
from domain.facts.values import Kind
from domain.judgement.judge import judge
from domain.judgement.totals import LATE, total
from domain.law.citation import Law
from domain.policies import Policies
from domain.situation import Situation
from domain.timeline import Judgement
from tests.domain.telling import declared, end_of, goods, presented, ref, tell, told_of, where

START: Final = date(2017, 3, 1)
DAY_OF_ASKING: Final = "2019-12-01"
"""Before any debt is barred."""
TAKEN: Final = (GoodsConfiscated, GoodsAbandoned, GoodsDestroyed)
LEFT: Final = (GoodsRemoved, GoodsLost, ShortageFound)
ASTRAY: Final = (Situation.IRREGULAR, Situation.BREACHED, Situation.LOST)
SAID_OF_REPORTS: Final = {
    "ABANDON_NO_PERMISSION",
    "DRAWN_BY_NOBODY",
    "DRAWN_BY_UNTOLD",
    "EXCEEDS_STOCK",
    "SHORTAGE_EXCEEDS_STOCK",
    "UCC215_OVER_DISCHARGE",
}
"""Where reports contradict each other, or do not say whose goods they mean."""


class History:
    """The reports of one seed: a stock, up to three declarations for it, and acts on either."""

    def __init__(self, seed: int) -> None:
        self.seed, self.dice = seed, Random(seed)  # noqa: S311  (no secret)
        self.drawn: dict[str, int] = {}
        stock, declarations = [*self._stock()], [*self._declarations()]
        book = Book(told_of(*stock, *declarations, *self._acts()))
        self.said = {name: _judged(name, book) for name in ("s", *self.drawn)}

    def _day(self, first: int, last: int) -> str:
        return str(START + timedelta(days=self.dice.randint(first, last)))

    def _stock(self) -> Iterator[Told | list[Told]]:
        line = goods(100, value=1000, percent=10)
        kind = self.dice.choice((None, Kind.CUSTOMS_WAREHOUSING, Kind.INWARD_PROCESSING))
        placed, end_by = f"{START} 08:00", self._day(40, 300)
        if kind is None:
            yield presented("s", placed, line)
        else:
            yield declared("s", kind, line, accepted=placed, released=placed, end_by=end_by)

    def _declarations(self) -> Iterator[list[Told]]:
        left = 100
        for name in ("i", "j", "k")[: self.dice.randint(0, 3)]:
            if much := min(self.dice.choice((10, 30, 60, left)), left):
                self.drawn[name] = much
                left -= much
                day = self._day(1, 20)
                released = self.dice.choice((None, f"{day} 12:00"))
                line = goods(much, value=much * 10, percent=10, of="s")
                yield declared(
                    name, Kind.FREE_CIRCULATION, line, accepted=f"{day} 09:00", released=released
                )

    def _acts(self) -> Iterator[Told]:
        for at in ("s", *self.drawn):
            yield tell(AbandonmentPermitted, at, f"{START} 10:00", id=f"permitted-{at}")
        for number in range(self.dice.randint(1, 5)):
            yield self._act(self.dice.choice((*TAKEN, *TAKEN, *LEFT)), number)

    def _act(self, act: type[Fact], number: int) -> Told:
        data: dict[str, object] = {"quantity": self.dice.choice((5, 10, 30, 40, 60))}
        at = self.dice.choice(("s", "s", *self.drawn)) if act in TAKEN else "s"
        if act is not ShortageFound and at == "s" and self.drawn and self.dice.random() < 0.4:
            data["drawn_by"] = ref(self.dice.choice([*self.drawn]))
        if act is not ShortageFound and self.dice.random() < 0.2:
            del data["quantity"]
        hour = f"{self._day(21, 100)} {10 + number}:00"
        return tell(act, at, hour, id=f"act-{number}", **data)

    @property
    def clear(self) -> bool:
        """Whether nothing is said of the reports themselves."""
        codes = {each.code for said in self.said.values() for each in said.findings}
        return not SAID_OF_REPORTS & codes

    def owed(self) -> Decimal:
        """What is to be collected of all debts."""
        debts = [(said.movement, debt) for said in self.said.values() for debt in said.debts]
        return total(debts, end_of(DAY_OF_ASKING)).get("EUR", Decimal(0))


def _judged(name: str, book: Book) -> Judgement:
    said = judge(assemble(ref(name), book), Law(), Policies())
    assert said
    return said


CLEAR: Final = [each for each in map(History, range(1_500)) if each.clear]


def test_many_histories_are_clear() -> None:
    assert len(CLEAR) > 500


def test_one_amount_is_owed_and_none_for_what_is_gone_for_good() -> None:
    for history in CLEAR:
        held = where(history.said["s"], DAY_OF_ASKING)
        gone = held.get(Situation.DESTROYED, 0) + held.get(Situation.DEEMED_WAREHOUSE, 0)
        assert history.owed() <= 100 - gone, history.seed


def test_whatever_went_astray_gave_a_debt() -> None:
    for history in CLEAR:
        held = where(history.said["s"], DAY_OF_ASKING)
        struck = [
            each.quantity
            for debt in history.said["s"].debts
            for each in debt.struck
            if debt.because.rule not in LATE
        ]
        assert sum(struck) >= sum(held.get(each, 0) for each in ASTRAY), history.seed


def test_what_a_declaration_holds_is_owed_by_it() -> None:
    at = end_of(DAY_OF_ASKING)
    for history in CLEAR:
        (position,) = history.said["s"].positions_at(at)
        for part in position.parts:
            if part.drawn_by:
                debts = history.said[part.drawn_by.partition(":")[2]].debts
                still = sum([debt.open_at(at) or 0 for debt in debts])
                assert still >= part.quantity, history.seed

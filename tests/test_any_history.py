"""Any history at all is judged: nothing raises, quantity is conserved, arrival is irrelevant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from random import Random
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from domain.case import Book, assemble
from domain.facts.fact import FACTS, SUBJECTS, Fact, Told
from domain.facts.values import Role
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.policies import Policies
from stories.direct import judged

SEEDS: Final = 12
HISTORIES: Final = 25
MOVEMENTS: Final = (
    "local:m0",
    "local:m1",
    "local:m2",
    "mrn:17BG00100700000012",
    "lrn:D/BG001007/7",
)
OFFICES: Final = ("BG001007", "BG005800", "DE004851", "ZZ000000", None)
PERSONS: Final = ("A", "B", "H", "W")
FIRST: Final = date(2017, 1, 2)
SCRIPTS: Final = (
    ("temporary-storage.goods-presented",),
    ("temporary-storage.goods-presented", "temporary-storage.presentation-confirmed"),
    ("declaration.lodged", "declaration.accepted", "declaration.goods-released"),
    ("declaration.lodged", "declaration.accepted", "declaration.invalidated"),
    ("declaration.lodged", "declaration.accepted", "exit.goods-exited"),
    (
        "declaration.lodged",
        "declaration.accepted",
        "declaration.goods-released",
        "transit.goods-arrived",
        "transit.discharged",
    ),
    ("entry.summary-declaration-lodged", "entry.goods-entered", "entry.goods-unloaded"),
    (
        "declaration.lodged",
        "declaration.accepted",
        "declaration.goods-released",
        "inventory.shortage-found",
        "debt.notified",
        "debt.paid",
    ),
)
"""What happens to a movement in an ordinary life; anything else is added to it."""
WORDS: Final = {
    "authorisation": ("auth:A1", "auth:A2"),
    "guarantee": ("grn:G1",),
    "code": ("BOXES", "TOYS"),
    "currency": ("EUR",),
    "unit": ("NAR", "KGM"),
    "destination": OFFICES[:2],
    "found_at": OFFICES[:3],
    "occurred_at": OFFICES[:3],
    "same_as_of": ("BG", "ECB", "XX"),
    "previous": MOVEMENTS,
    "drawn_by": MOVEMENTS,
    "same_as": MOVEMENTS,
}
REPORTS: Final = frozenset({"shortage", "report", "gave_rise", "discrepancy", "debt"})
SUBJECT_NAMES: Final = {"auth": ("A1", "A2"), "grn": ("G1",), "calendar": ("BG", "DE")}


class History:
    """Facts at random, most of them in an order that makes some sense."""

    def __init__(self, seed: str) -> None:
        self.dice = Random(seed)  # noqa: S311  (the same on every run)
        self.count = 0

    def facts(self) -> list[Told]:
        return [*self.lives(), *(self.told(name) for name in self.some(tuple(FACTS), 8))]

    def lives(self) -> Iterator[Told]:
        for stream in self.some(MOVEMENTS, 4):
            day = FIRST + timedelta(days=self.dice.randint(0, 60))
            for name in self.dice.choice(SCRIPTS):
                yield self.told(f"{name}.v1", stream, day)
                day += timedelta(days=self.dice.choice((0, 0, 1, 5, 40, 100)))

    def some(self, among: tuple[str, ...], most: int) -> list[str]:
        return [self.dice.choice(among) for _ in range(self.dice.randint(1, most))]

    def told(self, name: str, stream: str | None = None, day: date | None = None) -> Told:
        self.count += 1
        day = day or FIRST + timedelta(days=self.dice.randint(-300, 400))
        fact = self.fact(FACTS[name], day)
        report = f"r{self.count}"
        source = self.dice.choice("st")
        return Told(
            cite=f"{source}/{report}",
            stream=stream or self.stream(name),
            source=source,
            report=report,
            role=self.dice.choice((Role.CUSTOMS, *sorted(fact.TOLD_BY))),
            made_at=self.dice.choice((None, self.instant(day))),
            recorded_at=self.instant(day + timedelta(days=self.dice.randint(0, 40))),
            fact=fact,
        )

    def stream(self, name: str) -> str:
        scheme = SUBJECTS.get(name)
        if scheme is None:
            return self.dice.choice(MOVEMENTS)
        return f"{scheme}:{self.dice.choice(SUBJECT_NAMES.get(scheme, ('EUR', 'BOXES', 'TOYS')))}"

    def instant(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, self.dice.randint(0, 23), tzinfo=UTC)

    def fact(self, model: type[Fact], day: date) -> Fact:
        """A fact that its own model accepts; a field that cannot be made is a failure of ours."""
        for _ in range(200):
            data = self.fields(model)
            data |= {
                "happened": self.dice.choice((day, day, self.instant(day))),
                "office": self.dice.choice((*OFFICES[:1] * 6, *OFFICES)),
                "same_as": self.value("same_as", str) if self.dice.random() < 0.05 else None,
                "corrects": f"r{self.dice.randint(1, 9)}" if self.dice.random() < 0.05 else None,
            }
            try:
                return model.model_validate(data)
            except ValidationError:
                continue
        raise AssertionError(f"no {model.TYPE} could be made: teach `value` its fields")

    def fields(self, model: type[BaseModel]) -> dict[str, Any]:
        return {
            name: self.value(name, field.annotation)
            for name, field in model.model_fields.items()
            if field.is_required() or self.dice.random() < 0.6
        }

    def value(self, name: str, kind: Any) -> Any:  # noqa: ANN401  (a value of the kind asked for)
        if get_origin(kind) is Annotated:
            return self.value(name, get_args(kind)[0])
        if get_origin(kind) in (Union, UnionType):
            kinds = [each for each in get_args(kind) if each is not NoneType]
            optional = NoneType in get_args(kind) and self.dice.random() < 0.4
            return None if optional else self.value(name, self.dice.choice(kinds))
        if get_origin(kind) is tuple:
            size = self.dice.choice((0, 1, 1, 1, 2, 3))
            return [self.value(name, get_args(kind)[0]) for _ in range(size)]
        if issubclass(kind, Enum):
            return self.dice.choice(list(kind))
        if issubclass(kind, BaseModel):
            return self.fields(kind)
        return self.plain(name, kind)

    def plain(self, name: str, kind: type) -> object:
        if kind is bool:
            return self.dice.random() < 0.5
        if kind is int:
            return self.dice.choice((1, 1, 1, 2, 3, 5, 10))
        if kind is Decimal:
            return Decimal(self.dice.choice(("0", "0.8", "1", "2", "3.5", "7", "10", "1000")))
        if kind is date:
            return FIRST + timedelta(days=self.dice.randint(-30, 300))
        if name in REPORTS:
            return f"{self.dice.choice(('s/', 't/', ''))}r{self.dice.randint(1, 20)}"
        return self.dice.choice(WORDS.get(name, PERSONS))


def histories(seed: int) -> Iterator[tuple[list[Told], datetime, Law, Policies]]:
    for number in range(HISTORIES):
        history = History(f"{seed}/{number}")
        facts = history.facts()
        known_at = datetime(2017, history.dice.randint(3, 12), 1, tzinfo=UTC)
        law = Law(history.dice.choice((date(2016, 12, 24), date(2019, 4, 14))))
        policies = Policies.of({"placed_by": history.dice.choice(("ACCEPTANCE", "RELEASE"))})
        for instant in (known_at, datetime(2100, 1, 1, tzinfo=UTC)):
            yield facts, instant, law, policies


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    for facts, known_at, law, policies in histories(seed):
        expected = judged(facts, known_at, law, policies)

        dice = Random(seed)  # noqa: S311  (the same on every run)
        for _ in range(2):
            shuffled = dice.sample(facts, len(facts))
            assert judged(shuffled, known_at, law, policies) == expected


@pytest.mark.parametrize("seed", range(SEEDS))
def test_quantity_is_conserved(seed: int) -> None:
    for facts, known_at, law, policies in histories(seed):
        book = Book(facts).known_at(known_at)
        for name in book.movements():
            case = assemble(name, book)
            if case.own is None or (said := judge(case, law, policies)) is None:
                continue
            for position in said.positions:
                line = case.own.line(position.line)
                assert line is not None
                assert sum(part.quantity for part in position.parts) == line.quantity
                assert all(part.quantity > 0 for part in position.parts)
                assert 0 <= position.overdue <= line.quantity


@pytest.mark.parametrize("seed", range(SEEDS))
def test_positions_of_a_line_follow_each_other(seed: int) -> None:
    for facts, known_at, law, policies in histories(seed):
        for said in judged(facts, known_at, law, policies):
            for number in {position.line for position in said.positions}:
                positions = [each for each in said.positions if each.line == number]
                assert all(first.end == then.start for first, then in pairwise(positions))
                assert all(first.start < then.start for first, then in pairwise(positions))
                assert positions[-1].end is None


def test_the_histories_make_debts_of_many_kinds() -> None:
    """Else the tests above would say little."""
    found = [
        debt
        for facts, known_at, law, policies in histories(0)
        for said in judged(facts, known_at, law, policies)
        for debt in said.debts
    ]
    assert len({debt.because.rule for debt in found}) >= 4
    assert any(debt.extinguished for debt in found)
    assert any(debt.same_goods for debt in found)

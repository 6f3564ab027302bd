"""Any history at all is judged: nothing raises, quantity is conserved, arrival is irrelevant."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from random import Random
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from domain.case import Book, Case, assemble
from domain.facts.fact import FACTS, SUBJECTS, Fact, Told
from domain.facts.values import Kind, Line, Role
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.movements.drawing import drawn_lines, drawn_quantity
from domain.policies import Policies
from domain.situation import Situation
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
ROUNDING: Final = Decimal("0.0001")
FIRST: Final = date(2017, 1, 2)
KINDS: Final = (
    Kind.TEMPORARY_STORAGE,
    Kind.TEMPORARY_STORAGE,
    Kind.EXTERNAL_TRANSIT,
    Kind.CUSTOMS_WAREHOUSING,
    Kind.INWARD_PROCESSING,
    Kind.OUTWARD_PROCESSING,
    Kind.FREE_CIRCULATION,
    Kind.FREE_CIRCULATION,
    Kind.RE_EXPORT,
    Kind.ENTRY,
)
ENDS: Final = (
    ("declaration.goods-released",),
    ("declaration.goods-released",),
    ("declaration.goods-released", "transit.goods-arrived", "transit.discharged"),
    ("declaration.goods-released", "exit.goods-exited"),
    ("declaration.invalidated",),
    ("declaration.release-refused",),
    (),
)
"""What follows the acceptance of a declaration."""
ACTS: Final = tuple(
    name for name in FACTS if name.startswith(("debt.", "goods.", "inventory.", "procedure."))
)
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
        """Goods, those who draw from them, acts on both, and anything at all."""
        goods, *others = self.dice.sample(MOVEMENTS, self.dice.randint(2, 4))
        day = FIRST + timedelta(days=self.dice.randint(0, 60))
        told = list(self.opened(goods, day))
        for other in others:
            later = day + timedelta(days=self.dice.choice((0, 1, 20, 89, 90, 91, 150)))
            told += self.opened(other, later, previous=goods)
        for name in self.some(ACTS, 4):
            later = day + timedelta(days=self.dice.randint(0, 200))
            told.append(self.told(name, self.dice.choice((goods, goods, *others)), later))
        return told + [self.told(name) for name in self.some(tuple(FACTS), 4)]

    def opened(self, stream: str, day: date, previous: str | None = None) -> Iterator[Told]:
        """How a movement begins, and how it goes on."""
        kind = self.dice.choice(KINDS)
        lines = [self.line(previous) for _ in range(self.dice.choice((1, 1, 2)))]
        if kind is Kind.TEMPORARY_STORAGE:
            yield self.told("temporary-storage.goods-presented.v1", stream, day, lines=lines)
        elif kind is Kind.ENTRY:
            yield self.told("entry.goods-entered.v1", stream, day, lines=lines)
            yield self.told("entry.goods-unloaded.v1", stream, day)
        else:
            end_by = day + timedelta(days=self.dice.choice((10, 60, 180)))
            particulars = {"procedure": kind, "lines": lines, "end_by": end_by}
            yield self.told("declaration.lodged.v1", stream, day, **particulars)
            for name in ("declaration.accepted", *self.dice.choice(ENDS)):
                day += timedelta(days=self.dice.choice((0, 0, 1, 5, 40)))
                yield self.told(f"{name}.v1", stream, day, end_by=end_by)

    def line(self, previous: str | None) -> dict[str, Any]:
        """A line, most often an ordinary one; what is drawn is most often there to be drawn."""
        odd = self.fields(Line) if self.dice.random() < 0.2 else {}
        much: dict[str, Any]
        if previous is None:
            much = {"quantity": Decimal(self.dice.choice(("5", "8", "20")))}
        else:
            much = {
                "quantity": Decimal(self.dice.choice(("0.5", "1", "2", "3.5", "8"))),
                "previous": previous,
                "previous_line": self.dice.choice((1, 1, 1, 1, 1, 2)),
                "processed": self.dice.random() < 0.3,
            }
        return odd | much | {"value": Decimal(1000), "duty": [{"percent": 10}]}

    def some(self, among: tuple[str, ...], most: int) -> list[str]:
        return [self.dice.choice(among) for _ in range(self.dice.randint(0, most))]

    def told(
        self, name: str, stream: str | None = None, day: date | None = None, **given: object
    ) -> Told:
        self.count += 1
        anywhere = day is None
        day = day or FIRST + timedelta(days=self.dice.randint(-300, 400))
        fact = self.fact(FACTS[name], day, given)
        report = f"r{self.count}"
        source = self.dice.choice("st") if anywhere else "s"
        return Told(
            cite=f"{source}/{report}",
            stream=stream or self.stream(name),
            source=source,
            report=report,
            role=self.dice.choice((Role.CUSTOMS, Role.CUSTOMS, *sorted(fact.TOLD_BY))),
            made_at=self.dice.choice((None, self.instant(day))),
            recorded_at=self.instant(day + timedelta(days=self.dice.choice((0, 0, 0, 10, 90)))),
            fact=fact,
        )

    def stream(self, name: str) -> str:
        scheme = SUBJECTS.get(name)
        if scheme is None:
            return self.dice.choice(MOVEMENTS)
        return f"{scheme}:{self.dice.choice(SUBJECT_NAMES.get(scheme, ('EUR', 'BOXES', 'TOYS')))}"

    def instant(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, self.dice.randint(0, 23), tzinfo=UTC)

    def fact(self, model: type[Fact], day: date, given: Mapping[str, object]) -> Fact:
        """A fact that its own model accepts; a field that cannot be made is a failure of ours."""
        known = {name: each for name, each in given.items() if name in model.model_fields}
        for _ in range(200):
            data = self.fields(model) | {
                "happened": self.dice.choice((day, day, self.instant(day))),
                "office": self.dice.choice((*OFFICES[:1] * 20, *OFFICES)),
                "same_as": self.value("same_as", str) if self.dice.random() < 0.03 else None,
                "corrects": f"r{self.dice.randint(1, 9)}" if self.dice.random() < 0.03 else None,
            }
            try:
                return model.model_validate(data | known)
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
            return Decimal(self.dice.choice(("0", "0.8", "1", "1", "2", "3.5", "5", "1000")))
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
                for part in position.parts:
                    assert part.quantity <= declared(case, position.line, part.drawn_by)


def declared(case: Case, number: int, successor: str | None) -> Decimal:
    """The most that a successor can hold of a line of ours, in our unit: what it declared."""
    assert case.own is not None
    lines = [
        drawn_quantity(case, case.own, other, theirs)
        for other in case.successors
        if other.movement == successor
        for theirs, ours, _ in drawn_lines(other, case.own)
        if ours == number
    ]
    return sum(lines, ROUNDING) if successor else Decimal("Infinity")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_positions_of_a_line_follow_each_other(seed: int) -> None:
    for facts, known_at, law, policies in histories(seed):
        for said in judged(facts, known_at, law, policies):
            for number in {position.line for position in said.positions}:
                positions = [each for each in said.positions if each.line == number]
                assert all(first.end == then.start for first, then in pairwise(positions))
                assert all(first.start < then.start for first, then in pairwise(positions))
                assert positions[-1].end is None


def test_the_histories_reach_what_the_tests_are_about() -> None:
    """Else the tests above would say little."""
    said = [
        one
        for seed in range(SEEDS)
        for facts, known_at, law, policies in histories(seed)
        for one in judged(facts, known_at, law, policies)
    ]
    debts = [debt for one in said for debt in one.debts]
    assert len({debt.because.rule for debt in debts}) >= 8
    assert {each.letter for debt in debts for each in debt.extinguished} >= {"a", "b", "d", "e"}
    assert any(debt.same_goods for debt in debts)
    situations = {part.situation for one in said for each in one.positions for part in each.parts}
    assert situations >= {
        Situation.STORAGE_DECLARED,
        Situation.PASSED_ON,
        Situation.DISCHARGED,
        Situation.FREE_CIRCULATION,
        Situation.BREACHED,
        Situation.DEEMED_WAREHOUSE,
        Situation.NEVER_THERE,
    }

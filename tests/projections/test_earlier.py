"""To go on from an earlier judgement gives the same judgement and rows as to judge anew."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from domain import folds
from domain.case import Book, assemble
from domain.facts.authorisation import AuthorisationGranted
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationInvalidated,
    DeclarationLodged,
    GoodsReleased,
    ReleaseRefused,
)
from domain.facts.disposal import GoodsConfiscated, GoodsDestroyed, GoodsLost, GoodsSeized
from domain.facts.exit import GoodsExited
from domain.facts.fact import Fact, Told
from domain.facts.inventory import (
    DiscrepancyFound,
    NeverThere,
    PeriodExtended,
    RightsTransferred,
    ShortageFound,
)
from domain.facts.record import ReportRetracted
from domain.facts.values import Kind
from domain.judgement import judge as judging
from domain.judgement import resumed, walking
from domain.law.citation import Law
from domain.policies import Policies
from projections import rows
from projections.judging import Earlier, Terms, judged
from tests.domain.telling import declared, goods, presented, tell
from tests.test_any_history import History

STOCK: Final = "stock"
FIRST: Final = datetime(2017, 3, 1, 8, tzinfo=UTC)
ROOM: Final = 100_000
NEXT: Final = (Kind.FREE_CIRCULATION, Kind.RE_EXPORT, Kind.INWARD_PROCESSING, Kind.EXTERNAL_TRANSIT)
ENDS: Final[tuple[tuple[type[Fact], ...], ...]] = (
    (GoodsReleased,),
    (GoodsReleased,),
    (GoodsReleased, GoodsExited),
    (DeclarationInvalidated,),
    (ReleaseRefused,),
    (),
)
ON_GOODS: Final = (GoodsSeized, GoodsConfiscated, GoodsLost, GoodsDestroyed)


class Stock:
    """Goods from which many draw, told in the order of time but for what comes late."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311  (the same on every run)
        self.at, self.count = FIRST, 0

    def told(self, withdrawals: int) -> list[Told]:
        told = [*self._placed()]
        for _ in range(withdrawals):
            told += self._withdrawn()
            if self.dice.random() < 0.1:
                told.append(self._act(STOCK))
        for place in range(len(told)):
            if self.dice.random() < 0.1:
                late = min(place + self.dice.randint(1, 40), len(told) - 1)
                told.insert(late, told.pop(place))
        return told

    def _placed(self) -> Iterator[Told]:
        lines = [goods(300, value=300, percent=10) for _ in range(self.dice.choice((1, 1, 2)))]
        kind = self.dice.choice((Kind.CUSTOMS_WAREHOUSING, Kind.INWARD_PROCESSING, None))
        if kind is None:
            yield presented(STOCK, self._now(), *lines)
            return
        granted = {"holder": "D", "procedure": kind, "products_per_input": "2"}
        yield tell(AuthorisationGranted, "auth:A", self._now(), **granted, bill_of_discharge=True)
        end_by = str(date(2017, self.dice.choice((4, 6, 9)), 1))
        more = {"authorisation": "auth:A", "guarantee": "grn:G", "end_by": end_by}
        yield from declared(
            STOCK, kind, *lines, accepted=self._now(), released=self._now(), **more
        )  # fmt: skip

    def _withdrawn(self) -> Iterator[Told]:
        self.count += 1
        name, kind = f"w{self.count:03}", self.dice.choice(NEXT)
        processed = self.dice.random() < 0.2
        drawn = {"of": STOCK, "previous_line": self.dice.choice((1, 1, 2)), "processed": processed}
        much = self.dice.choice((1, 2, "2.5", 400))
        line = goods(much, value=10, percent=5, **drawn)
        yield self._tell(DeclarationLodged, name, procedure=kind, declarant="D", lines=(line,))
        yield self._tell(DeclarationAccepted, name)
        for stage in self.dice.choice(ENDS):
            yield self._tell(stage, name)
        if self.dice.random() < 0.15:
            yield self._act(name)
        if self.dice.random() < 0.05:
            yield self._tell(ReportRetracted, name, report=f"{name}:{self.count}:GoodsReleased")
        if self.dice.random() < 0.05:
            corrects = f"{name}:{self.count}:DeclarationLodged"
            lines = (goods(3, value=10, percent=5, **drawn),)
            said = {"procedure": kind, "declarant": "D", "lines": lines, "corrects": corrects}
            yield self._tell(DeclarationLodged, name, again=True, **said)

    def _act(self, name: str) -> Told:
        if name != STOCK or self.dice.random() < 0.5:
            drawn_by = f"local:w{self.count:03}" if name == STOCK else None
            quantity = self.dice.choice((None, 1, 3)) if drawn_by is None else None
            return self._tell(
                self.dice.choice(ON_GOODS), name, quantity=quantity, line=1, drawn_by=drawn_by
            )
        sort, said = self.dice.choice(
            (
                (ShortageFound, {"quantity": 2}),
                (DiscrepancyFound, {"quantity": 1}),
                (NeverThere, {"quantity": 1}),
                (RightsTransferred, {"quantity": 5, "transferee": "T", "permitted": True}),
                (PeriodExtended, {"end_by": "2017-12-01"}),
                (ReportRetracted, {"report": f"w{self.count:03}:{self.count}:GoodsReleased"}),
            )
        )
        return self._tell(sort, name, **said)

    def _tell(self, sort: type[Fact], name: str, *, again: bool = False, **said: Any) -> Told:  # noqa: ANN401
        self.at += timedelta(hours=self.dice.choice((0, 1, 5, 5, 24, 400)))
        happened = self.at
        if self.dice.random() < 0.05:
            happened -= timedelta(days=self.dice.randint(1, 9))
        by_day = self.dice.random() < 0.1
        spelled = str(happened.date()) if by_day else happened.isoformat(" ")
        report = f"{name}:{self.count}:{sort.__name__}{'/2' * again}"
        return tell(sort, name, spelled, id=report, **said)

    def _now(self) -> str:
        self.at += timedelta(hours=1)
        return self.at.isoformat(" ")


def arriving(told: Sequence[Told], dice: Random) -> Iterator[Book]:
    """What is known each time that some more has arrived."""
    known = 0
    while known < len(told):
        known += dice.choice((1, 1, 2, 3, 8))
        yield Book(told[:known])


@pytest.fixture
def kept_early(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Keep what is read of any movement, so many things before its end."""

    def keep(tail: int) -> None:
        monkeypatch.setattr(judging, "MANY", -1)
        monkeypatch.setattr(resumed, "TAIL", tail)
        monkeypatch.setattr(folds, "TAIL", tail)
        monkeypatch.setattr(rows, "MUCH", -1)

    return keep


@contextmanager
def keeping_nothing() -> Iterator[None]:
    """Judge and spell as where little is said, which knows of nothing kept."""
    with pytest.MonkeyPatch.context() as plain:
        plain.setattr(judging, "MANY", 1_000_000)
        plain.setattr(rows, "MUCH", 1_000_000)
        yield


def same_as_anew(books: Iterator[Book], terms: Terms) -> None:
    earlier = Earlier(ROOM)
    for known, book in enumerate(books):
        for name in book.movements():
            on = judged(name, book, terms, None, earlier)
            said = on.rows(known, earlier)
            with keeping_nothing():
                anew = judged(name, book, terms)
                assert on == anew, f"{name}, page {known}"
                assert said == anew.rows(known), f"{name}, page {known}"


@pytest.mark.parametrize("seed", range(24))
def test_stock_is_judged_the_same_from_where_it_was(
    seed: int, kept_early: Callable[[int], None]
) -> None:
    dice = Random(seed)  # noqa: S311  (the same on every run)
    kept_early(dice.choice((0, 1, 5, 20)))
    placed_by = dice.choice(("ACCEPTANCE", "RELEASE"))

    told = Stock(seed).told(15)

    same_as_anew(arriving(told, dice), Terms(Law(), Policies.of({"placed_by": placed_by})))


@pytest.mark.parametrize("seed", range(40))
def test_any_history_is_judged_the_same_from_where_it_was(
    seed: int, kept_early: Callable[[int], None]
) -> None:
    dice = Random(seed)  # noqa: S311  (the same on every run)
    kept_early(dice.choice((0, 1, 2)))

    told = History(f"on/{seed}").facts()

    same_as_anew(arriving(told, dice), Terms(Law(date(2019, 4, 14)), Policies()))


@pytest.mark.parametrize("seed", range(24))
def test_to_go_on_changes_nothing_that_was_kept(
    seed: int, kept_early: Callable[[int], None]
) -> None:
    """What is kept gives the same answer however often, and on whatever way, it is gone on from."""
    kept_early(2)
    law, policies, told = Law(), Policies(), Stock(seed).told(15)
    cases = [assemble(f"local:{STOCK}", Book(told[:many])) for many in (30, len(told), 36)]
    first, walked = judging.judged_on(cases[0], law, policies, None)
    assert first
    _, spelled = rows.spelled(first, None)

    for case in (*cases[1:], *cases):
        on, _ = judging.judged_on(case, law, policies, walked)

        assert on
        said, _ = rows.spelled(on, spelled)
        with keeping_nothing():
            assert on == judging.judge(case, law, policies)
            assert said == rows.rows(on)


def withdrawals(many: int) -> list[list[Told]]:
    """A warehouse, and what each of so many draw from it, in the order of time."""
    at = [str(FIRST + timedelta(hours=hour))[:16] for hour in range(3 * many + 3)]
    stock = goods(many, value=many, percent=10)
    told = [declared(STOCK, Kind.CUSTOMS_WAREHOUSING, stock, accepted=at[0], released=at[1])]
    for number in range(many):
        line = goods(1, value=1, percent=10, of=STOCK, previous_line=1)
        lodged, accepted, released = at[3 * number + 2 : 3 * number + 5]
        stages = {"lodged": lodged, "accepted": accepted, "released": released}
        told.append(declared(f"w{number:04}", Kind.FREE_CIRCULATION, line, **stages))
    return told


def known(parts: Sequence[Sequence[Told]]) -> Book:
    return Book([one for part in parts for one in part])


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The events that were walked, as they come."""
    seen: list[object] = []
    go_on = walking.go_on

    def counting(walk: Any, table: Any, events: Any, waiting: Any) -> Any:  # noqa: ANN401
        seen.extend(events)
        return go_on(walk, table, events, waiting)

    monkeypatch.setattr(resumed, "go_on", counting)
    return seen


@pytest.fixture
def spelled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The rows that were spelled, as they come."""
    seen: list[object] = []
    for name in ("position_row", "_row"):
        was = getattr(rows, name)

        def counting(*told: Any, _was: Any = was, **more: Any) -> Any:  # noqa: ANN401
            seen.append(told)
            return _was(*told, **more)

        monkeypatch.setattr(rows, name, counting)
    return seen


def test_one_more_withdrawal_walks_and_spells_only_the_end(
    walked: list[object], spelled: list[object]
) -> None:
    parts, terms, earlier = withdrawals(501), Terms(Law(), Policies()), Earlier(ROOM)
    judged(f"local:{STOCK}", known(parts[:-1]), terms, None, earlier).rows(1, earlier)
    assert len(walked) > 1_000
    assert len(spelled) > 2_000
    walked.clear()
    spelled.clear()

    on = judged(f"local:{STOCK}", known(parts), terms, None, earlier)
    said = on.rows(2, earlier)

    assert len(walked) == resumed.TAIL + 2
    assert len(spelled) < 4 * folds.TAIL
    assert said == judged(f"local:{STOCK}", known(parts), terms).rows(2)


def test_a_stage_reached_lately_walks_only_the_end(walked: list[object]) -> None:
    parts, terms, earlier = withdrawals(500), Terms(Law(), Policies()), Earlier(ROOM)
    pending = parts[-20]
    before = known([part if part is not pending else part[:-1] for part in parts])
    judged(f"local:{STOCK}", before, terms, None, earlier)
    walked.clear()

    judged(f"local:{STOCK}", known(parts), terms, None, earlier)

    assert len(walked) == resumed.TAIL + 1


def test_a_withdrawal_that_comes_very_late_is_walked_from_the_start(walked: list[object]) -> None:
    parts, terms, earlier = withdrawals(500), Terms(Law(), Policies()), Earlier(ROOM)
    judged(f"local:{STOCK}", known(parts[:5] + parts[6:]), terms, None, earlier)
    walked.clear()

    on = judged(f"local:{STOCK}", known(parts), terms, None, earlier)

    assert len(walked) == 3 + 2 * 500
    assert on == judged(f"local:{STOCK}", known(parts), terms)


def test_of_few_successors_nothing_is_kept(walked: list[object]) -> None:
    parts, terms, earlier = withdrawals(50), Terms(Law(), Policies()), Earlier(ROOM)
    judged(f"local:{STOCK}", known(parts), terms, None, earlier)
    walked.clear()

    judged(f"local:{STOCK}", known(parts), terms, None, earlier)

    assert len(walked) == 3 + 2 * 50


def test_what_looks_ahead_is_never_resumed() -> None:
    ahead = {kind for kind, table in walking.TABLES.items() if table.ahead}

    assert ahead == {Kind.ENTRY, Kind.EXTERNAL_TRANSIT, Kind.OUTWARD_PROCESSING}

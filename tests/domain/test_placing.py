"""Goods that were taken before the declaration that holds them was released never come to its
procedure (Articles 194 to 199).
"""

from decimal import Decimal

import pytest

from domain.facts.authorisation import AuthorisationGranted
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
)
from domain.facts.exit import GoodsExited
from domain.facts.fact import Fact, Told
from domain.facts.inventory import ShortageFound
from domain.facts.values import Kind
from domain.situation import Situation
from tests.domain.stored import IN
from tests.domain.telling import codes, declared, finding, goods, judged, ref, tell, where

PLACED = {
    Kind.FREE_CIRCULATION: Situation.FREE_CIRCULATION,
    Kind.CUSTOMS_WAREHOUSING: Situation.CUSTOMS_WAREHOUSE,
    Kind.INWARD_PROCESSING: Situation.INWARD_PROCESSING,
    Kind.EXTERNAL_TRANSIT: Situation.EXTERNAL_TRANSIT,
}
DONE: tuple[type[Fact], ...] = (GoodsConfiscated, GoodsAbandoned, GoodsDestroyed)
PERMITTED = [tell(AbandonmentPermitted, at, "2017-03-11", id=f"permitted-{at}") for at in "sp"]


def placed(
    kind: Kind, *quantities: int, released: str | None = "2017-03-20", **terms: object
) -> list[Told]:
    lines = [goods(much, value=much * 10, percent=10, of="s", **terms) for much in quantities]
    return declared(
        "p", kind, *lines, accepted="2017-03-10", released=released, end_by="2017-06-30"
    )


@pytest.mark.parametrize("act", DONE)
@pytest.mark.parametrize("at", ["s", "p"])
@pytest.mark.parametrize("kind", PLACED)
def test_what_was_taken_before_release_does_not_come_to_the_procedure(
    kind: Kind, at: str, act: type[Fact]
) -> None:
    named = {"drawn_by": ref("p")} if at == "s" else {}
    taken = tell(act, at, "2017-03-12", quantity="10", id="taken", **named)
    said = judged("p", IN, PERMITTED, placed(kind, 40), taken)
    assert where(said, "2017-03-19") == {Situation.AWAITED: 40}
    assert where(said, "2017-03-20") == {PLACED[kind]: 30, Situation.NEVER_THERE: 10}
    assert "198(2)" in said.positions[-1].because.articles
    assert "office/taken" in said.positions[-1].because.reports


def test_nothing_falls_due_for_what_never_came() -> None:
    """30 are taken out of 40 of which 10 were destroyed before: a debt on these would be false."""
    taken = tell(GoodsDestroyed, "s", "2017-03-12", quantity="10", drawn_by=ref("p"))
    out = declared("x", Kind.RE_EXPORT, goods(30, of="p"), accepted="2017-05-01 09:00")
    left = tell(GoodsExited, "x", "2017-05-02")
    story = (IN, placed(Kind.INWARD_PROCESSING, 40), out, left)
    assert [debt.struck[0].quantity for debt in judged("p", *story).debts] == [10]
    assert judged("p", *story, taken).debts == ()


def test_what_leaves_is_what_was_not_taken_by_then() -> None:
    taken = tell(GoodsDestroyed, "p", "2017-03-25", quantity="10")
    left = tell(GoodsExited, "p", "2017-03-27")
    said = judged("p", IN, placed(Kind.RE_EXPORT, 40), taken, left)
    assert where(said, "2017-03-27") == {Situation.EXITED: 30, Situation.NEVER_THERE: 10}


def test_what_two_lines_draw_from_one_is_taken_once() -> None:
    taken = tell(GoodsConfiscated, "s", "2017-03-12", quantity="50", drawn_by=ref("p"))
    said = judged("p", IN, placed(Kind.CUSTOMS_WAREHOUSING, 40, 20), taken)
    assert where(said, "2017-03-20", 1) == {Situation.NEVER_THERE: 40}
    assert where(said, "2017-03-20", 2) == {
        Situation.CUSTOMS_WAREHOUSE: 10,
        Situation.NEVER_THERE: 10,
    }


def test_what_was_taken_of_inputs_is_counted_in_products() -> None:
    granted = tell(
        AuthorisationGranted, "auth:A", "2017-01-01", holder="D", procedure="inward-processing",
        products_per_input="2",
    )  # fmt: skip
    stock = declared(
        "q", Kind.INWARD_PROCESSING, goods(100, value=1000, percent=10), accepted="2017-03-01",
        released="2017-03-01", authorisation="auth:A", end_by="2018-03-01",
    )  # fmt: skip
    line = goods(80, value=800, percent=10, of="q", processed=True)
    sold = declared("p", Kind.FREE_CIRCULATION, line, accepted="2017-03-10", released="2017-03-20")
    taken = tell(GoodsDestroyed, "q", "2017-03-12", quantity="10", drawn_by=ref("p"))
    said = judged("p", granted, stock, sold, taken)
    assert where(said, "2017-03-20") == {Situation.FREE_CIRCULATION: 60, Situation.NEVER_THERE: 20}


@pytest.mark.parametrize("day", ["2017-03-09", "2017-03-21"])
def test_what_was_taken_before_or_after_is_not_about_what_is_released(day: str) -> None:
    taken = tell(GoodsDestroyed, "s", day, quantity="10")
    said = judged("p", IN, placed(Kind.CUSTOMS_WAREHOUSING, 40), taken)
    assert where(said, "2017-03-20") == {Situation.CUSTOMS_WAREHOUSE: 40}


def test_what_was_taken_needs_no_security_at_release() -> None:
    taken = tell(GoodsDestroyed, "p", "2017-03-12", quantity="10")
    said = judged("p", IN, placed(Kind.FREE_CIRCULATION, 40), taken)
    assert finding(said, "UCC195_1_NOT_SECURED").words.startswith("30 EUR")
    all_taken = tell(GoodsDestroyed, "p", "2017-03-12")
    said = judged("p", IN, placed(Kind.FREE_CIRCULATION, 40), all_taken)
    assert "UCC195_1_NOT_SECURED" not in codes(said)
    assert said.debts[0].open_at(said.debts[0].incurred) == Decimal(40)


@pytest.mark.parametrize(
    "kind", [Kind.EXTERNAL_TRANSIT, Kind.INWARD_PROCESSING, Kind.OUTWARD_PROCESSING]
)
def test_a_procedure_whose_last_day_nobody_told_says_so(kind: Kind) -> None:
    told = declared("p", kind, goods(10), accepted="2017-03-01", released="2017-03-01")
    assert "PERIOD_UNKNOWN" in codes(judged("p", told))
    known = declared(
        "p", kind, goods(10), accepted="2017-03-01", released="2017-03-01", end_by="2017-06-30"
    )
    assert "PERIOD_UNKNOWN" not in codes(judged("p", known))


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (GoodsRemoved, {"quantity": "10", "drawn_by": ref("p")}),
        (GoodsLost, {"quantity": "10", "drawn_by": ref("p")}),
        (ShortageFound, {"quantity": "70", "line": 1}),
        (GoodsRemoved, {"quantity": "70"}),
    ],
)
def test_what_was_gone_before_release_is_owed_for_where_it_was_and_not_again(
    act: type[Fact], named: dict[str, object]
) -> None:
    """Of 100 of which 40 are declared, 70 that are gone are 10 of these at least."""
    gone = tell(act, "s", "2017-03-12", id="gone", **named)
    placed_ = placed(Kind.INWARD_PROCESSING, 40)
    said = judged("p", IN, placed_, gone)
    assert where(said, "2017-03-20") == {Situation.INWARD_PROCESSING: 30, Situation.NEVER_THERE: 10}
    assert "office/gone" in said.positions[-1].because.reports
    assert [debt.struck[0].quantity for debt in said.debts] == [30]
    assert judged("s", IN, placed_, gone).debts[0].struck[0].quantity == (
        70 if named["quantity"] == "70" else 10
    )


def test_of_all_that_the_declaration_had_nothing_comes_to_its_procedure() -> None:
    gone = tell(GoodsRemoved, "s", "2017-03-12", drawn_by=ref("p"))
    said = judged("p", IN, placed(Kind.INWARD_PROCESSING, 40), gone)
    assert where(said, "2017-03-20") == {Situation.NEVER_THERE: 40}
    assert said.debts == ()

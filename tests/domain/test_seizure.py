"""Goods in storage that are seized, and what is done with them then (Articles 197 to 199)."""

from decimal import Decimal

import pytest

from domain.facts.declaration import ReleaseRefused
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsRemoved,
    GoodsSeized,
    SeizureLifted,
)
from domain.facts.fact import Told
from domain.facts.values import Kind
from tests.domain.stored import IN, imported, storage
from tests.domain.telling import (
    codes,
    declared,
    finding,
    goods,
    grounds,
    judged,
    moment,
    tell,
    the_debt,
    where,
)


def test_seized_goods_are_deemed_warehoused_and_have_no_time_limit() -> None:
    said = storage(tell(GoodsSeized, "s", "2017-04-10"))
    assert where(said, "2017-06-10") == {"DEEMED_WAREHOUSE": 100}
    assert said.debts == ()


@pytest.mark.parametrize("much", [None, "60"])
def test_what_is_given_back_stays_where_it_is_deemed_to_be(much: str | None) -> None:
    lifted = tell(SeizureLifted, "s", "2017-04-12", quantity=much)
    taken = tell(GoodsSeized, "s", "2017-04-10")
    said = storage(taken, lifted)
    assert where(said, "2017-06-10") == {"DEEMED_WAREHOUSE": 100}
    assert (said.debts, said.findings) == ((), ())
    drawn = declared("i", Kind.FREE_CIRCULATION, goods(100, of="s"), accepted="2017-04-13",
                     released="2017-04-13")  # fmt: skip
    assert where(storage(taken, lifted, drawn), "2017-04-14") == {"PASSED_ON": 100}


def test_what_is_seized_after_a_part_is_seized_as_well() -> None:
    parts = (("2017-04-11", "80"), ("2017-04-12", "20"))
    said = storage(*[tell(GoodsSeized, "s", day, quantity=much) for day, much in parts])
    assert where(said, "2017-06-10") == {"DEEMED_WAREHOUSE": 100}
    assert said.debts == ()


def test_what_is_seized_twice_is_said_and_not_taken_from_the_stock() -> None:
    seized = [tell(GoodsSeized, "s", f"2017-04-1{day}", quantity="80") for day in (1, 2)]
    said = storage(*seized)
    assert where(said, "2017-04-13") == {"DEEMED_WAREHOUSE": 80, "TEMP_STORAGE": 20}
    assert finding(said, "EXCEEDS_STOCK").because.reports == (seized[1].cite,)


def test_what_is_confiscated_of_a_declaration_is_apart_from_what_is_of_the_stock() -> None:
    drawn = declared("i", Kind.FREE_CIRCULATION, goods(40, of="s"), accepted="2017-04-01")

    def found(*acts: Told) -> dict[str, Decimal]:
        return where(storage(drawn, *acts), "2017-04-20")

    there = tell(GoodsConfiscated, "i", "2017-04-12")
    stock = tell(GoodsSeized, "s", "2017-04-10", quantity="50")
    assert found(stock, there) == {"DEEMED_WAREHOUSE": 90, "TEMP_STORAGE": 10}
    rest = tell(GoodsConfiscated, "s", "2017-04-13", quantity="60")
    assert found(there, rest) == {"DEEMED_WAREHOUSE": 100}
    first = tell(GoodsSeized, "i", "2017-04-10", quantity="10")
    part = tell(GoodsConfiscated, "i", "2017-04-12", quantity="30")
    assert found(first, part)["DEEMED_WAREHOUSE"] == 30


@pytest.mark.parametrize("much", [None, "100"])
def test_seized_goods_that_are_destroyed_are_no_longer_there(much: str | None) -> None:
    seized = tell(GoodsSeized, "s", "2017-04-11")
    for first in ((), (tell(GoodsConfiscated, "s", "2017-04-12", quantity="30"),)):
        gone = tell(GoodsDestroyed, "s", "2017-04-13", quantity=much)
        said = storage(seized, *first, gone)
        assert where(said, "2017-04-13") == {"DESTROYED": 100}
        assert codes(said) == []


def test_what_is_destroyed_is_taken_from_the_stock_before_what_was_seized() -> None:
    seized = tell(GoodsSeized, "s", "2017-04-11", quantity="80")
    said = storage(seized, tell(GoodsDestroyed, "s", "2017-04-12", quantity="30"))
    assert where(said, "2017-04-13") == {"DESTROYED": 30, "DEEMED_WAREHOUSE": 70}


@pytest.mark.parametrize(("much", "left"), [("20", 0), ("50", 0), ("5", 15)])
def test_seized_goods_can_be_abandoned_where_they_are(much: str, left: int) -> None:
    seized = tell(GoodsSeized, "s", "2017-04-11", quantity="80")
    permitted = tell(AbandonmentPermitted, "s", "2017-04-12")
    said = storage(seized, permitted, tell(GoodsAbandoned, "s", "2017-04-13", quantity=much))
    assert where(said, "2017-04-13").get("TEMP_STORAGE", 0) == left
    assert "EXCEEDS_STOCK" not in codes(said)


def test_a_confiscation_takes_what_a_seizure_left_from_the_stock() -> None:
    seized = tell(GoodsSeized, "s", "2017-04-11", quantity="80")
    said = storage(seized, tell(GoodsConfiscated, "s", "2017-04-12", quantity="90"))
    assert where(said, "2017-04-13") == {"DEEMED_WAREHOUSE": 90, "TEMP_STORAGE": 10}
    assert "EXCEEDS_STOCK" not in codes(said)


@pytest.mark.parametrize("whole", [{}, {"quantity": "30", "drawn_by": "local:i"}])
def test_what_is_seized_from_a_successor_is_confiscated_where_it_is(whole: dict[str, str]) -> None:
    drawn = declared("i", Kind.FREE_CIRCULATION, goods(40, of="s"), accepted="2017-04-01")
    seized = tell(GoodsSeized, "s", "2017-04-11", **whole)
    parts = [
        tell(GoodsConfiscated, "s", f"2017-04-1{day}", quantity="15", drawn_by="local:i")
        for day in (2, 3)
    ]
    said = storage(drawn, seized, *parts)
    assert where(said, "2017-04-13") == where(said, "2017-04-11")
    assert "EXCEEDS_STOCK" not in codes(said)
    more = tell(GoodsConfiscated, "s", "2017-04-14", quantity="10", drawn_by="local:i")
    said = storage(drawn, seized, *parts, more)
    assert where(said, "2017-04-14")["DEEMED_WAREHOUSE"] == (40 if whole else 100)
    assert "EXCEEDS_STOCK" not in codes(said)


@pytest.mark.parametrize("much", [None, "40"])
def test_what_is_confiscated_from_a_successor_is_not_confiscated_again(much: str | None) -> None:
    drawn = declared("i", Kind.FREE_CIRCULATION, goods(40, of="s"), accepted="2017-04-01")
    first = tell(GoodsConfiscated, "s", "2017-04-11", quantity=much, drawn_by="local:i")
    for seized in ([], [tell(GoodsSeized, "s", "2017-04-10", quantity="40", drawn_by="local:i")]):
        said = storage(
            drawn, seized, first, tell(GoodsConfiscated, "s", "2017-04-12", quantity="60")
        )
        assert where(said, "2017-04-12") == {"DEEMED_WAREHOUSE": 100}


def test_seizure_does_not_extinguish_a_debt_and_confiscation_does() -> None:
    seized = tell(GoodsSeized, "s", "2017-06-10")
    assert grounds(the_debt(storage(seized))) == []
    taken = tell(GoodsConfiscated, "s", "2017-06-20")
    assert grounds(the_debt(storage(seized, taken))) == ["e 2017-06-20 100"]


def test_removed_goods_that_are_found_and_seized_are_deemed_warehoused() -> None:
    said = storage(
        tell(GoodsRemoved, "s", "2017-04-10"),
        tell(GoodsSeized, "s", "2017-04-11"),
        tell(GoodsConfiscated, "s", "2017-04-12"),
    )
    assert where(said, "2017-04-12") == {"DEEMED_WAREHOUSE": 100}
    assert grounds(the_debt(said)) == ["e 2017-04-12 100"]


def test_confiscation_before_release_takes_away_the_hold_of_the_declaration() -> None:
    told = imported("i", 100, "2017-05-30", None)
    said = storage(told, tell(GoodsConfiscated, "s", "2017-06-09"))
    debt = the_debt(said)
    assert debt.incurred == moment("2017-05-31 00:00")
    assert grounds(debt) == ["e 2017-06-09 100"]


def test_confiscation_of_what_one_declaration_drew_leaves_the_hold_of_the_other() -> None:
    said = storage(
        imported("a", 40, "2017-05-30", None),
        imported("b", 60, "2017-05-30", "2017-06-12"),
        tell(GoodsConfiscated, "s", "2017-06-09", drawn_by="local:a"),
    )
    debt = the_debt(said)
    assert debt.amount == 40
    assert grounds(debt) == ["e 2017-06-09 40"]
    assert where(said, "2017-06-13") == {"DEEMED_WAREHOUSE": 40, "PASSED_ON": 60}


def test_confiscation_of_part_of_a_declaration_leaves_its_hold_on_the_rest() -> None:
    told = imported("a", 100, "2017-05-30", "2017-06-12")
    part = tell(GoodsConfiscated, "s", "2017-06-09", line=1, quantity="10", drawn_by="local:a")
    said = storage(told, part)
    assert the_debt(said).amount == 10
    assert where(said, "2017-06-10") == {"DEEMED_WAREHOUSE": 10, "TEMP_STORAGE/DECLARED": 90}
    import_debt = the_debt(judged("a", IN, told, part))
    assert grounds(import_debt) == ["d 2017-06-09 10", "e 2017-06-09 0"]


def test_a_confiscation_reported_on_the_declaration_reaches_the_storage() -> None:
    told = imported("a", 100, "2017-05-30", None)
    taken = tell(GoodsConfiscated, "a", "2017-06-09", line=1, quantity="25")
    said = storage(told, taken)
    assert where(said, "2017-06-09") == {"DEEMED_WAREHOUSE": 25, "TEMP_STORAGE/DECLARED": 75}
    assert the_debt(said).amount == 25


GIVEN_BACK = [
    tell(GoodsSeized, "s", "2017-03-10", quantity="40"),
    tell(SeizureLifted, "s", "2017-03-20", quantity="40"),
]


def test_goods_that_were_given_back_are_declared_with_the_rest() -> None:
    placed = imported("i", 100, "2017-04-20 09:00", "2017-04-20 10:00")
    said = storage(GIVEN_BACK, placed)
    assert where(said, "2017-04-20") == {"PASSED_ON": 100}
    assert [each.quantity for each in said.positions[-1].parts] == [100]
    assert (said.debts, codes(said)) == ((), [])


def test_goods_that_are_seized_still_are_not_declared_with_the_rest() -> None:
    placed = imported("i", 100, "2017-04-20 09:00", "2017-04-20 10:00")
    held = storage(tell(GoodsSeized, "s", "2017-03-10", quantity="40"), placed)
    assert "UCC215_OVER_DISCHARGE" in codes(held)
    other = storage(GIVEN_BACK, tell(GoodsConfiscated, "s", "2017-03-25", quantity="40"), placed)
    assert "UCC215_OVER_DISCHARGE" in codes(other)


def test_seized_goods_that_another_drew_can_be_drawn_again_once_it_falls() -> None:
    first = imported("i", 100, "2017-04-20 09:00", None)
    fell = tell(ReleaseRefused, "i", "2017-04-25 09:00")
    again = imported("j", 100, "2017-05-02 09:00", "2017-05-02 10:00")
    said = storage(GIVEN_BACK, first, fell, again)
    assert where(said, "2017-04-25") == {"TEMP_STORAGE": 60, "DEEMED_WAREHOUSE": 40}
    assert where(said, "2017-05-02") == {"PASSED_ON": 100}

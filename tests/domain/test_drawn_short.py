"""Declarations of goods of which some had left before, and goods that go where nobody may see
them: what there is is drawn, and one amount is owed for the rest.
"""

import pytest

from domain.facts.disposal import GoodsConfiscated, GoodsRemoved, GoodsSeized, SeizureLifted
from domain.facts.fact import Fact, Told
from domain.facts.inventory import NeverThere, ShortageDated, ShortageFound
from domain.facts.values import Kind
from domain.judgement.totals import total
from tests.domain.stored import IN, imported, storage
from tests.domain.telling import (
    LAW_2019,
    codes,
    declared,
    end_of,
    finding,
    goods,
    judged,
    presented,
    ref,
    same_goods,
    tell,
    the_debt,
    where,
)

ALL = imported("i", 100, "2017-03-12 12:00", "2017-03-14 12:00")
GONE = {
    "removed": [tell(GoodsRemoved, "s", "2017-03-11", quantity="30")],
    "missing": [tell(ShortageFound, "s", "2017-03-11", line=1, quantity="30")],
    "dated": [
        tell(ShortageFound, "s", "2017-03-13", line=1, quantity="30", id="short"),
        tell(ShortageDated, "s", "2017-03-20", shortage="short", removed="2017-03-08"),
    ],
}


def owed(*told: Told | list[Told]) -> int:
    """The total of the storage and of the declaration."""
    debts = [(ref(said), each) for said in "si" for each in judged(said, IN, *told).debts]
    return int(total(debts, end_of("2017-07-01"))["EUR"])


@pytest.mark.parametrize("gone", GONE)
def test_a_declaration_of_all_draws_what_is_left_of_it(gone: str) -> None:
    """It is placed in time, so that nothing is owed for staying too long (Article 149)."""
    said = storage(GONE[gone], ALL)
    assert [debt.struck[0].quantity for debt in said.debts] == [30]
    assert where(said, "2017-03-14")["PASSED_ON"] == 70
    assert same_goods(the_debt(said)) == {"local:i": 30}
    assert "70" not in finding(said, "DRAWN_BEYOND_STOCK").words
    assert "30 had left it before" in finding(said, "DRAWN_BEYOND_STOCK").words
    assert owed(GONE[gone], ALL) == 100


def test_what_never_was_is_not_drawn_and_nothing_is_owed_for_it() -> None:
    said = storage(tell(NeverThere, "s", "2017-04-01", line=1, quantity="20"), ALL)
    assert said.debts == ()
    assert where(said, "2017-04-01") == {"NEVER_THERE": 20, "PASSED_ON": 80}


def test_more_than_what_left_explains_is_not_drawn() -> None:
    more = imported("i", 120, "2017-03-12 12:00", "2017-03-14 12:00")
    said = storage(GONE["removed"], more)
    assert "UCC215_OVER_DISCHARGE" in codes(said)
    assert where(said, "2017-03-14") == {"IRREGULAR": 30, "TEMP_STORAGE": 70}


def test_goods_that_come_back_to_another_storage_leave_the_rest_to_be_declared() -> None:
    back = presented("b", "2017-03-12 09:00", goods(30, value=300, percent=10, of="s"))
    placed = imported("i", 70, "2017-03-20 12:00", "2017-03-20 13:00")
    said = storage(GONE["removed"], back, placed)
    assert [debt.because.rule for debt in said.debts] == ["removed_from_storage"]


def test_overdue_goods_in_another_storage_are_not_put_right() -> None:
    """They are still not placed under a procedure (Articles 149, 124(1)(h))."""
    stored = presented("s", "2019-05-02", goods(100, value=1000, percent=10))
    later = presented("b", "2019-08-05 09:00", goods(100, value=1000, percent=10, of="s"))
    assert "UCC124_1H_CANDIDATE" not in codes(judged("s", stored, later, law=LAW_2019))
    placed = imported("i", 100, "2019-08-05 09:00", "2019-08-05 10:00")
    assert "UCC124_1H_CANDIDATE" in codes(judged("s", stored, placed, law=LAW_2019))


@pytest.mark.parametrize("kind", [None, Kind.CUSTOMS_WAREHOUSING, Kind.INWARD_PROCESSING])
def test_goods_that_customs_gave_back_and_that_are_removed_are_owed_for(kind: Kind | None) -> None:
    stock = (
        [IN]
        if kind is None
        else declared(
            "s", kind, goods(100, value=1000, percent=10), accepted="2017-03-01",
            released="2017-03-01", end_by="2018-03-01",
        )
    )  # fmt: skip
    seized = tell(GoodsSeized, "s", "2017-03-05")
    lifted = tell(SeizureLifted, "s", "2017-03-08")
    removed = tell(GoodsRemoved, "s", "2017-03-10")
    assert the_debt(judged("s", stock, seized, lifted, removed)).struck[0].quantity == 100
    assert judged("s", stock, seized, removed).debts == ()


@pytest.mark.parametrize("act", [GoodsConfiscated, GoodsRemoved])
def test_an_act_on_goods_that_have_gone_on_says_so(act: type[Fact]) -> None:
    said = storage(ALL, tell(act, "s", "2017-03-20"))
    assert "has gone on" in finding(said, "EXCEEDS_STOCK").words
    assert "EXCEEDS_STOCK" not in codes(storage(tell(act, "s", "2017-03-20")))


def test_a_quantity_of_no_line_asks_for_the_line() -> None:
    two = presented("s", "2017-03-01", goods(10), goods(20))
    part = tell(GoodsRemoved, "s", "2017-03-05", quantity="2")
    assert "LINE_UNTOLD" in codes(judged("s", two, part))
    told = tell(GoodsRemoved, "s", "2017-03-05", quantity="2", line=1)
    whole = tell(GoodsRemoved, "s", "2017-03-05")
    assert "LINE_UNTOLD" not in codes(judged("s", two, told))
    assert "LINE_UNTOLD" not in codes(judged("s", two, whole))
    assert "LINE_UNTOLD" not in codes(storage(part))

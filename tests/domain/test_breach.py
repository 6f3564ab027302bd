"""Goods that are removed, missing or lost: whose they were, and who had declared them."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from domain.facts.authorisation import AuthorisationGranted
from domain.facts.debt import DebtNotified, DebtPaid
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
)
from domain.facts.fact import Fact, Told
from domain.facts.inventory import RightsTransferred, ShortageFound
from domain.facts.reference_data import DutyMeasureSet
from domain.facts.temporary_storage import StorageMoveStarted
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from domain.judgement.totals import total
from domain.timeline import Judgement
from tests.domain.stored import imported, storage
from tests.domain.telling import (
    SOFIA,
    codes,
    debtor,
    declared,
    finding,
    goods,
    grounds,
    judged,
    moment,
    same_goods,
    tell,
    the_debt,
    where,
)

LEFT: tuple[tuple[type[Fact], dict[str, str]], ...] = (
    (GoodsRemoved, {}),
    (GoodsLost, {}),
    (ShortageFound, {"quantity": "10"}),
)
PLACED = (Kind.CUSTOMS_WAREHOUSING, Kind.INWARD_PROCESSING)


def placed(procedure: Kind, **particulars: str) -> list[Told]:
    return declared(
        "p", procedure, goods(10, value=1000, percent=10), accepted="2017-03-01",
        released="2017-03-01", end_by="2018-03-01", **particulars,
    )  # fmt: skip


def transferred(much: int) -> Told:
    return tell(
        RightsTransferred, "p", "2017-04-03", transferee="B", quantity=str(much), permitted=True
    )


def owed(said: Judgement) -> dict[frozenset[str], Decimal]:
    """How much each group of debtors owes for."""
    return {
        frozenset(each.person for each in debt.obligations): sum(
            [struck.quantity for struck in debt.struck], Decimal(0)
        )
        for debt in said.debts
    }


@pytest.mark.parametrize("procedure", PLACED)
@pytest.mark.parametrize(("act", "named"), LEFT)
def test_a_transferee_owes_for_what_becomes_of_his_goods(
    act: type[Fact], named: dict[str, str], procedure: Kind
) -> None:
    left = tell(act, "p", "2017-06-01", **named)
    assert owed(judged("p", placed(procedure), transferred(10), left)) == {frozenset("B"): 10}


@pytest.mark.parametrize("procedure", PLACED)
@pytest.mark.parametrize(("act", "named"), LEFT)
def test_of_two_holders_each_owes_for_his_own_goods(
    act: type[Fact], named: dict[str, str], procedure: Kind
) -> None:
    left = tell(act, "p", "2017-06-01", **named)
    said = judged("p", placed(procedure), transferred(4), left)
    assert owed(said) == {frozenset("D"): 6, frozenset("B"): 4}
    assert sum([debt.amount or 0 for debt in said.debts]) == 100


@pytest.mark.parametrize("act", [GoodsRemoved, GoodsLost, ShortageFound])
def test_what_the_first_holder_still_has_goes_first(act: type[Fact]) -> None:
    left = tell(act, "p", "2017-06-01", quantity="7")
    said = judged("p", placed(Kind.CUSTOMS_WAREHOUSING), transferred(4), left)
    assert owed(said) == {frozenset("D"): 6, frozenset("B"): 1}


def test_the_keeper_of_a_warehouse_owes_with_the_transferee() -> None:
    granted = tell(
        AuthorisationGranted, "auth:W", "2016-06-01", holder="W",
        procedure=Kind.CUSTOMS_WAREHOUSING,
    )  # fmt: skip
    left = tell(GoodsRemoved, "p", "2017-06-01")
    stock = placed(Kind.CUSTOMS_WAREHOUSING, authorisation="auth:W")
    said = judged("p", granted, stock, transferred(10), left)
    assert owed(said) == {frozenset("WB"): 10}


def missing(much: int, of: str = "s") -> Told:
    return tell(ShortageFound, of, "2017-03-15", quantity=str(much))


def test_goods_that_are_declared_and_not_released_can_be_missing() -> None:
    said = storage(imported("i", 60, "2017-03-10 12:00", None), missing(60))
    assert owed(said) == {frozenset("H"): 60}
    assert same_goods(the_debt(said)) == {"local:i": 20}
    assert where(said, "2017-03-15") == {"BREACHED": 60, "TEMP_STORAGE/DECLARED": 40}
    assert codes(said) == []


def test_what_is_missing_of_declared_goods_is_not_placed_by_their_release() -> None:
    taken = imported("i", 60, "2017-03-10 12:00", "2017-03-20 12:00")
    said = storage(taken, missing(60))
    assert where(said, "2017-03-20") == {"BREACHED": 60, "PASSED_ON": 40}


def test_goods_that_move_between_storages_can_be_missing() -> None:
    said = storage(tell(StorageMoveStarted, "s", "2017-03-10"), missing(100))
    assert the_debt(said).incurred.astimezone(SOFIA).date().isoformat() == "2017-03-15"
    assert owed(said) == {frozenset("H"): 100}


@pytest.mark.parametrize("procedure", PLACED)
def test_goods_declared_out_of_a_procedure_can_be_missing(procedure: Kind) -> None:
    line = goods(6, value=600, percent=10, of="p")
    taken = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-03-10")
    said = judged("p", placed(procedure), taken, missing(10, "p"))
    assert owed(said) == {frozenset("D"): 10}
    assert same_goods(the_debt(said)) == {"local:i": 6}


def test_more_than_is_there_is_not_missing() -> None:
    said = judged("p", placed(Kind.CUSTOMS_WAREHOUSING), missing(11, "p"))
    assert (said.debts, codes(said)) == ((), ["SHORTAGE_EXCEEDS_STOCK"])


def open_now(said: Judgement, as_of: str = "2017-08-01") -> Mapping[str, Decimal]:
    return total([(said.movement, debt) for debt in said.debts], moment(as_of))


@pytest.mark.parametrize(("act", "named"), LEFT)
def test_goods_that_are_late_already_are_counted_once(
    act: type[Fact], named: dict[str, str]
) -> None:
    """They stayed too long, and then were removed, lost or missing: one amount, shown twice."""
    placed_late = declared(
        "p", Kind.INWARD_PROCESSING, goods(10, value=1000, percent=10), accepted="2017-03-01",
        released="2017-03-01", end_by="2017-06-30",
    )  # fmt: skip
    late, again = judged("p", placed_late, tell(act, "p", "2017-07-05", **named)).debts
    assert [late.amount, again.amount] == [100, 100]
    assert not late.same_goods
    assert same_goods(again) == {"local:p": 10}
    said = judged("p", placed_late, tell(act, "p", "2017-07-05", **named))
    assert open_now(said) == {"EUR": 100}
    paid = tell(DebtPaid, "p", "2017-07-20", payer="D", amount="60", debt=late.ref)
    said = judged("p", placed_late, tell(act, "p", "2017-07-05", **named), paid)
    assert open_now(said) == {"EUR": 40}


def test_goods_that_were_missing_before_the_time_limit_are_not_late() -> None:
    said = storage(missing(30))
    assert [sum(each.quantity for each in debt.struck) for debt in said.debts] == [30, 70]
    assert [same_goods(debt) for debt in said.debts] == [{}, {}]
    assert open_now(said) == {"EUR": 100}


def test_what_a_declaration_kept_in_time_is_not_counted_as_late() -> None:
    removed = tell(GoodsRemoved, "s", "2017-06-10")
    said = storage(imported("i", 60, "2017-03-10 12:00", None), removed)
    late, again = said.debts
    assert [late.amount, again.amount] == [40, 100]
    assert same_goods(again) == {"local:s": 40, "local:i": 60}
    assert open_now(said) == {"EUR": 100}


def test_goods_missing_from_transit_that_ended_late_are_counted_once() -> None:
    transit = declared(
        "t", Kind.EXTERNAL_TRANSIT, goods(10, value=1000, percent=10), accepted="2017-03-01",
        released="2017-03-01", end_by="2017-03-08",
    )  # fmt: skip
    came = tell(GoodsArrived, "t", "2017-03-12")
    said = judged("t", transit, came, missing(4, "t"))
    assert [debt.amount for debt in said.debts] == [100, 40]
    assert open_now(said) == {"EUR": 100}


def test_of_another_duty_rate_the_smaller_amount_is_counted_once() -> None:
    measures = [
        tell(DutyMeasureSet, "measure:2203", day, first_day=day, duty=({"percent": rate},))
        for day, rate in (("2017-01-01", "10"), ("2017-07-03", "30"))
    ]
    placed_late = declared(
        "p", Kind.INWARD_PROCESSING, goods(10, value=1000, code="2203"), accepted="2017-03-01",
        released="2017-03-01", end_by="2017-06-30",
    )  # fmt: skip
    said = judged("p", measures, placed_late, tell(GoodsRemoved, "p", "2017-07-05"))
    assert [debt.amount for debt in said.debts] == [100, 300]
    assert open_now(said) == {"EUR": 300}


# --- goods that were missing, and are found

COUNT = tell(ShortageFound, "p", "2017-06-01", quantity="6", id="count")


def found(*acts: Told) -> Judgement:
    return judged("p", placed(Kind.CUSTOMS_WAREHOUSING), COUNT, *acts)


@pytest.mark.parametrize(
    ("act", "letter", "place"),
    [
        (GoodsConfiscated, "e", "DEEMED_WAREHOUSE"),
        (GoodsAbandoned, "f", "DEEMED_WAREHOUSE"),
        (GoodsDestroyed, "f", "DESTROYED"),
    ],
)
def test_missing_goods_that_are_found_and_taken_away_are_owed_no_more(
    act: type[Fact], letter: str, place: str
) -> None:
    permitted = tell(AbandonmentPermitted, "p", "2017-06-10")
    said = found(permitted, tell(act, "p", "2017-06-12", shortage="count"))
    assert grounds(the_debt(said)) == [f"{letter} 2017-06-12 60"]
    assert where(said, "2017-06-12") == {"CUSTOMS_WAREHOUSE": 4, place: 6}
    part = found(permitted, tell(act, "p", "2017-06-12", shortage="count", quantity="2"))
    assert grounds(the_debt(part)) == [f"{letter} 2017-06-12 20"]
    assert where(part, "2017-06-12") == {"CUSTOMS_WAREHOUSE": 4, "BREACHED": 4, place: 2}


def test_found_goods_are_seized_and_then_confiscated_and_destroyed() -> None:
    acts = [
        tell(act, "p", f"2017-06-1{day}", shortage="count")
        for day, act in enumerate((GoodsSeized, GoodsConfiscated, GoodsDestroyed))
    ]
    assert where(found(*acts), "2017-06-13") == {"CUSTOMS_WAREHOUSE": 4, "DESTROYED": 6}
    assert grounds(the_debt(found(*acts[:1]))) == []
    assert grounds(the_debt(found(*acts))) == ["e 2017-06-11 60"]
    notified = tell(DebtNotified, "p", "2017-06-05", debtor="D")
    waits = debtor(the_debt(found(notified, acts[0])), "D")
    assert (waits.due, waits.suspended) == (None, "108(3)(b)")


def test_what_is_done_with_the_rest_ends_no_debt_for_what_is_missing() -> None:
    for named in ({}, {"quantity": "4"}):
        said = found(tell(GoodsConfiscated, "p", "2017-06-12", **named))
        assert grounds(the_debt(said)) == []
        assert where(said, "2017-06-12") == {"DEEMED_WAREHOUSE": 4, "BREACHED": 6}


def test_what_is_done_with_declared_goods_ends_no_debt_for_what_is_missing_of_them() -> None:
    line = goods(10, value=1000, percent=10, of="p")
    taken = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-05-10")
    for named in ({"drawn_by": "local:i"}, {}):
        said = found(*taken, tell(GoodsConfiscated, "p", "2017-06-12", **named))
        assert grounds(the_debt(said)) == []
    said = found(*taken, tell(GoodsDestroyed, "i", "2017-06-12"))
    assert grounds(the_debt(said)) == []


def test_an_act_that_only_missing_goods_can_be_meant_by_says_how_to_name_them() -> None:
    all_missing = tell(ShortageFound, "p", "2017-06-02", quantity="4")
    seized = tell(GoodsSeized, "p", "2017-06-12")
    assert "named by `shortage`" in finding(found(all_missing, seized), "EXCEEDS_STOCK").words
    much = tell(GoodsSeized, "p", "2017-06-12", quantity="6")
    assert "named by `shortage`" in finding(found(much), "EXCEEDS_STOCK").words
    assert codes(found(seized)) == []


def test_of_two_shortages_the_one_that_is_named_is_found() -> None:
    more = tell(ShortageFound, "p", "2017-06-02", quantity="3", id="recount")
    first, second = found(more, tell(GoodsConfiscated, "p", "2017-06-12", shortage="recount")).debts
    assert (grounds(first), grounds(second)) == ([], ["e 2017-06-12 30"])


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"shortage": "recount"}, "MATCHES_NOTHING"),
        ({"shortage": "count", "line": 2}, "MATCHES_NOTHING"),
        ({"shortage": "count", "quantity": "7"}, "EXCEEDS_STOCK"),
    ],
)
def test_a_shortage_that_is_not_there_is_said(named: dict[str, object], code: str) -> None:
    said = found(tell(GoodsSeized, "p", "2017-06-12", **named))
    assert codes(said) == [code]
    assert where(said, "2017-06-12") == {"CUSTOMS_WAREHOUSE": 4, "BREACHED": 6}

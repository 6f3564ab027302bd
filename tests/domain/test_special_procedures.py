"""Customs warehousing, inward and outward processing: what discharges them, and what does not."""

from decimal import Decimal

import pytest

from domain.facts.authorisation import AuthorisationGranted
from domain.facts.declaration import DeclarationInvalidated, GoodsReleased, OpeningBalance
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
)
from domain.facts.exit import GoodsExited
from domain.facts.fact import Told
from domain.facts.inventory import (
    PeriodExtended,
    RightsTransferred,
    ShortageDated,
    ShortageFound,
)
from domain.facts.temporary_storage import GoodsReceived
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from domain.timeline import DeadlineState, Judgement, ProcedureState
from tests.domain.telling import (
    BURGAS,
    codes,
    declared,
    end_of,
    finding,
    goods,
    grounds,
    judged,
    moment,
    overdue,
    presented,
    same_goods,
    tell,
    the_debt,
    told_of,
    where,
)


def warehoused(**said: object) -> list[Told]:
    return declared(
        "w", Kind.CUSTOMS_WAREHOUSING, goods(200, value=20000, percent=10),
        accepted="2017-05-02 09:00", released="2017-05-02 10:00", **said,  # type: ignore[arg-type]
    )  # fmt: skip


def processed(quantity: int = 10000, end_by: str | None = "2017-09-01") -> list[Told]:
    return declared(
        "p", Kind.INWARD_PROCESSING, goods(quantity, value=quantity * 3, percent="7.5"),
        accepted="2017-03-01 09:00", released="2017-03-01 10:00", end_by=end_by,
        authorisation="auth:A",
    )  # fmt: skip


YIELD = tell(
    AuthorisationGranted, "auth:A", "2016-12-01", holder="D", procedure="inward-processing",
    products_per_input="0.8",
)  # fmt: skip


def taken(
    name: str, of: str, quantity: object, day: str, kind: Kind = Kind.FREE_CIRCULATION,
    *, processed: bool = False, released: bool = True,
) -> list[Told]:  # fmt: skip
    line = goods(quantity, value=100, percent=10, of=of, processed=processed)
    return declared(name, kind, line, accepted=day, released=day if released else None)


def re_exported(
    name: str, of: str, quantity: object, day: str, *, processed: bool = False
) -> list[Told]:
    line = goods(quantity, of=of, processed=processed)
    return [
        *declared(name, Kind.RE_EXPORT, line, accepted=day, released=day),
        tell(GoodsExited, name, day),
    ]


def state(judgement: Judgement, day: str) -> ProcedureState:
    at = end_of(day)
    (found,) = (
        each
        for each in judgement.procedures
        if each.start <= at and (each.end is None or at < each.end)
    )
    return found.state


# --- what both ledgers share


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_the_next_procedure_and_the_exit_discharge_by_quantity(
    placed: list[Told], name: str
) -> None:
    said = judged(
        name, placed, taken("i", name, 50, "2017-06-01"), re_exported("r", name, 150, "2017-06-02")
    )
    assert state(said, "2017-05-03") is ProcedureState.OPEN
    assert state(said, "2017-06-01") is ProcedureState.PARTLY_DISCHARGED
    assert state(said, "2017-06-02") is ProcedureState.DISCHARGED
    assert where(said, "2017-06-02") == {"DISCHARGED": 200}
    assert said.debts == ()


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_more_than_is_open_discharges_nothing(placed: list[Told], name: str) -> None:
    said = judged(name, placed, taken("i", name, 201, "2017-06-01"))
    assert state(said, "2017-06-01") is ProcedureState.OPEN
    assert finding(said, "UCC215_OVER_DISCHARGE").because.articles == ("215(1)",)


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_an_accepted_declaration_alone_discharges_nothing(placed: list[Told], name: str) -> None:
    told = taken("i", name, 200, "2017-06-01", released=False)
    said = judged(name, placed, told)
    assert state(said, "2017-06-01") is ProcedureState.OPEN
    fell = judged(name, placed, told, tell(DeclarationInvalidated, "i", "2017-06-02"))
    assert where(fell, "2017-06-02") == where(fell, "2017-05-03")


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_temporary_storage_discharges_no_procedure(placed: list[Told], name: str) -> None:
    said = judged(name, placed, presented("s", "2017-06-01", goods(200, of=name)))
    assert state(said, "2017-06-01") is ProcedureState.OPEN
    assert finding(said, "UCC215_MODE_NOT_ALLOWED").because.articles == ("215(1)",)


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_a_line_that_does_not_exist_is_drawn_from_once_in_vain(
    placed: list[Told], name: str
) -> None:
    line = goods(1, of=name, previous_line=7)
    told = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-06-01", released="2017-06-02")
    said = judged(name, placed, told)
    assert finding(said, "NO_SUCH_LINE").line == 7


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_removed_goods_are_owed_and_not_discharged(placed: list[Told], name: str) -> None:
    said = judged(name, placed, tell(GoodsRemoved, name, "2017-06-01 08:00"))
    assert the_debt(said).incurred == moment("2017-06-01 08:00")
    assert where(said, "2017-06-01") == {"IRREGULAR": 200}
    assert state(said, "2017-06-01") is ProcedureState.OPEN


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_seized_and_abandoned_goods_are_deemed_warehoused_and_can_be_placed_anew(
    placed: list[Told], name: str
) -> None:
    seized = judged(name, placed, tell(GoodsSeized, name, "2017-06-01", line=1, quantity="50"))
    assert where(seized, "2017-06-01")["DEEMED_WAREHOUSE"] == 50
    given_up = judged(
        name,
        placed,
        tell(AbandonmentPermitted, name, "2017-06-01"),
        tell(GoodsAbandoned, name, "2017-06-02"),
        taken("i", name, 200, "2017-06-20"),
    )
    assert where(given_up, "2017-06-02") == {"DEEMED_WAREHOUSE": 200}
    assert where(given_up, "2017-06-20") == {"DISCHARGED": 200}


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_goods_destroyed_under_supervision_give_rise_to_no_debt(
    placed: list[Told], name: str
) -> None:
    said = judged(name, placed, tell(GoodsDestroyed, name, "2017-06-01"))
    assert where(said, "2017-06-01") == {"DESTROYED": 200}
    assert said.debts == ()


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_lost_goods_are_owed_until_customs_accept_the_cause(placed: list[Told], name: str) -> None:
    said = judged(name, placed, tell(GoodsLost, name, "2017-06-15", line=1, quantity="90"))
    assert where(said, "2017-06-15")["LOST"] == 90
    assert said.debts[0].incurred == moment("2017-06-15 00:00")
    assert "UCC124_1G_CANDIDATE" in codes(said)


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_invalidation_after_release_takes_goods_off_the_procedure_on_a_ground(
    placed: list[Told], name: str
) -> None:
    said = judged(name, placed, tell(DeclarationInvalidated, name, "2017-06-01", ground="DA 148"))
    assert where(said, "2017-06-01") == {"UNASSIGNED": 200}
    assert said.debts == ()
    without = judged(name, placed, tell(DeclarationInvalidated, name, "2017-05-10"))
    assert "INVALIDATION_AFTER_RELEASE" in codes(without)


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
@pytest.mark.parametrize("fact", [GoodsArrived, GoodsReceived])
def test_an_act_that_a_procedure_does_not_know_is_not_judged(
    placed: list[Told], name: str, fact: type
) -> None:
    data = {"holder": "H"} if fact is GoodsReceived else {}
    assert "NOT_JUDGED" in codes(judged(name, placed, tell(fact, name, "2017-05-03", **data)))


@pytest.mark.parametrize(("placed", "name"), [(warehoused(), "w"), (processed(200), "p")])
def test_transferred_goods_have_another_holder(placed: list[Told], name: str) -> None:
    passed = tell(
        RightsTransferred, name, "2017-05-10", quantity="80", transferee="B", permitted=True
    )
    said = judged(name, placed, passed)
    assert {each.holder: each.placed for each in said.procedures if each.end is None} == {
        "D": 120,
        "B": 80,
    }
    refused = tell(
        RightsTransferred, name, "2017-05-10", quantity="80", transferee="B", permitted=False
    )
    assert finding(judged(name, placed, refused), "UCC218_TRANSFEREE_INELIGIBLE")
    more = tell(
        RightsTransferred, name, "2017-05-10", quantity="201", transferee="B", permitted=True
    )
    assert "EXCEEDS_STOCK" in codes(judged(name, placed, more))


# --- customs warehousing


def keeper(**said: object) -> Told:
    return tell(
        AuthorisationGranted, "auth:W", "2016-12-01", holder="W", procedure="customs-warehousing",
        **said,
    )  # fmt: skip


COUNT = tell(ShortageFound, "w", "2017-09-14 10:00", quantity="30", id="count")


def test_a_warehouse_has_no_time_limit() -> None:
    said = judged("w", warehoused())
    assert [each.article for each in said.deadlines] == []
    assert where(said, "2030-01-01") == {"CUSTOMS_WAREHOUSE": 200}


def test_a_shortage_is_owed_by_the_keeper_and_the_holder_of_the_procedure() -> None:
    said = judged("w", warehoused(authorisation="auth:W"), keeper(), COUNT)
    debt = the_debt(said)
    assert debt.article == "79(1)(a)"
    assert debt.amount == 300
    assert [(each.person, each.role) for each in debt.obligations] == [
        ("W", "242(1)"),
        ("D", "79(3)(a)"),
    ]
    assert where(said, "2017-09-14") == {"CUSTOMS_WAREHOUSE": 170, "BREACHED": 30}
    assert state(said, "2017-09-14") is ProcedureState.OPEN


def test_the_authorisation_can_put_the_obligations_on_the_holder_of_the_procedure() -> None:
    alone = keeper(responsibility="procedure-holder")
    debt = the_debt(judged("w", warehoused(authorisation="auth:W"), alone, COUNT))
    assert [each.person for each in debt.obligations] == ["D"]


def test_the_holder_of_a_private_warehouse_owes_once() -> None:
    own = tell(
        AuthorisationGranted, "auth:W", "2016-12-01", holder="D", procedure="customs-warehousing"
    )
    debt = the_debt(judged("w", warehoused(authorisation="auth:W"), own, COUNT))
    assert [each.person for each in debt.obligations] == ["D"]


def test_a_shortage_that_is_dated_later_keeps_its_reference() -> None:
    dated = tell(ShortageDated, "w", "2017-10-02", shortage="count", removed="2017-08-03")
    before, after = judged("w", warehoused(), COUNT), judged("w", warehoused(), COUNT, dated)
    assert the_debt(after).incurred == moment("2017-08-03 00:00")
    assert the_debt(after).ref == the_debt(before).ref
    assert where(after, "2017-08-10") == {"CUSTOMS_WAREHOUSE": 170, "BREACHED": 30}
    known_then = judged("w", warehoused(), COUNT, dated, known_at="2017-09-30")
    assert where(known_then, "2017-08-10") == {"CUSTOMS_WAREHOUSE": 200}


def test_a_shortage_of_more_than_is_there_is_said() -> None:
    more = tell(ShortageFound, "w", "2017-09-14", quantity="201")
    said = judged("w", warehoused(), more)
    assert said.debts == ()
    assert finding(said, "SHORTAGE_EXCEEDS_STOCK").line == 1


def test_nothing_done_with_the_rest_is_about_what_is_missing() -> None:
    taken_since = tell(GoodsConfiscated, "w", "2017-10-01")
    said = judged("w", warehoused(), COUNT, taken_since, taken("i", "w", 100, "2017-09-20"))
    assert grounds(the_debt(said)) == []
    assert same_goods(the_debt(said)) == {}


def test_stock_that_a_site_starts_with_is_in_the_warehouse() -> None:
    balance = tell(
        OpeningBalance, "w", "2017-01-01", procedure="customs-warehousing", declarant="D",
        lines=(goods(7),), since="2016-06-01",
    )  # fmt: skip
    assert where(judged("w", balance), "2017-01-02") == {"CUSTOMS_WAREHOUSE": 7}


# --- inward processing


def test_products_discharge_goods_by_the_rate_of_yield() -> None:
    said = judged(
        "p",
        processed(),
        YIELD,
        re_exported("r", "p", 4000, "2017-05-10", processed=True),
        taken("i", "p", 2000, "2017-07-03", processed=True),
    )
    assert where(said, "2017-05-10") == {"INWARD_PROCESSING": 5000, "DISCHARGED": 5000}
    assert where(said, "2017-07-03") == {"INWARD_PROCESSING": 2500, "DISCHARGED": 7500}
    debt = the_debt(said)
    assert debt.incurred == moment("2017-09-02 00:00")
    assert debt.amount == Decimal("562.5")
    assert {"215(4)", "257(1)"} <= {*debt.because.articles}
    assert state(said, "2017-09-02") is ProcedureState.OVERDUE


def test_a_yield_that_does_not_divide_leaves_nothing_behind() -> None:
    third = tell(
        AuthorisationGranted, "auth:A", "2016-12-01", holder="D", procedure="inward-processing",
        products_per_input="3",
    )  # fmt: skip
    told = [re_exported(f"r{at}", "p", 1, f"2017-05-0{at}", processed=True) for at in (1, 2, 3)]
    said = judged("p", processed(1), third, told_of(*told))
    assert where(said, "2017-05-03") == {"DISCHARGED": 1}


def test_products_of_more_than_was_placed_discharge_nothing() -> None:
    said = judged(
        "p", processed(1000), YIELD, re_exported("r", "p", 801, "2017-05-10", processed=True)
    )
    assert "UCC215_OVER_DISCHARGE" in codes(said)


def test_an_extension_in_time_moves_the_clock() -> None:
    extended = tell(PeriodExtended, "p", "2017-08-30", end_by="2017-12-29")
    said = judged("p", processed(10), extended)
    assert the_debt(said).incurred == moment("2017-12-30 00:00")
    clocks = [each for each in said.deadlines if each.article in ("215(4)", "257(2)")]
    assert [each.state(end_of("2017-09-02")) for each in clocks] == [
        DeadlineState.MOVED,
        DeadlineState.RUNNING,
    ]


def test_an_extension_on_the_last_day_is_in_time() -> None:
    extended = tell(PeriodExtended, "p", "2017-09-01 23:30", end_by="2017-12-29")
    assert the_debt(judged("p", processed(10), extended)).incurred == moment("2017-12-30 00:00")


def test_a_late_extension_has_no_effect_unless_the_policy_lets_it_work_back() -> None:
    late = tell(PeriodExtended, "p", "2017-09-05", end_by="2017-12-29")
    without = judged("p", processed(10), late)
    assert the_debt(without).incurred == moment("2017-09-02 00:00")
    assert "EXTENSION_AFTER_EXPIRY" in codes(without)
    back = judged("p", processed(10), late, late_extension="WORKS_BACK")
    assert the_debt(back).incurred == moment("2017-12-30 00:00")


def test_an_extension_that_works_back_survives_an_earlier_one_in_time() -> None:
    first = tell(PeriodExtended, "p", "2017-08-30", end_by="2017-10-31")
    second = tell(PeriodExtended, "p", "2017-11-10", end_by="2017-12-29")
    back = judged("p", processed(10), first, second, late_extension="WORKS_BACK")
    assert the_debt(back).incurred == moment("2017-12-30 00:00")


def test_an_extension_of_no_period_is_said() -> None:
    extended = tell(PeriodExtended, "p", "2017-08-30", end_by="2017-12-29")
    assert "EXTENSION_OF_NO_PERIOD" in codes(judged("p", processed(10, None), extended))


def test_a_declaration_accepted_in_time_holds_the_period() -> None:
    told = taken("i", "p", 10, "2017-08-31", released=False)
    released = tell(GoodsReleased, "i", "2017-09-05")
    assert judged("p", processed(10), told, released).debts == ()
    strict = judged("p", processed(10), told, released, placed_by="RELEASE")
    assert the_debt(strict).incurred == moment("2017-09-02 00:00")
    assert same_goods(the_debt(strict)) == {"local:i": 10}


def test_products_out_too_late_are_owed_and_may_be_put_right() -> None:
    said = judged("p", processed(10), re_exported("r", "p", 10, "2017-09-05"))
    assert the_debt(said).incurred == moment("2017-09-02 00:00")
    assert overdue(said, "2017-09-05") == 0
    assert finding(said, "UCC124_1H_CANDIDATE").start == moment("2017-09-05 00:00")


def test_who_holds_goods_when_the_period_is_over_owes_for_them() -> None:
    passed = tell(
        RightsTransferred, "p", "2017-04-24", quantity="4", transferee="B", permitted=True
    )
    said = judged("p", processed(10), passed)
    assert {debt.obligations[0].person: debt.struck[0].quantity for debt in said.debts} == {
        "D": 6,
        "B": 4,
    }


# --- outward processing


def sent(end_by: str = "2017-10-16") -> list[Told]:
    return [
        *declared(
            "o", Kind.OUTWARD_PROCESSING, goods(500), accepted="2017-01-16", released="2017-01-16",
            end_by=end_by,
        ),
        tell(GoodsExited, "o", "2017-01-16 18:00"),
    ]  # fmt: skip


def back(
    name: str, quantity: object, accepted: str, released: str | None, office: str = BURGAS
) -> list[Told]:
    """Products that bear 10 % of 20 a unit or, with relief, of one."""
    line = goods(quantity, value=20 * int(str(quantity)), percent=10, of="o",
                 duty_base="processing-cost", processing_cost=quantity)  # fmt: skip
    return declared(
        name, Kind.FREE_CIRCULATION, line, accepted=accepted, released=released, office=office
    )


def test_goods_sent_out_for_processing_are_discharged_by_release_of_the_products() -> None:
    said = judged("o", sent(), taken("i", "o", 300, "2017-08-21"))
    assert where(said, "2017-01-16 12:00") == {"OUTWARD_PROCESSING/RELEASED": 500}
    assert where(said, "2017-01-16") == {"OUTWARD_PROCESSING": 500}
    assert where(said, "2017-08-21") == {"OUTWARD_PROCESSING": 200, "DISCHARGED": 300}


def test_what_comes_back_too_late_loses_the_relief_and_gives_rise_to_no_debt_here() -> None:
    said = judged("o", sent(), taken("i", "o", 500, "2017-11-20"))
    assert where(said, "2017-10-17") == {"RELIEF_LAPSED": 500}
    assert where(said, "2017-11-20") == {"PASSED_ON": 500}
    assert state(said, "2017-10-17") is ProcedureState.LAPSED
    assert said.debts == ()


@pytest.mark.parametrize(
    ("reading", "situation", "amount"),
    [("ACCEPTANCE", "DISCHARGED", 10), ("RELEASE", "PASSED_ON", 200)],
)
def test_products_accepted_in_time_and_released_later_keep_the_relief_by_reading(
    reading: str, situation: str, amount: int
) -> None:
    line = goods(500, value=2000, percent=10, of="o", duty_base="processing-cost",
                 processing_cost=100)  # fmt: skip
    told = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-10-16", released="2017-10-18")
    assert where(judged("o", sent(), told, placed_by=reading), "2017-10-18") == {situation: 500}
    assert the_debt(judged("i", sent(), told, placed_by=reading)).amount == amount


def test_products_declared_too_late_leave_what_is_kept_for_those_declared_in_time() -> None:
    """300 are accepted on the last day and released after 200 that are declared a day later."""
    first = back("i", 300, "2017-10-16", "2017-10-20")
    second = back("j", 200, "2017-10-17", "2017-10-18")
    said = judged("o", sent(), first, second)
    assert where(said, "2017-10-17") == {"OUTWARD_PROCESSING": 300, "RELIEF_LAPSED": 200}
    assert where(said, "2017-10-18") == {"OUTWARD_PROCESSING": 300, "PASSED_ON": 200}
    assert where(said, "2017-10-20") == {"DISCHARGED": 300, "PASSED_ON": 200}
    assert codes(said) == []
    by_release = judged("o", sent(), first, second, placed_by="RELEASE")
    assert where(by_release, "2017-10-17") == {"RELIEF_LAPSED": 500}
    assert where(by_release, "2017-10-20") == {"PASSED_ON": 500}
    assert codes(by_release) == []


def test_a_declaration_in_time_keeps_no_relief_for_products_once_it_falls() -> None:
    fell = tell(DeclarationInvalidated, "i", "2017-10-20")
    told = back("i", 500, "2017-10-16", None)
    assert where(judged("o", sent(), told), "2017-10-17") == {"OUTWARD_PROCESSING": 500}
    said = judged("o", sent(), told, fell, taken("j", "o", 500, "2017-10-25"))
    assert where(said, "2017-10-17") == {"RELIEF_LAPSED": 500}
    assert where(said, "2017-10-25") == {"PASSED_ON": 500}
    assert codes(said) == []


def test_products_of_a_declaration_that_fell_in_time_come_back_by_the_next() -> None:
    fell = tell(DeclarationInvalidated, "i", "2017-09-04")
    told = back("i", 500, "2017-09-01", None)
    said = judged("o", sent(), told, fell, taken("j", "o", 500, "2017-09-05"))
    assert where(said, "2017-09-05") == {"DISCHARGED": 500}
    assert codes(said) == []


def test_outward_processing_is_discharged_by_no_other_procedure() -> None:
    said = judged("o", sent(), taken("x", "o", 500, "2017-08-21", Kind.EXTERNAL_TRANSIT))
    assert where(said, "2017-08-21") == {"OUTWARD_PROCESSING": 500}


def test_an_extension_keeps_the_relief() -> None:
    extended = tell(PeriodExtended, "o", "2017-10-02", end_by="2017-12-15")
    said = judged("o", sent(), extended, taken("i", "o", 500, "2017-11-20"))
    assert where(said, "2017-11-20") == {"DISCHARGED": 500}


def test_an_extension_to_an_earlier_day_takes_nothing_from_the_period() -> None:
    shorter = tell(PeriodExtended, "o", "2017-03-20", end_by="2017-05-31")
    line = goods(500, value=2000, percent=10, of="o", duty_base="processing-cost",
                 processing_cost=100)  # fmt: skip
    told = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-06-15", released="2017-06-15")
    assert the_debt(judged("i", sent(), shorter, told)).amount == 10


def test_an_act_that_outward_processing_does_not_know_is_not_judged() -> None:
    assert "NOT_JUDGED" in codes(judged("o", sent(), tell(GoodsArrived, "o", "2017-02-01")))

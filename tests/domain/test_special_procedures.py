"""Customs warehousing and inward processing: what discharges them, and what does not."""

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

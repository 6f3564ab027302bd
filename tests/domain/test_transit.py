"""External transit: it ends with the goods at destination, and customs discharge it."""

import pytest

from domain.facts.declaration import DeclarationInvalidated, DeclaredGoodsPresented, GoodsReleased
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
from domain.facts.inventory import NeverThere, PeriodExtended, ShortageDated, ShortageFound
from domain.facts.temporary_storage import GoodsReceived, PresentationConfirmed
from domain.facts.transit import (
    ArrivedGoodsReleased,
    GoodsArrived,
    TransitDischarged,
    TransitUnloadingPermitted,
    UnloadingReported,
)
from domain.facts.values import Kind
from domain.timeline import DeadlineState, Judgement, ProcedureState
from tests.domain.telling import (
    SOFIA_AIRPORT,
    codes,
    debtor,
    declared,
    end_of,
    finding,
    goods,
    grounds,
    judged,
    moment,
    overdue,
    presented,
    tell,
    the_debt,
    where,
)

LISBON = "PT000040"
SENT = declared(
    "t", Kind.EXTERNAL_TRANSIT, goods(400, value=4000, percent=100),
    accepted="2017-03-06 09:00", released="2017-03-06 10:00", end_by="2017-03-14",
    destination=SOFIA_AIRPORT,
)  # fmt: skip
ARRIVED = tell(GoodsArrived, "t", "2017-03-13 15:00", office=SOFIA_AIRPORT)
DISCHARGED = tell(TransitDischarged, "t", "2017-03-15 12:00")


def transit(*told: Told) -> Judgement:
    return judged("t", SENT, told)


def state(judgement: Judgement, day: str) -> list[ProcedureState]:
    at = end_of(day)
    return [
        each.state
        for each in judgement.procedures
        if each.start <= at and (each.end is None or at < each.end)
    ]


def test_transit_ends_at_destination_and_is_discharged_by_customs_at_departure() -> None:
    said = transit(ARRIVED, DISCHARGED)
    assert where(said, "2017-03-06") == {"EXTERNAL_TRANSIT": 400}
    assert where(said, "2017-03-13") == {"TRANSIT_ENDED": 400}
    assert where(said, "2017-03-15") == {"DISCHARGED": 400}
    assert state(said, "2017-03-13") == [ProcedureState.ENDED]
    assert state(said, "2017-03-15") == [ProcedureState.DISCHARGED]
    assert said.debts == ()


def test_transit_that_ended_and_is_not_discharged_is_no_ground_for_a_debt() -> None:
    said = transit(ARRIVED)
    assert said.debts == ()
    (clock,) = (each for each in said.deadlines if each.article == "233(1)(a)")
    assert clock.state(end_of("2018-01-01")) is DeadlineState.MET


def test_transit_that_does_not_end_in_time_is_owed_by_its_holder() -> None:
    said = transit()
    debt = the_debt(said)
    assert (debt.article, debt.incurred) == ("79(1)(a)", moment("2017-03-15 00:00"))
    assert "233(1)(a)" in debt.because.articles
    assert debtor(debt, "D").role == "79(3)(a)"
    assert debt.amount == 4000
    assert overdue(said, "2017-03-15") == 400


def test_a_last_day_that_customs_fixed_does_not_roll() -> None:
    sent = declared(
        "t", Kind.EXTERNAL_TRANSIT, goods(1), accepted="2017-03-06", released="2017-03-06",
        end_by="2017-03-12",
    )  # fmt: skip
    assert the_debt(judged("t", sent)).incurred == moment("2017-03-13 00:00")


def test_a_late_arrival_ends_transit_and_undoes_no_debt() -> None:
    late = tell(GoodsArrived, "t", "2017-03-16 09:00", office=SOFIA_AIRPORT)
    said = transit(late)
    assert the_debt(said).incurred == moment("2017-03-15 00:00")
    assert overdue(said, "2017-03-16") == 0
    assert where(said, "2017-03-16") == {"TRANSIT_ENDED": 400}
    assert finding(said, "UCC124_1H_CANDIDATE").start == moment("2017-03-16 09:00")


def test_a_discharge_shows_that_transit_ended_where_nobody_told_the_arrival() -> None:
    said = transit(DISCHARGED)
    assert said.debts == ()
    assert where(said, "2017-03-15") == {"DISCHARGED": 400}
    before = judged("t", SENT, DISCHARGED, known_at="2017-03-15")
    assert before.debts == ()
    known = tell(TransitDischarged, "t", "2017-03-15 12:00", recorded="2017-07-01")
    assert the_debt(judged("t", SENT, known, known_at="2017-06-30")).amount == 4000


def test_a_discharge_does_not_make_a_late_arrival_timely() -> None:
    late = tell(GoodsArrived, "t", "2017-03-16 09:00", office=SOFIA_AIRPORT)
    said = transit(late, tell(TransitDischarged, "t", "2017-03-20"))
    assert the_debt(said).incurred == moment("2017-03-15 00:00")


def test_goods_that_arrive_are_stored_under_a_clock_of_their_own() -> None:
    stored = presented(
        "s", "2017-03-13 15:00", goods(400, value=4000, percent=100, of="t"), holder="S",
        office=SOFIA_AIRPORT,
    )  # fmt: skip
    said = judged("s", SENT, ARRIVED, stored)
    debt = the_debt(said)
    assert debt.incurred == moment("2017-06-13 00:00")  # 11 June is a Sunday
    assert [each.person for each in debt.obligations] == ["S"]


def received(much: int, day: str, office: str = SOFIA_AIRPORT) -> list[Told]:
    """Goods presented out of the transit, as customs there confirm."""
    line = goods(much, value=4000, percent=100, of="t")
    return [
        presented("s", f"{day} 09:00", line, office=office),
        tell(PresentationConfirmed, "s", f"{day} 09:00", office=office),
    ]


def test_goods_presented_at_destination_have_arrived_though_nobody_told_the_arrival() -> None:
    said = transit(*received(400, "2017-03-13"))
    assert where(said, "2017-03-20") == {"TRANSIT_ENDED": 400}
    assert said.debts == ()
    late = transit(*received(400, "2017-03-20"))
    assert the_debt(late).incurred == moment("2017-03-15 00:00")
    assert "UCC124_1H_CANDIDATE" in codes(late)


def test_what_is_not_presented_of_a_transit_is_late() -> None:
    said = transit(*received(300, "2017-03-13"))
    assert where(said, "2017-03-20") == {"TRANSIT_ENDED": 300, "EXTERNAL_TRANSIT": 100}
    assert [each.quantity for each in the_debt(said).struck] == [100]
    assert transit(*received(300, "2017-03-13"), ARRIVED).debts == ()


def test_goods_stored_at_departure_have_not_arrived() -> None:
    line = goods(400, value=4000, percent=100, of="t")
    stored = presented("s", "2017-03-13 09:00", line)
    assert where(transit(stored), "2017-03-13") == {"EXTERNAL_TRANSIT": 400}


def test_removed_goods_are_owed_from_the_removal() -> None:
    said = transit(tell(GoodsRemoved, "t", "2017-03-08 05:00", line=1, quantity="100"))
    assert {each.incurred: each.amount for each in said.debts} == {
        moment("2017-03-08 05:00"): 1000,
        moment("2017-03-15 00:00"): 3000,
    }
    assert where(said, "2017-03-08") == {"EXTERNAL_TRANSIT": 300, "IRREGULAR": 100}


def test_seized_goods_do_not_have_to_arrive() -> None:
    said = transit(tell(GoodsSeized, "t", "2017-03-08"), tell(GoodsConfiscated, "t", "2017-04-08"))
    assert said.debts == ()
    assert where(said, "2017-04-08") == {"DEEMED_WAREHOUSE": 400}


PERMITTED = tell(AbandonmentPermitted, "t", "2017-03-08")


def obligation(said: Judgement, day: str) -> DeadlineState:
    (clock,) = (each for each in said.deadlines if each.article == "233(1)(a)")
    return clock.state(end_of(day))


def test_goods_abandoned_under_transit_do_not_have_to_arrive() -> None:
    said = transit(PERMITTED, tell(GoodsAbandoned, "t", "2017-03-10"))
    assert where(said, "2017-03-10") == {"DEEMED_WAREHOUSE": 400}
    assert said.debts == ()
    assert codes(said) == []
    assert obligation(said, "2017-04-01") is DeadlineState.MET
    assert state(said, "2017-03-10") == [ProcedureState.DISCHARGED]


def test_the_rest_of_goods_that_are_abandoned_under_transit_has_to_arrive() -> None:
    said = transit(PERMITTED, tell(GoodsAbandoned, "t", "2017-03-10", quantity="100"))
    assert where(said, "2017-03-10") == {"EXTERNAL_TRANSIT": 300, "DEEMED_WAREHOUSE": 100}
    assert the_debt(said).amount == 3000
    assert obligation(said, "2017-03-13") is DeadlineState.RUNNING
    assert obligation(said, "2017-03-15") is DeadlineState.MISSED


def test_goods_are_not_abandoned_under_transit_without_permission() -> None:
    said = transit(tell(GoodsAbandoned, "t", "2017-03-10"))
    assert finding(said, "ABANDON_NO_PERMISSION").because.articles == ("199",)
    assert where(said, "2017-03-14") == {"EXTERNAL_TRANSIT": 400}
    assert the_debt(said).amount == 4000


def test_goods_abandoned_after_the_transit_was_overrun_are_owed_no_more() -> None:
    late = [tell(AbandonmentPermitted, "t", "2017-03-20"), tell(GoodsAbandoned, "t", "2017-03-21")]
    said = transit(*late)
    debt = the_debt(said)
    assert grounds(debt) == ["f 2017-03-21 4000"]
    assert debt.open_at(end_of("2017-03-20")) == 4000
    assert debt.open_at(end_of("2017-03-21")) == 0
    assert overdue(said, "2017-03-21") == 0


def test_removed_goods_that_are_found_and_abandoned_are_deemed_warehoused() -> None:
    said = transit(
        tell(GoodsRemoved, "t", "2017-03-08 05:00"),
        tell(AbandonmentPermitted, "t", "2017-03-10"),
        tell(GoodsAbandoned, "t", "2017-03-11"),
    )
    assert where(said, "2017-03-11") == {"DEEMED_WAREHOUSE": 400}
    assert the_debt(said).open_at(end_of("2017-03-11")) == 0


@pytest.mark.parametrize("taken", [GoodsSeized, GoodsConfiscated, GoodsDestroyed])
def test_the_clock_of_transit_runs_for_what_customs_leave(taken: type[GoodsSeized]) -> None:
    part = transit(tell(taken, "t", "2017-03-10", quantity="100"))
    assert the_debt(part).amount == 3000
    assert obligation(part, "2017-03-15") is DeadlineState.MISSED
    rest = tell(taken, "t", "2017-03-11", quantity="300")
    both = transit(tell(taken, "t", "2017-03-10", quantity="100"), rest)
    assert both.debts == ()
    assert obligation(both, "2017-03-15") is DeadlineState.MET


def test_goods_destroyed_at_destination_are_not_there_any_more() -> None:
    said = transit(ARRIVED, tell(GoodsDestroyed, "t", "2017-03-14", quantity="100"))
    assert where(said, "2017-03-14") == {"TRANSIT_ENDED": 300, "DESTROYED": 100}
    assert codes(said) == []


def test_a_shortage_found_at_destination_is_owed_from_the_day_that_is_shown() -> None:
    found = tell(ShortageFound, "t", "2017-03-13 16:00", quantity="2", id="short")
    dated = tell(ShortageDated, "t", "2017-04-01", shortage="short", removed="2017-03-09")
    said = transit(ARRIVED, found, dated)
    assert where(said, "2017-03-14") == {"TRANSIT_ENDED": 398, "BREACHED": 2}
    assert the_debt(said).incurred == moment("2017-03-09 00:00")


def test_goods_that_never_were_there_are_not_missing() -> None:
    said = transit(ARRIVED, tell(NeverThere, "t", "2017-03-20", quantity="2"))
    assert where(said, "2017-03-06") == {"EXTERNAL_TRANSIT": 398, "NEVER_THERE": 2}
    assert said.debts == ()


def test_acts_at_destination_without_effect_on_the_ledger_are_heard() -> None:
    said = transit(
        ARRIVED,
        tell(DeclaredGoodsPresented, "t", "2017-03-06 08:00"),
        tell(TransitUnloadingPermitted, "t", "2017-03-13 16:00"),
        tell(UnloadingReported, "t", "2017-03-13 17:00", conforms=True, complete=True),
        tell(ArrivedGoodsReleased, "t", "2017-03-13 18:00", wholly=True),
    )
    assert "NOT_JUDGED" not in codes(said)


@pytest.mark.parametrize(
    ("fact", "data"), [(GoodsReceived, {"holder": "H"}), (PeriodExtended, {"end_by": "2017-04-01"})]
)
def test_an_act_that_transit_does_not_know_is_not_judged(fact: type, data: dict[str, str]) -> None:
    assert "NOT_JUDGED" in codes(transit(tell(fact, "t", "2017-03-07", **data)))


def test_invalidation_after_release_needs_a_ground() -> None:
    without = transit(tell(DeclarationInvalidated, "t", "2017-03-07"))
    assert finding(without, "INVALIDATION_AFTER_RELEASE").because.articles == ("174(2)",)
    assert where(without, "2017-03-07") == {"EXTERNAL_TRANSIT": 400}
    on_ground = transit(tell(DeclarationInvalidated, "t", "2017-03-07", ground="DA 148"))
    assert where(on_ground, "2017-03-07") == {"UNASSIGNED": 400}
    assert on_ground.debts == ()


def test_a_movement_that_only_its_arrival_tells_of_is_a_transit_without_lines() -> None:
    said = judged("t", ARRIVED)
    assert said.kind is Kind.EXTERNAL_TRANSIT
    assert said.positions == ()
    assert said.debts == ()


def test_a_release_without_acceptance_releases_nothing() -> None:
    lodged = declared("t", Kind.EXTERNAL_TRANSIT, goods(1), lodged="2017-03-06")
    said = judged("t", lodged, tell(GoodsReleased, "t", "2017-03-06"))
    assert where(said, "2017-03-07") == {"AWAITED": 1}


@pytest.mark.parametrize(("hour", "debts"), [("23:59+00:00", 0), ("00:00+00:00", 1)])
def test_the_last_day_ends_where_the_goods_are_to_be_presented(hour: str, debts: int) -> None:
    """On 14 March it is two hours later in Portugal than in Bulgaria when the day is over."""
    day = "2017-03-14" if hour.startswith("23") else "2017-03-15"
    sent = declared(
        "t", Kind.EXTERNAL_TRANSIT, goods(4), accepted="2017-03-06", released="2017-03-06",
        end_by="2017-03-14", destination=LISBON,
    )  # fmt: skip
    arrived = tell(GoodsArrived, "t", f"{day} {hour}", office=LISBON)
    assert len(judged("t", sent, arrived).debts) == debts


@pytest.mark.parametrize(("day", "late"), [("2017-03-14", None), ("2017-03-16", 100)])
def test_a_discharge_does_not_hide_what_was_presented_too_late(day: str, late: int | None) -> None:
    """Of the rest the discharge shows that it had come in time."""
    part = goods(100, value=1000, percent=100, of="t")
    told = presented("s", f"{day} 09:00", part, office=SOFIA_AIRPORT)
    discharged = tell(TransitDischarged, "t", "2017-03-20")
    said = judged("t", SENT, told, discharged)
    assert [debt.struck[0].quantity for debt in said.debts] == ([late] if late else [])
    assert where(said, "2017-03-20") == {"DISCHARGED": 400}


def test_goods_are_presented_on_the_day_of_their_release() -> None:
    """Of a day on which they are presented nothing tells that it was before the release."""
    line = goods(400, value=4000, percent=100, of="t")
    told = presented("s", "2017-03-06", line, office=SOFIA_AIRPORT)
    said = transit(told, tell(PresentationConfirmed, "s", "2017-03-06", office=SOFIA_AIRPORT))
    assert where(said, "2017-03-06") == {"TRANSIT_ENDED": 400}
    assert said.debts == ()


def test_more_than_was_under_transit_is_presented_and_it_is_said() -> None:
    more = [
        presented("r", "2017-03-14", goods(120, of="t"), office=SOFIA_AIRPORT),
        tell(PresentationConfirmed, "r", "2017-03-14", office=SOFIA_AIRPORT),
    ]
    first = received(300, "2017-03-13")
    assert "PRESENTED_BEYOND_TRANSIT" not in codes(transit(*first))
    words = finding(transit(*first, *more), "PRESENTED_BEYOND_TRANSIT").words
    assert words == "20 more are presented than were under transit"


@pytest.mark.parametrize("act", [GoodsRemoved, GoodsLost])
@pytest.mark.parametrize("much", [None, "100"])
def test_goods_that_leave_supervision_after_their_arrival_are_owed_by_who_received_them(
    act: type[Fact], much: str | None
) -> None:
    arrived = tell(GoodsArrived, "t", "2017-03-13 15:00", office=SOFIA_AIRPORT, consignee="C")
    gone = tell(act, "t", "2017-03-14 05:00", line=1 if much else None, quantity=much)
    debt = the_debt(transit(arrived, gone))
    assert debtor(debt, "C").role == "79(3)(a)"
    assert debt.struck[0].quantity == int(much or 400)
    unknown = transit(ARRIVED, gone)
    assert the_debt(unknown).obligations[0].person == "unknown"


def test_what_has_gone_on_is_removed_from_where_it_is() -> None:
    gone = tell(GoodsRemoved, "t", "2017-03-14 05:00")
    said = transit(*received(400, "2017-03-13"), gone)
    assert said.debts == ()
    assert "local:s has some" in finding(said, "MATCHES_NOTHING").words


def test_what_arrived_and_was_not_presented_can_be_removed() -> None:
    gone = tell(GoodsRemoved, "t", "2017-03-14 05:00", quantity="100")
    said = transit(ARRIVED, *received(300, "2017-03-13"), gone)
    assert the_debt(said).struck[0].quantity == 100
    more = tell(GoodsRemoved, "t", "2017-03-14 05:00", quantity="101")
    assert transit(ARRIVED, *received(300, "2017-03-13"), more).debts == ()


def test_a_discharge_shows_that_the_last_day_was_kept() -> None:
    said = transit(DISCHARGED)
    clock = next(each for each in said.deadlines if each.article == "233(1)(a)")
    assert clock.state(end_of("2017-03-16")) is DeadlineState.MET
    assert "office/t:TransitDischarged:2017-03-15T12:00" in clock.because.reports

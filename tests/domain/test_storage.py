"""Temporary storage: its state table, the time limit of ninety days, and what ends it."""

from datetime import date

import pytest

from domain.facts.declaration import (
    DeclarationInvalidated,
    GoodsReleased,
    ReleaseRefused,
)
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsRemoved,
)
from domain.facts.exit import GoodsExited, ReExportNotified
from domain.facts.fact import Told
from domain.facts.inventory import NeverThere, PeriodExtended
from domain.facts.temporary_storage import (
    GoodsReceived,
    PresentationConfirmed,
    StorageDeclarationLodged,
    StorageMoveEnded,
    StorageMoveStarted,
)
from domain.facts.values import Kind
from domain.law.citation import Law
from domain.timeline import DeadlineState, Judgement
from tests.domain.stored import IN, imported, storage
from tests.domain.telling import (
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
    same_goods,
    tell,
    the_debt,
    where,
)


def clock(judgement: Judgement, article: str = "149") -> DeadlineState:
    """How the last clock of an article stands in the end."""
    clocks = [each for each in judgement.deadlines if each.article == article]
    return clocks[-1].state(end_of("2030-01-01"))


def test_presented_goods_are_in_storage_and_have_ninety_days() -> None:
    said = storage()
    (limit,) = (each for each in said.deadlines if each.article == "149")
    assert where(said, "2017-03-02") == {"TEMP_STORAGE": 100}
    assert (limit.raw_last_day, limit.last_day) == (
        end_of("2017-05-30").date(),
        end_of("2017-05-30").date(),
    )
    assert limit.ends_at == moment("2017-05-31 00:00")
    assert limit.person == "H"


def test_a_last_day_on_a_sunday_rolls() -> None:
    said = judged("s", presented("s", "2017-03-06", goods(1)))
    (limit,) = (each for each in said.deadlines if each.article == "149")
    assert str(limit.raw_last_day) == "2017-06-04"
    assert str(limit.last_day) == "2017-06-05"


def test_what_is_left_after_ninety_days_is_overdue_and_owed_by_the_holder_of_the_facility() -> None:
    said = storage()
    debt = the_debt(said)
    assert overdue(said, "2017-05-30") == 0
    assert overdue(said, "2017-05-31") == 100
    assert (debt.article, debt.incurred) == ("79(1)(a)", moment("2017-05-31 00:00"))
    assert "149" in debt.because.articles
    assert debt.amount == 100
    assert debtor(debt, "H").role == "79(3)(a)"
    assert finding(said, "UCC147_4_MEASURES_DUE").because.articles == ("147(4)",)


def test_the_holder_is_who_stores_the_goods_when_the_time_is_over() -> None:
    received = tell(GoodsReceived, "s", "2017-03-02", holder="X")
    moved = (
        tell(StorageMoveStarted, "s", "2017-04-10"),
        tell(StorageMoveEnded, "s", "2017-04-11", holder="Y"),
    )
    assert [each.person for each in the_debt(storage(received)).obligations] == ["X"]
    assert [each.person for each in the_debt(storage(received, *moved)).obligations] == ["Y"]


def test_a_move_between_facilities_does_not_restart_the_time_limit() -> None:
    said = storage(
        tell(StorageMoveStarted, "s", "2017-04-10 09:00"),
        tell(StorageMoveEnded, "s", "2017-04-11 09:00"),
    )
    assert where(said, "2017-04-10") == {"TEMP_STORAGE/MOVING": 100}
    assert where(said, "2017-04-11") == {"TEMP_STORAGE": 100}
    assert the_debt(said).incurred == moment("2017-05-31 00:00")


def test_goods_that_are_moving_when_the_time_is_over_are_overdue() -> None:
    said = storage(tell(StorageMoveStarted, "s", "2017-05-30 09:00"))
    assert the_debt(said).amount == 100


def test_acts_without_effect_on_the_ledger_are_heard() -> None:
    said = storage(
        tell(StorageDeclarationLodged, "s", "2017-03-01 13:00", declarant="C"),
        tell(PresentationConfirmed, "s", "2017-03-01 14:00"),
        tell(AbandonmentPermitted, "s", "2017-03-02"),
    )
    assert "NOT_JUDGED" not in codes(said)


@pytest.mark.parametrize("fact", [GoodsExited, GoodsReleased, ReleaseRefused])
def test_an_act_that_storage_does_not_know_is_not_judged(fact: type) -> None:
    said = storage(tell(fact, "s", "2017-03-02"))
    assert finding(said, "NOT_JUDGED").because.articles == (fact.ARTICLE,)  # type: ignore[attr-defined]


def test_an_accepted_declaration_holds_the_time_limit() -> None:
    said = storage(imported("i", 100, "2017-05-30 17:00", "2017-06-02 10:00"))
    assert where(said, "2017-05-31") == {"TEMP_STORAGE/DECLARED": 100}
    assert said.debts == ()
    assert overdue(said, "2017-06-01") == 0
    assert clock(said) is DeadlineState.MET
    assert where(said, "2017-06-02") == {"PASSED_ON": 100}


def test_on_the_strict_reading_only_the_release_meets_the_time_limit() -> None:
    told = imported("i", 100, "2017-05-30 17:00", "2017-06-02 10:00")
    said = storage(told, placed_by="RELEASE")
    debt = the_debt(said)
    assert debt.incurred == moment("2017-05-31 00:00")
    assert same_goods(debt) == {"local:i": 100}
    assert debt.same_goods[0].amount == 100
    assert overdue(said, "2017-06-01") == 100
    assert overdue(said, "2017-06-02") == 0


def test_lodging_is_not_acceptance() -> None:
    said = storage(imported("i", 100, "2017-06-01", "2017-06-02 10:00"))
    assert the_debt(said).incurred == moment("2017-05-31 00:00")
    assert overdue(said, "2017-06-01 12:00") == 100
    assert where(said, "2017-06-01 12:00") == {"TEMP_STORAGE/DECLARED": 100}
    assert overdue(said, "2017-06-02") == 0


def test_a_declaration_that_falls_never_held_the_goods() -> None:
    told = imported("i", 100, "2017-05-20", None)
    fell = tell(DeclarationInvalidated, "i", "2017-06-06 09:00")
    said = storage(told, fell)
    assert overdue(said, "2017-05-31") == 100
    assert where(said, "2017-06-06") == {"TEMP_STORAGE": 100}
    before = judged("s", IN, told, fell, known_at="2017-06-05")
    assert overdue(before, "2017-05-31") == 0


def test_a_refused_release_gives_the_goods_back() -> None:
    said = storage(imported("i", 100, "2017-05-20", None), tell(ReleaseRefused, "i", "2017-05-25"))
    assert where(said, "2017-05-25") == {"TEMP_STORAGE": 100}
    assert the_debt(said).amount == 100


def test_a_declaration_accepted_and_fallen_at_one_instant_draws_nothing() -> None:
    told = imported("i", 100, "2017-05-20 10:00", None)
    said = storage(told, tell(DeclarationInvalidated, "i", "2017-05-20 10:00"))
    assert where(said, "2017-05-20 10:00") == {"TEMP_STORAGE": 100}
    assert codes(said) == ["UCC147_4_MEASURES_DUE"]


def test_what_one_declaration_gives_back_another_can_take_at_the_same_instant() -> None:
    said = storage(
        imported("i", 100, "2017-05-01", None),
        tell(DeclarationInvalidated, "i", "2017-05-20 10:00"),
        imported("a", 100, "2017-05-20 10:00", "2017-05-20 10:00"),
    )
    assert where(said, "2017-05-20") == {"PASSED_ON": 100}
    assert codes(said) == []


def test_a_draw_of_more_than_is_there_takes_nothing() -> None:
    said = storage(
        imported("a", 60, "2017-03-20", "2017-03-20"), imported("b", 41, "2017-03-21", "2017-03-21")
    )
    assert where(said, "2017-03-22") == {"TEMP_STORAGE": 40, "PASSED_ON": 60}
    found = finding(said, "UCC215_OVER_DISCHARGE")
    assert "local:b draws 41 from line 1" in found.words


def test_a_draw_known_by_its_day_waits_for_its_goods_and_so_does_what_follows_it() -> None:
    """Presented at 14:00, while the declaration is known to be accepted and released that day."""
    said = storage(imported("i", 100, "2017-03-01", "2017-03-01"))
    assert where(said, "2017-03-01 14:00") == {"PASSED_ON": 100}
    assert codes(said) == []
    assert said.debts == ()


def test_a_draw_known_by_its_day_that_finds_no_goods_that_day_takes_nothing() -> None:
    late = presented("s", "2017-03-02 14:00", goods(100))
    said = judged("s", late, imported("i", 100, "2017-03-01", "2017-03-01"))
    assert where(said, "2017-03-03") == {"TEMP_STORAGE": 100}
    assert [each.code for each in said.findings].count("UCC215_OVER_DISCHARGE") == 1


def test_only_what_no_declaration_keeps_is_late() -> None:
    said = storage(
        imported("kept", 30, "2017-05-30", "2017-06-02"),
        imported("later", 70, "2017-06-01", "2017-06-03"),
    )
    debt = the_debt(said)
    assert debt.amount == 70
    assert same_goods(debt) == {"local:later": 70}
    assert overdue(said, "2017-06-02") == 70
    assert overdue(said, "2017-06-03") == 0


def test_overdue_goods_that_leave_first_leave_nothing_overdue() -> None:
    said = storage(
        imported("kept", 30, "2017-05-30", "2017-06-20"),
        imported("later", 70, "2017-06-01", "2017-06-03"),
    )
    assert overdue(said, "2017-06-02") == 70
    assert overdue(said, "2017-06-03") == 0


def test_a_re_export_meets_the_time_limit_only_when_the_goods_leave() -> None:
    line = goods(100, of="s")
    told = declared("r", Kind.RE_EXPORT, line, accepted="2017-05-29", released="2017-05-29")
    left = tell(GoodsExited, "r", "2017-06-01")
    assert the_debt(storage(told, left)).incurred == moment("2017-05-31 00:00")
    in_time = tell(GoodsExited, "r", "2017-05-30")
    said = storage(told, in_time)
    assert said.debts == ()
    assert where(said, "2017-05-30") == {"PASSED_ON": 100}


def test_a_notified_re_export_ends_storage_by_the_exit() -> None:
    told = tell(ReExportNotified, "x", "2017-05-29", declarant="C", lines=(goods(100, of="s"),))
    said = storage(told, tell(GoodsExited, "x", "2017-05-30"))
    assert where(said, "2017-05-30") == {"PASSED_ON": 100}
    assert said.debts == ()


def test_removed_goods_are_owed_at_once_and_no_return_undoes_it() -> None:
    said = storage(tell(GoodsRemoved, "s", "2017-04-10 08:00"))
    debt = the_debt(said)
    assert (debt.article, debt.incurred) == ("79(1)(a)", moment("2017-04-10 08:00"))
    assert {"134(1)", "147(3)(a)"} <= {*debt.because.articles}
    assert where(said, "2017-04-10") == {"IRREGULAR": 100}
    assert clock(said) is DeadlineState.MET


def test_a_removal_of_part_strikes_that_part() -> None:
    said = storage(
        tell(GoodsRemoved, "s", "2017-04-10", line=1, quantity="30"),
        imported("i", 70, "2017-05-01", "2017-05-01"),
    )
    debt = the_debt(said)
    assert debt.amount == 30
    assert debt.same_goods == ()
    assert where(said, "2017-05-02") == {"IRREGULAR": 30, "PASSED_ON": 70}


def test_a_removal_of_more_than_is_there_moves_nothing() -> None:
    said = storage(tell(GoodsRemoved, "s", "2017-04-10", line=1, quantity="101"))
    assert where(said, "2017-04-10") == {"TEMP_STORAGE": 100}
    assert finding(said, "EXCEEDS_STOCK").line == 1


def test_removed_goods_that_were_declared_are_the_same_goods_as_those_of_the_import_debt() -> None:
    said = storage(
        imported("i", 40, "2017-04-09", None),
        tell(GoodsRemoved, "s", "2017-04-10", line=1, quantity="40", drawn_by="local:i"),
    )
    debt = said.debts[0]
    assert debt.amount == 40
    assert same_goods(debt) == {"local:i": 40}


def test_abandonment_needs_a_prior_permission() -> None:
    said = storage(tell(GoodsAbandoned, "s", "2017-05-03"))
    assert where(said, "2017-05-03") == {"TEMP_STORAGE": 100}
    assert finding(said, "ABANDON_NO_PERMISSION").because.articles == ("199",)
    assert the_debt(said).amount == 100


def test_abandonment_with_permission_stops_the_clock() -> None:
    said = storage(
        tell(AbandonmentPermitted, "s", "2017-05-02"), tell(GoodsAbandoned, "s", "2017-05-03")
    )
    assert where(said, "2017-05-31") == {"DEEMED_WAREHOUSE": 100}
    assert said.debts == ()


def test_abandonment_after_expiry_extinguishes_the_debt() -> None:
    said = storage(
        tell(AbandonmentPermitted, "s", "2017-06-15"), tell(GoodsAbandoned, "s", "2017-06-15")
    )
    assert grounds(the_debt(said)) == ["f 2017-06-15 100"]


def test_a_permission_for_one_line_does_not_cover_another() -> None:
    two = presented("s", "2017-03-01", goods(1), goods(1))
    said = judged(
        "s",
        two,
        tell(AbandonmentPermitted, "s", "2017-05-02", line=1),
        tell(GoodsAbandoned, "s", "2017-05-03", line=2),
    )
    assert where(said, "2017-05-03", line=2) == {"TEMP_STORAGE": 1}
    assert finding(said, "ABANDON_NO_PERMISSION")


def test_the_ground_for_insignificant_failures_does_not_reach_storage_in_the_text_of_2016() -> None:
    late = imported("i", 100, "2017-06-01", "2017-06-02")
    assert "UCC124_1H_CANDIDATE" not in codes(storage(late))
    said = judged("s", IN, late, law=Law(end_of("2019-04-14").date()))
    assert finding(said, "UCC124_1H_CANDIDATE").start == moment("2019-04-14 00:00")


def test_a_clock_that_stood_still_runs_again_when_the_hold_falls() -> None:
    told = imported("i", 100, "2017-04-01", None)
    fell = tell(ReleaseRefused, "i", "2017-04-05")
    (limit,) = (each for each in storage(told, fell).deadlines if each.article == "149")
    assert limit.stopped is None


def test_goods_that_never_were_there_were_never_stored() -> None:
    said = storage(tell(NeverThere, "s", "2017-03-20", quantity="10"))
    assert where(said, "2017-03-02") == {"TEMP_STORAGE": 90, "NEVER_THERE": 10}
    assert the_debt(said).amount == 90


# --- formalities missing at presentation


def lacking(*what: str) -> Told:
    return presented(
        "s", "2017-03-01 14:00", goods(100, value=1000, percent=10), lacking=list(what)
    )


def lodged(on: str, *, entry_data: bool) -> Told:
    said = {"declarant": "C", "holds_entry_data": entry_data}
    return tell(StorageDeclarationLodged, "s", on, **said)


def opened(judgement: Judgement, as_of: str) -> set[str]:
    return {found.code for found in judgement.findings_at(end_of(as_of))}


def test_a_storage_declaration_without_entry_data_cures_only_its_own_absence() -> None:
    told = (lacking("entry-summary", "storage-declaration"), lodged("2017-03-02", entry_data=False))
    found = opened(judged("s", *told), "2017-03-02")
    assert found == {"ENS_MISSING", "TSD_LATE", "ENS_EXPOSURE", "UCC147_4_MEASURES_DUE"}


def test_a_storage_declaration_cures_its_own_absence() -> None:
    told = (lacking("storage-declaration"), lodged("2017-03-02", entry_data=False))
    assert opened(judged("s", *told), "2017-03-02") == {"TSD_LATE"}
    (debt,) = judged("s", *told, missing_formality="DEBT").debts
    assert debt.incurred == moment("2017-05-31 00:00")


def test_a_cure_after_the_ninety_days_leaves_the_measures_due() -> None:
    told = (lacking("entry-summary"), lodged("2017-06-01", entry_data=True))
    found = opened(judged("s", *told), "2017-06-01")
    assert {"ENS_CURED", "UCC147_4_MEASURES_DUE"} <= found
    assert "ENS_EXPOSURE" not in found


def test_on_the_reading_debt_what_is_never_cured_is_owed_by_who_stores_or_brought_the_goods() -> (
    None
):
    said = judged("s", lacking("entry-summary"), missing_formality="DEBT")
    owed = [(str(debt.incurred_on), debt.obligations[0].person) for debt in said.debts]
    assert owed == [("2017-03-01", "H"), ("2017-05-31", "H")]


def test_the_ninety_days_are_not_extended() -> None:
    longer = tell(PeriodExtended, "s", "2017-05-02", end_by="2017-08-31")
    said = storage(IN, longer)
    assert finding(said, "PERIOD_NOT_EXTENDABLE").because.articles == ("55(1)", "149")
    assert overdue(said, "2017-05-31") == 100


def test_what_stays_in_storage_still_rests_on_the_presentation() -> None:
    stored = presented("s", "2017-03-01 14:00", goods(100), id="presentation")
    part = declared("i", Kind.FREE_CIRCULATION, goods(40, of="s"), accepted="2017-03-10 10:00")
    last = list(judged("s", stored, *part).positions)[-1]
    assert "office/presentation" in last.because.reports
    assert {"144", "172(2)"} <= set(last.because.articles)


def test_who_holds_the_storage_has_to_see_to_its_last_day() -> None:
    stored = presented("s", "2017-03-01", goods(10), holder="A")
    moved = tell(StorageMoveEnded, "s", "2017-03-11", holder="B")
    placed = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, of="s"), accepted="2017-03-10", released="2017-03-12"
    )
    clocks = [each for each in judged("s", stored, moved).deadlines if each.article == "149"]
    assert [(each.person, each.last_day, each.moved) for each in clocks] == [
        ("A", date(2017, 5, 30), True),
        ("B", date(2017, 5, 30), False),
    ]
    clocks = [
        each for each in judged("s", stored, moved, placed).deadlines if each.article == "149"
    ]
    assert clocks[-1].state(end_of("2017-06-01")) is DeadlineState.MET


def test_each_line_has_the_ninety_days_of_its_own_presentation() -> None:
    """Line 1 came out of an older storage, line 2 off a ship."""
    older = presented("a", "2017-03-01", goods(10, value=100, percent=10))
    lines = goods(10, value=100, percent=10, of="a"), goods(20, value=200, percent=10)
    both = presented("b", "2017-04-01", *lines)
    said = judged("b", older, both)
    clocks = [each for each in said.deadlines if each.article == "149"]
    assert [each.last_day for each in clocks] == [date(2017, 5, 30), date(2017, 6, 30)]
    assert [(debt.incurred, debt.struck[0].line) for debt in said.debts] == [
        (moment("2017-05-31 00:00"), 1),
        (moment("2017-07-01 00:00"), 2),
    ]
    assert [debt.struck[0].quantity for debt in said.debts] == [10, 20]


def test_the_clock_of_one_line_stops_without_that_of_another() -> None:
    older = presented("a", "2017-03-01", goods(10, value=100, percent=10))
    lines = goods(10, value=100, percent=10, of="a"), goods(20, value=200, percent=10)
    both = presented("b", "2017-04-01", *lines)
    placed = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, of="b", previous_line=1), accepted="2017-05-02",
        released="2017-05-02",
    )  # fmt: skip
    said = judged("b", older, both, placed)
    states = [each.state(end_of("2017-07-02")) for each in said.deadlines if each.article == "149"]
    assert states == [DeadlineState.MET, DeadlineState.MISSED]
    assert [debt.struck[0].line for debt in said.debts] == [2]


def test_what_is_declared_between_two_last_days_is_late_for_its_own_line_only() -> None:
    """Line 2 is declared in time, removed before release: the one debt on it."""
    older = presented("a", "2017-03-01", goods(10, value=100, percent=10))
    lines = goods(10, value=100, percent=10, of="a"), goods(20, value=200, percent=10)
    both = presented("b", "2017-04-01", *lines)
    placed = declared(
        "i", Kind.FREE_CIRCULATION, goods(20, of="b", previous_line=2), accepted="2017-06-12"
    )
    gone = tell(GoodsRemoved, "b", "2017-07-10", line=2)
    said = judged("b", older, both, placed, gone)
    removed = next(each for each in said.debts if each.because.rule == "removed_from_storage")
    assert [each.movement for each in removed.same_goods] == ["local:i"]

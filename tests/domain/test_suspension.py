"""When the period for payment does not run (Article 108(3))."""

from datetime import date

import pytest

from domain.customs_debt import Obligation
from domain.facts.debt import (
    DebtNotified,
    DebtorFound,
    DebtPaid,
)
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsRemoved,
    GoodsSeized,
    SeizureLifted,
)
from domain.facts.fact import Told
from domain.facts.values import Kind
from tests.domain.stored import NOTIFIED, STORED, confiscated, overrun, owed, seized
from tests.domain.telling import (
    SOFIA,
    debtor,
    declared,
    goods,
    judged,
    tell,
    the_debt,
)


@pytest.mark.parametrize("day", ["2017-06-01", "2017-06-12", "2017-06-22"])
def test_the_period_for_payment_is_suspended_by_a_seizure_within_it(day: str) -> None:
    person = owed(NOTIFIED, seized(day))
    assert (person.due, person.suspended) == (None, "108(3)(b)")


def test_a_seizure_after_the_period_for_payment_suspends_nothing() -> None:
    person = owed(NOTIFIED, seized("2017-06-23"))
    assert (person.due, person.suspended) == (date(2017, 6, 22), None)


def test_a_seizure_after_everything_was_paid_suspends_nothing() -> None:
    def of(amount: str) -> Obligation:
        paid = tell(DebtPaid, "s", "2017-06-14", payer="H", amount=amount)
        return owed(NOTIFIED, paid, seized("2017-06-15"))

    whole = of("3650")
    assert (whole.due, whole.suspended) == (date(2017, 6, 22), None)
    assert not any("GoodsSeized" in each for each in whole.because.reports)
    assert "108(3)(b)" not in whole.because.articles
    part = of("3649")
    assert (part.due, part.suspended) == (None, "108(3)(b)")


def test_goods_that_are_given_back_suspend_nothing_any_more() -> None:
    lifted = tell(SeizureLifted, "s", "2017-06-19")
    person = owed(NOTIFIED, seized("2017-06-15"), lifted)
    assert (person.due, person.suspended) == (date(2017, 6, 27), None)
    assert lifted.cite in person.because.reports
    found = the_debt(overrun(NOTIFIED, seized("2017-06-15"), lifted))
    assert found.amount == 3650
    assert not found.extinguished


def test_goods_that_are_given_back_can_be_seized_anew() -> None:
    told = [NOTIFIED, seized("2017-06-15"), tell(SeizureLifted, "s", "2017-06-19")]
    again = owed(*told, seized("2017-06-21", id="again"))
    assert (again.due, again.suspended) == (None, "108(3)(b)")
    later = owed(*told, seized("2017-06-28", id="again"))
    assert (later.due, later.suspended) == (date(2017, 6, 27), None)


def test_what_is_seized_of_a_declaration_is_given_back_there() -> None:
    drawn = declared("i", Kind.FREE_CIRCULATION, goods(10, of="s"), accepted="2017-06-01")
    told = [NOTIFIED, *drawn, tell(GoodsSeized, "i", "2017-06-15")]
    assert owed(*told).suspended == "108(3)(b)"
    lifted = tell(SeizureLifted, "i", "2017-06-19")
    assert owed(*told, lifted).due == date(2017, 6, 27)


def test_permission_to_abandon_suspends_it_too() -> None:
    assert owed(NOTIFIED, tell(AbandonmentPermitted, "s", "2017-06-15")).suspended == "108(3)(b)"


def test_a_seizure_of_other_goods_suspends_nothing() -> None:
    assert owed(NOTIFIED, seized("2017-06-15", line=2)).suspended is None


def test_what_a_confiscation_leaves_is_due_without_the_days_of_the_suspension() -> None:
    """Suspended on 19 June, with four days left; they are left again after 30 June."""
    person = owed(
        NOTIFIED,
        seized("2017-06-19", quantity="4"),
        confiscated("2017-06-30", quantity="4"),
    )
    assert (person.raw_due, person.due) == (date(2017, 7, 4), date(2017, 7, 4))
    assert person.suspended is None


def test_goods_seized_after_a_decision_on_others_suspend_it_again() -> None:
    first = seized("2017-06-15", quantity="4"), confiscated("2017-06-16", quantity="4")
    again = seized("2017-06-19", quantity="3")
    person = owed(NOTIFIED, *first, again)
    assert (person.due, person.suspended) == (None, "108(3)(b)")
    assert {each.cite for each in (*first, again)} <= set(person.because.reports)
    person = owed(NOTIFIED, *first, again, confiscated("2017-06-20", quantity="3"))
    assert (person.due, person.suspended) == (date(2017, 6, 26), None)


def test_it_stays_suspended_while_one_of_two_seizures_is_undecided() -> None:
    both = seized("2017-06-15", quantity="4"), seized("2017-06-16", quantity="3")
    assert owed(NOTIFIED, *both, confiscated("2017-06-20", quantity="4")).due is None
    decided = confiscated("2017-06-20", quantity="7")
    assert owed(NOTIFIED, *both, decided).due == date(2017, 6, 28)


def test_what_a_decision_left_of_a_seizure_can_be_seized_again() -> None:
    told = seized("2017-06-15"), confiscated("2017-06-16", quantity="4")
    assert owed(NOTIFIED, *told).due == date(2017, 6, 26)
    again = seized("2017-06-20", quantity="6")
    assert owed(NOTIFIED, *told, again).due is None
    later = confiscated("2017-06-20", quantity="3")
    assert owed(NOTIFIED, *told, later).due == date(2017, 6, 28)


def test_a_seizure_on_the_weekend_on_which_the_period_would_end_is_in_time() -> None:
    told = tell(DebtNotified, "s", "2017-06-14", debtor="H"), seized("2017-06-25", quantity="4")
    assert owed(*told).suspended == "108(3)(b)"
    assert owed(*told, confiscated("2017-06-27", quantity="4")).due == date(2017, 6, 27)


def test_a_short_period_is_suspended_up_to_its_second_working_day() -> None:
    """Two days from Friday 16 June have Monday and Tuesday (1182/71 3(5))."""
    told = [tell(DebtNotified, "s", "2017-06-16", debtor="H"), seized("2017-06-20", quantity="4")]
    taken = confiscated("2017-06-23", quantity="4")
    person = debtor(the_debt(judged("s", STORED, told, taken, payment_days=2)), "H")
    assert person.due == date(2017, 6, 23)
    late = [told[0], seized("2017-06-21", quantity="4")]
    person = debtor(the_debt(judged("s", STORED, late, payment_days=2)), "H")
    assert (person.due, person.suspended) == (date(2017, 6, 20), None)


FIRST = (seized("2017-06-15", quantity="4"), confiscated("2017-06-20", quantity="4"))
"""Two days of the period are over on 15 June; without more it ends on 28 June."""


def test_a_seizure_after_the_period_that_ran_on_suspends_nothing() -> None:
    assert owed(NOTIFIED, *FIRST, seized("2017-06-28", quantity="6")).due is None
    person = owed(NOTIFIED, *FIRST, seized("2017-06-29", quantity="6"))
    assert (person.due, person.suspended) == (date(2017, 6, 28), None)


def test_a_seizure_on_the_day_of_a_decision_lets_no_day_run() -> None:
    again = seized("2017-06-20", quantity="5")
    assert owed(NOTIFIED, *FIRST, again).suspended == "108(3)(b)"
    last = confiscated("2017-06-30", quantity="5", id="last")
    assert owed(NOTIFIED, *FIRST, again, last).raw_due == date(2017, 7, 8)


def test_a_decision_on_goods_that_were_not_seized_lengthens_no_suspension() -> None:
    later = confiscated("2017-06-27", quantity="2")
    assert owed(NOTIFIED, *FIRST, later).due == date(2017, 6, 28)


def test_goods_that_wait_already_are_not_seized_twice() -> None:
    both = (tell(AbandonmentPermitted, "s", "2017-06-15"), seized("2017-06-16"))
    last = confiscated("2017-06-20", quantity="4")
    assert owed(NOTIFIED, *both, last).due == date(2017, 6, 28)


def test_a_suspension_does_not_begin_before_the_period() -> None:
    person = owed(
        seized("2017-06-01", quantity="4"), NOTIFIED, confiscated("2017-06-30", quantity="4")
    )
    assert person.due == date(2017, 7, 10)


def test_where_a_decision_leaves_nothing_no_period_runs_on() -> None:
    person = owed(NOTIFIED, seized("2017-06-15"), confiscated("2017-06-30"))
    assert (person.due, person.suspended) == (None, "108(3)(b)")


def test_abandonment_without_permission_ends_no_suspension() -> None:
    given_up = tell(GoodsAbandoned, "s", "2017-06-16", quantity="4")
    person = owed(NOTIFIED, seized("2017-06-15", quantity="4"), given_up)
    assert (person.due, person.suspended) == (None, "108(3)(b)")


def test_a_seizure_told_of_the_declaration_that_drew_the_goods_suspends_it_too() -> None:
    late = declared("i", Kind.FREE_CIRCULATION, goods(10, of="s"), accepted="2017-06-10")
    assert owed(NOTIFIED, *late).suspended is None
    taken = tell(GoodsSeized, "i", "2017-06-15", id="taken")
    person = owed(NOTIFIED, *late, taken)
    assert person.suspended == "108(3)(b)"
    assert taken.cite in person.because.reports
    decided = tell(GoodsConfiscated, "i", "2017-06-30", quantity="4")
    assert owed(NOTIFIED, *late, taken, decided).due == date(2017, 7, 10)


REMOVED = tell(GoodsRemoved, "s", "2017-05-02", quantity="2", id="removed")


def removal(*told: Told) -> Obligation:
    """What H owes for two of ten, of which he is notified on 8 May; the rest is in storage."""
    notified = tell(DebtNotified, "s", "2017-05-08", debtor="H", gave_rise="removed")
    said = overrun(REMOVED, notified, *told)
    return debtor(said.debts[0], "H")


def test_what_is_done_with_the_stock_suspends_nothing_for_what_was_removed() -> None:
    assert removal(seized("2017-05-10", quantity="8")).suspended is None
    permitted = tell(AbandonmentPermitted, "s", "2017-05-10", quantity="8")
    assert removal(permitted).suspended is None


def test_what_goes_beyond_the_stock_is_about_what_was_removed() -> None:
    assert removal(seized("2017-05-10", quantity="9")).suspended == "108(3)(b)"
    assert removal(seized("2017-05-10")).suspended == "108(3)(b)"
    assert removal(tell(AbandonmentPermitted, "s", "2017-05-10")).suspended == "108(3)(b)"
    permitted = tell(AbandonmentPermitted, "s", "2017-05-10", quantity="9")
    assert removal(permitted).suspended == "108(3)(b)"


def test_a_permission_is_about_what_the_abandonment_under_it_is_about() -> None:
    """One day of the period is over on 10 May; nine are left after 31 May."""
    nine, eight = (
        tell(AbandonmentPermitted, "s", "2017-05-10", quantity=much) for much in ("9", "8")
    )
    given_up = tell(GoodsAbandoned, "s", "2017-05-31", quantity="9")
    assert removal(nine, given_up).raw_due == date(2017, 6, 9)
    stock = tell(GoodsAbandoned, "s", "2017-05-20", quantity="8")
    assert removal(nine, stock).suspended == "108(3)(b)"
    assert removal(eight, stock).due == date(2017, 5, 18)


@pytest.mark.parametrize("procedure", [Kind.CUSTOMS_WAREHOUSING, Kind.INWARD_PROCESSING])
@pytest.mark.parametrize(("much", "found"), [("8", None), ("9", "108(3)(b)")])
def test_under_a_procedure_a_permission_reaches_what_goes_beyond_the_stock(
    procedure: Kind, much: str, found: str | None
) -> None:
    placed = declared(
        "s", procedure, goods(10, value=36500, percent=10),
        accepted="2017-03-01", released="2017-03-01", end_by="2017-12-31",
    )  # fmt: skip
    notified = tell(DebtNotified, "s", "2017-05-08", debtor="D", gave_rise="removed")
    permitted = tell(AbandonmentPermitted, "s", "2017-05-10", quantity=much)
    said = judged("s", placed, REMOVED, notified, permitted)
    assert debtor(said.debts[0], "D").suspended == found


def test_each_of_two_seizures_reaches_the_removal_that_is_left_to_it() -> None:
    days = ("2017-05-02", "2017-05-03")
    removed = [tell(GoodsRemoved, "s", day, quantity="1", id=day) for day in days]
    notified = [
        tell(DebtNotified, "s", "2017-05-08", debtor="H", gave_rise=day, id=f"n{day}")
        for day in days
    ]
    first, second = seized("2017-05-10", quantity="9"), seized("2017-05-11", quantity="1")

    def suspended(*told: Told) -> list[str | None]:
        debts = overrun(*removed, *notified, *told).debts
        return [debtor(debt, "H").suspended for debt in debts[:2]]

    assert suspended(first) == ["108(3)(b)", None]
    assert suspended(first, second) == ["108(3)(b)", "108(3)(b)"]
    assert suspended(first, confiscated("2017-05-11", quantity="9"), second)[1] == "108(3)(b)"


def several(first: str, other: str, letter: str = "79(3)(b)", *told: Told) -> list[str]:
    """The candidates where H and T, found by customs, are notified on these days."""
    found = tell(DebtorFound, "s", "2017-06-05", person="T", letter=letter)
    both = [
        tell(DebtNotified, "s", on, debtor=who, id=f"to-{who}")
        for who, on in (("H", first), ("T", other))
    ]
    said = overrun(found, *both, *told)
    return [
        f"{each.start.astimezone(SOFIA):%m-%d} {each.end.astimezone(SOFIA):%m-%d}"
        for each in said.findings
        if each.code == "UCC108_3C_CANDIDATE" and each.end
    ]


def test_that_another_debtor_is_notified_may_suspend_the_period_of_who_was_obliged() -> None:
    assert several("2017-06-12", "2017-06-14") == ["06-14 06-23"]
    assert several("2017-06-14", "2017-06-12", "79(3)(c)") == ["06-14 06-27"]


def test_it_may_not_once_the_period_is_over_or_nothing_is_owed() -> None:
    assert several("2017-06-12", "2017-06-23") == []
    paid = tell(DebtPaid, "s", "2017-06-13", payer="H", amount="3650")
    assert several("2017-06-12", "2017-06-14", "79(3)(b)", paid) == []


def test_it_may_not_where_the_other_debtor_was_obliged_as_well() -> None:
    assert several("2017-06-12", "2017-06-14", "79(3)(a)") == []


def test_a_suspension_cites_what_begins_and_what_ends_it() -> None:
    permitted = tell(AbandonmentPermitted, "s", "2017-06-15", id="may")
    abandoned = tell(GoodsAbandoned, "s", "2017-06-16", id="did")
    assert {"office/may", "office/did"} <= set(owed(NOTIFIED, permitted, abandoned).because.reports)

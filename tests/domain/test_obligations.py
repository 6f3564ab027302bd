"""What a debtor owes: the period for payment, until when he can be notified, interest."""

from datetime import date
from decimal import Decimal

import pytest

from domain.customs_debt import Obligation
from domain.facts.debt import (
    CriminalActFound,
    DebtNotified,
    DebtPaid,
    ExitProofAccepted,
    LossAccepted,
)
from domain.facts.disposal import (
    GoodsLost,
)
from domain.facts.exit import GoodsExited
from domain.facts.fact import Told
from domain.facts.inventory import PeriodExtended, RightsTransferred
from domain.facts.values import Kind
from domain.timeline import DeadlineState
from tests.domain.stored import NOTIFIED, RATE, confiscated, overrun, owed, seized
from tests.domain.telling import (
    codes,
    debtor,
    declared,
    end_of,
    goods,
    judged,
    moment,
    presented,
    tell,
    the_debt,
)


def spans(obligation: Obligation) -> list[tuple[str, str, str | None]]:
    """Article, first and last day of each interest."""
    return [
        (each.article, str(each.since), str(each.until) if each.until else None)
        for each in obligation.interest
    ]


# --- the period for payment


def test_a_day_is_told_as_counted_and_as_rolled() -> None:
    person = owed(tell(DebtNotified, "s", "2017-06-14", debtor="H"))
    assert (person.raw_due, person.due) == (date(2017, 6, 24), date(2017, 6, 26))
    assert (person.raw_limitation, person.limitation) == (date(2020, 5, 31), date(2020, 6, 1))


# --- limitation


def test_the_national_period_is_cited() -> None:
    person = owed(tell(CriminalActFound, "s", "2017-06-20", years=7, id="crime"))
    assert person.limitation == date(2024, 5, 31)
    assert "office/crime" in person.because.reports
    assert "103(2)" in person.because.articles


# --- interest


def test_interest_ends_with_the_debt() -> None:
    late = tell(DebtNotified, "s", "2017-06-20", debtor="H")
    person = owed(seized("2017-06-05"), confiscated("2017-06-10"), late)
    assert spans(person) == [("114(2)", "2017-05-31", "2017-06-10")]
    assert person.interest[0].amount(date(2018, 1, 1)) == 2


def test_interest_before_the_notification_grows_on_what_is_left() -> None:
    paid = tell(DebtPaid, "s", "2017-06-05", payer="H", amount="1825")
    person = owed(paid, NOTIFIED)
    assert spans(person)[:2] == [
        ("114(2)", "2017-05-31", "2017-06-05"),
        ("114(2)", "2017-06-05", "2017-06-12"),
    ]
    amounts = [each.amount(date(2017, 6, 12)) for each in person.interest[:2]]
    assert amounts == [1, Decimal("0.7")]


def test_interest_is_charged_by_what_grew_of_the_whole_debt_and_not_by_each_part() -> None:
    """Due on 22 June, 0.20 a day; from 22 July on 0.10: 6 and 4 euro on 31 August."""
    person = owed(NOTIFIED, tell(DebtPaid, "s", "2017-07-22", payer="H", amount="1825"))
    before, first, second = person.interest
    assert [first.amount(date(2017, 8, 30)), second.amount(date(2017, 8, 30))] == [
        6,
        Decimal("3.9"),
    ]
    assert not person.charged(first, date(2017, 8, 30))
    assert person.charged(first, date(2017, 8, 31))
    assert person.charged(second, date(2017, 8, 31))
    assert not person.charged(before, date(2017, 8, 31)), "what grew before is another action"


@pytest.mark.parametrize(("currency", "least"), [("EUR", 10), ("BGN", 0)])
def test_interest_in_another_currency_is_charged_whatever_it_is_and_that_is_said(
    currency: str, least: int
) -> None:
    """EUR 10 (Article 114(4)): exchange rates are not modelled."""
    line = goods(1, value=3650, percent=100, currency=currency)
    told = judged("s", RATE, presented("s", "2017-03-01", line), NOTIFIED)
    person = debtor(the_debt(told), "H")
    (before, after) = person.interest
    assert before.threshold == after.threshold == Decimal(least)
    assert before.amount(date(2017, 6, 1)) == Decimal("0.2")
    assert person.charged(before, date(2017, 6, 1)) is (least == 0)
    assert not person.charged(before, date(2017, 5, 31)), "none has grown yet"
    found = [each for each in told.findings if each.code == "AMOUNT_NOT_COMPARED"]
    assert [each.because.articles for each in found] == ([("114(4)",)] if least == 0 else [])
    assert all(each.start == moment("2017-06-01") for each in found)


def test_no_interest_is_compared_where_none_is_known() -> None:
    line = goods(1, value=3650, percent=100, currency="BGN")
    told = judged("s", presented("s", "2017-03-01", line), NOTIFIED)
    assert "AMOUNT_NOT_COMPARED" not in codes(told)


def test_a_debt_that_ends_as_it_arises_bears_no_interest() -> None:
    lost = tell(GoodsLost, "s", "2017-04-03")
    said = overrun(lost, tell(LossAccepted, "s", "2017-05-02"))
    assert debtor(the_debt(said), "H").interest == ()


def test_interest_ends_where_the_debtor_can_be_notified_no_more() -> None:
    (growing,) = owed().interest
    assert growing.amount(date(2021, 1, 1)) == growing.amount(date(2020, 6, 2))


# --- goods that left


PLACED = declared(
    "p", Kind.INWARD_PROCESSING, goods(10, value=300, percent=100),
    accepted="2017-01-10", released="2017-01-10", end_by="2017-06-30",
)  # fmt: skip


def re_exported(name: str, quantity: int, day: str) -> list[Told]:
    told = declared(name, Kind.RE_EXPORT, goods(quantity, of="p"), accepted=day)
    return [*told, tell(GoodsExited, name, day)]


def proof(**said: object) -> Told:
    return tell(ExitProofAccepted, "p", "2017-09-01", **said)


def left_at(*told: Told | list[Told]) -> date:
    said = judged("p", PLACED, *told)
    (at,) = [each.at for each in the_debt(said).extinguished if each.letter == "k"]
    return at.astimezone(moment("2017-01-01").tzinfo).date()


def test_goods_that_left_late_are_owed_no_more_from_their_exit_on() -> None:
    assert left_at(re_exported("r", 10, "2017-07-12"), proof()) == date(2017, 7, 12)


def test_of_several_exits_the_last_one_counts() -> None:
    both = re_exported("r", 6, "2017-07-12") + re_exported("q", 4, "2017-07-19")
    assert left_at(both, proof()) == date(2017, 7, 19)


def test_where_exits_do_not_cover_the_goods_the_decision_dates_it() -> None:
    assert left_at(re_exported("r", 6, "2017-07-12"), proof()) == date(2017, 9, 1)


def test_a_proof_may_show_the_day() -> None:
    assert left_at(proof(exited_on="2017-07-20")) == date(2017, 7, 20)


def test_no_debt_ends_before_it_arises() -> None:
    assert left_at(proof(exited_on="2017-06-20")) == date(2017, 7, 1)


# --- holders and their clocks


def transfer(to: str, quantity: int, day: str = "2017-04-03") -> Told:
    return tell(RightsTransferred, "p", day, quantity=quantity, transferee=to, permitted=True)


def clocks(*told: Told | list[Told], as_of: str) -> dict[str, list[tuple[str, DeadlineState]]]:
    """Of each person the last days of the period for discharge, and how they stand."""
    found: dict[str, list[tuple[str, DeadlineState]]] = {}
    for each in judged("p", PLACED, *told).deadlines:
        if each.article in ("215(4)", "257(2)") and each.start <= end_of(as_of):
            state = each.state(end_of(as_of))
            found.setdefault(each.person, []).append((str(each.last_day), state))
    return found


RUNNING, MET, MISSED, MOVED = (
    DeadlineState.RUNNING,
    DeadlineState.MET,
    DeadlineState.MISSED,
    DeadlineState.MOVED,
)


def test_a_transferee_has_the_day_of_the_first_holder() -> None:
    assert clocks(transfer("B", 4), as_of="2017-04-02") == {"D": [("2017-06-30", RUNNING)]}
    assert clocks(transfer("B", 4), as_of="2017-07-01") == {
        "D": [("2017-06-30", MISSED)],
        "B": [("2017-06-30", MISSED)],
    }


def test_who_transfers_everything_has_met_his_day() -> None:
    assert clocks(transfer("B", 10), as_of="2017-07-01") == {
        "D": [("2017-06-30", MET)],
        "B": [("2017-06-30", MISSED)],
    }


def test_a_transfer_after_the_period_makes_no_other_debt() -> None:
    late = judged("p", PLACED, transfer("B", 4, "2017-07-10"))
    (debt,) = late.debts
    assert [each.quantity for each in debt.struck] == [10]
    assert [each.person for each in debt.obligations] == ["D"]
    assert clocks(transfer("B", 4, "2017-07-10"), as_of="2017-08-01").keys() == {"D"}


def test_two_transfers_to_one_person_make_one_clock() -> None:
    told = (transfer("B", 4), transfer("B", 2, "2017-05-02"))
    assert clocks(*told, as_of="2017-06-01")["B"] == [("2017-06-30", RUNNING)]


def test_an_extension_moves_the_clock_of_each_who_still_holds_goods() -> None:
    longer = tell(PeriodExtended, "p", "2017-06-01", end_by="2017-09-30")
    assert clocks(transfer("B", 4), longer, as_of="2017-10-01") == {
        "D": [("2017-06-30", MOVED), ("2017-09-30", MISSED)],
        "B": [("2017-06-30", MOVED), ("2017-09-30", MISSED)],
    }


def test_each_holder_owes_for_his_part_once() -> None:
    debts = judged("p", PLACED, transfer("B", 4)).debts
    assert {debt.obligations[0].person: debt.amount for debt in debts} == {
        "D": Decimal(180),
        "B": Decimal(120),
    }

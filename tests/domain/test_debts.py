"""What a debt amounts to, who owes it, until when: Articles 77 to 87, 101 to 114."""

from decimal import Decimal
from typing import Any

import pytest

from domain.customs_debt import Debt
from domain.facts.authorisation import AuthorisationGranted
from domain.facts.debt import CriminalActFound, DebtNotified, DebtorFound, DebtPaid
from domain.facts.declaration import DeclarationAmended, DeclarationInvalidated, GoodsReleased
from domain.facts.disposal import GoodsRemoved
from domain.facts.fact import Told
from domain.facts.inventory import RightsTransferred
from domain.facts.reference_data import DutyMeasureSet, InterestRateSet
from domain.facts.values import Kind
from domain.judgement.totals import total
from domain.policies import Policies, UnknownPolicy
from domain.timeline import Judgement
from tests.domain.telling import (
    codes,
    debtor,
    declared,
    end_of,
    finding,
    goods,
    ground,
    judged,
    moment,
    presented,
    same_goods,
    tell,
    the_debt,
    where,
)


def imported(*lines: object, released: str | None = "2017-03-09", **said: Any) -> list[Told]:  # noqa: ANN401
    return declared(
        "i",
        Kind.FREE_CIRCULATION,
        *lines,  # type: ignore[arg-type]
        accepted="2017-03-06 10:00",
        released=released,
        **said,
    )


def duty(*lines: object, **said: Any) -> Debt:  # noqa: ANN401
    return the_debt(judged("i", imported(*lines, **said)))


def measure(code: str, first_day: str, happened: str = "2016-05-01", **duty: str) -> Told:
    return tell(
        DutyMeasureSet,
        f"measure:{code}",
        happened,
        first_day=first_day,
        duty=(duty,),
        id=f"{code}{first_day}{happened}",
    )


def rate(first_day: str, percent: str) -> Told:
    return tell(InterestRateSet, "interest:EUR", first_day, first_day=first_day, percent=percent)


# --- the amount


@pytest.mark.parametrize(
    ("terms", "amount"),
    [
        ([{"percent": "5"}], "50"),
        ([{"per_unit": "2"}], "20"),
        ([{"percent": "5", "per_unit": "2"}], "70"),
        ([{"percent": "5"}, {"per_unit": "2"}], "70"),
        ([{"percent": "1", "minimum": "3"}], "30"),
        ([{"percent": "50", "maximum": "4"}], "40"),
        ([{"percent": "50", "minimum": "9", "maximum": "4"}], "40"),
    ],
)
def test_a_duty_is_ad_valorem_specific_or_both_between_a_minimum_and_a_maximum(
    terms: list[dict[str, str]], amount: str
) -> None:
    assert duty(goods(10, value=1000, duty=terms)).amount == Decimal(amount)


def test_every_step_of_an_amount_is_told_in_words() -> None:
    debt = duty(goods(10, value=1000, duty=[{"percent": "5"}, {"per_unit": "2"}]))
    assert [step.value for step in debt.steps] == [50, 20]
    assert "5 % of the customs value of 1000 EUR for 10 NAR, here 10" in debt.steps[0].words
    assert "2 EUR for each of 10 NAR" in debt.steps[1].words


def test_lines_of_a_declaration_are_one_debt() -> None:
    debt = duty(goods(1, value=100, percent=10), goods(1, value=200, percent=10))
    assert {each.line: each.amount for each in debt.struck} == {1: 10, 2: 20}
    assert debt.amount == 30


def test_goods_that_bear_no_duty_give_rise_to_no_debt() -> None:
    free = judged("i", imported(goods(1, value=100, percent=0)))
    assert free.debts == ()
    mixed = duty(goods(1, value=100, percent=0), goods(1, value=100, percent=10))
    assert mixed.amount == 10


def test_unknown_duty_terms_leave_the_amount_open_and_say_so() -> None:
    said = judged("i", imported(goods(1, value=100, code="0101")))
    debt = the_debt(said)
    assert debt.amount is None
    assert debt.open_at(end_of("2017-03-10")) is None
    assert "report the measure" in finding(said, "DUTY_TERMS_UNKNOWN").words


def test_an_unknown_value_leaves_an_ad_valorem_duty_open() -> None:
    assert duty(goods(1, percent=10)).amount is None
    assert duty(goods(2, duty=[{"per_unit": "3"}])).amount == 6


def test_amounts_of_different_currencies_are_not_added() -> None:
    lines = goods(1, value=100, percent=10), goods(1, value=100, percent=10, currency="BGN")
    said = judged("i", imported(*lines, guarantee="grn:G"))
    assert the_debt(said).amount is None
    assert "different currencies" in finding(said, "DUTY_TERMS_UNKNOWN").words
    assert {each.amount for each in said.guarantees} == {None}


def test_the_measure_of_the_day_of_incurrence_counts() -> None:
    told = imported(goods(1, value=1000, code="0101"))
    old, new = (
        measure("0101", "2016-05-01", percent="5"),
        measure("0101", "2017-03-07", percent="9"),
    )
    debt = the_debt(judged("i", told, old, new))
    assert debt.amount == 50
    assert debt.steps[0].reports == (old.cite,)


def test_of_two_measures_of_one_day_the_one_reported_for_the_later_day_counts() -> None:
    told = imported(goods(1, value=1000, code="0101"))
    first = measure("0101", "2016-05-01", "2016-05-01", percent="5")
    second = measure("0101", "2016-05-01", "2016-06-01", percent="7")
    assert the_debt(judged("i", told, second, first)).amount == 70


def test_amounts_are_exact_unless_the_policy_rounds() -> None:
    told = imported(goods(3, value="100.01", percent="3.3"))
    assert the_debt(judged("i", told)).amount == Decimal("3.30033")
    assert the_debt(judged("i", told, rounding="CENT")).amount == Decimal("3.3")


def test_half_a_cent_is_rounded_up() -> None:
    told = imported(goods(1, value="100.5", percent="1"))
    assert the_debt(judged("i", told, rounding="CENT")).amount == Decimal("1.01")


PLACED = declared(
    "p", Kind.INWARD_PROCESSING, goods(1000, value=10000, percent=8),
    accepted="2017-01-10", released="2017-01-10", end_by="2018-01-10", authorisation="auth:A",
)  # fmt: skip
YIELD = tell(
    AuthorisationGranted, "auth:A", "2016-12-01", holder="D", procedure="inward-processing",
    products_per_input="0.8",
)  # fmt: skip


def product(**terms: object) -> list[Told]:
    return imported(goods(400, value=15000, percent=2, of="p", processed=True, **terms))


def test_processed_products_bear_their_own_duty() -> None:
    assert the_debt(judged("i", PLACED, YIELD, product())).amount == 300


def test_on_request_products_bear_the_duty_of_the_goods_placed() -> None:
    for base in ("inputs", "inputs-required"):
        debt = the_debt(judged("i", PLACED, YIELD, product(duty_base=base)))
        assert debt.amount == 400
        assert "86(3)" in debt.because.articles
        assert YIELD.cite in debt.because.reports


def test_the_measures_of_the_goods_placed_are_looked_up() -> None:
    placed = declared(
        "p", Kind.INWARD_PROCESSING, goods(1000, value=10000, code="0101"), accepted="2017-01-10",
        released="2017-01-10", end_by="2018-01-10",
    )  # fmt: skip
    set_ = measure("0101", "2016-05-01", percent="8")
    for base in ("inputs", "inputs-required"):
        line = goods(500, value=15000, percent=2, of="p", duty_base=base)
        assert the_debt(judged("i", placed, set_, imported(line))).amount == 400


def test_on_request_for_goods_that_are_not_known_the_amount_is_open() -> None:
    said = judged("i", product(duty_base="inputs"))
    assert the_debt(said).amount is None
    assert "DUTY_TERMS_UNKNOWN" in codes(said)


ABROAD = declared(
    "o", Kind.OUTWARD_PROCESSING, goods(500), accepted="2017-01-16", released="2017-01-16",
    end_by="2017-03-06",
)  # fmt: skip


@pytest.mark.parametrize(("end_by", "amount"), [("2017-03-06", 720), ("2017-03-05", 2400)])
def test_products_of_outward_processing_bear_duty_on_its_cost_while_the_period_runs(
    end_by: str, amount: int
) -> None:
    out = declared(
        "o", Kind.OUTWARD_PROCESSING, goods(500), accepted="2017-01-16", released="2017-01-16",
        end_by=end_by,
    )  # fmt: skip
    back = goods(
        300, value=60000, percent=4, of="o", duty_base="processing-cost", processing_cost=18000
    )
    assert the_debt(judged("i", out, imported(back))).amount == amount


def test_an_amendment_that_customs_permit_replaces_the_particulars() -> None:
    line = goods(1, value=500, percent=10)
    amended = tell(
        DeclarationAmended, "i", "2017-03-07", procedure="free-circulation", declarant="D",
        lines=(line,),
    )  # fmt: skip
    said = judged("i", imported(goods(1, value=100, percent=10)), amended)
    assert the_debt(said).amount == 50


def test_an_amendment_that_customs_did_not_permit_has_no_effect_and_is_said() -> None:
    amended = tell(
        DeclarationAmended, "i", "2017-03-07", procedure="free-circulation", declarant="D",
        lines=(goods(1, value=500, percent=10),), role="declarant", source="declarant",
    )  # fmt: skip
    said = judged("i", imported(goods(1, value=100, percent=10)), amended)
    assert the_debt(said).amount == 10
    assert finding(said, "AMENDMENT_NOT_PERMITTED").because.articles == ("173(1)",)


@pytest.mark.parametrize("excluded", ["counterfeit-currency", "narcotics"])
def test_some_goods_give_rise_to_no_debt(excluded: str) -> None:
    said = judged("i", imported(goods(1, value=100, percent=10, excluded=excluded)))
    assert said.debts == ()
    assert finding(said, "UCC83_2_NO_DEBT").because.articles == ("83(2)",)


# --- the debtors


LINE = goods(1, value=1000, percent=10)


def owing(**said: Any) -> dict[str, str]:  # noqa: ANN401
    return {each.person: each.role for each in duty(LINE, **said).obligations}


def test_the_declarant_owes() -> None:
    assert owing() == {"D": "77(3)"}


def test_a_direct_representative_does_not_owe() -> None:
    assert owing(representative="R", representation="direct") == {"D": "77(3)"}


def test_an_indirect_representative_owes_with_the_person_represented() -> None:
    assert owing(representative="R", representation="indirect") == {"R": "77(3)", "D": "77(3)"}


def test_a_representative_without_authority_owes_alone() -> None:
    assert owing(representative="R", representation="without-authority") == {"R": "19(1)"}


@pytest.mark.parametrize(
    "procedure", [Kind.EXTERNAL_TRANSIT, Kind.CUSTOMS_WAREHOUSING, Kind.INWARD_PROCESSING]
)
@pytest.mark.parametrize(
    ("representation", "owing"),
    [("direct", {"D"}), ("indirect", {"D", "R"}), ("without-authority", {"R"})],
)
def test_who_lodged_in_his_own_name_owes_for_a_failure_under_the_procedure(
    procedure: Kind, representation: str, owing: set[str]
) -> None:
    """He is bound by its obligations (Article 15(2)), and so is the person represented."""
    placed = declared(
        "p", procedure, LINE, accepted="2017-03-01", released="2017-03-01", end_by="2017-06-01",
        representative="R", representation=representation,
    )  # fmt: skip
    debt = the_debt(judged("p", placed, tell(GoodsRemoved, "p", "2017-04-10 08:00")))
    assert {(each.person, each.role) for each in debt.obligations} == {
        (person, "79(3)(a)") for person in owing
    }


def test_after_a_transfer_the_representative_who_lodged_does_not_owe_for_what_was_transferred() -> (
    None
):
    placed = declared(
        "p", Kind.INWARD_PROCESSING, goods(10, value=1000, percent=10), accepted="2017-03-01",
        released="2017-03-01", end_by="2017-06-01", representative="R", representation="indirect",
    )  # fmt: skip
    moved = tell(RightsTransferred, "p", "2017-04-01", transferee="T", quantity="4", permitted=True)
    debts = judged("p", placed, moved).debts
    assert [{each.person for each in debt.obligations} for debt in debts] == [{"D", "R"}, {"T"}]


def test_an_indirect_representative_owes_for_products_that_leave_without_drawback() -> None:
    placed = declared(
        "p", Kind.INWARD_PROCESSING, LINE, accepted="2017-03-01", released="2017-03-01",
        end_by="2017-06-01",
    )  # fmt: skip
    out = declared(
        "r", Kind.RE_EXPORT, goods(1, of="p", processed=True), accepted="2017-05-01",
        preference_without_drawback=True, representative="R", representation="indirect",
    )  # fmt: skip
    debt = the_debt(judged("r", placed, out))
    assert {each.person: each.role for each in debt.obligations} == {"R": "78(3)", "D": "78(3)"}


def test_who_owes_already_is_no_further_debtor() -> None:
    stored = presented("s", "2017-03-01", LINE)
    removed = tell(GoodsRemoved, "s", "2017-04-10 08:00")
    found = tell(DebtorFound, "s", "2017-04-20", person="H", letter="79(3)(b)")
    debt = the_debt(judged("s", stored, removed, found))
    assert [(each.person, each.role) for each in debt.obligations] == [("H", "79(3)(a)")]


def test_a_person_that_customs_find_owes_too_and_once() -> None:
    stored = presented("s", "2017-03-01", LINE)
    removed = tell(GoodsRemoved, "s", "2017-04-10 08:00")
    found = tell(
        DebtorFound, "s", "2017-04-20", person="T", letter="79(3)(b)", gave_rise=removed.report
    )
    again = tell(DebtorFound, "s", "2017-04-21", person="T", letter="79(3)(c)", id="again")
    debt = the_debt(judged("s", stored, removed, found, again))
    assert [(each.person, each.role) for each in debt.obligations] == [
        ("H", "79(3)(a)"),
        ("T", "79(3)(b)"),
    ]
    assert found.cite in debtor(debt, "T").because.reports


def test_several_debtors_owe_one_amount_and_a_payment_frees_all() -> None:
    told = imported(LINE, representative="R", representation="indirect")
    paid = tell(DebtPaid, "i", "2017-03-15", payer="R", amount="100")
    debt = the_debt(judged("i", told, paid))
    assert debt.owed_by("D", end_of("2017-03-14")) == 100
    assert debt.owed_by("D", end_of("2017-03-15")) == 0
    assert debt.open_at(end_of("2017-03-15")) == 0


# --- where


def removed_at(office: str | None, found: str | None, value: int = 1000) -> Debt:
    stored = presented("s", "2017-03-01", goods(1, value=value, percent=100))
    act = tell(GoodsRemoved, "s", "2017-04-10 08:00")
    offices = {"occurred_at": office, "found_at": found}
    person = tell(
        DebtorFound, "s", "2017-04-20", person="T", letter="79(3)(b)",
        **{key: value for key, value in offices.items() if value},
    )  # fmt: skip
    return the_debt(judged("s", stored, act, person))


def test_a_debt_is_incurred_where_the_declaration_is_lodged_or_the_events_occur() -> None:
    assert duty(LINE).place == "BG001007"
    assert removed_at("BG005800", None).place == "BG005800"


def test_a_small_debt_found_in_another_member_state_counts_as_incurred_there() -> None:
    assert removed_at(None, "RO001000", 9999).place == "RO001000"
    assert removed_at(None, "RO001000", 10000).place == "BG001007"
    assert removed_at(None, "BG005800", 9999).place == "BG001007"


# --- notification, payment, limitation


def test_release_on_the_declared_amount_notifies_and_payment_is_due_ten_days_later() -> None:
    person = debtor(duty(LINE), "D")
    assert person.notified == moment("2017-03-09 00:00")
    assert str(person.due) == "2017-03-20"  # the nineteenth is a Sunday
    assert [each.article for each in person.interest] == ["114(1)"]


def test_a_release_on_another_amount_notifies_nobody() -> None:
    released = tell(GoodsReleased, "i", "2017-03-09", as_declared=False)
    said = judged("i", imported(LINE, released=None), released)
    assert debtor(the_debt(said), "D").notified is None


def test_each_debtor_is_notified_apart() -> None:
    told = imported(LINE, released=None, representative="R", representation="indirect")
    notified = tell(DebtNotified, "i", "2017-04-03 10:00", debtor="R")
    debt = the_debt(judged("i", told, notified))
    assert debtor(debt, "R").notified == moment("2017-04-03 10:00")
    assert str(debtor(debt, "R").due) == "2017-04-13"
    assert debtor(debt, "D").notified is None
    assert debtor(debt, "D").due is None


def test_nobody_is_notified_of_a_debt_that_is_not_incurred_yet() -> None:
    early = tell(DebtNotified, "s", "2017-05-30", debtor="H")
    said = judged("s", presented("s", "2017-03-01", LINE), early)
    assert debtor(the_debt(said), "H").notified is None
    assert "DEBT_NOT_FOUND" in codes(said)


def test_customs_may_set_a_shorter_period_for_payment_and_no_longer_one() -> None:
    told = imported(LINE)
    assert str(debtor(the_debt(judged("i", told, payment_days=5)), "D").due) == "2017-03-14"
    with pytest.raises(UnknownPolicy, match=r"Article 108\(1\) allows 10 days at most"):
        Policies.of({"payment_days": 11})


def test_a_short_period_for_payment_has_two_working_days() -> None:
    """Notified on Thursday before a long weekend; two days later is a Saturday (1182/71 3(5))."""
    line = goods(1, value=1000, percent=10)
    told = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-04-13", released="2017-04-13")
    owed = debtor(the_debt(judged("i", told, payment_days=2)), "D")
    assert (str(owed.raw_due), str(owed.due)) == ("2017-04-15", "2017-04-19")


def test_a_debt_can_be_notified_for_three_years() -> None:
    assert str(debtor(duty(LINE), "D").limitation) == "2020-03-06"


def test_a_limitation_rolls_to_a_working_day_and_bars_from_the_day_after() -> None:
    said = judged("s", presented("s", "2017-03-01", LINE))
    debt = the_debt(said)
    assert str(debtor(debt, "H").limitation) == "2020-06-01"  # 31 May 2020 is a Sunday
    barred = ground(debt, "a")
    assert (barred.at, barred.frees) == (moment("2020-06-02 00:00"), "H")
    assert debt.open_at(end_of("2020-06-02")) == 0


@pytest.mark.parametrize(("notified", "barred"), [("2020-06-01", False), ("2020-06-02", True)])
def test_a_notification_is_in_time_on_the_last_day(notified: str, barred: bool) -> None:
    told = tell(DebtNotified, "s", f"{notified} 23:00", debtor="H")
    debt = the_debt(judged("s", presented("s", "2017-03-01", LINE), told))
    assert ("a" in {each.letter for each in debt.extinguished}) is barred


def test_an_act_liable_to_criminal_proceedings_has_the_national_period() -> None:
    told = tell(CriminalActFound, "s", "2018-01-01", years=5)
    debt = the_debt(judged("s", presented("s", "2017-03-01", LINE), told))
    assert str(debtor(debt, "H").limitation) == "2022-05-31"


def test_a_debt_by_declaration_has_the_national_period_where_the_act_was_criminal() -> None:
    found = tell(CriminalActFound, "i", "2018-01-01", years=5)
    said = judged("i", imported(LINE), found)
    assert str(debtor(the_debt(said), "D").limitation) == "2022-03-07"  # the sixth is a Sunday


def test_one_debtor_is_barred_while_another_still_owes() -> None:
    stored = presented("s", "2017-03-01", LINE)
    acts = (
        tell(GoodsRemoved, "s", "2017-04-10 08:00"),
        tell(DebtorFound, "s", "2017-04-20", person="T", letter="79(3)(b)"),
        tell(DebtNotified, "s", "2017-05-02", debtor="T"),
    )
    debt = the_debt(judged("s", stored, acts))
    assert debt.owed_by("H", end_of("2020-05-01")) == 0
    assert debt.owed_by("T", end_of("2020-05-01")) == 100
    assert debt.open_at(end_of("2020-05-01")) == 100


# --- interest


def overrun(amount: int, notified: str | None, *more: Told) -> Judgement:
    told = [presented("s", "2017-03-01", goods(1, value=amount, percent=100)), *more]
    if notified:
        told.append(tell(DebtNotified, "s", notified, debtor="H"))
    return judged("s", told)


def test_interest_runs_from_incurrence_to_notification_at_two_points_above_the_base_rate() -> None:
    said = overrun(1800, "2017-06-12", rate("2016-03-16", "0"))
    (before, *_) = debtor(the_debt(said), "H").interest
    assert (str(before.since), str(before.until)) == ("2017-05-31", "2017-06-12")
    assert before.percent == 2
    assert before.amount(end_of("2017-07-01").date()) == Decimal(1800) * 2 * 12 / 36500
    assert before.article == "114(2)"


@pytest.mark.parametrize(("amount", "charged"), [(15208, False), (15209, True)])
def test_interest_below_ten_euro_is_not_charged(amount: int, charged: bool) -> None:
    """12 days at 2 %: ten euro are reached at 15 208.33."""
    said = overrun(amount, "2017-06-12", rate("2016-03-16", "0"))
    person = debtor(the_debt(said), "H")
    assert person.charged(person.interest[0], end_of("2017-07-01").date()) is charged


def test_the_rate_is_that_of_the_first_day_of_the_month_of_the_due_day() -> None:
    """Notified on 26 June, due on 6 July: the rate of 1 July counts for the time before, too."""
    rates = (rate("2016-03-16", "0"), rate("2017-06-20", "1"), rate("2017-07-02", "3"))
    told = overrun(36500, "2017-06-26", *rates)
    (before, after) = debtor(the_debt(told), "H").interest
    assert str(debtor(the_debt(told), "H").due) == "2017-07-06"
    assert before.percent == after.percent == 3
    assert before.amount(end_of("2017-07-01").date()) == 36500 * 3 * 26 / Decimal(36500)
    assert rates[1].cite in debtor(the_debt(told), "H").because.reports
    assert rates[2].cite not in debtor(the_debt(told), "H").because.reports


def test_while_the_due_day_is_not_known_the_rate_of_each_day_stands_in() -> None:
    said = overrun(36500, None, rate("2016-03-16", "0"), rate("2017-06-10", "1"))
    (growing,) = debtor(the_debt(said), "H").interest
    assert str(growing.until) == "2020-06-02", "notified no more"
    assert growing.amount(end_of("2017-06-10").date()) == 20
    assert growing.amount(end_of("2017-06-12").date()) == 26


def test_without_a_base_rate_there_is_no_figure() -> None:
    person = debtor(the_debt(overrun(1800, "2017-06-12")), "H")
    (before, *_) = person.interest
    assert before.amount(end_of("2017-07-01").date()) is None
    assert not person.charged(before, end_of("2017-07-01").date())


def test_a_debt_by_declaration_bears_interest_only_after_its_due_day() -> None:
    said = judged("i", imported(goods(1, value=36500, percent=100)), rate("2016-03-16", "0"))
    (after,) = debtor(the_debt(said), "D").interest
    assert (after.article, str(after.since)) == ("114(1)", "2017-03-20")
    assert after.amount(end_of("2017-03-21").date()) == 2


# --- which debt an act is about


def two_debts(*more: Told) -> Judgement:
    stored = presented("s", "2017-03-01", goods(2, value=200, percent=100))
    removed = tell(GoodsRemoved, "s", "2017-04-10", line=1, quantity="1", id="removed")
    return judged("s", stored, removed, *more)


def test_an_act_that_fits_several_debts_has_no_effect_and_is_said() -> None:
    said = two_debts(tell(DebtNotified, "s", "2017-07-03", debtor="H"))
    assert finding(said, "DEBT_AMBIGUOUS").because.articles == ("102(1)",)
    assert all(each.obligations[0].notified is None for each in said.debts)


def test_an_act_can_name_the_report_that_gave_rise_to_the_debt() -> None:
    said = two_debts(tell(DebtNotified, "s", "2017-07-03", debtor="H", gave_rise="removed"))
    assert [each.obligations[0].notified is not None for each in said.debts] == [True, False]


def test_an_act_can_name_the_debt_by_its_reference() -> None:
    ref = two_debts().debts[1].ref
    said = two_debts(tell(DebtNotified, "s", "2017-07-03", debtor="H", debt=ref))
    assert [each.obligations[0].notified is not None for each in said.debts] == [False, True]


def test_an_act_can_name_the_debt_by_another_name_of_the_movement() -> None:
    lrn, mrn = "lrn:D/BG001007/1", "mrn:21DE27364916384836"
    told = declared(lrn, Kind.FREE_CIRCULATION, LINE, accepted="2017-03-06")
    old = the_debt(judged(lrn, told)).ref
    same = tell(GoodsReleased, mrn, "2017-03-09", same_as=lrn, as_declared=False)
    act = tell(DebtNotified, mrn, "2017-03-10", debtor="D", debt=old)
    assert debtor(the_debt(judged(mrn, told, same, act)), "D").notified == moment(
        "2017-03-10 00:00"
    )


def test_an_act_about_no_debt_is_said() -> None:
    stranger = tell(DebtNotified, "s", "2017-07-03", debtor="X")
    assert "DEBT_NOT_FOUND" in codes(two_debts(stranger))
    early = judged("s", presented("s", "2017-03-01", LINE), stranger, known_at="2017-07-03")
    assert "DEBT_NOT_FOUND" in codes(early)


def test_an_act_on_a_line_that_no_debt_strikes_is_said() -> None:
    said = two_debts(tell(DebtPaid, "s", "2017-07-03", payer="H", amount="1", line=7))
    assert "DEBT_NOT_FOUND" in codes(said)


# --- the same goods


def test_what_two_debts_have_in_common_is_counted_once() -> None:
    stored = presented("s", "2017-03-01", goods(10, value=1000, percent=10))
    late = declared(
        "i", Kind.FREE_CIRCULATION, goods(4, value=400, percent=10, of="s"),
        accepted="2017-06-10", released="2017-06-10",
    )  # fmt: skip
    overdue, import_ = judged("s", stored, late), judged("i", stored, late)
    assert same_goods(the_debt(overdue)) == {"local:i": 4}
    debts = [(each.movement, debt) for each in (overdue, import_) for debt in each.debts]
    assert total(debts, end_of("2017-06-10")) == {"EUR": 100}


def test_of_two_amounts_on_the_same_goods_only_the_smaller_is_in_common() -> None:
    stored = presented("s", "2017-03-01", goods(10, value=1000, percent=10))
    late = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, value=1000, percent=25, of="s"),
        accepted="2017-06-10", released="2017-06-10",
    )  # fmt: skip
    said = judged("s", stored, late)
    assert [each.amount for each in the_debt(said).same_goods] == [100]
    debts = [("local:s", the_debt(said)), ("local:i", the_debt(judged("i", stored, late)))]
    assert total(debts, end_of("2017-06-10")) == {"EUR": 250}


def test_a_declaration_that_fell_before_the_breach_has_nothing_in_common_with_it() -> None:
    stored = presented("s", "2017-03-01", goods(10, value=1000, percent=10))
    fell = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, value=1000, percent=10, of="s"), accepted="2017-05-02"
    )
    gone = tell(DeclarationInvalidated, "i", "2017-05-03")
    assert same_goods(the_debt(judged("s", stored, fell, gone))) == {}


def test_a_movement_without_lines_has_no_debt() -> None:
    said = judged("i", imported())
    assert said.debts == ()
    assert said.positions == ()
    assert where(said, "2017-03-10") == {}

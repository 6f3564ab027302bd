"""Outward processing: what comes back in time, and what does not (Article 259)."""

import pytest

from domain.facts.declaration import DeclarationInvalidated
from domain.facts.exit import GoodsExited
from domain.facts.fact import Told
from domain.facts.inventory import PeriodExtended
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from domain.timeline import Deadline, DeadlineState, Judgement, ProcedureState
from tests.domain.telling import (
    BURGAS,
    Goods,
    codes,
    declared,
    end_of,
    finding,
    goods,
    judged,
    moment,
    presented,
    tell,
    the_debt,
    where,
)

LISBON = "PT000040"


def sent(end_by: str = "2017-10-16", office: str = BURGAS) -> list[Told]:
    return [
        *declared(
            "o", Kind.OUTWARD_PROCESSING, goods(500), accepted="2017-01-16", released="2017-01-16",
            end_by=end_by, office=office,
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
    said = judged("o", sent(), back("i", 300, "2017-08-21", "2017-08-21"))
    assert where(said, "2017-01-16 12:00") == {"OUTWARD_PROCESSING/RELEASED": 500}
    assert where(said, "2017-01-16") == {"OUTWARD_PROCESSING": 500}
    assert where(said, "2017-08-21") == {"OUTWARD_PROCESSING": 200, "DISCHARGED": 300}


def test_what_comes_back_too_late_loses_the_relief_and_gives_rise_to_no_debt_here() -> None:
    said = judged("o", sent(), back("i", 500, "2017-11-20", "2017-11-20"))
    assert where(said, "2017-10-17") == {"RELIEF_LAPSED": 500}
    assert where(said, "2017-11-20") == {"PASSED_ON": 500}
    states = [each.state for each in said.procedures if each.start <= end_of("2017-10-17")]
    assert states[-1] is ProcedureState.LAPSED
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
    said = judged("o", sent(), told, fell, back("j", 500, "2017-10-25", "2017-10-25"))
    assert where(said, "2017-10-17") == {"RELIEF_LAPSED": 500}
    assert where(said, "2017-10-25") == {"PASSED_ON": 500}
    assert codes(said) == []


def test_products_of_a_declaration_that_fell_in_time_come_back_by_the_next() -> None:
    fell = tell(DeclarationInvalidated, "i", "2017-09-04")
    told = back("i", 500, "2017-09-01", None)
    said = judged("o", sent(), told, fell, back("j", 500, "2017-09-05", "2017-09-05"))
    assert where(said, "2017-09-05") == {"DISCHARGED": 500}
    assert codes(said) == []


def clock(judgement: Judgement, as_of: str) -> DeadlineState:
    """How the period for re-import stands at the end of a day."""
    return period(judgement).state(end_of(as_of))


def period(judgement: Judgement) -> Deadline:
    """The period for re-import as it was last extended."""
    (found,) = (each for each in judgement.deadlines if each.article == "259(3)" and not each.moved)
    return found


def test_the_period_for_re_import_is_met_by_declarations_in_time() -> None:
    told = back("i", 500, "2017-10-16", "2017-10-20")
    said = judged("o", sent(), told)
    assert [clock(said, f"2017-10-{day}") for day in (15, 16, 17, 20)] == [
        DeadlineState.RUNNING, DeadlineState.MET, DeadlineState.MET, DeadlineState.MET,
    ]  # fmt: skip
    assert clock(judged("o", sent(), told, placed_by="RELEASE"), "2017-10-20") == "MISSED"
    late = back("i", 500, "2017-10-17", "2017-10-17")
    assert clock(judged("o", sent(), late), "2017-10-17") == "MISSED"


def test_the_period_for_re_import_runs_while_some_is_not_declared() -> None:
    part = back("i", 300, "2017-10-10", "2017-10-20")
    assert clock(judged("o", sent(), part), "2017-10-17") == "MISSED"
    rest = back("j", 200, "2017-10-12", "2017-10-13")
    said = judged("o", sent(), part, rest)
    assert (clock(said, "2017-10-11"), clock(said, "2017-10-12")) == ("RUNNING", "MET")
    assert period(said).stopped == moment("2017-10-12")


def test_the_period_for_re_import_runs_on_where_a_declaration_falls() -> None:
    told = back("i", 500, "2017-10-10", None)
    assert clock(judged("o", sent(), told), "2017-10-17") == "MET"
    fell = tell(DeclarationInvalidated, "i", "2017-10-20")
    assert clock(judged("o", sent(), told, fell), "2017-10-17") == "MISSED"


def test_an_extension_of_what_is_declared_asks_for_nothing() -> None:
    extended = tell(PeriodExtended, "o", "2017-10-12", end_by="2017-12-15")
    said = judged("o", sent(), extended, back("i", 500, "2017-10-10", None))
    assert clock(said, "2017-12-16") == "MET"


@pytest.mark.parametrize(
    ("office", "accepted", "met"),
    [
        (LISBON, "2017-10-16 23:30+01:00", True),
        (LISBON, "2017-10-17 00:00+01:00", False),
        (BURGAS, "2017-10-16 23:30+03:00", True),
        (BURGAS, "2017-10-17 00:00+03:00", False),
    ],
)
def test_the_last_day_of_re_import_ends_where_the_products_are_declared(
    office: str, accepted: str, *, met: bool
) -> None:
    """Relief, clock and situation agree, also where the goods were placed further west."""
    told = back("i", 500, accepted, "2017-10-18 10:00+03:00", office)
    for placed in (BURGAS, LISBON):
        out = sent(office=placed)
        said = judged("o", out, told)
        assert clock(said, "2017-10-18") == ("MET" if met else "MISSED")
        assert where(said, "2017-10-18") == {"DISCHARGED" if met else "PASSED_ON": 500}
        assert the_debt(judged("i", out, told)).amount == (50 if met else 1000)


def test_each_declaration_of_products_has_the_last_day_of_its_own_office() -> None:
    """In Burgas a day too late, and in Lisbon still in time, an hour later."""
    east = back("i", 200, "2017-10-17 00:30+03:00", "2017-10-17 00:40+03:00")
    west = back("j", 300, "2017-10-16 23:30+01:00", "2017-10-16 23:40+01:00", LISBON)
    said = judged("o", sent(), east, west)
    assert where(said, "2017-10-17") == {"DISCHARGED": 300, "PASSED_ON": 200}
    assert clock(said, "2017-10-17") == "MISSED"
    later = back("j", 300, "2017-10-18 09:00+01:00", "2017-10-18 09:00+01:00", LISBON)
    said = judged("o", sent(), east, later)
    assert where(said, "2017-10-17 01:00") == {"OUTWARD_PROCESSING": 300, "PASSED_ON": 200}
    assert where(said, "2017-10-18") == {"PASSED_ON": 500}
    assert clock(said, "2017-10-18") == "MISSED"


def test_outward_processing_is_discharged_by_no_other_procedure() -> None:
    day, line = "2017-08-21", goods(500, of="o")
    told = declared("x", Kind.EXTERNAL_TRANSIT, line, accepted=day, released=day)
    said = judged("o", sent(), told)
    assert where(said, "2017-08-21") == {"OUTWARD_PROCESSING": 500}
    assert finding(said, "UCC215_MODE_NOT_ALLOWED").line == 1


def test_an_extension_keeps_the_relief() -> None:
    extended = tell(PeriodExtended, "o", "2017-10-02", end_by="2017-12-15")
    said = judged("o", sent(), extended, back("i", 500, "2017-11-20", "2017-11-20"))
    assert where(said, "2017-11-20") == {"DISCHARGED": 500}


def test_an_extension_to_an_earlier_day_takes_nothing_from_the_period() -> None:
    shorter = tell(PeriodExtended, "o", "2017-03-20", end_by="2017-05-31")
    line = goods(500, value=2000, percent=10, of="o", duty_base="processing-cost",
                 processing_cost=100)  # fmt: skip
    told = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-06-15", released="2017-06-15")
    assert the_debt(judged("i", sent(), shorter, told)).amount == 10


def test_an_act_that_outward_processing_does_not_know_is_not_judged() -> None:
    assert "NOT_JUDGED" in codes(judged("o", sent(), tell(GoodsArrived, "o", "2017-02-01")))


def products(of: str | None) -> Goods:
    terms = {"of": of} if of else {}
    return goods(500, value=10000, percent=10, duty_base="processing-cost", processing_cost=500,
                 **terms)  # fmt: skip


def imported(of: str | None) -> list[Told]:
    day = "2017-12-15"
    return declared("i", Kind.FREE_CIRCULATION, products(of), accepted=day, released=day)


def test_relief_that_nobody_can_check_is_said() -> None:
    """Ten days too late, through storage: the judge of the import sees the storage alone."""
    stored = presented("s", "2017-12-10", products("o"))
    said = judged("i", sent(), stored, imported("s"))
    assert the_debt(said).amount == 50
    found = finding(said, "UCC259_3_NOT_CHECKED")
    assert (found.line, found.because.articles) == (1, ("259(3)", "86(5)"))
    assert "local:s" in found.words
    assert codes(judged("o", sent(), stored, imported("s"))) == ["UCC215_MODE_NOT_ALLOWED"]
    for unknown in (None, "x"):
        assert "UCC259_3_NOT_CHECKED" in codes(judged("i", sent(), imported(unknown)))


def test_relief_that_is_checked_is_not_said_to_be_unchecked() -> None:
    assert "UCC259_3_NOT_CHECKED" not in codes(judged("i", sent(), imported("o")))


def test_the_last_day_of_a_transit_is_not_that_of_the_relief() -> None:
    day = "2017-12-10"
    under_way = declared(
        "t", Kind.EXTERNAL_TRANSIT, products("o"), accepted=day, released=day, end_by="2017-12-12"
    )
    assert the_debt(judged("i", sent(), under_way, imported("t"))).amount == 50

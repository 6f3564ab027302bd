"""Entry: the summary declaration, arrival, unloading, and goods that were never presented."""

import pytest

from domain.facts.debt import DebtorFound
from domain.facts.disposal import GoodsConfiscated, GoodsSeized
from domain.facts.entry import (
    GoodsEntered,
    GoodsFound,
    GoodsUnloaded,
    SummaryDeclarationAmended,
    SummaryDeclarationInvalidated,
    SummaryDeclarationLodged,
    SummaryInvalidationRequested,
    UnloadingPermitted,
)
from domain.facts.fact import Told
from domain.facts.transit import GoodsArrived
from domain.timeline import Judgement
from tests.domain.telling import (
    codes,
    finding,
    goods,
    grounds,
    judged,
    moment,
    presented,
    tell,
    the_debt,
    where,
)

LINE = goods(10, value=100, percent=10)
LODGED = tell(
    SummaryDeclarationLodged, "e", "2017-01-02", declarant="C", lines=(LINE,), role="carrier"
)
ENTERED = tell(GoodsEntered, "e", "2017-02-15 09:00", carrier="C", lines=(LINE,))


def stored(quantity: int = 10, happened: str = "2017-02-15 14:00") -> Told:
    return presented("s", happened, goods(quantity, value=10 * quantity, percent=10, of="e"))


def entry(*told: Told, **policies: str) -> Judgement:
    return judged("e", told, **policies)  # type: ignore[arg-type]


def test_goods_are_outside_until_they_come_and_storage_takes_them_over() -> None:
    said = entry(LODGED, ENTERED, stored())
    assert where(said, "2017-02-01") == {"OUTSIDE": 10}
    assert where(said, "2017-02-15 10:00") == {"ENTERED": 10}
    assert where(said, "2017-02-15 15:00") == {"PASSED_ON": 10}
    assert said.debts == ()


def test_a_summary_declaration_is_valid_for_two_hundred_days() -> None:
    said = entry(LODGED)
    (clock,) = (each for each in said.deadlines if each.article == "129(2)(b)")
    assert str(clock.last_day) == "2017-07-21"
    assert finding(said, "ENS_INVALIDATION_OVERDUE").start == moment("2017-07-22 00:00")
    assert "ENS_INVALIDATION_OVERDUE" not in codes(entry(LODGED, ENTERED))


def test_a_summary_declaration_that_is_over_covers_no_goods() -> None:
    late = tell(GoodsEntered, "e", "2017-08-01", carrier="C")
    assert "ENS_MISSING" in codes(entry(LODGED, late))
    assert "ENS_MISSING" not in codes(entry(LODGED, late, entry_summary_ends="ACT"))
    gone = tell(SummaryDeclarationInvalidated, "e", "2017-02-01")
    assert "ENS_MISSING" in codes(entry(LODGED, gone, ENTERED, entry_summary_ends="ACT"))


@pytest.mark.parametrize("fact", [SummaryInvalidationRequested, SummaryDeclarationInvalidated])
def test_a_summary_declaration_is_invalidated_before_the_goods_come(fact: type) -> None:
    assert "ENS_INVALIDATED" in codes(entry(LODGED, tell(fact, "e", "2017-02-01")))
    said = entry(LODGED, ENTERED, tell(fact, "e", "2017-02-16"))
    assert "ENS_INVALIDATED" not in codes(said)
    assert "ENS_GOODS_ALREADY_ENTERED" in codes(said)


def test_a_summary_declaration_is_amended_before_presentation() -> None:
    amended = tell(SummaryDeclarationAmended, "e", "2017-02-16", role="carrier")
    assert codes(entry(LODGED, ENTERED, amended)) == []
    assert "ENS_AMEND_TOO_LATE" in codes(entry(LODGED, ENTERED, stored(), amended))


UNLOADED = tell(GoodsUnloaded, "e", "2017-02-15 11:00", permitted=False)


def test_goods_unloaded_and_never_presented_are_owed_by_who_brought_them() -> None:
    said = entry(ENTERED, UNLOADED)
    debt = the_debt(said)
    assert (debt.article, debt.incurred) == ("79(1)(a)", moment("2017-02-15 11:00"))
    assert {"135(1)", "139(1)", "140(1)"} <= {*debt.because.articles}
    assert [(each.person, each.role) for each in debt.obligations] == [("C", "79(3)(a)")]
    assert where(said, "2017-02-15") == {"IRREGULAR": 10}


def test_the_person_on_whose_behalf_goods_were_brought_owes_too() -> None:
    came = tell(GoodsEntered, "e", "2017-02-15 09:00", carrier="C", acting_for="P", lines=(LINE,))
    assert [each.person for each in the_debt(entry(came, UNLOADED)).obligations] == ["C", "P"]


def test_unloading_with_permission_is_in_order() -> None:
    permitted = tell(UnloadingPermitted, "e", "2017-02-15 10:00")
    done = tell(GoodsUnloaded, "e", "2017-02-15 11:00", permitted=True)
    assert codes(entry(ENTERED, permitted, done)) == []


def test_what_was_unloaded_without_permission_and_then_presented_is_a_breach_and_no_debt() -> None:
    said = entry(ENTERED, UNLOADED, stored())
    assert said.debts == ()
    assert finding(said, "UNLOADED_WITHOUT_PERMISSION").because.articles == ("140(1)",)
    assert where(said, "2017-02-15") == {"PASSED_ON": 10}


def test_only_what_was_not_presented_is_owed() -> None:
    said = entry(ENTERED, UNLOADED, stored(7))
    assert the_debt(said).amount == 3
    assert where(said, "2017-02-15") == {"PASSED_ON": 7, "IRREGULAR": 3}


@pytest.mark.parametrize("hour", ["10:00", "16:00"])
def test_what_is_found_unpresented_is_what_the_finding_tells(hour: str) -> None:
    """The rest was presented the same day, before it or after."""
    found = tell(GoodsFound, "e", f"2017-02-15 {hour}", carrier="C",
                 lines=(goods(4, value=40, percent=10),))  # fmt: skip
    said = entry(ENTERED, found, stored(6))
    assert where(said, "2017-02-15") == {"IRREGULAR": 4, "PASSED_ON": 6}
    assert the_debt(said).struck[0].quantity == 4


FOUND = tell(GoodsFound, "e", "2017-04-20 10:00", carrier="C", lines=(LINE,))


def test_goods_found_whose_entry_cannot_be_dated_are_owed_from_the_finding() -> None:
    debt = the_debt(entry(FOUND))
    assert debt.incurred == moment("2017-04-20 10:00")
    assert "85(2)" in debt.because.articles


def test_goods_found_whose_entry_is_dated_are_owed_from_then() -> None:
    assert the_debt(entry(FOUND, ENTERED)).incurred == moment("2017-02-15 09:00")


def test_a_presentation_too_late_takes_the_goods_over_and_undoes_no_debt() -> None:
    said = entry(FOUND, stored(10, "2017-04-21 09:00"))
    assert the_debt(said).amount == 10
    assert where(said, "2017-04-21") == {"PASSED_ON": 10}


def test_confiscation_after_seizure_extinguishes_and_seizure_does_not() -> None:
    acts = (
        tell(GoodsSeized, "e", "2017-04-20 11:00"),
        tell(DebtorFound, "e", "2017-04-20", person="W", letter="79(3)(c)"),
    )
    seized = entry(FOUND, *acts)
    assert grounds(the_debt(seized)) == []
    assert where(seized, "2017-04-20") == {"DEEMED_WAREHOUSE": 10}
    taken = entry(FOUND, *acts, tell(GoodsConfiscated, "e", "2017-04-25"))
    assert grounds(the_debt(taken)) == ["e 2017-04-25 10"]


def test_more_than_came_is_taken_over_and_said() -> None:
    said = entry(ENTERED, stored(12))
    assert where(said, "2017-02-15") == {"PASSED_ON": 10}
    assert "2 more are presented" in finding(said, "PRESENTED_BEYOND_ENTRY").words
    twice = entry(ENTERED, stored(), presented("x", "2017-02-16", goods(10, of="e")))
    assert finding(twice, "UCC215_OVER_DISCHARGE").because.articles == ("139(1)",)


def test_an_act_that_entry_does_not_know_is_not_judged() -> None:
    assert "NOT_JUDGED" in codes(entry(ENTERED, tell(GoodsArrived, "e", "2017-02-16")))


def test_who_brought_the_goods_in_owes_beside_who_had_them_when_they_were_found() -> None:
    """Also where the entry is told after the finding (Articles 79(3)(a), 139(1)(a))."""
    entered = tell(GoodsEntered, "e", "2017-04-18 05:00", carrier="K", lines=(LINE,))
    assert {each.person for each in the_debt(entry(FOUND)).obligations} == {"C"}
    assert {each.person for each in the_debt(entry(FOUND, entered)).obligations} == {"K", "C"}

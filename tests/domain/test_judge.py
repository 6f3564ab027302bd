"""What holds for every kind: links, entitlement, time, guarantees, citations."""

from datetime import date
from itertools import permutations

import pytest

from domain.case import Book, assemble
from domain.facts.authorisation import AuthorisationGranted
from domain.facts.debt import DebtNotified, DebtPaid
from domain.facts.declaration import DeclarationAccepted, DeclarationLodged, GoodsReleased
from domain.facts.disposal import GoodsRemoved
from domain.facts.entry import GoodsEntered
from domain.facts.exit import ExitSummaryDeclarationLodged, GoodsExited
from domain.facts.fact import Told
from domain.facts.inventory import DiscrepancyFound, NeverThere
from domain.facts.record import ReportRetracted
from domain.facts.reference_data import CalendarSet
from domain.facts.temporary_storage import GoodsReceived
from domain.facts.values import Kind
from domain.judgement.judge import NOT_JUDGED, judge
from domain.judgement.walking import TABLES
from domain.law.citation import RULES, Law, provision
from domain.policies import Policies, UnknownPolicy
from domain.timeline import Judgement
from tests.domain.telling import (
    SOFIA_AIRPORT,
    codes,
    declared,
    end_of,
    finding,
    goods,
    judged,
    moment,
    presented,
    ref,
    tell,
    the_debt,
    told_of,
    where,
)

STORED = presented("s", "2017-03-01 14:00", goods(10, value=100, percent=10))


def every_kind(kind: Kind) -> list[Told]:
    if kind is Kind.TEMPORARY_STORAGE:
        return [presented("m", "2017-03-01", goods(1))]
    if kind is Kind.ENTRY:
        return [tell(GoodsEntered, "m", "2017-03-01", carrier="C", lines=(goods(1),))]
    if kind is Kind.EXIT:
        told = tell_exit()
        return [told]
    return declared("m", kind, goods(1), accepted="2017-03-01", released="2017-03-01")


def tell_exit() -> Told:
    return tell(ExitSummaryDeclarationLodged, "m", "2017-03-01", declarant="C", lines=(goods(1),))


# --- kinds


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_judged_or_said_not_to_be(kind: Kind) -> None:
    assert (kind in TABLES) is not (kind in NOT_JUDGED)
    said = judged("m", every_kind(kind))
    assert said.kind is kind
    assert ("NOT_JUDGED" in codes(said)) is (kind in NOT_JUDGED)


def test_what_no_act_tells_is_not_judged_at_all() -> None:
    book = Book([tell(GoodsRemoved, "m", "2017-03-01")])
    assert judge(assemble(ref("m"), book), Law(), Policies()) is None


def test_an_act_of_a_declaration_is_not_judged_where_there_is_none() -> None:
    said = judged("s", STORED, tell(DeclarationAccepted, "s", "2017-03-02"))
    assert finding(said, "NOT_JUDGED").because.articles == ("172(1)",)
    early = tell(DeclarationAccepted, "s", "2017-02-28"), tell(GoodsReleased, "s", "2017-03-01")
    assert the_debt(judged("s", STORED, early)).gave_rise == (STORED.cite,)


# --- the Code in time


def test_acts_before_the_code_applied_are_recorded_and_not_judged() -> None:
    old = presented("s", "2016-04-30 23:00", goods(10, value=100, percent=10))
    said = judged("s", old)
    assert finding(said, "NOT_JUDGED").because.articles == ("288(2)",)
    assert said.debts == ()
    assert where(said, "2016-06-01") == {"AWAITED": 10}
    assert judged("s", presented("s", "2016-05-01 00:00", goods(1))).debts != ()


@pytest.mark.parametrize("kind", list(Kind))
def test_under_a_text_from_before_the_code_nothing_is_judged(kind: Kind) -> None:
    said = judged("m", every_kind(kind), law=Law(date(2013, 10, 9)))
    assert said.debts == ()
    assert said.deadlines == ()
    assert "NOT_JUDGED" in codes(said)


def test_the_day_of_an_act_is_that_of_its_office() -> None:
    """00:30 on 1 May in Sofia is still April in universal time."""
    said = judged("s", presented("s", "2016-05-01 00:30", goods(1, value=1, percent=10)))
    assert the_debt(said).incurred == moment("2016-08-02 00:00")  # 30 July is a Saturday


def test_an_office_of_no_known_country_has_days_in_universal_time() -> None:
    said = judged(
        "s", presented("s", "2017-03-01", goods(1, value=1, percent=10), office="ZZ000001")
    )
    assert the_debt(said).incurred == moment("2017-05-31T00:00+00:00")
    assert finding(said, "OFFICE_UNKNOWN").because.articles == ("55(2)",)


def test_public_holidays_are_those_of_the_office_and_can_be_set() -> None:
    def last_day(*told: Told, office: str = "BG001007") -> str:
        said = judged("s", presented("s", "2017-02-05", goods(1), office=office), told)
        return str(next(each.last_day for each in said.deadlines if each.article == "149"))

    def calendar(happened: str, **days: tuple[str, ...]) -> Told:
        return tell(CalendarSet, "calendar:BG", happened, office=None, role="operator", **days)

    assert last_day(office="DE004851") == "2017-05-08"
    assert last_day() == "2017-05-09"  # 6 May is a Saturday, and the Monday makes up for it
    dropped = calendar("2017-01-01", dropped=("2017-05-08",))
    assert last_day(dropped) == "2017-05-08"
    added = calendar("2017-01-02", added=("2017-05-08", "2017-05-09"))
    assert last_day(dropped, added) == "2017-05-10"


# --- links


def draw(name: str, of: str, office: str, *, accepted: bool = True, **said: object) -> list[Told]:
    line = goods(10, of=of)
    told = tell(
        DeclarationLodged, name, "2017-03-10", procedure="free-circulation", declarant="D",
        lines=(line,), office=office, role="declarant", **said,
    )  # fmt: skip
    more = [
        tell(DeclarationAccepted, name, "2017-03-10", office=office),
        tell(GoodsReleased, name, "2017-03-10", office=office),
    ]
    return [told, *(more if accepted else [])]


def test_a_declaration_of_another_office_draws_goods_once_customs_accept_it() -> None:
    said = judged("s", STORED, draw("i", "s", SOFIA_AIRPORT))
    assert where(said, "2017-03-10") == {"PASSED_ON": 10}


def test_a_link_that_nothing_confirms_has_no_effect_and_is_said() -> None:
    exit_ = [
        tell(
            DeclarationLodged, "r", "2017-03-10", procedure="re-export", declarant="D",
            lines=(goods(10, of="s"),), office=SOFIA_AIRPORT, role="declarant",
        ),
        tell(GoodsExited, "r", "2017-03-11", office=SOFIA_AIRPORT, role="carrier"),
    ]  # fmt: skip
    assert where(judged("s", STORED, exit_), "2017-03-12") == {"TEMP_STORAGE": 10}
    assert finding(judged("r", STORED, exit_), "LINK_NOT_CONFIRMED").because.articles == ("15(1)",)
    confirmed = tell(GoodsExited, "r", "2017-03-11", office=SOFIA_AIRPORT, id="customs")
    assert where(judged("s", STORED, exit_, confirmed), "2017-03-12") == {"PASSED_ON": 10}


def test_two_lines_of_one_number_are_said_and_the_first_counts() -> None:
    lines = (goods(10, number=1), goods(5, number=2), goods(3, number=1))
    said = judged("s", presented("s", "2017-03-01", *lines))
    found = finding(said, "LINE_NUMBER_TWICE")
    assert (found.because.articles, len(found.because.reports)) == (("15(1)",), 1)
    assert where(said, "2017-03-02") == {"TEMP_STORAGE": 15}
    alike = (goods(10, number=1), goods(5), goods(3, number=3))
    assert "LINE_NUMBER_TWICE" not in codes(judged("s", presented("s", "2017-03-01", *alike)))


def test_a_retracted_declaration_draws_nothing() -> None:
    told = draw("i", "s", "BG001007")
    gone = [
        tell(ReportRetracted, "i", "2017-04-01", report=one.cite, id=one.report + "x")
        for one in told
    ]
    assert where(judged("s", STORED, told, gone), "2017-03-11") == {"TEMP_STORAGE": 10}


def test_a_port_that_speaks_for_another_offices_goods_changes_nothing() -> None:
    removed = tell(
        GoodsRemoved, "s", "2017-03-05", office=SOFIA_AIRPORT, role="facility", source="portB"
    )
    said = judged("s", STORED, removed)
    assert where(said, "2017-03-06") == {"TEMP_STORAGE": 10}
    assert "NOT_ENTITLED" in codes(said)
    customs = tell(GoodsRemoved, "s", "2017-03-05", office=SOFIA_AIRPORT)
    assert where(judged("s", STORED, customs), "2017-03-06") == {"IRREGULAR": 10}


# --- time and order


def test_arrival_in_any_order_gives_one_judgement() -> None:
    told = told_of(
        STORED,
        draw("i", "s", "BG001007"),
        tell(GoodsReceived, "s", "2017-03-01", holder="X"),
        tell(DebtPaid, "i", "2017-03-15", payer="D", amount="1"),
    )
    for movement in ("s", "i"):
        found: set[Judgement] = set()
        for order in permutations(told):
            found.add(judged(movement, order))
            assert len(found) == 1


def test_what_was_known_then_chooses_the_facts_and_the_instant_picks_the_span() -> None:
    late = tell(GoodsRemoved, "s", "2017-03-05", recorded="2017-04-01 12:00")
    told = (STORED, late)
    assert where(judged("s", told, known_at="2017-03-31"), "2017-03-06") == {"TEMP_STORAGE": 10}
    assert where(judged("s", told, known_at="2017-04-01"), "2017-03-06") == {"IRREGULAR": 10}
    assert where(judged("s", told, known_at="2017-04-01"), "2017-03-04") == {"TEMP_STORAGE": 10}


# --- guarantees


def secured(**said: object) -> list[Told]:
    return declared(
        "p", Kind.INWARD_PROCESSING, goods(10, value=100, percent=10), accepted="2017-03-01",
        released="2017-03-02", end_by="2017-09-01", guarantee="grn:G", **said,  # type: ignore[arg-type]
    )  # fmt: skip


def out(day: str) -> list[Told]:
    return [
        *declared("r", Kind.RE_EXPORT, goods(10, of="p"), accepted=day, released=day),
        tell(GoodsExited, "r", day),
    ]


def test_a_guarantee_is_bound_from_release_until_no_debt_can_arise() -> None:
    open_ = judged("p", secured())
    assert open_.guarantees[0].start == moment("2017-03-02 00:00")
    done = judged("p", secured(), out("2017-08-01"))
    assert done.guarantees[-1].end == moment("2017-08-01 00:00")
    assert {each.amount for each in done.guarantees} == {10}
    assert {"98(1)", "89(1)"} <= {*done.guarantees[0].because.articles}


def test_a_guarantee_stays_bound_for_a_debt_until_it_is_extinguished() -> None:
    late = judged("p", secured(), out("2017-09-05"))
    paid = tell(DebtPaid, "p", "2017-09-20", payer="D", amount="10")
    assert judged("p", secured(), out("2017-09-05"), paid).guarantees[-1].end == moment(
        "2017-09-20 00:00"
    )
    assert late.guarantees[-1].end != moment("2017-09-05 00:00")


def test_a_guarantee_stays_bound_while_it_is_open_where_goods_are() -> None:
    open_ = tell(DiscrepancyFound, "p", "2017-07-01", quantity="2", id="count")
    gone = [
        *declared("r", Kind.RE_EXPORT, goods(8, of="p"), accepted="2017-08-01"),
        tell(GoodsExited, "r", "2017-08-01"),
    ]
    assert judged("p", secured(), open_, gone).guarantees[-1].end is None
    never = tell(NeverThere, "p", "2017-08-20", quantity="2", discrepancy="count")
    settled = judged("p", secured(), open_, gone, never)
    assert settled.guarantees[-1].end == moment("2017-08-01 00:00")


def test_one_amount_is_at_risk_and_is_paid_for_goods_that_were_late_and_then_removed() -> None:
    removed = tell(GoodsRemoved, "p", "2017-09-10")
    late = judged("p", secured(), removed).debts[0].ref
    assert [each.at_risk for each in judged("p", secured(), removed).guarantees] == [10]
    paid = tell(DebtPaid, "p", "2017-09-20", payer="D", amount="10", debt=late)
    assert judged("p", secured(), removed, paid).guarantees[-1].end == moment("2017-09-20 00:00")


def test_the_security_that_was_given_goes_before_the_duty_at_risk() -> None:
    assert {each.amount for each in judged("p", secured(security="7")).guarantees} == {7}


def test_a_declaration_without_guarantee_binds_none() -> None:
    told = declared(
        "p", Kind.INWARD_PROCESSING, goods(10), accepted="2017-03-01", released="2017-03-01"
    )
    assert judged("p", told).guarantees == ()


# --- citations


def test_every_statement_cites_provisions_and_reports_that_exist() -> None:
    told = told_of(
        secured(authorisation="auth:A"),
        tell(
            AuthorisationGranted, "auth:A", "2016-12-01", holder="D", procedure="inward-processing"
        ),
        tell(DebtNotified, "p", "2017-10-02", debtor="D"),
    )
    said = judged("p", told)
    debt = the_debt(said)
    because = [
        debt.because,
        *(each.because for each in debt.obligations),
        *(each.because for each in debt.extinguished),
        *(each.because for each in said.deadlines),
        *(each.because for each in said.procedures),
        *(each.because for each in said.guarantees),
        *(each.because for each in said.positions),
    ]
    reports = {one.cite for one in told}
    for each in because:
        assert each.articles
        assert [provision(article) for article in each.articles] == [*each.articles]
        assert {*each.reports} <= reports


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_says_what_it_says(name: str) -> None:
    assert RULES[name].doc.endswith(".")


# --- policies


def test_policies_are_read_by_name() -> None:
    assert Policies.of({"placed_by": "RELEASE"}).spelled()["placed_by"] == "RELEASE"
    with pytest.raises(UnknownPolicy, match="no policy 'colour': there are placed_by"):
        Policies.of({"colour": "red"})
    with pytest.raises(UnknownPolicy, match="policy placed_by cannot be 'LODGING'"):
        Policies.of({"placed_by": "LODGING"})


def test_a_judgement_says_nothing_about_a_day_beyond_it() -> None:
    said = judged("s", STORED)
    assert list(said.positions_at(end_of("2016-01-01"))) == []

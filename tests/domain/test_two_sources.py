"""The same act told by two sources is one act; where they differ, both reports are named."""

from itertools import permutations

import pytest

from domain.facts.debt import DebtPaid
from domain.facts.declaration import DeclarationAccepted, GoodsReleased
from domain.facts.fact import Told
from domain.facts.record import ReportRetracted
from domain.facts.temporary_storage import GoodsPresented
from domain.facts.values import Kind, Role
from domain.timeline import Judgement
from tests.domain.telling import (
    codes,
    declared,
    end_of,
    finding,
    goods,
    judged,
    presented,
    tell,
    the_debt,
    where,
)

TELLERS = sorted(GoodsPresented.TOLD_BY, key=list(Role).index)


def presentation(role: str, quantity: int = 100, day: str = "2017-03-01") -> Told:
    """The goods `s` are presented, as a source of that role tells it under its own name."""
    line = goods(quantity, value=1000, percent=10)
    return presented("s", day, line, source=role, role=role, id="presentation")


def storage(*told: Told) -> Judgement:
    """What is said of `s`, whatever the order of arrival."""
    found = {repr(judged("s", *order)): judged("s", *order) for order in permutations(told)}
    assert len(found) == 1, "the order of arrival decides"
    return found.popitem()[1]


def test_the_same_act_is_one_act() -> None:
    said = storage(presentation("carrier"), presentation("customs"))
    assert where(said, "2017-03-02") == {"TEMP_STORAGE": 100}
    assert [each.article for each in said.deadlines].count("149") == 1
    assert the_debt(said).amount == 100
    assert "SOURCES_DISAGREE" not in codes(said)


@pytest.mark.parametrize(
    ("first", "then"),
    [(one, other) for place, one in enumerate(TELLERS) for other in TELLERS[place + 1 :]],
)
def test_precedence_is_by_role(first: Role, then: Role) -> None:
    said = storage(presentation(then, 100), presentation(first, 90))
    assert where(said, "2017-03-02") == {"TEMP_STORAGE": 90}
    assert finding(said, "SOURCES_DISAGREE").because.reports == (
        f"{then}/presentation",
        f"{first}/presentation",
    )


def test_a_disagreement_names_both_reports_and_the_one_that_stands() -> None:
    said = storage(presentation("carrier", 100), presentation("customs", 90))
    found = finding(said, "SOURCES_DISAGREE")
    assert found.because.reports == ("carrier/presentation", "customs/presentation")
    assert found.words.endswith("customs/presentation stands")


def test_each_of_three_tellings_is_held_against_the_best() -> None:
    said = storage(
        presentation("carrier", 100), presentation("customs", 90), presentation("facility", 90)
    )
    assert finding(said, "SOURCES_DISAGREE").because.reports == (
        "carrier/presentation",
        "customs/presentation",
    )


def test_tellings_of_different_days_disagree_and_the_better_one_sets_the_clock() -> None:
    said = storage(presentation("carrier", day="2017-03-02"), presentation("customs"))
    assert str(next(each.last_day for each in said.deadlines)) == "2017-05-30"
    assert "SOURCES_DISAGREE" in codes(said)


def test_a_day_and_an_instant_of_it_agree() -> None:
    said = storage(presentation("carrier", day="2017-03-01 14:00"), presentation("customs"))
    assert "SOURCES_DISAGREE" not in codes(said)


def test_what_only_one_of_them_says_is_no_disagreement() -> None:
    holder = presentation("facility")
    bare = tell(
        GoodsPresented, "s", "2017-03-01", holder="H", source="ship", role="carrier", id="short"
    )
    assert "SOURCES_DISAGREE" not in codes(storage(holder, bare))


def test_a_telling_that_is_retracted_no_longer_disagrees() -> None:
    wrong = presentation("carrier", 100)
    taken_back = tell(
        ReportRetracted, "s", "2017-03-02", report="presentation", source="carrier", role="carrier"
    )
    said = storage(wrong, presentation("customs", 90), taken_back)
    assert "SOURCES_DISAGREE" not in codes(said)


def test_one_source_in_two_roles_is_heard_in_the_better_one() -> None:
    customs = presentation("customs", 90)
    carrier = presented(
        "s", "2017-03-01", goods(100, value=1000, percent=10), source="customs", role="carrier",
        id="other",
    )  # fmt: skip
    assert where(storage(customs, carrier), "2017-03-02") == {"TEMP_STORAGE": 90}


def test_a_release_told_by_two_offices_of_customs_works_once() -> None:
    line = goods(1, value=1000, percent=10)
    told = declared("i", Kind.FREE_CIRCULATION, line, lodged="2017-03-01")
    told += [
        tell(fact, "i", "2017-03-02", source=source, id=f"{fact.__name__}")
        for fact in (DeclarationAccepted, GoodsReleased)
        for source in ("desk", "gate")
    ]
    said = judged("i", told)
    assert where(said, "2017-03-02") == {"FREE_CIRCULATION": 1}
    assert len(said.debts) == 1
    assert "SOURCES_DISAGREE" not in codes(said)


def paid(source: str, name: str) -> Told:
    """D pays 40 of the duty of 100."""
    said = {"payer": "D", "amount": "40", "source": source, "id": name}
    return tell(DebtPaid, "import", "2017-03-03", **said)


@pytest.mark.parametrize(
    ("payments", "left"),
    [
        ((("customs", "p1"),), 60),
        ((("customs", "p1"), ("bank", "b1")), 60),
        ((("customs", "p1"), ("customs", "p2")), 20),
        ((("customs", "p1"), ("bank", "b1"), ("bank", "b2")), 20),
    ],
)
def test_a_payment_that_two_sources_tell_is_one_and_that_one_tells_twice_is_two(
    payments: tuple[tuple[str, str], ...], left: int
) -> None:
    line = goods(100, value=1000, percent=10)
    lodged = declared("import", Kind.FREE_CIRCULATION, line, accepted="2017-03-01 10:00")
    said = judged("import", *lodged, *(paid(*each) for each in payments))
    assert the_debt(said).open_at(end_of("2017-03-04")) == left

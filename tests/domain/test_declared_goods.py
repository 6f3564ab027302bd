"""What is done with goods that a declaration holds and that are not released: told of it, or of
where they still are (Articles 197 to 199).
"""

import pytest

from domain.facts.debt import DebtNotified
from domain.facts.declaration import DeclarationAccepted, ReleaseRefused
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsRemoved,
    GoodsSeized,
    SeizureLifted,
)
from domain.facts.fact import Fact, Told
from domain.facts.inventory import ShortageFound
from domain.facts.values import Kind
from tests.domain.stored import IN, imported, storage
from tests.domain.telling import (
    codes,
    debtor,
    declared,
    finding,
    goods,
    grounds,
    judged,
    tell,
    the_debt,
    where,
)

ALL = imported("i", 100, "2017-03-10 12:00", None)
PART = imported("i", 60, "2017-03-10 12:00", None)
OTHER = imported("j", 40, "2017-03-10 12:00", None)
PERMITTED = [
    tell(AbandonmentPermitted, at, "2017-03-11", quantity="100", id=f"permitted-{at}")
    for at in "si"
]
DONE: tuple[type[Fact], ...] = (GoodsConfiscated, GoodsAbandoned, GoodsDestroyed)
PLACE: dict[type[Fact], str] = {
    GoodsConfiscated: "DEEMED_WAREHOUSE",
    GoodsAbandoned: "DEEMED_WAREHOUSE",
    GoodsDestroyed: "DESTROYED",
}
LETTER: dict[type[Fact], str] = {GoodsConfiscated: "d", GoodsAbandoned: "f", GoodsDestroyed: "f"}


def done(act: type[Fact], at: str, much: int | None, day: str = "2017-03-12", **said: str) -> Told:
    return tell(act, at, day, quantity=str(much) if much else None, **said)


def ended(*told: Told | list[Told]) -> dict[str, str]:
    """What ended the debt of the declaration, by ground, where it ended any of it."""
    debt = the_debt(judged("i", IN, PERMITTED, *told))
    return {each.split()[0]: each.split()[2] for each in grounds(debt) if each.split()[2] != "0"}


@pytest.mark.parametrize("act", DONE)
@pytest.mark.parametrize("much", [None, 100])
@pytest.mark.parametrize("at", ["s", "i"])
def test_what_is_done_with_declared_goods_ends_their_debt(
    at: str, much: int | None, act: type[Fact]
) -> None:
    if act is GoodsAbandoned and much is None:
        permitted = [tell(AbandonmentPermitted, at, "2017-03-11 08:00", id="for-all")]
    else:
        permitted = []
    assert ended(ALL, permitted, done(act, at, much)) == {LETTER[act]: "100"}


@pytest.mark.parametrize("act", DONE)
@pytest.mark.parametrize("at", ["s", "i"])
def test_what_is_done_with_declared_goods_shows_where_they_are(at: str, act: type[Fact]) -> None:
    said = storage(PERMITTED, ALL, done(act, at, 100))
    assert where(said, "2017-03-12") == {PLACE[act]: 100}
    other = judged("i", IN, PERMITTED, ALL, done(act, at, 100))
    assert (codes(said), codes(other)) == ([], [])


@pytest.mark.parametrize("act", DONE)
def test_an_act_on_the_stock_reaches_declared_goods_as_far_as_it_goes_beyond_the_rest(
    act: type[Fact],
) -> None:
    assert ended(PART, done(act, "s", 40)) == {}
    assert ended(PART, done(act, "s", 70)) == {LETTER[act]: "30"}


@pytest.mark.parametrize("act", DONE)
def test_several_acts_on_the_stock_go_on_from_what_those_before_left(act: type[Fact]) -> None:
    both = done(act, "s", 30), done(act, "s", 30, "2017-03-13")
    assert ended(PART, *both) == {LETTER[act]: "20"}
    assert where(storage(PERMITTED, PART, *both), "2017-03-13") == {
        "TEMP_STORAGE/DECLARED": 40, PLACE[act]: 60,
    }  # fmt: skip


def test_goods_seized_of_the_stock_and_confiscated_are_the_same() -> None:
    both = done(GoodsSeized, "s", 70), done(GoodsConfiscated, "s", 70, "2017-03-13")
    assert ended(PART, *both) == {"d": "30"}


def test_two_declarations_are_reached_as_far_as_is_sure_of_each() -> None:
    """With 60 and 40 of 100 declared, 70 confiscated are at least 30 of the one and 10 of the
    other, whichever they were.
    """
    act = done(GoodsConfiscated, "s", 70)
    assert "name in `drawn_by`" in finding(storage(PART, OTHER, act), "DRAWN_BY_UNTOLD").words
    assert codes(storage(PART, OTHER, done(GoodsConfiscated, "s", 100))) == []
    assert ended(PART, OTHER, act) == {"d": "30"}
    assert grounds(the_debt(judged("j", IN, PART, OTHER, act)))[0].split()[2] == "10"


@pytest.mark.parametrize("act", DONE)
def test_what_is_gone_of_the_stock_is_not_there_to_be_taken(act: type[Fact]) -> None:
    """10 of 100 are missing, and all of the rest is taken: what was declared is among it."""
    count = tell(ShortageFound, "s", "2017-03-11", quantity="10")
    assert ended(PART, count, done(act, "s", 90)) == {LETTER[act]: "60"}
    assert ended(PART, count, done(act, "s", 91)) == {}
    removed = tell(GoodsRemoved, "s", "2017-03-11", quantity="10")
    assert ended(PART, removed, done(act, "s", 90)) == {LETTER[act]: "60"}
    assert ended(PART, removed, done(act, "s", 100)) == {LETTER[act]: "60"}


@pytest.mark.parametrize("act", DONE)
def test_an_act_that_names_who_holds_the_goods_is_about_these(act: type[Fact]) -> None:
    assert ended(PART, done(act, "s", 40, drawn_by="local:i")) == {LETTER[act]: "40"}
    assert ended(PART, OTHER, done(act, "s", 40, drawn_by="local:j")) == {}
    assert ended(PART, done(act, "s", 61, drawn_by="local:i")) == {}


@pytest.mark.parametrize("many", [100, -1])
@pytest.mark.parametrize("act", [*DONE, GoodsRemoved])
def test_who_holds_the_goods_can_be_named_by_any_of_its_names(
    act: type[Fact], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where so many draw goods that the judge goes on from where it was."""
    monkeypatch.setattr("domain.judgement.judge.MANY", many)
    mrn = "mrn:17BG00100700000013"
    line = goods(60, value=600, percent=10, of="s")
    taken = declared(mrn, Kind.FREE_CIRCULATION, line, accepted="2017-03-10")
    joined = tell(DeclarationAccepted, mrn, "2017-03-10 10:00", same_as="local:i", id="joined")
    for name in (mrn, "local:i"):
        said = storage(PERMITTED, taken, joined, done(act, "s", 60, drawn_by=name))
        place = PLACE.get(act, "IRREGULAR")
        assert where(said, "2017-03-12") == {"TEMP_STORAGE": 40, place: 60}
        assert "DRAWN_BY_NOBODY" not in codes(said)


@pytest.mark.parametrize("name", ["local:j", "local:nobody"])
def test_an_act_on_goods_that_nobody_of_that_name_has_is_said(name: str) -> None:
    late = imported("j", 40, "2017-03-13", None)
    said = storage(PART, late, done(GoodsRemoved, "s", None, drawn_by=name))
    assert finding(said, "DRAWN_BY_NOBODY").words.startswith(name)
    assert where(said, "2017-03-12") == {"TEMP_STORAGE": 40, "TEMP_STORAGE/DECLARED": 60}


def test_what_was_seized_or_confiscated_of_a_declaration_is_destroyed() -> None:
    for act in (GoodsSeized, GoodsConfiscated):
        both = done(act, "i", 60), done(GoodsDestroyed, "i", 60, "2017-03-13")
        said = storage(PART, *both)
        assert where(said, "2017-03-13") == {"TEMP_STORAGE": 40, "DESTROYED": 60}


@pytest.mark.parametrize("act", DONE)
def test_a_decision_on_more_than_there_is_ends_no_debt(act: type[Fact]) -> None:
    """It moves nothing and is said, wherever it is told."""
    assert ended(PART, done(act, "s", 101)) == {}
    said = codes(storage(PERMITTED, PART, done(act, "s", 101)))
    assert {"EXCEEDS_STOCK", "ABANDON_NO_PERMISSION"} & {*said}
    assert ended(PART, done(act, "i", 61)) == {}
    assert where(storage(PERMITTED, PART, done(act, "i", 61)), "2017-03-12") == {
        "TEMP_STORAGE": 40, "TEMP_STORAGE/DECLARED": 60,
    }  # fmt: skip
    removed = tell(GoodsRemoved, "s", "2017-03-11", quantity="30", id="removed")
    assert grounds(storage(PERMITTED, removed, done(act, "s", 101)).debts[0]) == []


def test_what_a_declaration_held_is_decided_on_once() -> None:
    """It was removed, found and confiscated, and is then said to be destroyed."""
    removed = tell(GoodsRemoved, "s", "2017-03-11", quantity="80")
    acts = done(GoodsConfiscated, "i", 60), done(GoodsDestroyed, "i", 60, "2017-03-13")
    assert grounds(storage(PART, removed, *acts).debts[0]) == ["e 2017-03-12 40"]
    named = done(GoodsDestroyed, "s", 60, "2017-03-13", drawn_by="local:i")
    assert grounds(storage(PART, removed, acts[0], named).debts[0]) == ["e 2017-03-12 40"]


def test_what_customs_took_from_another_is_not_destroyed() -> None:
    said = storage(
        PART, OTHER, done(GoodsSeized, "j", 40), done(GoodsDestroyed, "i", 60, "2017-03-13"),
        done(GoodsDestroyed, "i", 60, "2017-03-14"),
    )  # fmt: skip
    assert where(said, "2017-03-14") == {"DEEMED_WAREHOUSE": 40, "DESTROYED": 60}


def test_goods_destroyed_after_their_release_are_not_where_they_were() -> None:
    released = imported("i", 60, "2017-03-10 12:00", "2017-03-11 12:00")
    act = done(GoodsDestroyed, "i", 60)
    assert where(storage(released, act), "2017-03-12") == {"TEMP_STORAGE": 40, "PASSED_ON": 60}
    assert where(judged("i", IN, released, act), "2017-03-12") == {"DESTROYED": 60}


def test_without_permission_declared_goods_stay_where_they_are() -> None:
    act = done(GoodsAbandoned, "i", 60)
    assert where(storage(PART, act), "2017-03-12") == {
        "TEMP_STORAGE": 40, "TEMP_STORAGE/DECLARED": 60,
    }  # fmt: skip
    said = judged("i", IN, PART, act)
    assert codes(said) == ["ABANDON_NO_PERMISSION"]
    assert grounds(the_debt(said)) == []


def test_permissions_of_a_quantity_add_up_and_are_used_up() -> None:
    two = [
        tell(AbandonmentPermitted, "s", "2017-03-11", quantity=much, id=f"permitted-{much}")
        for much in ("80", "20")
    ]
    acts = done(GoodsAbandoned, "s", 90), done(GoodsAbandoned, "s", 10, "2017-03-13")
    assert codes(storage(two, *acts)) == []
    assert where(storage(two, *acts), "2017-03-13") == {"DEEMED_WAREHOUSE": 100}
    said = storage(two[:1], *acts)
    assert codes(said)[0] == "ABANDON_NO_PERMISSION"
    assert where(said, "2017-03-13") == {"TEMP_STORAGE": 90, "DEEMED_WAREHOUSE": 10}


def test_a_permission_for_a_line_is_for_no_other() -> None:
    stock = [tell(AbandonmentPermitted, "s", "2017-03-11", quantity="10", line=2)]
    assert "ABANDON_NO_PERMISSION" in codes(storage(stock, done(GoodsAbandoned, "s", 10)))


def test_goods_held_for_re_export_can_be_destroyed() -> None:
    out = declared(
        "r", Kind.RE_EXPORT, goods(60, of="s"), accepted="2017-03-10", released="2017-03-10"
    )
    act = done(GoodsDestroyed, "r", 60)
    assert where(storage(out, act), "2017-03-12") == {"TEMP_STORAGE": 40, "DESTROYED": 60}
    assert codes(judged("r", IN, out, act)) == []


def test_an_act_on_a_refused_declaration_reaches_nothing_and_is_said() -> None:
    refused = tell(ReleaseRefused, "i", "2017-03-11")
    said = judged("i", IN, PART, refused, done(GoodsSeized, "i", 10))
    assert codes(said) == ["EXCEEDS_STOCK", "REFUSED_NOT_INVALIDATED"]
    assert codes(judged("i", IN, PART, done(GoodsSeized, "i", 10))) == []


def test_the_period_for_payment_stands_still_until_seized_goods_are_destroyed() -> None:
    told = tell(DebtNotified, "i", "2017-03-10 13:00", debtor="D")
    seized, destroyed = done(GoodsSeized, "s", 100), done(GoodsDestroyed, "i", 60, "2017-03-15")
    debt = the_debt(judged("i", IN, ALL, told, seized))
    assert debtor(debt, "D").suspended == "108(3)(b)"
    debt = the_debt(judged("i", IN, ALL, told, seized, destroyed))
    assert debtor(debt, "D").suspended is None


@pytest.mark.parametrize("much", [None, 20])
def test_seized_goods_that_are_given_back_go_with_the_release(much: int | None) -> None:
    released = imported("i", 60, "2017-03-10 12:00", "2017-03-20 12:00")
    acts = done(GoodsSeized, "i", much), done(SeizureLifted, "i", much, "2017-03-15")
    said = storage(released, OTHER, *acts)
    assert where(said, "2017-03-15")["DEEMED_WAREHOUSE"] == (much or 60)
    assert where(said, "2017-03-20") == {"PASSED_ON": 60, "TEMP_STORAGE/DECLARED": 40}
    assert sum(mode.quantity for mode in said.modes) == 60


def test_what_another_drew_of_seized_goods_does_not_go_with_the_release() -> None:
    released = imported("i", 60, "2017-03-10 12:00", "2017-03-20 12:00")
    sold = declared(
        "k", Kind.FREE_CIRCULATION, goods(60, of="s"), accepted="2017-03-14", released="2017-03-15"
    )
    said = storage(released, OTHER, done(GoodsSeized, "i", None), sold)
    assert where(said, "2017-03-20") == {"PASSED_ON": 60, "TEMP_STORAGE/DECLARED": 40}
    assert [mode.successor for mode in said.modes] == ["local:k"]

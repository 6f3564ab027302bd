"""How a debt ends (Article 124), for how much and for whom."""

import pytest

from domain.facts.debt import (
    DebtorFound,
    DebtPaid,
    DeceptionFound,
    ExitProofAccepted,
    InsignificanceAccepted,
    LossAccepted,
    PreferenceCancelled,
    UseFound,
)
from domain.facts.declaration import DeclarationInvalidated
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
)
from domain.facts.entry import GoodsEntered, GoodsFound
from domain.facts.exit import GoodsExited
from domain.facts.fact import Fact, Told
from domain.facts.inventory import ShortageFound
from domain.facts.reference_data import LossRateSet
from domain.facts.values import Kind
from domain.timeline import Judgement
from tests.domain.telling import (
    LAW_2019,
    codes,
    declared,
    end_of,
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

IMPORT = declared(
    "i", Kind.FREE_CIRCULATION, goods(10, value=300, percent=100),
    accepted="2017-03-06", released="2017-03-09",
)  # fmt: skip
UNRELEASED = IMPORT[:2]
STORED = presented("s", "2017-03-01", goods(10, value=300, percent=100))
PLACED = declared(
    "p", Kind.INWARD_PROCESSING, goods(10, value=300, percent=100),
    accepted="2017-01-10", released="2017-01-10", end_by="2017-06-30",
)  # fmt: skip


def paid(amount: object, on: str, movement: str = "i", **said: object) -> Told:
    return tell(DebtPaid, movement, on, payer="D", amount=str(amount), **said)


def letters(judgement: Judgement) -> list[str]:
    """The same without the day."""
    return without_days(grounds(the_debt(judgement)))


def without_days(found: list[str]) -> list[str]:
    return [f"{each[0]} {each.split()[-1]}" for each in found]


# --- (b) payment


def test_payment_extinguishes_for_what_was_paid() -> None:
    said = judged("i", IMPORT, paid(100, "2017-03-15"), paid(200, "2017-03-16"))
    debt = the_debt(said)
    assert [debt.open_at(end_of(f"2017-03-{at}")) for at in (14, 15, 16)] == [300, 200, 0]
    assert grounds(debt) == ["b 2017-03-15 100", "b 2017-03-16 200"]
    assert "UCC116_REPAYABLE" not in codes(said)


def test_payment_in_advance_extinguishes_the_debt_when_it_arises() -> None:
    said = judged("i", IMPORT, paid(300, "2017-03-01"))
    assert grounds(the_debt(said)) == ["b 2017-03-06 300"]


def test_what_is_paid_beyond_the_debt_is_repaid() -> None:
    said = judged("i", IMPORT, paid(301, "2017-03-15"))
    assert letters(said) == ["b 300"]
    assert finding(said, "UCC116_REPAYABLE").because.articles == ("116(1)",)


def test_a_second_payment_of_a_paid_debt_is_repaid() -> None:
    said = judged("i", IMPORT, paid(300, "2017-03-15"), paid(300, "2017-03-15", id="again"))
    assert letters(said) == ["b 300"]
    assert "UCC116_REPAYABLE" in codes(said)


def test_a_payment_of_an_unknown_debt_is_a_payment_and_leaves_it_open() -> None:
    told = declared("i", Kind.FREE_CIRCULATION, goods(1, code="0101"), accepted="2017-03-06")
    debt = the_debt(judged("i", told, paid(5, "2017-03-15")))
    assert debt.open_at(end_of("2017-03-15")) is None
    assert grounds(debt) == ["b 2017-03-15 5"]


# --- (d) invalidation


def test_invalidation_before_release_extinguishes() -> None:
    said = judged("i", UNRELEASED, tell(DeclarationInvalidated, "i", "2017-03-08 09:00"))
    assert grounds(the_debt(said)) == ["d 2017-03-08 300"]


def test_invalidation_after_release_extinguishes_on_a_ground_only() -> None:
    without = judged("i", IMPORT, tell(DeclarationInvalidated, "i", "2017-04-01"))
    assert letters(without) == []
    said = judged("i", IMPORT, tell(DeclarationInvalidated, "i", "2017-04-01", ground="DA 148"))
    assert letters(said) == ["d 300"]
    assert where(said, "2017-04-01") == {"UNASSIGNED": 10}


def test_duty_paid_on_an_invalidated_declaration_is_repaid() -> None:
    gone = tell(DeclarationInvalidated, "i", "2017-04-01", ground="DA 148")
    for amount in (300, 100):
        said = judged("i", IMPORT, paid(amount, "2017-03-15"), gone)
        assert finding(said, "UCC116_REPAYABLE").start == moment("2017-04-01 00:00")
    assert letters(judged("i", IMPORT, paid(100, "2017-03-15"), gone)) == [
        "b 100",
        "d 200",
    ]
    assert "UCC116_REPAYABLE" not in codes(judged("i", IMPORT, gone))


def test_an_invalidation_before_the_acceptance_extinguishes_nothing() -> None:
    said = judged("i", IMPORT, tell(DeclarationInvalidated, "i", "2017-03-01"))
    assert letters(said) == []


# --- (e) confiscation, (f) destruction and abandonment


def test_confiscation_of_part_extinguishes_for_that_part() -> None:
    said = judged("i", IMPORT, tell(GoodsConfiscated, "i", "2017-04-01", line=1, quantity="4"))
    assert letters(said) == ["e 120"]
    assert the_debt(said).open_at(end_of("2017-04-01")) == 180


def test_partial_confiscation_of_goods_of_unknown_duty_leaves_the_rest_open() -> None:
    told = declared("i", Kind.FREE_CIRCULATION, goods(10, code="0101"), accepted="2017-03-06",
                    released="2017-03-06")  # fmt: skip
    part = tell(GoodsConfiscated, "i", "2017-04-01", line=1, quantity="4")
    debt = the_debt(judged("i", told, part))
    assert debt.open_at(end_of("2017-04-01")) is None
    whole = tell(GoodsConfiscated, "i", "2017-04-02")
    assert the_debt(judged("i", told, part, whole)).open_at(end_of("2017-04-02")) == 0


def test_grounds_apply_in_the_order_of_legal_time_to_what_is_left() -> None:
    taken = tell(GoodsConfiscated, "i", "2017-04-01", line=1, quantity="4")
    said = judged("i", IMPORT, paid(250, "2017-04-02"), taken)
    assert letters(said) == ["e 120", "b 180"]
    assert "UCC116_REPAYABLE" in codes(said)


def test_destruction_under_supervision_extinguishes() -> None:
    said = judged("s", STORED, tell(GoodsDestroyed, "s", "2017-06-20", line=1, quantity="5"))
    assert letters(said) == ["f 150"]


def test_abandonment_extinguishes_where_it_was_permitted_before() -> None:
    given_up = tell(GoodsAbandoned, "s", "2017-06-15")
    late = tell(AbandonmentPermitted, "s", "2017-06-16")
    assert letters(judged("s", STORED, given_up)) == []
    assert letters(judged("s", STORED, given_up, late)) == []
    early = tell(AbandonmentPermitted, "s", "2017-06-14")
    said = judged("s", STORED, given_up, early)
    assert letters(said) == ["f 300"]
    assert early.cite in the_debt(said).extinguished[0].because.reports


def test_what_is_missing_is_neither_confiscated_nor_abandoned() -> None:
    missing = tell(ShortageFound, "p", "2017-02-01", quantity="10")
    said = judged("p", PLACED, missing, tell(GoodsConfiscated, "p", "2017-03-01"))
    assert letters(said) == []


def strayed(*acts: Told) -> list[str]:
    """The grounds for two of ten that were removed from storage."""
    removed = tell(GoodsRemoved, "s", "2017-04-10", quantity="2")
    return grounds(judged("s", STORED, removed, *acts).debts[0])


@pytest.mark.parametrize("act", [GoodsConfiscated, GoodsDestroyed, GoodsAbandoned])
def test_what_is_done_with_the_stock_ends_no_debt_for_what_was_removed(act: type[Fact]) -> None:
    permitted = tell(AbandonmentPermitted, "s", "2017-04-11")
    assert strayed(permitted, tell(act, "s", "2017-04-12", quantity="8")) == []


def test_what_goes_beyond_the_stock_ends_the_debt_for_what_was_removed() -> None:
    assert strayed(tell(GoodsConfiscated, "s", "2017-04-12", quantity="9")) == ["e 2017-04-12 30"]
    assert strayed(tell(GoodsConfiscated, "s", "2017-04-12")) == ["e 2017-04-12 60"]


def test_goods_that_were_removed_and_found_are_destroyed_and_not_owed_any_more() -> None:
    told = (tell(GoodsRemoved, "s", "2017-04-10"), tell(GoodsDestroyed, "s", "2017-04-12"))
    assert where(judged("s", STORED, told), "2017-04-12") == {"DESTROYED": 10}
    assert letters(judged("s", STORED, told)) == ["f 300"]


def test_goods_found_past_the_office_are_destroyed() -> None:
    line = goods(10, value=300, percent=100)
    brought = tell(GoodsEntered, "e", "2017-03-01", carrier="C", lines=(line,))
    found = tell(GoodsFound, "e", "2017-03-02", carrier="C")
    said = judged("e", brought, found, tell(GoodsDestroyed, "e", "2017-03-09"))
    assert letters(said) == ["f 300"]
    assert where(said, "2017-03-09") == {"DESTROYED": 10}
    assert codes(said) == []


def test_goods_that_were_brought_in_can_be_abandoned() -> None:
    line = goods(10, value=300, percent=100)
    brought = tell(GoodsEntered, "e", "2017-03-01", carrier="C", lines=(line,))
    permitted = tell(AbandonmentPermitted, "e", "2017-03-02", quantity="4")
    said = judged("e", brought, permitted, tell(GoodsAbandoned, "e", "2017-03-03", quantity="4"))
    assert where(said, "2017-03-03") == {"ENTERED": 6, "DEEMED_WAREHOUSE": 4}
    assert codes(said) == []


def test_goods_that_were_removed_and_seized_are_confiscated_with_the_rest() -> None:
    seized = tell(GoodsSeized, "s", "2017-04-12")
    assert strayed(seized, tell(GoodsConfiscated, "s", "2017-04-20")) == ["e 2017-04-20 60"]
    part = tell(GoodsConfiscated, "s", "2017-04-20", quantity="8")
    assert strayed(seized, part) == []


@pytest.mark.parametrize("last", [GoodsConfiscated, GoodsDestroyed])
def test_what_was_confiscated_is_not_there_for_the_next_act(last: type[Fact]) -> None:
    first = tell(GoodsConfiscated, "s", "2017-04-12", quantity="8")
    removed = tell(GoodsRemoved, "s", "2017-04-10", quantity="2")
    said = judged("s", STORED, removed, first, tell(last, "s", "2017-04-13", quantity="2"))
    assert [ground[-2:] for ground in grounds(said.debts[0])] == ["60"]
    assert "IRREGULAR" not in where(said, "2017-04-13")


def test_confiscations_of_part_after_part_end_the_debt_for_all() -> None:
    parts = [
        tell(GoodsConfiscated, "s", f"2017-04-1{day}", quantity=much)
        for day, much in ((2, "9"), (3, "1"))
    ]
    assert strayed(*parts) == ["e 2017-04-12 30", "e 2017-04-13 30"]
    seized = tell(GoodsSeized, "s", "2017-04-11")
    assert strayed(seized, *parts) == ["e 2017-04-12 30", "e 2017-04-13 30"]


def test_what_strayed_and_is_destroyed_is_not_owed_while_the_rest_is_seized() -> None:
    seized = tell(GoodsSeized, "s", "2017-04-12", quantity="8")
    gone = tell(GoodsDestroyed, "s", "2017-04-13", quantity="2")
    assert strayed(seized, gone) == ["f 2017-04-13 60"]


@pytest.mark.parametrize(
    ("first", "ends"),
    [
        ("8", [["f 2017-04-12 60"], ["f 2017-04-13 60"]]),
        ("9", [["f 2017-04-12 60"], ["f 2017-04-12 30", "f 2017-04-13 30"]]),
    ],
)
def test_the_next_destruction_reaches_the_debt_that_the_last_one_left(
    first: str, ends: list[list[str]]
) -> None:
    removed = [
        tell(GoodsRemoved, "s", f"2017-04-1{day}", quantity="2", id=f"r{day}") for day in (0, 1)
    ]
    parts = [
        tell(GoodsDestroyed, "s", f"2017-04-1{day}", quantity=much)
        for day, much in ((2, first), (3, str(10 - int(first))))
    ]
    debts = judged("s", STORED, removed, parts).debts
    assert [grounds(debt) for debt in debts[:2]] == ends


def test_of_two_removals_the_earlier_has_what_a_confiscation_reaches() -> None:
    removed = [
        tell(GoodsRemoved, "s", f"2017-04-1{day}", quantity="2", id=f"r{day}") for day in (0, 1)
    ]
    taken = tell(GoodsConfiscated, "s", "2017-04-12", quantity="9")
    debts = judged("s", STORED, removed, taken).debts
    assert [grounds(debt) for debt in debts[:2]] == [["e 2017-04-12 60"], ["e 2017-04-12 30"]]


# --- (g) loss


def lost(*more: Told) -> Judgement:
    return judged("p", PLACED, tell(GoodsLost, "p", "2017-06-15", id="fire"), *more)


def test_an_accepted_loss_ends_the_debt_when_it_arises() -> None:
    said = lost(tell(LossAccepted, "p", "2017-07-01"))
    assert grounds(the_debt(said)) == ["g 2017-06-15 300"]
    assert the_debt(said).open_at(moment("2017-06-15 00:00")) == 0
    assert "UCC124_1G_CANDIDATE" not in codes(said)


def test_a_loss_can_be_accepted_for_part() -> None:
    assert letters(lost(tell(LossAccepted, "p", "2017-07-01", quantity="4"))) == ["g 120"]


@pytest.mark.parametrize(("said", "gone"), [({}, "g 100"), ({"quantity": "4"}, "g 40")])
def test_a_loss_can_be_accepted_for_one_line(said: dict[str, str], gone: str) -> None:
    two = declared(
        "w", Kind.CUSTOMS_WAREHOUSING, goods(10, value=1000, percent=10),
        goods(20, value=4000, percent=10), accepted="2017-05-02", released="2017-05-02",
    )  # fmt: skip
    fire, proved = tell(GoodsLost, "w", "2017-06-01"), tell(LossAccepted, "w", "2017-07-03", **said)
    line = tell(LossAccepted, "w", "2017-07-03", line=1, **said)
    assert letters(judged("w", two, fire, line)) == [gone]
    assert letters(judged("w", two, fire, proved)) == ["g 500" if not said else "g 120"]


def test_an_accepted_loss_ends_a_debt_because_a_time_limit_ran_out() -> None:
    """The goods burned before the day, and nobody told of it in time."""
    said = judged("p", PLACED, tell(LossAccepted, "p", "2017-08-01"))
    assert grounds(the_debt(said)) == ["g 2017-07-01 300"]
    assert the_debt(said).open_at(moment("2017-07-01 00:00")) == 0


def test_an_accepted_loss_ends_the_debt_of_a_declaration_when_it_is_decided() -> None:
    said = judged("i", IMPORT, tell(LossAccepted, "i", "2017-08-01", quantity="4"))
    assert grounds(the_debt(said))[0].startswith("g 2017-08-01")


def test_deception_rules_out_a_loss() -> None:
    said = lost(tell(LossAccepted, "p", "2017-07-01"), tell(DeceptionFound, "p", "2017-07-02"))
    assert letters(said) == []


def test_a_shortage_by_nature_is_lost_up_to_the_standard_rate() -> None:
    liquid = declared(
        "w", Kind.CUSTOMS_WAREHOUSING, goods(1000, value=1000, percent=100, code="2207"),
        accepted="2017-05-02", released="2017-05-02",
    )  # fmt: skip
    rate = tell(LossRateSet, "measure:2207", "2016-05-01", first_day="2016-05-01", percent="0.5")
    count = tell(ShortageFound, "w", "2017-06-15", quantity="8", by_nature=True)
    assert letters(judged("w", liquid, rate, count)) == ["g 5"]
    proved = tell(LossAccepted, "w", "2017-07-01")
    assert letters(judged("w", liquid, rate, count, proved)) == ["g 8"]


def test_the_standard_rate_is_for_a_line_and_not_for_each_shortage() -> None:
    liquid = declared(
        "w", Kind.CUSTOMS_WAREHOUSING, goods(1000, value=1000, percent=100, code="2207"),
        accepted="2017-05-02", released="2017-05-02",
    )  # fmt: skip
    rate = tell(LossRateSet, "measure:2207", "2016-05-01", first_day="2016-05-01", percent="0.5")
    counts = [
        tell(ShortageFound, "w", day, quantity="3", by_nature=True)
        for day in ("2017-07-15", "2017-06-15", "2017-08-15")
    ]
    said = judged("w", liquid, rate, counts)
    assert [without_days(grounds(debt)) for debt in said.debts] == [["g 3"], ["g 2"], []]


# --- (h) insignificant failure


def late_out(quantity: int = 10, day: str = "2017-07-05") -> list[Told]:
    line = goods(quantity, of="p")
    return [
        *declared("r", Kind.RE_EXPORT, line, accepted=day, released=day),
        tell(GoodsExited, "r", day),
    ]


ACCEPTED = tell(InsignificanceAccepted, "p", "2017-07-20")


def test_an_accepted_failure_ends_the_debt_with_the_last_formality() -> None:
    said = judged("p", PLACED, late_out(), ACCEPTED)
    assert grounds(the_debt(said)) == ["h 2017-07-05 300"]
    candidate = judged("p", PLACED, late_out())
    assert letters(candidate) == []
    assert "UCC124_1H_CANDIDATE" in codes(candidate)


def test_a_failure_that_was_never_put_right_is_significant() -> None:
    said = judged("p", PLACED, late_out(9), ACCEPTED)
    assert letters(said) == []
    assert finding(said, "UCC124_1H_NOT_REGULARISED").because.articles == ("124(1)(h)", "126")


def test_deception_rules_out_an_insignificant_failure() -> None:
    said = judged("p", PLACED, late_out(), ACCEPTED, tell(DeceptionFound, "p", "2017-07-10"))
    assert letters(said) == []


def test_a_failure_can_be_accepted_for_part_of_the_goods() -> None:
    part = tell(InsignificanceAccepted, "p", "2017-07-20", quantity="4")
    assert letters(judged("p", PLACED, late_out(), part)) == ["h 120"]


def test_a_failure_is_accepted_for_what_was_put_right_while_the_rest_is_late() -> None:
    part = tell(InsignificanceAccepted, "p", "2017-07-20", quantity="4")
    assert grounds(the_debt(judged("p", PLACED, late_out(4), part))) == ["h 2017-07-05 120"]
    more = tell(InsignificanceAccepted, "p", "2017-07-20", quantity="5")
    said = judged("p", PLACED, late_out(4), more)
    assert letters(said) == []
    assert "UCC124_1H_NOT_REGULARISED" in codes(said)


def test_of_two_formalities_the_one_that_reaches_a_decision_counts() -> None:
    line = goods(3, of="p")
    second = [
        *declared("q", Kind.RE_EXPORT, line, accepted="2017-07-09", released="2017-07-09"),
        tell(GoodsExited, "q", "2017-07-09"),
    ]
    for much, day in (("4", "2017-07-05"), ("5", "2017-07-09"), ("7", "2017-07-09")):
        part = tell(InsignificanceAccepted, "p", "2017-07-20", quantity=much)
        debt = the_debt(judged("p", PLACED, late_out(4), second, part))
        assert grounds(debt)[0].split()[:2] == ["h", day]


def test_a_decision_can_tell_when_a_removal_was_put_right() -> None:
    stock = declared(
        "w", Kind.CUSTOMS_WAREHOUSING, goods(10, value=1000, percent=10), accepted="2017-05-02",
        released="2017-05-02",
    )  # fmt: skip
    removed = tell(GoodsRemoved, "w", "2017-06-01", quantity="4")
    said = judged("w", stock, removed, tell(InsignificanceAccepted, "w", "2017-07-20"))
    assert codes(said) == ["UCC124_1H_NOT_REGULARISED"]
    told = tell(InsignificanceAccepted, "w", "2017-07-20", regularised_on="2017-06-10")
    assert grounds(the_debt(judged("w", stock, removed, told))) == ["h 2017-06-10 40"]


def test_removing_goods_puts_nothing_right() -> None:
    removed = tell(GoodsRemoved, "p", "2017-07-03", id="removed")
    accepted = tell(InsignificanceAccepted, "p", "2017-07-20", gave_rise="removed")
    said = judged("p", PLACED, removed)
    assert "UCC124_1H_CANDIDATE" not in codes(said)
    named = judged("p", PLACED, removed, accepted)
    assert all(
        not [each for each in debt.extinguished if each.letter == "h"] for debt in named.debts
    )


def test_what_left_unlawfully_is_not_put_right_by_what_left_lawfully() -> None:
    removed = tell(GoodsRemoved, "p", "2017-07-03", line=1, quantity="4")
    overrun = judged("p", PLACED).debts[0].gave_rise[0]
    accepted = tell(
        InsignificanceAccepted, "p", "2017-07-20", debt=judged("p", PLACED).debts[0].ref
    )
    said = judged("p", PLACED, removed, late_out(6), accepted)
    late = next(debt for debt in said.debts if debt.gave_rise == (overrun,))
    assert without_days(grounds(late)) == ["h 180"]


def test_seizing_overdue_goods_puts_nothing_right() -> None:
    said = judged("p", PLACED, tell(GoodsSeized, "p", "2017-07-03"))
    assert "UCC124_1H_CANDIDATE" not in codes(said)


def test_temporary_storage_is_reached_from_the_text_of_2019_on_the_day_it_is_relied_on() -> None:
    late = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, of="s"), accepted="2017-06-01", released="2017-06-02"
    )
    before, since = (tell(InsignificanceAccepted, "s", on) for on in ("2019-04-13", "2019-04-14"))
    assert letters(judged("s", STORED, late, since)) == []
    assert "UCC124_1H_NOT_OPEN" in codes(judged("s", STORED, late, since))
    assert letters(judged("s", STORED, late, before, law=LAW_2019)) == []
    assert letters(judged("s", STORED, late, since, law=LAW_2019)) == ["h 300"]


# --- the letters (j) and (k)


def test_cancelled_preference_ends_a_debt_without_drawback() -> None:
    line = goods(10, of="p", processed=True)
    out = declared(
        "r", Kind.RE_EXPORT, line, accepted="2017-05-01", preference_without_drawback=True
    )
    said = judged("r", PLACED, out)
    assert (the_debt(said).article, the_debt(said).obligations[0].interest) == ("78(1)", ())
    cancelled = tell(PreferenceCancelled, "r", "2017-10-02")
    assert letters(judged("r", PLACED, out, cancelled)) == ["j 300"]


PROOF = tell(ExitProofAccepted, "p", "2017-09-01")


def test_goods_taken_out_unused_are_owed_no_more() -> None:
    assert letters(judged("p", PLACED, PROOF)) == ["k 300"]
    part = tell(ExitProofAccepted, "p", "2017-09-01", quantity="4")
    assert letters(judged("p", PLACED, part)) == ["k 120"]


def test_of_several_lines_that_one_is_owed_no_more_that_is_proved_to_have_left() -> None:
    two = declared(
        "p", Kind.INWARD_PROCESSING, goods(10, value=1000, percent=10),
        goods(20, value=4000, percent=10), accepted="2017-05-02", released="2017-05-02",
        end_by="2017-06-14",
    )  # fmt: skip
    proof = tell(ExitProofAccepted, "p", "2017-09-01", line=1)
    assert letters(judged("p", two, PROOF)) == ["k 500"]
    assert letters(judged("p", two, proof)) == ["k 100"]


def test_use_beyond_the_authorisation_rules_out_that_they_left_unused() -> None:
    assert letters(judged("p", PLACED, PROOF, tell(UseFound, "p", "2017-09-02"))) == []


def test_who_attempted_deception_owes_for_goods_taken_out_unused() -> None:
    other = tell(DebtorFound, "p", "2017-08-01", person="T", letter="79(3)(b)")
    deceived = tell(DeceptionFound, "p", "2017-08-02", person="D")
    debt = the_debt(judged("p", PLACED, other, deceived, PROOF))
    assert debt.owed_by("T", end_of("2017-09-01")) == 0
    assert debt.owed_by("D", end_of("2017-09-01")) == 300


@pytest.mark.parametrize("act", [PreferenceCancelled, ExitProofAccepted])
def test_a_ground_reaches_only_the_debts_that_it_is_for(act: type) -> None:
    assert letters(judged("i", IMPORT, tell(act, "i", "2017-09-01"))) == []

from datetime import date

import pytest

from domain.law import citation
from domain.law.acts import REG_2019_474, UCC
from domain.law.citation import (
    RULES,
    Dated,
    Law,
    NotAProvision,
    NotInForce,
    Rule,
    TwoRulesOfOneName,
    Value,
    provision,
    rule,
)
from domain.law.periods import rolled

FIRST = date(2016, 5, 1)
CHANGED = date(2019, 4, 14)
OLD = Law()
NEW = Law(date(2019, 4, 14))
PERIOD = Dated("a period, days", "149", (Value(FIRST, UCC, 90), Value(CHANGED, REG_2019_474, 120)))


def test_the_text_known_by_default_is_that_of_24_december_2016() -> None:
    assert Law() == Law(date(2016, 12, 24))


def test_a_value_holds_from_its_first_day() -> None:
    assert PERIOD.on(FIRST, OLD) == 90


def test_before_its_first_day_it_does_not_hold() -> None:
    with pytest.raises(NotInForce, match=r"a period, days \(Article 149\).*2016-04-30.*2016-05-01"):
        PERIOD.on(date(2016, 4, 30), OLD)


def test_a_later_value_takes_its_place_on_its_own_first_day() -> None:
    assert PERIOD.on(date(2019, 4, 13), NEW) == 90
    assert PERIOD.on(CHANGED, NEW) == 120


def test_an_act_is_known_from_the_day_of_its_publication() -> None:
    assert PERIOD.on(CHANGED, Law(date(2019, 3, 24))) == 90
    assert PERIOD.on(CHANGED, Law(REG_2019_474.published)) == 120


def test_an_act_published_later_changes_nothing() -> None:
    assert PERIOD.on(date(2026, 1, 1), OLD) == 90


def test_a_value_says_which_act_set_it() -> None:
    assert PERIOD.in_force(CHANGED, NEW).act is REG_2019_474


def test_under_a_text_that_knows_no_act_nothing_holds() -> None:
    with pytest.raises(NotInForce, match="under the text of 2013-10-09"):
        PERIOD.on(FIRST, Law(date(2013, 10, 9)))


def test_a_value_ends_with_its_last_day_and_none_comes_back() -> None:
    ended = Dated(
        "an ended value",
        "149",
        (Value(FIRST, UCC, 1), Value(date(2017, 1, 1), UCC, 2, last_day=date(2017, 12, 31))),
    )
    assert ended.on(date(2017, 12, 31), OLD) == 2
    with pytest.raises(NotInForce):
        ended.on(date(2018, 1, 1), OLD)


def test_of_two_values_from_one_day_the_later_act_prevails() -> None:
    corrected = Dated("a value", "149", (Value(FIRST, UCC, 1), Value(FIRST, REG_2019_474, 2)))
    assert corrected.on(FIRST, OLD) == 1
    assert corrected.on(FIRST, NEW) == 2


@pytest.mark.parametrize(
    "values",
    [
        (),
        (Value(CHANGED, REG_2019_474, 2), Value(FIRST, UCC, 1)),
        (Value(FIRST, UCC, 1), Value(FIRST, UCC, 2)),
    ],
)
def test_values_out_of_order_are_refused(values: tuple[Value[int], ...]) -> None:
    with pytest.raises(ValueError, match="in the order"):
        Dated("a value", "149", values)


@pytest.mark.parametrize(
    "text",
    [
        "149",
        "79(1)(a)",
        "124(1)(h)",
        "124(1)(h)(ii)",
        "102(2)",
        "288(2)",
        "5(18)",
        "1182/71 3(4)",
        "1182/71 3(2)(c)",
        "DA 175",
        "IA 321(1)",
    ],
)
def test_a_provision_is_named_by_article_paragraph_and_point(text: str) -> None:
    assert provision(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Article 149",
        "UCC 149",
        "79(1)(A)",
        "79(1) (a)",
        "79(a)(1)",
        "79.1",
        "0",
        "289",
        "1182/71",
        "1182/71 7",
        "DA 257",
        "149 ",
        "149\n",
    ],
)
def test_what_does_not_have_the_form_of_a_provision_is_refused(text: str) -> None:
    with pytest.raises(NotAProvision):
        provision(text)
    with pytest.raises(NotAProvision):
        rule(text)
    with pytest.raises(NotAProvision):
        Dated("a value", text, (Value(FIRST, UCC, 1),))


def test_a_rule_knows_its_provisions_and_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citation, "RULES", registered := dict[str, Rule]())

    @rule("149", "79(1)(a)")
    def doubled(count: int) -> int:
        """Twice as many."""
        return 2 * count

    assert doubled(21) == 42
    assert doubled.articles == ("149", "79(1)(a)")
    assert registered == {"doubled": Rule("doubled", ("149", "79(1)(a)"), "Twice as many.")}


def test_two_rules_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citation, "RULES", {"same": Rule("same", ("149",), "")})

    def same() -> None: ...

    with pytest.raises(TwoRulesOfOneName, match="same is already the name of a rule"):
        rule("150")(same)


def test_a_rule_without_a_provision_is_refused() -> None:
    with pytest.raises(NotAProvision, match="at least one"):
        rule()


def test_the_rules_for_periods_cite_article_55() -> None:
    assert RULES["rolled"].articles == rolled.articles == ("55(2)", "1182/71 3(4)")

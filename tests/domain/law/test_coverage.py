"""Every dated value of the law has a value on every day, under every text that knows it."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, timedelta

import domain.law
from domain.law.acts import REG_2019_474, UCC
from domain.law.citation import Dated, Law, NotInForce, Value

LAST = date(2030, 12, 31)


def declared() -> Iterator[Dated[object]]:
    """The dated values that the modules of `domain.law` declare."""
    for module in pkgutil.walk_packages(domain.law.__path__, "domain.law."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Dated):
                yield value


def gaps(dated: Dated[object]) -> Iterator[str]:
    """The first day without a value, under each text that knows a value at all."""
    for text in sorted({value.act.published for value in dated.values}):
        day = min(value.first_day for value in dated.values if value.act.published <= text)
        while day <= LAST:
            try:
                dated.on(day, Law(text))
            except NotInForce as gap:
                yield str(gap)
                break
            day += timedelta(days=1)


def test_every_dated_value_of_the_law_holds_on_every_day() -> None:
    assert [gap for dated in declared() for gap in gaps(dated)] == []


def test_every_dated_value_of_the_law_begins_when_its_act_applies() -> None:
    early = [
        f"{dated.name}: {value.first_day} is before {value.act.name} applies"
        for dated in declared()
        for value in dated.values
        if value.first_day < value.act.applies_from
    ]
    assert early == []


def test_a_gap_is_found_under_the_text_that_has_it() -> None:
    ending = Dated[object](
        "ending",
        "149",
        (
            Value(date(2016, 5, 1), UCC, 1, last_day=date(2016, 12, 31)),
            Value(date(2017, 1, 1), REG_2019_474, 2),
        ),
    )
    (gap,) = gaps(ending)
    assert "ending (Article 149): no value holds on 2017-01-01 under the text of 2013-10-10" in gap

from collections.abc import Sequence

from domain.derived import Facts, derived
from domain.facts.fact import Told
from domain.facts.temporary_storage import GoodsPresented
from tests.domain.telling import tell

MADE: list[str] = []


def cites(told: Sequence[Told], greeting: str) -> list[str]:
    MADE.append(greeting)
    return [greeting, *(one.cite for one in told)]


def presented(day: str) -> Told:
    return tell(GoodsPresented, "stored", day, holder="BG1")


def test_what_is_derived_of_a_stream_is_made_once_until_it_grows() -> None:
    MADE.clear()
    facts = Facts()
    facts.append(presented("2017-03-01"))
    once = derived(cites, facts, "hail")
    again = derived(cites, facts, "hail")
    facts.append(presented("2017-03-02"))
    grown = derived(cites, facts, "hail")

    assert again is once
    assert grown == cites(facts, "hail") != once
    assert derived(cites, facts, "hello")[0] == "hello"
    assert MADE == ["hail", "hail", "hail", "hello"]


def test_facts_that_nobody_keeps_are_derived_anew() -> None:
    told = (presented("2017-03-01"),)

    assert derived(cites, told, "hail") == cites(told, "hail")

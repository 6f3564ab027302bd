"""What `docs/law.md` and `docs/glossary.md` say is true of the source."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from domain.judgement.judge import NOT_JUDGED
from domain.law.citation import provision

DOCS = Path(__file__).parents[1] / "docs"
BULLET = re.compile(r"- \*\*(?P<provisions>[^*]+)\*\* (?P<words>.+)")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_law", DOCS / "generate_law.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LAW = generator()
PAGE = (DOCS / "law.md").read_text()
BY_HAND = PAGE.partition(LAW.END)[2]


def test_the_page_of_the_law_is_generated_from_the_source() -> None:
    """If not: `.venv/bin/python docs/generate_law.py`."""
    assert LAW.written(PAGE) == PAGE


def test_what_is_written_by_hand_is_kept() -> None:
    page = PAGE.replace(BY_HAND, "\n## By hand\n")
    assert LAW.written(page).endswith("\n## By hand\n")


@pytest.mark.parametrize("line", [line for line in BY_HAND.splitlines() if line.startswith("-")])
def test_each_line_by_hand_names_provisions_and_is_one_sentence(line: str) -> None:
    bullet = BULLET.fullmatch(line)
    assert bullet, "write: - **79(1)(b), 80** What is not modelled."
    assert all(provision(text) for text in bullet["provisions"].split(", "))
    assert bullet["words"].endswith(".")
    assert ". " not in bullet["words"]


def test_every_kind_that_is_not_judged_is_on_the_list_by_hand() -> None:
    listed = {
        text
        for line in BY_HAND.splitlines()
        if (bullet := BULLET.fullmatch(line))
        for text in bullet["provisions"].split(", ")
    }
    assert {*NOT_JUDGED.values()} <= listed


def test_provisions_stand_in_the_order_of_the_law() -> None:
    texts = ["DA 90", "85(2)", "79(1)(a)", "5(16)", "1182/71 3(4)", "124(1)(h)", "79(1)"]
    assert sorted(texts, key=LAW.place) == [
        "5(16)",
        "79(1)",
        "79(1)(a)",
        "85(2)",
        "124(1)(h)",
        "1182/71 3(4)",
        "DA 90",
    ]


def test_the_provisions_of_a_module_are_found_and_those_of_its_rules_left_out() -> None:
    source = '@rule("79(1)(a)")\ndef late():\n    find("149", "words")\n    x.startswith("77")\n'
    assert list(LAW.articles(source)) == ["149"]

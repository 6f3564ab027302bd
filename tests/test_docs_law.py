"""What `docs/law.md` and `docs/glossary.md` say is true of the source."""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import domain
from domain.catalogue import CODES, is_under, provisions, wholes
from domain.facts.fact import FACTS
from domain.judgement.judge import NOT_JUDGED
from domain.law.citation import RULES, provision

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


def test_the_catalogue_has_the_provisions_that_are_applied_or_cited() -> None:
    LAW.complete()
    applied = {article for rule in RULES.values() for article in rule.articles}
    told = {fact.ARTICLE for fact in FACTS.values()}
    assert provisions() == applied | told | {*LAW.cited()}


def test_the_catalogue_has_the_codes_that_findings_have() -> None:
    root = Path(str(domain.__file__)).parent
    sources = [root / name for name in (*LAW.SOURCES, "references.py")]
    paths = [path for each in sources for path in (each.rglob("*.py") if each.is_dir() else [each])]
    literals = {text for path in paths for text in strings(path.read_text())}
    assert {text for text in literals if re.fullmatch(r"[A-Z0-9]+(_[A-Z0-9]+)+", text)} <= CODES
    assert literals >= CODES


def strings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_a_provision_is_under_what_it_is_part_of() -> None:
    assert [is_under("79(1)(a)", each) for each in ("79(1)(a)", "79(1)", "79")] == [True] * 3
    assert not any(is_under("79(1)(a)", each) for each in ("7", "79(2)", "79(1)(a)(i)"))
    assert {"79(1)(a)", "79(1)", "79"} <= wholes()


GLOSSARY = (DOCS / "glossary.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| Term"))
]
NAMED = sorted({name for row in ROWS for cell in row for name in re.findall(r"`([^`]+)`", cell)})


def members(name: str) -> set[str]:
    """What the class of that name has, wherever in the domain it stands."""
    LAW.complete()
    found: set[str] = set()
    for module in [*sys.modules.values()]:
        model = getattr(module, name, None) if module.__name__.startswith("domain.") else None
        if isinstance(model, type):
            found |= {*dir(model), *getattr(model, "model_fields", ())}
    return found


@pytest.mark.parametrize("name", NAMED)
def test_what_the_glossary_names_exists(name: str) -> None:
    of, _, member = name.partition(".")
    assert members(of)
    assert not member or member in members(of)


@pytest.mark.parametrize("row", [row for row in ROWS if len(row) == 4], ids=lambda row: row[0])
def test_each_term_of_the_code_has_its_provision_and_its_bulgarian_term(row: list[str]) -> None:
    _, article, bulgarian, _ = row
    assert provision(article) == article
    assert re.fullmatch(r"[а-яА-Я ,-]+", bulgarian)


def test_no_term_stands_twice() -> None:
    terms = [row[0] for row in ROWS]
    assert len(terms) == len({*terms})

"""The page on stories: its example runs, its table is complete and true."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from stories.document import read
from stories.file import StoryFile
from stories.model import load
from stories.play import play
from stories.written import NamedBy, Written

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| [^|]+ \| `([a-z_.]+)` \| ([A-Z]\d\d) \|$", re.MULTILINE)
TABLE = [(field, story) for field, story in ROW.findall(PAGE)]
HIDDEN = {"variants": {"states", "drop", "replace", "reports", "check", "expect", "later"}}
"""Of a variant the table has what only it has, or what it means anew."""
SAID_ONCE = {"variants.replace", "variants.reports", "variants.expect", "variants.later"}
SAID_ONCE |= {"variants.check", "check.report", "check.finds", "check.changes"}
SAID_ONCE |= {"expect.absent", "expect.debts.extinguished_later"}
"""Fields whose own fields stand in the table already."""


def test_the_example_comes_out_as_it_states(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(story:.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    rows = [row for story in load(path) for row in play(story)]
    assert len(rows) == 3
    assert not [str(row) for row in rows if row.mismatches]


def test_the_data_of_the_head_are_spelled_as_the_page_says(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(story:.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (head,) = re.findall(r"^```yaml\n(calendar:.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example.replace("\nreports:", f"\n{head}\nreports:"), encoding="utf-8")
    rows = [row for story in load(path) for row in play(story)]
    assert not [str(row) for row in rows if row.mismatches]
    blocks = {"calendar", "measures", "interest", "loss_rates", "authorisations", "guarantees"}
    assert set(re.findall(r"^([a-z_]+):", head, re.MULTILINE)) == blocks


def test_the_table_has_every_field() -> None:
    assert sorted(field for field, _ in TABLE) == sorted(fields(StoryFile))


def fields(model: type[Written], way: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        here = f"{way}.{name}".removeprefix(".")
        if name in HIDDEN.get(way, {name}):
            yield here
            for inner in models(field.annotation):
                if here not in SAID_ONCE:
                    yield from fields(inner, here)


def models(kind: Any) -> Iterator[type[Written]]:  # noqa: ANN401  (any annotation)
    if isinstance(kind, type) and issubclass(kind, Written):
        yield kind
    for inner in get_args(kind):
        yield from models(inner)


@pytest.mark.parametrize(("field", "story"), TABLE)
def test_a_story_uses_the_field_that_the_table_says(field: str, story: str) -> None:
    value = read(ROOT / "tests" / "stories" / f"{story}.yaml").value
    assert uses(value, field.split("."))


def uses(value: Any, way: list[str]) -> bool:  # noqa: ANN401  (any part of a story)
    """Whether a value has the keys, in its variants too, where bare names count as keys."""
    if isinstance(value, list):
        return any(uses(each, way) for each in value)
    if not way:
        return True
    if not isinstance(value, dict):
        return way in [["person"], ["letter"], ["movement"]]
    step, *rest = way
    variants = [each for each in value.get("variants", {}).values() if isinstance(each, dict)]
    if step == "variants":
        return any(uses(each, rest) for each in variants) if rest else bool(variants)
    found = step in value and uses(value[step], rest)
    return found or any(uses(each, way) for each in variants)


def test_a_part_with_a_short_spelling_is_told_as_one() -> None:
    short = {model.KEY for model in NamedBy.__subclasses__()}
    assert short == {"person", "letter", "movement"}

"""The JSON Schema of a story file."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stories.document import read
from stories.schema import FILE, schema, text

FOLDER = Path(__file__).parent
VALIDATOR = Draft202012Validator(schema())


def plain(value: object) -> Any:  # noqa: ANN401  (a JSON value)
    """A document as an editor sees it."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def test_the_schema_file_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run python -m stories.schema"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(text()))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_story_is_valid(path: Path) -> None:
    assert not [error.message for error in VALIDATOR.iter_errors(plain(read(path).value))]


@pytest.mark.parametrize(
    "change",
    [
        {"story": None},
        {"office": "Burgas"},
        {"expct": []},
        {"expect": [{"as_of": "tomorrow", "absent": ["debts"]}]},
        {"expect": [{"as_of": "2017-05-30", "absent": ["deebts"]}]},
        {"expect": [{"as_of": "2017-05-30", "positions": [{"situation": "SUNK"}]}]},
        {"reports": [{"happened": "2017-05-30", "movement": "x", "type": "goods.lost-sight-of"}]},
        {"reports": [{"happened": "2017-05-30", "movement": "x", "type": "debt.notified"}]},
        {
            "reports": [
                {
                    "happened": "2017-05-30",
                    "movement": "x",
                    "type": "debt.notified",
                    "data": {"debtor": "H", "amout": 1},
                }
            ]
        },
        {"authorisations": {"CW1": {"holder": "W"}}},
    ],
)
def test_a_defect_is_found_by_the_schema(change: dict[str, object]) -> None:
    value = {
        "story": "A test",
        "states": "It is valid.",
        "office": "BG001007",
        "expect": [
            {"as_of": "2017-05-30 12:00", "debts": [{"debtors": ["S"]}], "absent": ["debts"]}
        ],
    }
    assert VALIDATOR.is_valid(value)
    assert not VALIDATOR.is_valid(value | change)

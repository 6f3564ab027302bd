"""Schema and intake agree: what a schema lets pass is recorded, and what is recorded fits."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from consumers.entitlement import Sources
from consumers.files import messages
from consumers.intake import Message, understand
from consumers.reasons import Reason
from domain.facts.times import AS_PUBLISHED, Day, Instant, When
from domain.facts.values import Exact, Positive, Quantity
from schemas.generate import FOLDER
from schemas.report_schema import schema
from stories.model import Story, load

TESTS: Final = Path(__file__).parents[1]
STORIES: Final = [
    story for path in sorted((TESTS / "stories").glob("*.yaml")) for story in load(path)
]
DEMONSTRATION: Final = sorted((TESTS.parent / "examples" / "demo").rglob("*.ndjson"))
SOURCES: Final = Sources.load(FOLDER / "examples" / "sources.toml")
EXAMPLES: Final = [
    orjson.loads(path.read_bytes()) for path in sorted(FOLDER.glob("examples/*/valid/*.json"))
]
ENTITLEMENT: Final = {Reason.SOURCE_UNKNOWN, Reason.SOURCE_NOT_ENTITLED}
VALUES: Final[list[Any]] = [
    *(None, True, 0, 1, -1, 10**14 - 1, 10**14, 1.5),
    *("", " ", "x", " x", "x ", "é\u2028x", "a\x1fb", "a\x85b", "\x7f", "x" * 36, "x" * 201),
    *("0", "0.0", "00", "007", "1.", ".5", "-1", "+1", "1e3", "12.1234567", "9" * 15, "NaN"),
    *("2017-03-01", "20170301", "2017-3-1", "1899-12-31", "2201-01-01", "2017-03-01T10:00:00"),
    *("2017-03-01T10:00:00Z", "2017-03-01T24:00:00Z", "2017-03-01T10:00:00+24:00"),
    *("mrn:x", "mrn:", "mrn: ", "doc: x", "measure:x", "nothing:x", "BG", "BG002002", "KGM"),
    *([], ["x"], {}, [{}], {"quantity": "1"}),
]
"""What may stand anywhere; no days that do not exist, which a schema cannot see."""
NUMBERS: Final = [TypeAdapter[Any](each) for each in (Exact, Quantity, Positive)]
SPELLINGS: Final = st.one_of(
    st.text("0123456789.-+_, eE\u0661\uff11\u00b2NaInfity", max_size=18),
    st.from_regex(r"-?[0-9]{1,16}(\.[0-9]{1,8})?", fullmatch=True),
    st.integers(-(10**15), 10**15),
    st.sampled_from([value for value in VALUES if not isinstance(value, list | dict)]),
)
TIMES: Final[list[TypeAdapter[Any]]] = [TypeAdapter(When), TypeAdapter(Day), TypeAdapter(Instant)]
_CLOCK: Final = r"[T t_]([01][0-9]|2[0-4])(:?[0-5][0-9]){0,2}([.,][0-9]{1,8})?"
_OFFSET: Final = r"(Z|z|[+-][01][0-9](:?[0-9]{2}){0,2})?"
SPELLED_TIMES: Final = st.one_of(
    st.text("0123456789-:.+TZW", max_size=26),
    st.from_regex(
        rf"(19|2[0-2])[0-9]{{2}}-?0[1-9]-?[0-2][0-8]({_CLOCK}{_OFFSET})?", fullmatch=True
    ),
    st.from_regex(r"20[0-9]{2}-?W[0-5][0-9]-?[1-7]", fullmatch=True),
    st.sampled_from([value for value in VALUES if not isinstance(value, list | dict)]),
)
Place = tuple[str | int, ...]


@cache
def validator(stored_name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(stored_name))


def faults(report: Any, stored_name: str = "") -> list[str]:  # noqa: ANN401  (a JSON value)
    found = validator(stored_name or report["type"]).iter_errors(report)
    return [f"{error.json_path}: {error.message}" for error in found]


def places(value: object, before: Place = ()) -> Iterator[Place]:
    """Where something stands in a JSON value."""
    inner = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else inner:
        yield (*before, key)
        yield from places(each, (*before, key))


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, Any]:
    """An example with another value in one place, and the fact that it told."""
    report = deepcopy(draw(st.sampled_from(EXAMPLES)))
    stored_name = report["type"]
    *steps, last = draw(st.sampled_from(list(places(report))))
    at = report
    for step in steps:
        at = at[step]
    at[last] = draw(st.sampled_from(VALUES))
    return stored_name, report


@settings(max_examples=300)
@given(changed())
def test_what_a_schema_lets_pass_is_understood(told: tuple[str, Any]) -> None:
    stored_name, report = told
    if not faults(report, stored_name):
        understood = understand(Message(orjson.dumps(report)), 0, SOURCES)
        assert understood.reason in {None, *ENTITLEMENT}, understood.detail


@pytest.mark.parametrize("number", NUMBERS, ids=["exact", "quantity", "positive"])
@settings(max_examples=300)
@given(SPELLINGS)
def test_a_number_is_read_exactly_where_its_schema_lets_it_pass(
    number: TypeAdapter[Any], spelled: object
) -> None:
    fits = Draft202012Validator(number.json_schema()).is_valid(spelled)
    assert is_read(number, spelled) == fits


@pytest.mark.parametrize("moment", TIMES, ids=["when", "day", "instant"])
@settings(max_examples=500)
@given(SPELLED_TIMES)
def test_a_day_or_instant_is_read_exactly_where_its_schema_lets_it_pass(
    moment: TypeAdapter[Any], spelled: object
) -> None:
    fits = Draft202012Validator(moment.json_schema()).is_valid(spelled)
    assert is_read(moment, spelled) == fits


def is_read(value: TypeAdapter[Any], spelled: object) -> bool:
    try:
        value.validate_json(orjson.dumps(spelled), context=AS_PUBLISHED)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name[:60])
def test_the_reports_of_a_story_fit_their_schemas(story: Story) -> None:
    for entry in story.entries:
        assert faults(orjson.loads(entry.raw())) == [], entry.cite


@pytest.mark.parametrize("path", DEMONSTRATION, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_the_reports_of_the_demonstration_fit_their_schemas(path: Path) -> None:
    sources = Sources.load(path.parents[2] / "sources.toml")
    for message in messages(path):
        if understand(message, 0, sources).reason is None:
            assert faults(orjson.loads(message.raw)) == []

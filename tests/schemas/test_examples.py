"""Every example goes through the real intake and through its JSON Schema."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from jsonschema import Draft202012Validator

from consumers.entitlement import Sources
from consumers.files import messages
from consumers.intake import Intake
from consumers.reasons import Reason
from domain.facts.fact import FACTS
from schemas.generate import FOLDER, SUFFIX
from store.records import Outcome, OutcomeKind
from store.sqlite import SqliteLog

EXAMPLES: Final = FOLDER / "examples"
DEFECTS: Final = tomllib.loads((EXAMPLES / "defects.toml").read_text("utf-8"))
UNSEEN: Final[dict[str, str]] = DEFECTS.pop("unseen")
"""What a schema cannot see, and why."""
REASONS: Final = {defect: reason for reason, defects in DEFECTS.items() for defect in defects}
VALID: Final = sorted(EXAMPLES.glob("*/valid/*.json"))
INVALID: Final = sorted(EXAMPLES.glob("*/invalid/*.json"))
NO_EXAMPLE: Final = frozenset({Reason.TOO_LARGE})
"""An example of more than 1 MiB would be of no use to a reader."""
PATHS: Final = re.compile(r"(?:^|; )([a-z][\w.\[\]]*): ")
"""The paths of the fields that a detail names."""

Outcomes = Mapping[Path, Outcome]


def name(path: Path) -> str:
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


def stored_name(path: Path) -> str:
    return path.parts[-3]


@cache
def validator(fact: str) -> Draft202012Validator:
    schema = orjson.loads((FOLDER / "reports" / f"{fact}{SUFFIX}").read_bytes())
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """What the intake made of each example; the valid ones came first."""
    paths = [*VALID, *INVALID]
    each = [list(messages(path)) for path in paths]
    assert all(len(one) == 1 for one in each)
    with SqliteLog(tmp_path_factory.mktemp("examples") / "log.sqlite") as log:
        intake = Intake(log, Sources.load(EXAMPLES / "sources.toml"))
        at = datetime(2018, 1, 31, tzinfo=UTC)
        yield dict(zip(paths, intake.take("files", [one[0] for one in each], at), strict=True))


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_example_is_recorded_and_fits_its_schema(path: Path, outcomes: Outcomes) -> None:
    told = outcomes[path]
    assert (told.kind, told.detail) == (OutcomeKind.RECORDED, None)
    report = orjson.loads(path.read_bytes())
    assert report["type"] == stored_name(path)
    assert [error.message for error in validator(stored_name(path)).iter_errors(report)] == []


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_example_is_set_aside_for_its_defect_alone(
    path: Path, outcomes: Outcomes
) -> None:
    told, reason = outcomes[path], REASONS[path.stem]
    assert (told.kind, told.reason) == (OutcomeKind.QUARANTINED, reason)
    detail = (told.detail or "").removesuffix(Reason(reason).advice).strip()
    says: str = DEFECTS[reason][path.stem]
    if reason == Reason.INVALID:
        assert PATHS.findall(detail) == [says]
    else:
        assert says in detail


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_a_schema_sees_what_a_schema_can_see(path: Path) -> None:
    seen = not fits(path)
    assert seen == (path.stem not in UNSEEN), "defects.toml lists under unseen what a schema passes"


def fits(path: Path) -> bool:
    """Whether the schema lets a document pass, or nobody can show it one."""
    try:
        report: Any = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return True
    return validator(stored_name(path)).is_valid(report)


def test_every_fact_has_examples_and_every_example_a_fact() -> None:
    assert {stored_name(path) for path in VALID} == set(FACTS)
    assert {stored_name(path) for path in INVALID} == set(FACTS)
    assert set(EXAMPLES.rglob("*.json")) == {*VALID, *INVALID}


def test_every_defect_and_every_reason_has_an_example() -> None:
    assert {path.stem for path in INVALID} == set(REASONS)
    assert set(REASONS.values()) | NO_EXAMPLE == set(Reason)
    assert set(UNSEEN) <= set(REASONS)


def test_every_field_that_must_be_there_is_missing_in_an_example() -> None:
    needed = {
        f"{fact}/invalid/missing-{field.replace('_', '-')}"
        for fact, model in FACTS.items()
        for field, info in model.model_fields.items()
        if info.is_required()
    }
    assert needed <= {name(path) for path in INVALID}

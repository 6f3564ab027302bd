"""The schemas that stand in the folder are those of the models."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.facts.fact import FACTS
from schemas import generate
from schemas.answer_schema import ANSWERS, MESSAGES
from schemas.generate import FOLDER, SUFFIX, schemas, text, write, written
from schemas.report_schema import JsonSchema, schema

NOW = dict(schemas())


@pytest.mark.parametrize("name", NOW)
def test_a_schema_file_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == text(NOW[name]), (
        f"run python -m {generate.__name__}"
    )


def test_every_fact_answer_and_message_has_a_schema_and_nothing_else() -> None:
    facts = {f"reports/{stored_name}{SUFFIX}" for stored_name in FACTS}
    answers = {f"answers/{name}{SUFFIX}" for name in ANSWERS}
    messages = {f"messages/{name}{SUFFIX}" for name in MESSAGES}
    assert written(FOLDER).keys() == facts | answers | messages


@pytest.mark.parametrize("found", NOW.values(), ids=NOW)
def test_a_schema_is_one_and_says_what_it_is_of(found: JsonSchema) -> None:
    Draft202012Validator.check_schema(found)
    kind, _, name = found["$id"].removeprefix("urn:customs-tracker:").partition(":")
    assert f"{kind}s/{name}{SUFFIX}" in NOW
    assert found["title"] == name
    assert found["description"].endswith(".")


def test_no_two_schemas_have_one_id() -> None:
    assert len({found["$id"] for found in NOW.values()}) == len(NOW)


@pytest.mark.parametrize("found", NOW.values(), ids=NOW)
def test_a_schema_stands_on_its_own(found: JsonSchema) -> None:
    assert used(found) == set(found["$defs"])


def used(value: Any) -> set[str]:  # noqa: ANN401  (any part of a schema)
    """The definitions that are referred to, anywhere."""
    if isinstance(value, list):
        return {name for each in value for name in used(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].removeprefix("#/$defs/")} if "$ref" in value else set()
    return own.union(*map(used, value.values()))


def test_a_value_type_of_the_facts_is_defined_once_under_its_name() -> None:
    lodged = schema("declaration.lodged.v1")
    assert lodged["properties"]["data"]["properties"]["declarant"] == {"$ref": "#/$defs/Party"}
    assert lodged["$defs"]["Line"]["properties"]["quantity"] == {"$ref": "#/$defs/Quantity"}


def test_writing_takes_away_what_is_no_schema_any_more(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / f"goods.forgotten.v1{SUFFIX}").write_text("{}")
    write(tmp_path)
    assert written(tmp_path) == NOW


def test_the_document_names_every_answer() -> None:
    document = (FOLDER.parent / "docs" / "schemas.md").read_text("utf-8")
    assert [name for name in ANSWERS if f"`{name}`" not in document] == []

"""The AsyncAPI document is that of the models, of the topics, and of what is really published."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from consumers import asyncapi as generate
from consumers.broker.ports import Outgoing
from consumers.processes.publisher import Publisher
from domain.facts.fact import FACTS as KINDS
from projections import journal
from projections.projector import Projector
from schemas import asyncapi
from schemas.asyncapi import FILE, NATIVE, NCTS, POSITION, TAKEN_BACK, VERDICT
from schemas.generate import FOLDER, text
from schemas.topics import FACTS, OUT, POSITIONS, REPORTS, TOPICS, VERDICTS
from store.sqlite import SqliteLog
from stories.model import load
from stories.play import record
from tests.processes.memory import MemoryProducer, Topics

OFFICIAL = Path(__file__).parent / "asyncapi-3.0.0.json"
DOCUMENT: dict[str, Any] = orjson.loads((FOLDER / FILE).read_bytes())
MESSAGES: dict[str, dict[str, Any]] = DOCUMENT["components"]["messages"]
STORIES = sorted((Path(__file__).parents[1] / "stories").glob("*.yaml"))[::5]


def refs(value: Any) -> Iterator[str]:  # noqa: ANN401  (any part of the document)
    if isinstance(value, list):
        for each in value:
            yield from refs(each)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from refs(each)


@cache
def of_payload(name: str) -> list[Draft202012Validator]:
    """The schemas of which a message's payload has to fit exactly one."""
    payload = MESSAGES[name]["payload"]
    files = list(refs(payload))
    if not files:
        return [Draft202012Validator(payload)]
    return [Draft202012Validator(orjson.loads((FOLDER / file).read_bytes())) for file in files]


@cache
def of_headers(name: str) -> Draft202012Validator:
    """The schema of a message's headers, and what it refers to."""
    schemas = {"schemas": DOCUMENT["components"]["schemas"]}
    return Draft202012Validator({**MESSAGES[name].get("headers", {}), "components": schemas})


def faults(name: str, payload: object, headers: dict[str, str]) -> list[str]:
    """Why a record is none of this message."""
    schemas = of_payload(name)
    found = [error.message for error in of_headers(name).iter_errors(headers)]
    if len(schemas) > 1:
        fitting = sum(schema.is_valid(payload) for schema in schemas)
        return found + ([f"fits {fitting} schemas"] if fitting != 1 else [])
    return found + [f"{e.json_path}: {e.message}" for e in schemas[0].iter_errors(payload)]


def message_of(record: Outgoing) -> str:
    """The name of the message that a published record is one of."""
    return TAKEN_BACK if record.value is None else dict(record.headers)["ce_type"].decode()


def test_the_file_is_up_to_date() -> None:
    now = text(asyncapi.document(generate.examples()))
    assert (FOLDER / FILE).read_text("utf-8") == now, f"run python -m {generate.__name__}"


def test_the_document_is_one_by_the_schema_of_asyncapi() -> None:
    official = orjson.loads(OFFICIAL.read_bytes())
    found = Draft7Validator(official).iter_errors(DOCUMENT)
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_a_document_with_a_fault_is_none() -> None:
    official = Draft7Validator(orjson.loads(OFFICIAL.read_bytes()))
    assert not official.is_valid({**DOCUMENT, "channels": {"facts": {"adress": "typo"}}})
    assert not official.is_valid({key: each for key, each in DOCUMENT.items() if key != "info"})


@pytest.mark.parametrize("ref", sorted(set(refs(DOCUMENT))))
def test_every_reference_leads_somewhere(ref: str) -> None:
    if not ref.startswith("#/"):
        Draft202012Validator.check_schema(orjson.loads((FOLDER / ref).read_bytes()))
        return
    found: Any = DOCUMENT
    for step in ref.removeprefix("#/").split("/"):
        found = found[step]
    assert found


def test_every_topic_is_a_channel_as_it_is_made() -> None:
    channels = {each["address"]: each for each in DOCUMENT["channels"].values()}
    assert channels.keys() == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        made = channels[topic.name]["bindings"]["kafka"]
        assert made["partitions"] == topic.partitions
        assert made["topicConfiguration"].keys() == topic.settings.keys()


def test_every_fact_goes_out_as_a_message_of_its_own() -> None:
    assert set(DOCUMENT["channels"]["facts"]["messages"]) == set(KINDS)
    assert MESSAGES.keys() == {*KINDS, NATIVE, NCTS, VERDICT, POSITION, TAKEN_BACK}


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_has_examples_that_fit_it(name: str) -> None:
    examples = MESSAGES[name]["examples"]
    assert examples
    found = [faults(name, each["payload"], each.get("headers", {})) for each in examples]
    assert [fault for each in found for fault in each] == []


def test_a_record_that_does_not_fit_is_seen() -> None:
    (example, *_) = MESSAGES[POSITION]["examples"]
    headers, payload = example["headers"], example["payload"]
    assert faults(POSITION, payload, {**headers, "ce_type": "other"})
    assert faults(POSITION, payload, {k: v for k, v in headers.items() if k != "ce_id"})
    assert faults(POSITION, {**payload, "index": "7"}, headers)
    (fact, *_) = MESSAGES["declaration.lodged.v1"]["examples"]
    assert faults("declaration.accepted.v1", fact["payload"], fact["headers"])


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_what_is_published_of_a_story_is_what_the_document_says(path: Path, tmp_path: Path) -> None:
    story, topics = load(path)[0], Topics()
    with SqliteLog(tmp_path / "log.db") as log:
        record(story, log)
        Projector(log, story.law, story.policies_of(story.points[0])).catch_up()
        journal.announce(log, max(story.as_of(point) for point in story.points))
        publisher = Publisher(log, MemoryProducer(topics))
        while publisher.step():
            """All of it."""
    assert {each.topic for each in topics.records} >= {FACTS.name, VERDICTS.name, POSITIONS.name}
    for each in topics.records:
        headers = {name: value.decode() for name, value in each.headers}
        payload = orjson.loads(each.value or b"null")
        assert faults(message_of(each), payload, headers) == []
        assert message_of(each) in asyncapi.messages_of(_topic(each.topic))


def _topic(name: str) -> Any:  # noqa: ANN401
    return next(topic for topic in OUT if topic.name == name)


def test_the_topic_of_a_source_has_its_name() -> None:
    assert REPORTS.of("port-varna") == "customs.port-varna.reports.v1"
    assert DOCUMENT["channels"]["reports"]["parameters"].keys() == {"source"}

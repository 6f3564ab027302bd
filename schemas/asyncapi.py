"""The AsyncAPI document of all topics, in and out: made from the models and the definitions.

Payloads are referred to by the files of their JSON Schemas, so it stands in the same folder.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final, NamedTuple

from domain.facts.fact import FACTS as KINDS
from schemas.report_schema import JsonSchema, paragraphs
from schemas.topics import FACTS, POSITIONS, REPORTS, TOPICS, VERDICTS, Topic

FILE: Final = "asyncapi.json"
FORMAT: Final = "application/schema+json;version=draft-2020-12"
BINDING: Final = "0.5.0"
VERDICT: Final = "customs.verdict.v1"
POSITION: Final = "customs.present-position.v1"
TAKEN_BACK: Final = "taken-back"
NATIVE: Final = "report"
NCTS: Final = "ncts"
_MESSAGES: Final = "#/components/messages/"
_SCHEMAS: Final = "#/components/schemas/"


class Example(NamedTuple):
    """A record as it stands on a topic: what its value says, and its headers."""

    payload: Any
    headers: Mapping[str, str] = {}
    summary: str = ""


Examples = Mapping[str, Sequence[Example]]
"""The examples of each message, by its name in the document."""


def document(examples: Examples) -> JsonSchema:
    """The document; every message in it has its examples."""
    messages = _messages()
    for name, message in messages.items():
        message["examples"] = [_example(name, each) for each in examples[name]]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Customs procedure tracker",
            "version": version("customs-tracker"),
            "description": "The topics of Kafka: what sources tell, and what follows from it.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_channel(topic): _described(topic) for topic in TOPICS},
        "operations": _operations(),
        "components": {"messages": messages, "schemas": _headers()},
    }


def messages_of(topic: Topic) -> tuple[str, ...]:
    """The names of the messages of a topic in the document."""
    if topic is FACTS:
        return tuple(sorted(KINDS))
    return {
        REPORTS.name: (NATIVE, NCTS),
        VERDICTS.name: (VERDICT,),
        POSITIONS.name: (POSITION, TAKEN_BACK),
    }[topic.name]


def _channel(topic: Topic) -> str:
    return topic.name.split(".")[-2]


def _described(topic: Topic) -> JsonSchema:
    source = "The name of the source, as the sources file spells it."
    parameters = {"parameters": {"source": {"description": source}}}
    return {
        "address": topic.name,
        "title": topic.title,
        "description": topic.about,
        **(parameters if topic is REPORTS else {}),
        "messages": {name: {"$ref": f"{_MESSAGES}{name}"} for name in messages_of(topic)},
        "bindings": {"kafka": _binding(topic)},
    }


def _binding(topic: Topic) -> JsonSchema:
    """How the topic is made; one whose name is open gets its name from its address."""
    settings = {name: _setting(name, value) for name, value in topic.settings.items()}
    return {
        **({} if topic is REPORTS else {"topic": topic.name}),
        "partitions": topic.partitions,
        "topicConfiguration": settings,
        "bindingVersion": BINDING,
    }


def _setting(name: str, value: str) -> object:
    if name == "cleanup.policy":
        return value.split(",")
    return float(value) if "." in value else int(value)


def _operations() -> JsonSchema:
    """What the tracker does: it receives reports, and sends the rest."""

    def operation(action: str, topic: Topic, summary: str) -> JsonSchema:
        channel = f"#/channels/{_channel(topic)}"
        return {"action": action, "channel": {"$ref": channel}, "summary": summary}

    return {
        "takeIn": operation("receive", REPORTS, "Intake records what a source tells."),
        "publishFacts": operation("send", FACTS, "The publisher tells what was recorded."),
        "replicate": operation("receive", FACTS, "A replica files the facts of another site."),
        "publishVerdicts": operation("send", VERDICTS, "The publisher tells what was said."),
        "publishPositions": operation("send", POSITIONS, "The publisher tells where goods are."),
    }


def _messages() -> dict[str, JsonSchema]:
    own: dict[str, JsonSchema] = {
        NATIVE: {
            "title": "A report",
            "summary": "A native report, the whole value of its record.",
            "payload": _payload(*(_report(name) for name in sorted(KINDS))),
        },
        NCTS: {
            "title": "A message of NCTS",
            "summary": "A message of phase 5 or 6 as JSON, which is translated.",
            "payload": {"type": "object", "minProperties": 1, "maxProperties": 1},
        },
        VERDICT: {
            "title": "A verdict",
            "summary": "An entry of the journal.",
            "headers": _typed("verdictHeaders", VERDICT),
            "payload": _payload(f"./answers/{VERDICT}.schema.json"),
        },
        POSITION: {
            "title": "A present position",
            "summary": "Where the goods of a movement are now.",
            "headers": _typed("positionHeaders", POSITION),
            "payload": _payload(f"./messages/{POSITION}.schema.json"),
        },
        TAKEN_BACK: {
            "title": "A name that nothing goes by",
            "summary": "The movement has another name by now; the record has no value.",
            "payload": {"type": "null"},
        },
    }
    facts = {name: _fact(name) for name in sorted(KINDS)}
    keys = {name: topic.key for topic in TOPICS for name in messages_of(topic)}
    return {
        name: {"name": name, **message, "bindings": {"kafka": _key(keys[name])}}
        for name, message in (own | facts).items()
    }


def _fact(name: str) -> JsonSchema:
    about = paragraphs(KINDS[name].__doc__ or "")
    return {
        "title": name,
        "summary": about.split("\n")[0],
        "headers": _typed("factHeaders", name),
        "payload": _payload(_report(name)),
    }


def _report(name: str) -> str:
    return f"./reports/{name}.schema.json"


def _payload(*files: str) -> JsonSchema:
    refs = [{"$ref": file} for file in files]
    return {"schemaFormat": FORMAT, "schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}


def _typed(headers: str, name: str) -> JsonSchema:
    return {
        "allOf": [{"$ref": f"{_SCHEMAS}{headers}"}, {"properties": {"ce_type": {"const": name}}}]
    }


def _key(about: str) -> JsonSchema:
    key = {"type": "string", "description": about}
    return {"key": key, "bindingVersion": BINDING}


def _example(name: str, example: Example) -> JsonSchema:
    headers = {"headers": dict(example.headers)} if example.headers else {}
    summary = {"summary": example.summary} if example.summary else {}
    return {"name": name, **summary, **headers, "payload": example.payload}


def _headers() -> JsonSchema:
    """The headers of each sort of CloudEvents message."""
    place = {
        "ce_logindex": _number("The log index of the fact."),
        "ce_streamversion": _number("The version of the fact in its stream."),
        "ce_leaf": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "The leaf hash of the record in the log, by which it is checked there.",
        },
    }
    judged = {"ce_logindex": _number("The log index up to which was judged.")}
    subject = "The stream: the reference that the fact is about."
    movement = "The reference of the movement."
    log = "The log that says so, by the leaf hash of its first record."
    return {
        "factHeaders": _event(
            "The id of the report, unique for its source.",
            "The source of the report.",
            "When the log recorded the fact.",
            subject,
            place,
        ),
        "verdictHeaders": _event(
            "The number of the entry, and a digest of the value.",
            log,
            "When the entry was said.",
            movement,
            judged,
        ),
        "positionHeaders": _event(
            "The movement, and all by which of two positions the later one is told.",
            log,
            "When the segment began; left out where nothing has begun.",
            movement,
            judged,
            optional=["ce_time"],
        ),
    }


def _event(
    id: str,
    source: str,
    time: str,
    subject: str,
    extensions: Mapping[str, JsonSchema],
    optional: Sequence[str] = (),
) -> JsonSchema:
    """CloudEvents 1.0 in binary mode."""
    properties: JsonSchema = {
        "content-type": {"const": "application/json"},
        "ce_specversion": {"const": "1.0"},
        "ce_id": _text(id),
        "ce_source": _text(source),
        "ce_type": _text("The name of what the value says, with its version."),
        "ce_time": {**_text(time), "format": "date-time"},
        "ce_subject": _text(subject),
        **extensions,
    }
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _text(about: str) -> JsonSchema:
    return {"type": "string", "minLength": 1, "description": about}


def _number(about: str) -> JsonSchema:
    return {"type": "string", "pattern": "^[1-9][0-9]*$", "description": about}

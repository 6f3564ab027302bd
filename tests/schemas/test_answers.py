"""What the product gives out is what its JSON Schemas say, no more and no less."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, Final, get_type_hints

import orjson
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from cli import demo
from cli.main import app
from projections import journal, queries
from projections.agenda import (
    DeadlineSaid,
    DebtSaid,
    DischargeSaid,
    ExtinctionSaid,
    StatusSaid,
    Verdict,
)
from projections.canonical import plain
from projections.projector import Projector
from projections.verdicts import given_out
from projections.view import view
from schemas import answer_schema
from schemas.answer_schema import ANSWERS, schema
from schemas.generate import FOLDER
from store.records import Erasure, Move
from store.sqlite import SqliteLog
from stories.model import Story, load
from stories.play import record

Line = dict[str, Any]

STORIES: Final = [
    next(iter(load(path)))
    for path in sorted((Path(__file__).parents[1] / "stories").glob("*.yaml"))
]
LISTS: Final[Mapping[str, Callable[..., Iterator[Any]]]] = {
    "customs.position.v1": queries.positions,
    "customs.debt.v1": queries.debts,
    "customs.deadline.v1": queries.deadlines,
    "customs.procedure.v1": queries.procedures,
    "customs.guarantee.v1": queries.guarantees,
    "customs.finding.v1": queries.findings,
}
SAID: Final = (*LISTS, "customs.verdict.v1")
"""The answers that tell what is derived; the others tell of messages and of the store."""
PARTITION: Final = "kafka:customs.port.reports.v1[0]@0Fgz"
NOON: Final = datetime(2017, 7, 1, 12, tzinfo=UTC)
EXAMPLES: Final = FOLDER / "examples"
COMMANDS: Final = (
    "debts",
    "deadlines --all",
    "procedures",
    "findings",
    "verdicts",
    "history 17BG00100700077332",
    "show MAEU584127730",
    "show mrn:17BG00300100051200",
    f"check {EXAMPLES}/declaration.lodged.v1 --sources {EXAMPLES}/sources.toml",
    "quarantine list",
    "quarantine show 79",
    "quarantine redrive",
    "quality",
    "doctor",
    f"ingest {EXAMPLES}/declaration.lodged.v1 --sources {EXAMPLES}/sources.toml --no-project",
    "partitions list",
    "partitions moves",
    "erasures",
)


def closed(part: Any) -> Any:  # noqa: ANN401  (any part of a schema)
    """A schema by which nothing may stand in a document that it does not name."""
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {key: closed(each) for key, each in part.items()}
    return {"additionalProperties": False, **found} if "properties" in found else found


VALIDATORS: Final = {name: Draft202012Validator(closed(schema(name))) for name in ANSWERS}


def faults(line: Line) -> list[str]:
    found = VALIDATORS[line["schema"]].iter_errors(line)
    return [f"{error.json_path}: {error.message}" for error in found]


def said(story: Story, log: SqliteLog) -> Iterator[Line]:
    """All that is said of a story: each list at each of its points, then the journal."""
    moments = sorted({story.as_of(point) for point in story.points})
    with view(log) as asked:
        for at in moments:
            for name, query in LISTS.items():
                for row in query(asked, at):
                    yield line(name, row, at)
    journal.announce(log, moments[-1])
    with log.connection() as db:
        for entry in journal.entries(db):
            yield line("customs.verdict.v1", given_out(entry))


def line(name: str, row: object, as_of: datetime | None = None) -> Line:
    spelled = plain(row)
    assert isinstance(spelled, dict)
    head = {"schema": name} | ({"as_of": plain(as_of)} if as_of else {})
    return {**head, **spelled}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """What is said of each story."""
    folder, found = tmp_path_factory.mktemp("stories"), list[Line]()
    for number, story in enumerate(STORIES):
        with SqliteLog(folder / f"{number}.sqlite") as log:
            record(story, log)
            Projector(log, story.law, story.policies_of(story.points[0])).catch_up()
            found += said(story, log)
    return found


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """What the command answers about the demonstration."""
    store = tmp_path_factory.mktemp("demonstration") / "demo.sqlite"
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        demo.main(store)
    with SqliteLog(store) as log:
        log.erase_raw(Erasure(79, NOON, "m.petrova", "case 7 of 2017"))
        log.start_partition(PARTITION, 4, NOON)
        log.move_partition(Move(PARTITION, 4, 9, NOON, "m.petrova", "lost with the disk"))
    asked = {"CUSTOMS_STORE": str(store), "CUSTOMS_TODAY": demo.TODAY.isoformat()}
    answers = (CliRunner().invoke(app, [*each.split(), "--json"], env=asked) for each in COMMANDS)
    return [orjson.loads(line) for answer in answers for line in answer.stdout.splitlines()]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_the_stories_is_what_its_schema_says(name: str, told: list[Line]) -> None:
    lines = [line for line in told if line["schema"] == name]
    assert lines
    assert [fault for line in lines for fault in faults(line)] == []


@pytest.mark.parametrize("name", ANSWERS)
def test_what_the_command_answers_is_what_its_schema_says(name: str, answered: list[Line]) -> None:
    lines = [line for line in answered if line["schema"] == name]
    assert lines
    assert [fault for line in lines for fault in faults(line)] == []


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_with_one_defect_is_not_what_its_schema_says(
    name: str, answered: list[Line]
) -> None:
    line = next(line for line in answered if line["schema"] == name)
    for field in {*schema(name)["required"]} - {"schema"}:
        assert faults({key: each for key, each in line.items() if key != field})
        assert faults(line | {field: 0.5})
    assert faults(line | {"colour": "red"})


def test_the_bytes_stand_in_the_answer_about_one_message_alone(answered: list[Line]) -> None:
    told = [line for line in answered if line["schema"] == "customs.outcome.v1"]
    assert [each["id"] for each in told if "raw" in each] == [79]
    assert len(told) > 1


def test_where_the_goods_came_from_is_told_of_each_movement_and_draw(
    answered: list[Line],
) -> None:
    nodes = {each["movement"] for each in answered if each["schema"] == "customs.node.v1"}
    draws = [each for each in answered if each["schema"] == "customs.draw.v1"]
    assert nodes == {each[end] for each in draws for end in ("source", "movement")}


def test_an_ingest_counts_what_was_recorded_and_why_the_rest_was_not(
    answered: list[Line],
) -> None:
    told = [each for each in answered if each["schema"] == "customs.ingest.v1"]
    assert {each["outcome"] for each in told} == {"recorded", "quarantined"}
    assert all((each["outcome"] == "quarantined") == bool(each["reason"]) for each in told)


def test_a_partition_that_starts_was_nowhere_and_nobody_moved_it(answered: list[Line]) -> None:
    started, moved = [each for each in answered if each["schema"] == "customs.move.v1"]
    assert [started["was"], started["now"], started["by"]] == [None, 4, None]
    assert [moved["was"], moved["now"], moved["by"]] == [4, 9, "m.petrova"]


def test_a_check_says_of_each_report_what_would_change(answered: list[Line]) -> None:
    told = [line for line in answered if line["schema"] == "customs.check.v1"]
    assert {line["outcome"] for line in told} == {"recorded", "quarantined"}
    changes = [each for line in told for each in line["changes"]]
    assert {each["effect"] for each in changes} == {"added"}
    assert all(each["now"] and each["was"] is None for each in changes)


def test_the_stories_say_all_sorts_of_verdicts(told: list[Line]) -> None:
    verdicts = [line for line in told if line["schema"] == "customs.verdict.v1"]
    fields = {tuple(sorted(line["now"])) for line in verdicts if line["now"]}
    bodies = (DeadlineSaid, DebtSaid, ExtinctionSaid, DischargeSaid, StatusSaid)
    assert fields == {tuple(sorted({"at", *get_type_hints(body)})) for body in bodies}
    assert {line["verdict"] for line in verdicts} <= set(Verdict)


@pytest.mark.parametrize(
    ("kind", "spelled"),
    [
        (Decimal, {"$ref": "#/$defs/Exact"}),
        (str | None, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (Mapping[str, bool], {"type": "object", "additionalProperties": {"type": "boolean"}}),
    ],
)
def test_a_type_is_spelled_as_answers_spell_it(kind: object, spelled: Line) -> None:
    assert answer_schema._spelled(kind, {}) == spelled


def test_a_type_that_no_answer_has_yet_is_refused() -> None:
    with pytest.raises(TypeError, match="has no JSON Schema"):
        answer_schema._spelled(tuple[int, str], {})


def test_a_field_that_is_no_schema_s_is_a_fault(told: list[Line]) -> None:
    line = next(each for each in told if "because" in each)
    assert faults(line | {"colour": "red"})
    assert faults({**line, "because": line["because"] | {"colour": "red"}})
    assert faults({key: each for key, each in line.items() if key != "because"})

"""What was released is kept: no later schema breaks it, and what was valid is still recorded."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from consumers.entitlement import Sources
from consumers.files import messages
from consumers.intake import Intake
from schemas.compatibility import Break
from schemas.generate import FOLDER, SUFFIX, schemas, written
from schemas.release import DIGESTS, EXAMPLES, RELEASED, broken, digests, release
from store.records import OutcomeKind
from store.sqlite import SqliteLog

NOW = dict(schemas())
VERSIONS = sorted(path for path in RELEASED.iterdir() if path.is_dir())


def name(path: Path) -> str:
    return path.name


def shown(breaks: Mapping[str, list[Break]]) -> str:
    return "\n".join(f"{name}: {each}" for name, some in breaks.items() for each in some)


@pytest.mark.parametrize("released", VERSIONS, ids=name)
def test_the_schemas_keep_what_was_released(released: Path) -> None:
    breaks = broken(released, NOW)
    assert not breaks, f"docs/schemas.md says what to do\n{shown(breaks)}"


@pytest.mark.parametrize("released", VERSIONS, ids=name)
def test_what_was_valid_then_is_valid_and_recorded_now(released: Path, tmp_path: Path) -> None:
    told = list(messages(released / EXAMPLES))
    sources = Sources.load(FOLDER / "examples" / "sources.toml")
    with SqliteLog(tmp_path / "log.sqlite") as log:
        outcomes = Intake(log, sources).take("files", told, datetime(2018, 1, 31, tzinfo=UTC))
    assert {each.kind for each in outcomes} == {OutcomeKind.RECORDED}, outcomes
    for schema in (NOW, written(released)):
        for report in (orjson.loads(message.raw) for message in told):
            validator = Draft202012Validator(schema[f"reports/{report['type']}{SUFFIX}"])
            assert [error.message for error in validator.iter_errors(report)] == []


@pytest.mark.parametrize("released", VERSIONS, ids=name)
def test_nobody_changed_what_was_released(released: Path) -> None:
    assert (released / DIGESTS).read_text("utf-8") == digests(released)


@pytest.mark.parametrize("released", VERSIONS, ids=name)
def test_an_example_of_every_report_was_released(released: Path) -> None:
    types = {orjson.loads(message.raw)["type"] for message in messages(released / EXAMPLES)}
    names = {name for name in written(released) if name.startswith("reports/")}
    assert {f"reports/{each}{SUFFIX}" for each in types} == names


def test_a_release_is_kept_as_it_is(tmp_path: Path) -> None:
    made = release("9.9.9", tmp_path)
    assert broken(made, NOW) == {}
    assert (made / DIGESTS).read_text("utf-8") == digests(made)
    with pytest.raises(FileExistsError):
        release("9.9.9", tmp_path)


def test_a_changed_file_of_a_release_is_seen(tmp_path: Path) -> None:
    made = release("9.9.9", tmp_path)
    (made / EXAMPLES).write_text("")
    assert (made / DIGESTS).read_text("utf-8") != digests(made)


def test_a_schema_that_is_gone_is_a_broken_promise(tmp_path: Path) -> None:
    made = release("9.9.9", tmp_path)
    gone = {name: each for name, each in NOW.items() if "goods.lost" not in name}
    assert shown(broken(made, gone)) == (
        "reports/goods.lost.v1.schema.json: the whole: schema was released, and is absent"
    )


def test_senders_and_readers_are_promised_different_things(tmp_path: Path) -> None:
    made = release("9.9.9", tmp_path)
    report, answer = f"reports/goods.lost.v1{SUFFIX}", f"answers/customs.debt.v1{SUFFIX}"
    more = {
        each: NOW[each] | {"properties": NOW[each]["properties"] | {"colour": {"type": "string"}}}
        for each in (report, answer)
    }
    assert broken(made, NOW | more) == {}
    needed = {each: more[each] | {"required": [*more[each]["required"], "colour"]} for each in more}
    assert broken(made, NOW | needed).keys() == {report}
    less = {
        each: NOW[each] | {"required": [each for each in NOW[each]["required"] if each != "id"]}
        for each in (report, answer)
    }
    assert broken(made, NOW | less).keys() == {answer}

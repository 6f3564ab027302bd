"""Up to where each partition was read, and moving one that stopped."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from cli.exits import Exit
from store.sqlite import SqliteLog
from tests.cli.conftest import Run

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAME = "kafka:customs.port.reports.v1[0]@0FgzvR7tQIakxblXzsmPbg"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite"
    with SqliteLog(path) as log:
        log.start_partition(NAME, 4, NOON)
    return path


def next_offset(store: Path) -> int:
    with SqliteLog(store) as log:
        return log.next_offset(NAME)


def test_the_list_shows_where_each_partition_stands(run: Run, store: Path) -> None:
    (line,) = run("partitions", "list", "--store", str(store), "--json").stdout.splitlines()
    assert orjson.loads(line) == {
        "schema": "customs.partition.v1",
        "partition": NAME,
        "next": 4,
    }
    assert NAME in run("partitions", "list", "--store", str(store)).stdout


@pytest.mark.parametrize("offset", [9, 0, 4])
def test_a_partition_is_moved_either_way(run: Run, store: Path, offset: int) -> None:
    result = run("partitions", "move", NAME, str(offset), "--why", "agreed", "--store", str(store))
    assert result.exit_code == Exit.OK
    assert f"moved from 4 to {offset}" in " ".join(result.stderr.split())
    assert next_offset(store) == offset


def test_a_partition_of_a_topic_made_again_is_started(run: Run, store: Path) -> None:
    again = NAME.replace("0Fgz", "1Fgz")
    why = ("--why", "agreed", "--store", str(store))
    assert run("partitions", "move", again, "3", *why).exit_code == Exit.NOT_FOUND
    begun = run("partitions", "move", again, "3", "--made-again", *why)
    assert begun.exit_code == Exit.OK
    assert "it begins at 3" in " ".join(begun.stderr.split())
    with SqliteLog(store) as log:
        assert log.partitions() == {NAME: 4, again: 3}


@pytest.mark.parametrize(
    ("name", "option", "hint"),
    [
        (NAME.replace("[0]", "[77]"), [], f"Did you mean {NAME}?"),
        (NAME.replace("[0]", "[77]"), ["--made-again"], f"Did you mean {NAME}?"),
        (NAME.replace("port", "prot"), [], "The log knows no partition"),
        (NAME.replace("port", "prot"), ["--made-again"], "The log knows no partition"),
        (NAME.replace("0Fgz", "1Fgz"), [], f"Did you mean {NAME}?"),
    ],
)
def test_a_partition_that_nobody_knows_is_not_moved(
    run: Run, store: Path, name: str, option: list[str], hint: str
) -> None:
    told = ("--why", "agreed", *option, "--store", str(store))
    refused = run("partitions", "move", name, "9", *told)
    assert refused.exit_code == Exit.NOT_FOUND
    assert hint in " ".join(refused.stderr.split())
    with SqliteLog(store) as log:
        assert log.partitions() == {NAME: 4}
        assert len(log.moves()) == 1


def test_whoever_moves_a_partition_says_why_and_it_is_kept(run: Run, store: Path) -> None:
    at = ("--store", str(store))
    for why in ([], ["--why", " "]):
        assert run("partitions", "move", NAME, "9", *why, *at).exit_code == Exit.USAGE
    assert next_offset(store) == 4
    run("partitions", "move", NAME, "9", "--why", "the port sends 4 to 8 again", "--by", "Ana", *at)
    shown = run("partitions", "moves", *at).stdout
    assert "the port sends 4 to 8 again" in " ".join(shown.split())
    first, second = map(orjson.loads, run("partitions", "moves", *at, "--json").stdout.splitlines())
    assert (first["was"], first["now"], first["by"]) == (None, 4, None)
    assert (second["was"], second["now"], second["by"]) == (4, 9, "Ana")


def test_nothing_else_is_moved(run: Run, store: Path) -> None:
    result = run("partitions", "move", "redrive", "3", "--why", "agreed", "--store", str(store))
    assert result.exit_code == Exit.USAGE
    assert "is no partition of Kafka" in result.stderr

"""How SQLite reads: along which indexes, and in a view of its own."""

from collections.abc import Mapping

import orjson
import pytest

from store import queries
from store.records import Link
from store.sqlite import SqliteLog
from tests.store.making import MRN_A, PERMIT, native, tell

Parameters = tuple[object, ...] | Mapping[str, object]


def plan(log: SqliteLog, query: str, parameters: Parameters) -> str:
    with log.connection() as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {query}", parameters).fetchall()
    return "\n".join(row[3] for row in rows)


def test_the_facts_of_a_stream_of_100_000_links_are_read_without_its_links(log: SqliteLog) -> None:
    uses = (Link(PERMIT, "authorisation"),) * 100_000
    tell(log, native("r1", PERMIT), native("r2", MRN_A, *uses), native("r3", PERMIT))

    assert [record.version for record in log.stream(PERMIT, links=False)] == [1, 100_002]
    assert [record.version for record in log.stream(PERMIT, up_to=9, links=False)] == [1]
    reads = plan(log, queries.FACTS_OF_STREAMS, of([PERMIT]))
    for near_or_far in ("versions", "facts"):
        along = f"INDEX stored_events_{near_or_far} (originator_id=? AND originator_version"
        assert along in reads
    assert visits(log, [PERMIT]) < 1_500  # about ten for each of the 100 links that it passes


def of(streams: list[str]) -> Parameters:
    return {"streams": orjson.dumps(streams).decode(), "up_to": 10**9}


def visits(log: SqliteLog, streams: list[str]) -> int:
    """How many steps of the database's machine it takes to read the facts of `streams`."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    with log.connection() as connection:
        connection.set_progress_handler(step, 1)
        connection.execute(queries.FACTS_OF_STREAMS, of(streams)).fetchall()
        connection.set_progress_handler(None, 0)
    return count


@pytest.mark.parametrize(
    ("query", "parameters", "index"),
    [
        (queries.RECORDS_OF_STREAMS, of([]), "INDEX stored_events_versions (originator_id=?"),
        (
            queries.LINKS_OF_STREAM,
            (PERMIT, 1, 9, 9),
            "INDEX stored_events_versions (originator_id=? AND originator_version>?)",
        ),
        (queries.STREAM_HEADS, ("[]",), "COVERING INDEX stored_events_versions (originator_id=?)"),
        (queries.RECORDS_AFTER, (1, 9, 9), "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        (queries.FACTS_AFTER, (1, 9, 9), "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        (
            queries.outcomes(["kind", "reason"], recorded=False),
            (0, "quarantined", "malformed", 9),
            "INDEX outcomes_not_recorded (kind=? AND id>?)",
        ),
    ],
)
def test_a_query_walks_along_an_index(
    log: SqliteLog, query: str, parameters: Parameters, index: str
) -> None:
    reads = plan(log, query, parameters)

    assert index in reads
    assert "SCAN stored_events" not in reads.replace("SCAN stored_events USING", "")
    assert "TEMP B-TREE" not in reads


def test_the_facts_of_a_report_are_found_by_their_indexes(log: SqliteLog) -> None:
    reads = plan(log, queries.FACTS_OF_REPORT, {"key": b"", "report_id": ""})
    assert "INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in reads
    assert "SCAN stored_events" not in reads


def test_the_names_of_streams_are_found_by_one_seek_each(log: SqliteLog) -> None:
    reads = plan(log, queries.STREAM_NAMES, ("", 10))
    assert reads.count("SEARCH stored_events USING COVERING INDEX stored_events_versions") == 2


def test_what_a_reading_connection_writes_is_undone(log: SqliteLog) -> None:
    with log.connection() as connection:
        connection.execute("CREATE TABLE positions (movement TEXT)")
    with log.connection() as connection:
        assert ("positions",) not in connection.execute("SELECT name FROM sqlite_master").fetchall()

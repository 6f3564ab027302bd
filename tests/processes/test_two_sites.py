"""One site publishes, another one replicates, by their commands alone."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.exits import Exit
from store.records import LINK, OutcomeKind
from store.sqlite import SqliteLog
from tests.broker.making import until as soon
from tests.processes.child import child, customs_run, stopped, until
from tests.processes.conftest import PATIENCE
from tests.projections.histories import HISTORY, models, projector, take, warehouse
from tests.servers.kafka import kafka_server

TOLD = [*HISTORY, *warehouse(60)]


@pytest.fixture(scope="module")
def empty() -> Iterator[str]:
    """A broker on which the topics have their own names."""
    with kafka_server() as server:
        yield server.bootstrap


def facts(log: SqliteLog) -> int:
    return sum(each.topic != LINK for each in log.page(0, 100_000))


def test_a_replica_follows_a_publisher_that_is_killed_and_started_again(
    empty: str, tmp_path: Path
) -> None:
    here = {"CUSTOMS_STORE": str(tmp_path / "here.db"), "CUSTOMS_KAFKA__BOOTSTRAP": empty}
    there = {**here, "CUSTOMS_STORE": str(tmp_path / "there.db")}
    slowly = {"CUSTOMS_PUBLISHER__BATCH": "10"}
    with ExitStack() as stack:
        one = stack.enter_context(SqliteLog(tmp_path / "here.db"))
        other = stack.enter_context(SqliteLog(tmp_path / "there.db"))
        take(one, TOLD)
        with child(tmp_path, "-m", "cli", "topics", **here) as made:
            made.communicate(timeout=PATIENCE)
        assert made.returncode == Exit.OK

        replica = stack.enter_context(customs_run(tmp_path, "replica", **there))
        until(replica, "started", "replica")
        with customs_run(tmp_path, "publisher", **here, **slowly) as killed:
            until(killed, "started", "publisher")
            soon(lambda: one.reader("publisher:facts") > 0, "something is published")
            killed.send_signal(signal.SIGKILL)
            killed.communicate(timeout=PATIENCE)
        publisher = stack.enter_context(customs_run(tmp_path, "publisher", **here))
        soon(lambda: facts(other) == len(TOLD), "all facts are there")
        for running in (publisher, replica):
            stopped(running)
            assert running.returncode == Exit.OK

        assert {kind for _, kind, _ in other.counts()} <= {
            OutcomeKind.RECORDED,
            OutcomeKind.DUPLICATE,
        }
        for log in (one, other):
            projector(log).catch_up()
        assert models(other) == models(one)

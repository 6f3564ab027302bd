"""Nothing lost, nothing doubled: every process killed again and again while reports come in."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Final

import pytest

from benchmarks.port import SOURCES
from cli.asking import terms
from consumers.processes.outboxes import READ_FACTS
from consumers.processes.places import PREFIX
from projections.projector import Projector
from store.log import Log
from store.opening import open_log
from tests.deployed import checks, feed
from tests.deployed.nursery import Nursery
from tests.deployed.site import Sender, Sent, Site, settle
from tests.deployed.storm import Storm
from tests.servers.kafka import Broker, kafka_server

REPORTS: Final = 50_000
KILLS: Final = 40
"""Of each kind of process."""
SEED: Final = 20_260_702
SMALL: Final = {
    "intake__batch": "500",
    "intake__poll_seconds": "0.1",
    "publisher__batch": "500",
    "projector__page": "300",
    "alarms__every": "1",
}
"""Small pieces: something is under way at each kill, and some of it gets done."""
LARGE: Final = {"publisher__batch": "5000", "projector__page": "5000"}
"""What is left over then is done as fast as can be."""


@pytest.fixture
def site(broker: Broker, postgres: str, tmp_path: Path, nursery: Nursery) -> Site:
    sources = tmp_path / "sources.toml"
    sources.write_text("".join(_source(name) for name in SOURCES))
    site = Site(tmp_path, broker.bootstrap, postgres, sources, SMALL, nursery)
    site.prepare()
    return site


@pytest.fixture
def broker() -> Iterator[Broker]:
    with kafka_server() as server:
        yield server


def _source(name: str) -> str:
    offices = sorted(SOURCES[name].offices or ())
    only = f"offices = {offices}\n" if offices else ""
    roles = sorted(role.value for role in SOURCES[name].roles)
    return f"[sources.{name}]\nroles = {roles}\n{only}"


def work(log: Log) -> dict[str, Callable[[], int]]:
    """How far each kind of process has got."""
    projector = Projector(log, *terms(log))
    return {
        "intake": lambda: sum(log.partitions(PREFIX).values()),
        "publisher": lambda: log.reader(READ_FACTS),
        "projector": lambda: projector.lag().position,
    }


def rage(storm: Storm, broker: Broker, sender: Sender, sent: list[Sent]) -> None:
    """Kill until all is sent and each kind was killed often enough; the broker as well."""
    kinds = storm.kills
    pieces = feed.slices(sent, -(-len(sent) // (KILLS * len(kinds))))
    restarts = [(KILLS, broker.kill), (2 * KILLS, broker.stop)]
    while min(kinds.values()) < KILLS or sender.sent < len(sent):
        if not storm.strike():
            time.sleep(0.02)
            continue
        sender.send(next(pieces, ()))
        if restarts and kinds.total() >= restarts[0][0]:
            broker.ready()
            restarts.pop(0)[1]()
            broker.launch()
    storm.calm()
    broker.ready()


def test_nothing_is_lost_and_nothing_doubled(
    site: Site, broker: Broker, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = Random(SEED)  # noqa: S311 - it chooses what comes when, and no secrets
    sent = feed.reports(REPORTS, chance)
    with open_log(site.store, create=False) as log, ExitStack() as stack:
        running = [stack.enter_context(site.start("alarms"))]
        storm = Storm(site, work(log), chance)
        with closing(Sender(broker.bootstrap)) as sender:
            rage(storm, broker, sender, sent)
        running += [stack.enter_context(site.start(kind, **LARGE)) for kind in storm.kills]
        settle(log, len(sent))
        assert [each.stop() for each in running] == [0, 0, 0, 0]
        found = checked(log, broker.bootstrap, sent)
    with capsys.disabled():
        print(f"\nseed {SEED}, kills {dict(storm.kills)}, of them at work {dict(storm.at_work)},")  # noqa: T201
        print(", ".join(f"{name} {what}" for name, what in found.items()))  # noqa: T201


def checked(log: Log, kafka: str, sent: list[Sent]) -> dict[str, object]:
    """Everything that must hold; what was found."""
    kinds = checks.one_outcome_each(log, kafka)
    assert kinds == feed.outcomes(sent)
    records = checks.dense(log)
    return {
        **{kind.value: many for kind, many in kinds.items()},
        "records of the log": len(records),
        "facts published again": checks.facts_are_published(records, kafka),
        "verdicts published again": checks.verdicts_are_published(log, kafka),
        "positions": checks.positions_are_published(log, kafka),
        "verdicts that stand": checks.journal_ends_with_what_is_said(log),
        "read models": checks.read_models_equal_a_rebuild(log),
    }

"""What becomes of a site when brokers, servers and its own processes go and come back."""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from confluent_kafka.admin import AdminClient

from consumers.processes.places import PREFIX
from schemas.topics import FACTS, REPORTS
from store.log import Log
from store.opening import open_log
from store.records import OutcomeKind
from tests.deployed import checks
from tests.deployed.nursery import Nursery
from tests.deployed.site import Sender, Sent, Site, left, settle, until
from tests.servers.kafka import Cluster, kafka_cluster
from tests.servers.postgres import own_server

SMALL = {"intake__batch": "100", "intake__poll_seconds": "0.1", "publisher__batch": "100"}
"""Pieces of a size that makes many of a small feed."""
MIB = 1 << 20


def presented(source: str, number: int, size: int = 0) -> bytes:
    """Goods are presented; of `size` bytes where that is given."""
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"{source}-{number}",
        "source": source,
        "type": "temporary-storage.goods-presented.v1",
        "subject": f"doc:{source}-{number % 500}",
        "role": "facility",
        "time": "2017-03-01T10:05:00+02:00",
        "data": {
            "happened": f"2017-03-{number % 28 + 1:02}T10:00:00+02:00",
            "office": "BG002002",
            "holder": "BG201611700",
            "lines": [{"number": 1, "quantity": "120.5", "unit": "KGM"}],
        },
    }
    raw = orjson.dumps(told)
    # white space says nothing, and is kept
    return raw[:-1] + b" " * (size - len(raw)) + b"}" if size else raw


def feed(source: str, first: int, last: int) -> Iterator[Sent]:
    """The reports of these numbers; every tenth is told twice."""
    for number in range(first, last):
        sent = Sent(REPORTS.of(source), b"%d" % (number % 7), presented(source, number))
        yield from [sent] * (2 if number % 10 == 0 else 1)


def taken(log: Log) -> int:
    """How many records were taken in."""
    return sum(log.partitions(PREFIX).values())


@pytest.fixture
def source() -> str:
    return f"port-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def site(
    kafka: str,
    postgres: str,
    source: str,
    sources: Callable[..., Path],
    tmp_path: Path,
    nursery: Nursery,
) -> Site:
    """On the broker that all tests share: what it publishes stands beside that of others."""
    site = Site(tmp_path, kafka, postgres, sources(source), SMALL, nursery)
    site.prepare()
    return site


def test_three_intakes_and_two_projectors_share_the_work(
    site: Site, log: Log, kafka: str, source: str
) -> None:
    with ExitStack() as stack:
        intakes = [stack.enter_context(site.start("intake")) for _ in range(3)]
        projectors = [stack.enter_context(site.start("projector")) for _ in range(2)]
        with closing(Sender(kafka)) as sender:
            sender.send(feed(source, 0, 1_500))
            until(lambda: taken(log), "something is taken in")
            intakes.pop().child.kill()
            assert intakes.pop().stop() == 0
            sender.send(feed(source, 1_500, 3_000))
        until(lambda: not _derived(log, sender.sent), "all is taken in and derived")
        assert [each.stop() for each in (*intakes, *projectors)] == [0, 0, 0]
    kinds = checks.one_outcome_each(log, kafka)
    assert kinds == {OutcomeKind.RECORDED: 3_000, OutcomeKind.DUPLICATE: 300}
    checks.dense(log)
    checks.journal_ends_with_what_is_said(log)
    checks.read_models_equal_a_rebuild(log)


def _derived(log: Log, sent: int) -> dict[str, int]:
    """What is left to do where nobody publishes."""
    return {name: many for name, many in left(log, sent).items() if ":" not in name}


def test_an_intake_that_stood_still_while_another_took_over_doubles_nothing(
    site: Site, log: Log, kafka: str, source: str
) -> None:
    with ExitStack() as stack:
        zombie = stack.enter_context(site.start("intake"))
        with closing(Sender(kafka)) as sender:
            sender.send(feed(source, 0, 2_000))
            until(lambda: taken(log), "something is taken in", pause=0.001)
            os.kill(zombie.child.pid, signal.SIGSTOP)
            stood = taken(log)
            heir = stack.enter_context(site.start("intake"))
            sender.send(feed(source, 2_000, 2_500))
            until(lambda: taken(log) >= sender.sent, "another one has taken over")
            assert stood < sender.sent
            os.kill(zombie.child.pid, signal.SIGCONT)
            sender.send(feed(source, 2_500, 3_000))
        until(lambda: taken(log) >= sender.sent, "all is taken in")
        assert [zombie.stop(), heir.stop()] == [0, 0]
    kinds = checks.one_outcome_each(log, kafka)
    assert kinds == {OutcomeKind.RECORDED: 3_000, OutcomeKind.DUPLICATE: 300}
    checks.dense(log)


def test_a_message_above_the_limit_is_set_aside_and_one_at_it_is_published(
    site: Site, log: Log, kafka: str, source: str
) -> None:
    largest, too_large = presented(source, 1, MIB), presented(source, 2, MIB + 1)
    squeezed = presented(source, 3, 20 * MIB)
    topic = REPORTS.of(source)
    with ExitStack() as stack:
        for name in ("intake", "publisher"):
            stack.enter_context(site.start(name))
        with closing(Sender(kafka, {"message.max.bytes": 3 * MIB})) as sender:
            sender.send([Sent(topic, b"", largest), Sent(topic, b"", too_large)])
        # what is small on the way may be large when it comes
        narrow: dict[str, str | int] = {"message.max.bytes": 30 * MIB, "compression.type": "zstd"}
        with closing(Sender(kafka, narrow)) as sender:
            sender.send([Sent(topic, b"", squeezed), *feed(source, 10, 20)])
        until(lambda: taken(log) == 14 and not _unpublished(log), "all is done")
    kinds = checks.one_outcome_each(log, kafka)
    assert kinds[OutcomeKind.RECORDED] == 11
    aside = list(log.outcomes(kind=OutcomeKind.QUARANTINED))
    assert [each.reason for each in aside] == ["too_large", "too_large"]
    # without a key they may stand in two partitions, which have no order
    kept = sorted((log.raw(each.id) or b"" for each in aside), key=len)
    assert (kept[0] == too_large, kept[1] == squeezed) == (True, True)
    told = {each.value for part in checks.published(kafka, FACTS) for each in part}
    assert largest in told
    assert presented(source, 19) in told


def _unpublished(log: Log) -> int:
    return left(log, 0).get("publisher: facts", 0)


def test_a_database_killed_again_and_again_loses_and_doubles_nothing(
    kafka: str, source: str, sources: Callable[..., Path], tmp_path: Path, nursery: Nursery
) -> None:
    with own_server() as server, ExitStack() as stack:
        site = Site(tmp_path, kafka, server.address, sources(source), SMALL, nursery)
        site.prepare()
        log = stack.enter_context(open_log(site.store, create=False))
        running = [
            stack.enter_context(site.start(name))
            for name in ("intake", "publisher", "projector", "alarms")
        ]
        with closing(Sender(kafka)) as sender:
            for kill in range(4):
                before = taken(log)
                sender.send(feed(source, kill * 500, (kill + 1) * 500))
                until(lambda: taken(log) > before, "something is taken in", pause=0.001)  # noqa: B023
                server.kill()
                server.start()
        settle(log, sender.sent)
        assert [each.stop() for each in running] == [0, 0, 0, 0]
        kinds = checks.one_outcome_each(log, kafka)
        assert kinds == {OutcomeKind.RECORDED: 2_000, OutcomeKind.DUPLICATE: 200}
        checks.dense(log)
        checks.journal_ends_with_what_is_said(log)
        checks.read_models_equal_a_rebuild(log)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with kafka_cluster() as cluster:
        yield cluster


def test_of_three_brokers_two_are_killed_in_turn(
    cluster: Cluster,
    postgres: str,
    sources: Callable[..., Path],
    tmp_path: Path,
    nursery: Nursery,
) -> None:
    site = Site(tmp_path, cluster.bootstrap, postgres, sources("port"), SMALL, nursery)
    site.prepare(copies=3)
    with open_log(site.store, create=False) as log, ExitStack() as stack:
        running = [
            stack.enter_context(site.start(name))
            for name in ("intake", "publisher", "projector", "alarms")
        ]
        with closing(Sender(cluster.bootstrap)) as sender:
            for turn, broker in enumerate(cluster.brokers[:2]):
                sender.send(feed("port", turn * 500, (turn + 1) * 500))
                broker.kill()
                sender.send(feed("port", 5_000 + turn * 500, 5_500 + turn * 500))
                # two brokers are left, which is enough for all to go on
                until(lambda: taken(log) == sender.sent, "all goes on with two brokers")
                broker.start()
                until(lambda: _in_step(cluster), "the brokers are in step again")
        settle(log, sender.sent)
        assert [each.stop() for each in running] == [0, 0, 0, 0]
        kinds = checks.one_outcome_each(log, cluster.bootstrap)
        assert kinds == {OutcomeKind.RECORDED: 2_000, OutcomeKind.DUPLICATE: 200}
        records = checks.dense(log)
        checks.facts_are_published(records, cluster.bootstrap)
        checks.verdicts_are_published(log, cluster.bootstrap)
        checks.positions_are_published(log, cluster.bootstrap)


def _in_step(cluster: Cluster) -> bool:
    """Whether every broker has every record."""
    admin = AdminClient({"bootstrap.servers": cluster.bootstrap, "log_level": 0})
    parts = [part for t in admin.list_topics().topics.values() for part in t.partitions.values()]
    return all(len(part.isrs) == len(part.replicas) for part in parts)

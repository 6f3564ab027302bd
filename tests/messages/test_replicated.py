"""Facts that went over the topic give the same read models elsewhere."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consumers.broker.ports import Arrived, Outgoing
from consumers.entitlement import Sources
from consumers.files import messages
from consumers.intake import Intake
from consumers.messages.facts import facts
from consumers.messages.replicated import replicated
from domain.law.citation import Law
from domain.policies import Policies
from projections.digest import digest
from projections.projector import Projector
from store.log import Log
from store.records import LINK, Batch, Outcome, OutcomeKind
from store.sqlite import SqliteLog
from stories.model import Story, load
from stories.play import record
from tests.processes.memory import PARTITIONS, Topics
from tests.projections.histories import HISTORY, projector, take, warehouse

EXAMPLES = Path(__file__).parents[2] / "examples"
STORIES = sorted((Path(__file__).parents[1] / "stories").glob("*.yaml"))
ELSEWHERE = datetime(2026, 1, 1, tzinfo=UTC)


def published(log: Log) -> Topics:
    """The facts on their topic, as the publisher of this log sends them."""
    topics = Topics()
    topics.records += facts(log.page(0, 100_000), "facts")
    return topics


def arrived(records: Sequence[Outgoing]) -> list[Arrived]:
    return [
        Arrived("facts", 0, offset, each.key, each.value, each.headers, 0)
        for offset, each in enumerate(records)
    ]


def filed(log: Log, partition: str, records: Sequence[Arrived]) -> list[Outcome]:
    """File the next records of a partition."""
    if not records:
        return []
    first = log.next_offset(partition)
    incoming = tuple(replicated(each) for each in records)
    return log.append(Batch(partition, first, incoming, records[-1].offset + 1), ELSEWHERE)


def file_shuffled(log: Log, topics: Topics, seed: int) -> None:
    """File all partitions, a few records of one after a few of another."""
    order = random.Random(seed)  # noqa: S311  (a shuffle that can be repeated)
    left = {n: list(topics.arrived("facts", n)) for n in range(PARTITIONS)}
    while any(left.values()):
        partition = order.choice([n for n in left if left[n]])
        many = order.randint(1, 3)
        outcomes = filed(log, str(partition), left[partition][:many])
        left[partition] = left[partition][many:]
        assert {each.kind for each in outcomes} == {OutcomeKind.RECORDED}


def streams(log: Log) -> dict[str, list[bytes]]:
    """The facts of each stream, in its order, without the links."""
    names = log.stream_names(limit=100_000)
    return {
        name: bodies
        for name in names
        if (bodies := [each.body for each in log.stream(name) if each.topic != LINK])
    }


def links(log: Log) -> set[tuple[str, str, str]]:
    """On which stream which report has a link."""
    page = log.page(0, 100_000)
    return {(each.stream, each.source, each.report_id) for each in page if each.topic == LINK}


def projected(log: Log, law: Law, policies: Policies) -> str:
    Projector(log, law, policies).catch_up()
    with log.connection() as db:
        return digest(db)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_replica_s_read_models_are_equal(path: Path, tmp_path: Path) -> None:
    story: Story = load(path)[0]
    law, policies = story.law, story.policies_of(story.points[0])
    with SqliteLog(tmp_path / "one.db") as one, SqliteLog(tmp_path / "other.db") as other:
        record(story, one)
        file_shuffled(other, published(one), seed=len(path.stem))

        assert projected(other, law, policies) == projected(one, law, policies)
        assert streams(other) == streams(one)
        assert links(other) == links(one)


@pytest.mark.parametrize("folder", ["demo", "feeds"])
def test_facts_that_a_feed_told_are_facts_like_others(folder: str, tmp_path: Path) -> None:
    with SqliteLog(tmp_path / "one.db") as one, SqliteLog(tmp_path / "other.db") as other:
        took_in(one, EXAMPLES / folder)
        file_shuffled(other, published(one), seed=5)

        assert projected(other, Law(), Policies()) == projected(one, Law(), Policies())
        assert streams(other) == streams(one)
        assert links(other) == links(one)


def took_in(log: Log, folder: Path) -> None:
    """Take in examples as sources tell them; one message of a feed tells several facts."""
    sources = Sources.load(EXAMPLES / "demo" / "sources.toml")
    told = [each for path in sorted(folder.iterdir()) for each in messages(path, None)]
    spoken = [each._replace(speaker="ncts") if each.feed == "ncts" else each for each in told]
    outcomes = Intake(log, sources).take("files", spoken, ELSEWHERE)
    facts_of = [each for each in log.page(0, 100_000) if each.topic != LINK]

    assert any(message.feed == "ncts" for message in spoken)
    assert len(facts_of) > sum(each.kind is OutcomeKind.RECORDED for each in outcomes) > 0


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_partitions_does_not_matter(seed: int, tmp_path: Path) -> None:
    with SqliteLog(tmp_path / "one.db") as one, SqliteLog(tmp_path / "other.db") as other:
        take(one, [*HISTORY, *warehouse(40)])
        file_shuffled(other, published(one), seed)
        projector(one).catch_up()
        projector(other, page=7).catch_up()

        with one.connection() as here, other.connection() as there:
            assert digest(here) == digest(there)


def test_repeats_are_dropped(log: SqliteLog, tmp_path: Path) -> None:
    take(log, HISTORY)
    told = published(log).records
    with SqliteLog(tmp_path / "other.db") as other:
        outcomes = filed(other, "0", arrived([*told, *told[1:3], *told]))

        assert [each.kind for each in outcomes[: len(told)]] == [OutcomeKind.RECORDED] * len(told)
        assert {each.kind for each in outcomes[len(told) :]} == {OutcomeKind.DUPLICATE}
        assert streams(other) == streams(log)


def test_a_replica_of_a_replica_holds_the_same_facts(log: SqliteLog, tmp_path: Path) -> None:
    take(log, HISTORY)
    with SqliteLog(tmp_path / "2.db") as second, SqliteLog(tmp_path / "3.db") as third:
        file_shuffled(second, published(log), 1)
        file_shuffled(third, published(second), 2)

        assert streams(third) == streams(log)


def test_what_is_no_fact_is_set_aside_with_its_bytes(log: SqliteLog) -> None:
    told: Iterable[bytes | None] = (b"", b"{", None, HISTORY[0].replace(b"goods-presented", b"x"))
    outcomes = filed(log, "0", arrived([Outgoing("facts", b"key", each) for each in told]))

    assert [each.reason for each in outcomes] == [
        "malformed",
        "malformed",
        "not_a_report",
        "unknown_type",
    ]


def test_a_fact_that_differs_under_its_id_is_a_conflict(log: SqliteLog) -> None:
    other = HISTORY[0].replace(b'"100"', b'"101"')
    records = arrived([Outgoing("facts", b"key", each) for each in (HISTORY[0], other)])

    assert [each.reason for each in filed(log, "0", records)] == [None, "id_conflict"]

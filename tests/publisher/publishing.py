"""A publisher over topics in memory, and what a reader makes of what stands there."""

from collections.abc import Sequence
from datetime import UTC, datetime

from consumers.broker.ports import Outgoing
from consumers.messages.cloud_event import attributes
from consumers.messages.positions import Latest
from consumers.processes.publisher import Publisher
from projections import journal
from projections.canonical import plain
from projections.current import present
from projections.publications import reached
from projections.tables import MOVEMENTS
from schemas.topics import POSITIONS
from store.log import Log
from tests.processes.memory import MemoryProducer, Topics
from tests.projections.histories import everything, projector

JUNE = datetime(2017, 6, 1, tzinfo=UTC)
MAY = datetime(2017, 5, 1, tzinfo=UTC)
APRIL = datetime(2017, 4, 1, tzinfo=UTC)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Killed(BaseException):
    """The process ended here."""


def publisher(
    log: Log,
    topics: Topics,
    *,
    fails: Sequence[int] = (),
    page: int = 3,
    clock: Clock | None = None,
) -> Publisher:
    return Publisher(log, MemoryProducer(topics, fails), page=page, clock=clock or Clock())


def run(process: Publisher) -> None:
    """Until nothing is left to do."""
    while process.step():
        pass


def derived(log: Log, until: datetime | None = None) -> None:
    projector(log).catch_up()
    if until:
        journal.announce(log, until)


def identity(record: Outgoing) -> tuple[str, str]:
    found = attributes(record.headers)
    return found["source"], found["id"]


def firsts(records: Sequence[Outgoing]) -> list[Outgoing]:
    """Each record where it stands first; repeats must be the same bytes."""
    found: dict[tuple[str, str], Outgoing] = {}
    for each in records:
        assert found.setdefault(identity(each), each) == each
    return list(found.values())


def latest(topics: Topics) -> dict[str, object]:
    read = Latest()
    for each in topics.of(POSITIONS.name):
        read.take(each.key, each.value)
    return dict(read.values)


def standing(log: Log) -> dict[str, object]:
    """The present positions as the read models have them; those of which nothing holds left out."""
    names = [str(row[0]) for row in everything(log, MOVEMENTS)]
    with log.connection() as db:
        until = reached(db)
        assert until
        found = present(db, names, until.instant, until.generation)
    return {
        name: {"schema": "customs.present-position.v1", **as_object(said)}
        for name, said in found.items()
        if said.since
    }


def as_object(value: object) -> dict[str, object]:
    found = plain(value)
    assert isinstance(found, dict)
    return found

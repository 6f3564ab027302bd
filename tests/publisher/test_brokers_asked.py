"""Whoever has nothing to send sees all the same whether a broker answers."""

from collections.abc import Collection
from pathlib import Path

import pytest

from consumers.broker.ports import BrokerError
from consumers.processes.publisher import LOOK_SECONDS, Publisher
from schemas.topics import OUT
from store.log import Log
from store.sqlite import SqliteLog
from tests.processes.memory import MemoryProducer, Topics
from tests.projections.histories import HISTORY, take
from tests.publisher.publishing import Clock, publisher, run


class Brokers:
    """Whether any of them answers, and how often they were asked."""

    def __init__(self) -> None:
        self.answer, self.asked = True, 0

    def __call__(self, topics: Collection[str]) -> None:
        assert {*topics} == {each.name for each in OUT}
        self.asked += 1
        if not self.answer:
            raise BrokerError("No broker let us in.")


def test_who_has_nothing_to_send_fails_while_no_broker_answers(log: Log, topics: Topics) -> None:
    brokers, clock = Brokers(), Clock()
    brokers.answer = False
    process = Publisher(log, MemoryProducer(topics), reach=brokers, clock=clock)
    for _ in range(2):
        with pytest.raises(BrokerError):
            process.step()
    brokers.answer = True
    assert not process.step()
    brokers.answer = False
    assert not process.step()
    clock.now += LOOK_SECONDS
    with pytest.raises(BrokerError):
        process.step()


def test_brokers_are_asked_now_and_then_and_not_while_there_is_work(
    log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    brokers, clock = Brokers(), Clock()
    process = Publisher(log, MemoryProducer(topics), page=1, reach=brokers, clock=clock)
    while process.step():
        assert brokers.asked == 0
    assert brokers.asked == 1
    for _ in range(10):
        clock.now += LOOK_SECONDS / 5
        process.step()
    assert brokers.asked == 3


def test_a_reserve_asks_the_brokers_as_well(path: Path, topics: Topics) -> None:
    with SqliteLog(path) as log, SqliteLog(path) as other:
        take(log, HISTORY)
        brokers, clock = Brokers(), Clock()
        process = Publisher(log, MemoryProducer(topics), reach=brokers, clock=clock)
        box = process._outboxes[0]
        box.next()
        run(publisher(other, topics))
        assert not process.step()
        assert process._until is not None
        brokers.answer = False
        clock.now += LOOK_SECONDS
        with pytest.raises(BrokerError):
            process.step()

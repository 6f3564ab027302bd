"""What the publisher puts on the topics, whatever ends it in between."""

import random
from collections import deque
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from consumers.broker.ports import BrokerError
from consumers.processes.publisher import Publisher
from projections import journal
from projections.tables import JOURNAL
from schemas.topics import FACTS, POSITIONS, VERDICTS
from store.records import LINK
from store.sqlite import SqliteLog
from tests.processes.memory import Topics
from tests.projections.histories import HISTORY, everything, projector, stored, take, warehouse
from tests.publisher.publishing import (
    APRIL,
    Clock,
    Killed,
    firsts,
    latest,
    publisher,
    run,
    standing,
)


class Chaos:
    """Two publishers that fail and end at random, while facts come and legal time goes on."""

    def __init__(self, path: Path, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  (the same always)
        self.log, self.path, self.topics = SqliteLog(path), path, Topics()
        self.clock = Clock()
        self.left = deque([*HISTORY, *warehouse(6), *stored("doc:BL-2")])
        self.day = APRIL
        self.logs = [SqliteLog(path), SqliteLog(path)]
        self.publishers = [self.started(each) for each in self.logs]
        self.ended = 0

    def started(self, log: SqliteLog) -> Publisher:
        fails = [self.dice.randint(0, 6)] if self.dice.random() < 0.5 else []
        page = self.dice.randint(1, 5)
        return publisher(log, self.topics, fails=fails, page=page, clock=self.clock)

    def act(self) -> None:
        """Something happens."""
        match self.dice.randint(0, 9):
            case 0 | 1 if self.left:
                take(self.log, [self.left.popleft() for _ in range(min(2, len(self.left)))])
            case 2 | 3:
                projector(self.log, page=5, piece=2).catch_up()
            case 4:
                self.day += timedelta(days=self.dice.randint(1, 40))
                journal.announce(self.log, self.day)
            case 5:
                self.clock.now += self.dice.randint(1, 20)
            case _:
                self.publish(self.dice.randint(0, 1))

    def publish(self, number: int) -> None:
        """One of the two takes a step, in which the other one may take some, or it may end."""
        running, other = self.publishers[number], self.publishers[1 - number]
        settle = running._producer.settle

        def settled() -> None:
            for _ in range(self.dice.randint(0, 2)):
                with suppress(BrokerError):
                    other.step()
            settle()
            if self.dice.random() < 0.15:
                raise Killed

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(running._producer, "settle", settled)
            try:
                running.step()
            except BrokerError:
                return
            except Killed:
                self.ended += 1
                self.publishers[number] = self.started(self.logs[number])

    def finish(self) -> None:
        """All is told, nothing fails any more, and both have time."""
        take(self.log, self.left)
        projector(self.log).catch_up()
        journal.announce(self.log, self.day + timedelta(days=400))
        for _ in range(4):
            self.clock.now += 100
            for each in self.publishers:
                with suppress(BrokerError):
                    run(each)

    def close(self) -> None:
        for each in (self.log, *self.logs):
            each.close()


def without_index(positions: dict[str, object]) -> dict[str, object]:
    """What is said, be it that the movement was judged again and the same was said."""
    return {
        name: {key: each for key, each in said.items() if key != "index"}
        for name, said in positions.items()
        if isinstance(said, dict)
    }


@pytest.mark.parametrize("seed", range(8))
def test_whatever_ends_them_all_is_published_in_order_and_positions_come_right(
    seed: int, path: Path
) -> None:
    chaos = Chaos(path, seed)
    for _ in range(80):
        chaos.act()
    chaos.finish()
    log, topics = chaos.log, chaos.topics
    facts, verdicts = firsts(topics.of(FACTS.name)), firsts(topics.of(VERDICTS.name))
    last = {each.key.decode(): each.value for each in topics.of(POSITIONS.name)}

    assert [each.value for each in facts] == [
        record.body for record in log.page(0, 10_000) if record.topic != LINK
    ]
    numbers = [orjson.loads(each.value or b"")["number"] for each in verdicts]
    assert numbers == [row[0] for row in everything(log, JOURNAL)]
    stands = without_index(standing(log))
    assert without_index(latest(topics)) == stands
    assert without_index({k: orjson.loads(v) for k, v in last.items() if v}) == stands
    assert all(each.progress().behind == 0 for each in chaos.publishers)
    chaos.close()

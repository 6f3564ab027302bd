"""The publisher: from the log, the journal and the read models to the topics, at least once.

What was handed to the broker and acknowledged is passed over afterwards. Whatever ends it in
between has it send some records again: facts and verdicts in the same bytes and the same order.

One publisher is enough; another one is a reserve. Where readers of the log stand is compared and
set, so of two that send at once one finds that the other was faster: it stands back until nothing
has moved for `patience`. What both sent in the meantime are repeats, and first tellings are in
order still, since whoever sends a record has sent all before it, or found it acknowledged. Who
sends the earlier of two positions after the later one finds that his mark does not fit, and has
the position published once more.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple

from consumers.broker.ports import Outgoing, Producer
from consumers.processes.outboxes import (
    CLAIMS,
    READ_FACTS,
    READ_VERDICTS,
    Facts,
    Outbox,
    Positions,
    Verdicts,
)
from consumers.processes.process import Progress
from schemas.topics import FACTS, POSITIONS, VERDICTS
from store.log import Log
from store.records import ReaderMoved

PAGE: Final = 5_000
"""Facts of the log, and entries of the journal, in one step."""
PATIENCE: Final = 15.0
"""Seconds for which a publisher stands back where another one is at work."""

LOOK_SECONDS: Final = 5.0
"""How soon it is seen that no broker can be reached, where nothing waits to be sent."""


class Names(NamedTuple):
    """The topics that are written."""

    facts: str = FACTS.name
    verdicts: str = VERDICTS.name
    positions: str = POSITIONS.name


NAMES: Final = Names()


def _nothing(_: Collection[str]) -> None:
    """Where no broker is behind the producer."""


class Publisher:
    """Publishes what a log holds; each step sends one page of each topic.

    `reach` has a broker answer and finds the topics, or raises BrokerError: who has nothing to
    send would not notice that nothing can be sent. `clock` tells seconds and never goes back.
    """

    name = "publisher"

    def __init__(
        self,
        log: Log,
        producer: Producer,
        *,
        page: int = PAGE,
        names: Names = NAMES,
        patience: float = PATIENCE,
        reach: Callable[[Collection[str]], None] = _nothing,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._producer, self._names = log, producer, names
        self._patience, self._reach, self._clock = patience, reach, clock
        self._looked = float("-inf")
        self._outboxes: Sequence[Outbox] = (
            Facts(log, names.facts, page),
            Verdicts(log, names.verdicts, page),
            Positions(log, names.positions),
        )
        self._sent = dict.fromkeys((each.name for each in self._outboxes), 0)
        self._until: float | None = None
        self._stood: list[int] = []

    def step(self) -> bool:
        """Send the next pages, and pass them over once they are acknowledged."""
        if not self._stands_back() and self._publishes():
            return True
        self._look()
        return False

    def progress(self) -> Progress:
        """Behind are records of the log, entries of the journal, and positions that are due."""
        lags = [each.lag() for each in self._outboxes]
        behind, position = (sum(each) for each in zip(*lags, strict=True))
        return Progress(behind, position=position, done=dict(self._sent))

    def close(self) -> None:
        """Give up what is under way, and close the log."""
        self._producer.close()
        self._log.close()

    def _publishes(self) -> bool:
        try:
            return self._publish()
        except ReaderMoved:
            self._forget()
            self._stand_back()
            return False
        except BaseException:
            self._forget()
            raise

    def _publish(self) -> bool:
        pages: list[tuple[Outbox, Sequence[Outgoing]]] = []
        for each in self._outboxes:
            records = each.next()
            if records is not None:
                pages.append((each, records))
        for _, records in pages:
            self._producer.send(records)
        for each, _ in pages:
            each.read_ahead()
        self._producer.settle()
        for each, records in pages:
            each.passed()
            self._sent[each.name] += len(records)
        return bool(pages)

    def _look(self) -> None:
        """See now and then whether a broker can be reached, and the topics are there."""
        now = self._clock()
        if now - self._looked >= LOOK_SECONDS:
            self._reach(self._names)
            self._looked = now

    def _stand_back(self) -> None:
        self._until = self._clock() + self._patience
        self._stood = self._readers()

    def _stands_back(self) -> bool:
        """Whether another publisher was at work a short while ago."""
        if self._until is None:
            return False
        if self._clock() >= self._until:
            if self._stood == self._readers():
                self._until = None
                return False
            self._stand_back()
        return True

    def _readers(self) -> list[int]:
        return [self._log.reader(name) for name in (READ_FACTS, READ_VERDICTS, CLAIMS)]

    def _forget(self) -> None:
        """What was sent may not stand there, and what was read others may have sent."""
        for each in self._outboxes:
            each.forget()

"""The replica: the facts of another log, filed into a log of one's own.

It reads the topic of facts as the intake reads the topics of sources, with the same care for
offsets, gaps and topics that were made again. What it files is what the other log holds: the same
facts in the same bytes, in streams of the same order. Only when it heard of them is its own: the
instant of recording, and with it `known_at`, and the log index.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from consumers.broker import opening
from consumers.broker.ports import Arrived, Consumer
from consumers.messages.replicated import EVERYBODY, replicated
from consumers.processes.intake import KafkaIntake, Reading
from consumers.settings import Settings
from schemas.topics import FACTS
from store.log import Log
from store.records import Batch

PUBLISHED: Final = "published"
"""Who speaks on the topic of facts: everybody, through the log that publishes it."""


class Replica(KafkaIntake):
    """Files the facts of `topic`; the other arguments are those of `KafkaIntake`."""

    name = "replica"

    def __init__(
        self,
        log: Log,
        connect: Callable[[], Consumer],
        now: Callable[[], datetime],
        *,
        topic: str = FACTS.name,
        most: int = 5_000,
        seconds: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            log,
            EVERYBODY,
            connect,
            now,
            speakers={topic: PUBLISHED},
            most=most,
            seconds=seconds,
            clock=clock,
        )

    def _batch(self, reading: Reading, records: Sequence[Arrived]) -> Batch:
        incoming = tuple([replicated(each) for each in records])
        return Batch(reading.name, reading.offset, incoming, records[-1].offset + 1)


def replica(settings: Settings, log: Log, now: Callable[[], datetime]) -> Replica:
    """The replica, as the settings say; raises BrokerError for a connection that is refused."""
    chosen = settings.replica
    connect = partial(opening.consumer, settings, chosen.group, [FACTS.name], member=chosen.member)
    return Replica(log, connect, now, most=chosen.batch, seconds=chosen.poll_seconds)

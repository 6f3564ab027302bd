"""The intake: from the topics of the sources into the log; one poll is one transaction.

The log alone says what was taken: it holds the next offset of each partition, and moves it in the
transaction that records what was read. So an intake may stop anywhere, and come again; one that
believes in a partition that another has taken over finds that its offset has moved, and forgets
what it read. What is committed to Kafka is for tools that show lag, and is never read.

A partition stops for an incident alone, which is what a person has to decide; the others go on.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from consumers.broker import opening
from consumers.broker.ports import Arrived, BrokerError, Consumer, Place, PlaceError
from consumers.entitlement import Sources
from consumers.processes import logs
from consumers.processes.places import Misfit, Start, id_of, prefix_of, start
from consumers.processes.process import Progress
from consumers.processes.source_topics import incoming_of, topics
from consumers.settings import Settings
from store.log import Log
from store.records import Batch, LogError, OffsetConflict, Outcome

LOOK_AGAIN: Final = 5.0
"""Seconds between two looks at a partition with an incident, and at ends without records."""
VERIFIED_SECONDS: Final = 0.2
"""For how long the id of a topic is believed: it is not deleted, made again and filled so soon."""
_JOINING: Final = 0.05
"""How long to poll, in seconds, while partitions wait to be told where they are read on."""
_PASSING: Final = Misfit("", passing=True)


class Reading(NamedTuple):
    """A partition that is read: its name in the log, and its next offset there."""

    name: str
    offset: int


class KafkaIntake:
    """Takes in what the topics of `speakers` bring: the name of each topic with its source.

    `connect` makes a member of the group, and is called again after the brokers were gone. Each
    step takes `most` records at most and waits for them for `seconds`; `now` is the instant of
    recording, `clock` tells seconds that never go back. Closing it closes the log.
    """

    name = "intake"

    def __init__(
        self,
        log: Log,
        sources: Sources,
        connect: Callable[[], Consumer],
        now: Callable[[], datetime],
        *,
        speakers: Mapping[str, str] | None = None,
        most: int = 5_000,
        seconds: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._sources, self._connect, self._now = log, sources, connect, now
        self._speakers = topics(sources) if speakers is None else speakers
        self._most, self._seconds, self._clock = most, seconds, clock
        self._consumer: Consumer | None = None
        self._reading: dict[Place, Reading] = {}
        self._stopped: dict[Place, Misfit] = {}
        self._lost: dict[Place, str] = {}
        self._ends: dict[Place, int] = {}
        self._gone: list[str] = []
        self._seen = float("-inf")
        self._looked = self._marked = self._since = clock()
        self._verified = -VERIFIED_SECONDS
        self._counts: Counter[str] = Counter()
        self._taken = 0

    def step(self) -> bool:
        """Take what one poll brings; raises BrokerError, LogBusy and LogUnreachable.

        Whatever goes wrong, what was read is forgotten and read again from where the log stands.
        """
        try:
            return self._step(self._connected())
        except BrokerError:
            self._disconnect()
            raise
        except OffsetConflict as conflict:
            # another intake has taken over, or the answer to our own commit was lost
            logs.say("reads on where the log stands", partition=conflict.partition)
            self._forget()
            return True
        except LogError:
            self._forget()
            raise

    def progress(self) -> Progress:
        """Behind are the records up to the end of each partition that is ours.

        Which are, and whether they have incidents, is seen anew after each connection.
        """
        incidents, behind = [each.why for each in self._stopped.values()], 0
        awaits: str | None = _JOINS
        if self._consumer is not None:
            assigned = self._consumer.assigned()
            if assigned or self._clock() - self._since >= LOOK_AGAIN:
                awaits = None
            incidents += [why for place, why in self._lost.items() if place in assigned]
            incidents += [_FORBIDDEN.format(topic) for topic in sorted(self._consumer.forbidden())]
            told = {place.topic for place in self._stopped}
            incidents += [_GONE.format(topic) for topic in self._gone if topic not in told]
            behind = sum(map(self._behind, assigned))
        return Progress(behind, tuple(incidents), self._taken, dict(self._counts), awaits)

    def close(self) -> None:
        """Leave the group and close the log."""
        self._disconnect()
        self._log.close()

    def _connected(self) -> Consumer:
        if self._consumer is None:
            self._consumer, self._since = self._connect(), self._clock()
        return self._consumer

    def _disconnect(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._reading.clear()
        self._stopped.clear()
        if consumer is not None:
            consumer.close()

    def _forget(self) -> None:
        """Have all that is read wait: its offsets are asked of the log again."""
        if self._consumer is not None:
            self._consumer.stop(self._reading.keys() & self._consumer.assigned())
        self._reading.clear()

    def _step(self, consumer: Consumer) -> bool:
        found = self._poll(consumer)
        self._follow(consumer)
        self._miss(consumer)
        taken = self._take(consumer, found)
        self._settle(consumer)
        if not taken and self._consumer:
            self._pass_marks(consumer)
        return taken > 0

    def _poll(self, consumer: Consumer) -> Mapping[Place, Sequence[Arrived]]:
        joining = not self._reading and self._clock() - self._since < LOOK_AGAIN
        try:
            return consumer.poll(_JOINING if joining else self._seconds, self._most)
        except PlaceError as error:
            consumer.stop(error.reasons)
            for place, why in error.reasons.items():
                self._reading.pop(place, None)
                self._lost[place] = _LOST.format(place, why)
                logs.warn("a partition stopped", partition=str(place), why=why)
            return {}

    def _follow(self, consumer: Consumer) -> None:
        """Let go of what is no longer ours, and of where what is ours anew was read."""
        assigned, waiting = consumer.assigned(), consumer.waiting()
        for place in self._reading.keys() - (assigned - waiting):
            del self._reading[place]
        for place in self._stopped.keys() - assigned:
            del self._stopped[place]
        self._compare(consumer, consumer.ids())

    def _miss(self, consumer: Consumer) -> None:
        """See now and then which topics that were read are no more: nobody is given their
        partitions, which would stop.
        """
        if self._clock() - self._seen < LOOK_AGAIN:
            return
        self._seen = self._clock()
        missing = self._speakers.keys() - consumer.ids().keys() - consumer.forbidden()
        self._gone = [each for each in sorted(missing) if self._log.partitions(prefix_of(each))]

    def _take(self, consumer: Consumer, found: Mapping[Place, Sequence[Arrived]]) -> int:
        """Take in what was read, all or nothing of it; how many records that is."""
        found = {place: records for place, records in found.items() if place in self._reading}
        if not found:
            return 0
        # a topic that was made again reads like the one before, so its id is asked for after what
        # was read came; the answer comes while that is looked at
        asked = self._clock() - self._verified > VERIFIED_SECONDS
        if asked:
            consumer.ask()
        batches = {
            place: self._batch(self._reading[place], records) for place, records in found.items()
        }
        if asked:
            self._compare(consumer, consumer.look())
            self._verified = self._clock()
            batches = {place: batch for place, batch in batches.items() if place in self._reading}
        if not batches:
            return 0
        self._append(batches)
        consumer.tell({place: batch.next for place, batch in batches.items()})
        taken = sum(len(batch.incoming) for batch in batches.values())
        self._taken += taken
        return taken

    def _compare(self, consumer: Consumer, ids: Mapping[str, str]) -> None:
        """Have those places wait whose topic was deleted, and maybe made again."""
        for place, reading in [*self._reading.items()]:
            if ids.get(place.topic) != id_of(reading.name):
                consumer.stop([place])
                del self._reading[place]

    def _append(self, batches: Mapping[Place, Batch]) -> None:
        for outcomes in self._log.append_all(list(batches.values()), self._now()):
            self._counts.update(map(_kind, outcomes))
        for place, batch in batches.items():
            self._reading[place] = self._reading[place]._replace(offset=batch.next)

    def _batch(self, reading: Reading, records: Sequence[Arrived]) -> Batch:
        speaker = self._speakers[records[0].topic]
        incoming = tuple([incoming_of(each, speaker, self._sources) for each in records])
        return Batch(reading.name, reading.offset, incoming, records[-1].offset + 1)

    def _settle(self, consumer: Consumer) -> None:
        """Say where the partitions that wait are read on, or why not."""
        for place, found in self._found(consumer, self._due(consumer)):
            if isinstance(found, Misfit):
                self._stop(place, found)
            elif not self._stopped.pop(place, _PASSING).passing:
                # what was read ahead of an incident is forgotten with the connection
                logs.say("a partition is read again", partition=str(place))
                self._disconnect()
                return
            else:
                self._start(consumer, place, found)

    def _due(self, consumer: Consumer) -> Collection[Place]:
        """Which partitions that wait are looked at now: one with an incident only now and then."""
        waiting = consumer.waiting() - self._lost.keys()
        again = self._clock() - self._looked >= LOOK_AGAIN
        return waiting if again else waiting - self._stopped.keys()

    def _found(
        self, consumer: Consumer, due: Collection[Place]
    ) -> Iterator[tuple[Place, Start | Misfit]]:
        """Where each of them is read on, by what the log says and what Kafka holds."""
        if not due:
            return
        self._looked = self._clock()
        ids = consumer.look()
        extents = consumer.extents([place for place in due if place.topic in ids])
        self._ends |= {place: extent.end for place, extent in extents.items()}
        known = {
            topic: self._log.partitions(prefix_of(topic)) for topic in {each.topic for each in due}
        }
        for place in sorted(due):
            found = start(place, ids.get(place.topic), extents.get(place), known[place.topic])
            yield place, found

    def _start(self, consumer: Consumer, place: Place, found: Start) -> None:
        if found.new:
            self._log.start_partition(found.name, found.offset, self._now())
            logs.say("a partition is new", partition=found.name, offset=found.offset)
        consumer.read_from(place, found.offset)
        self._reading[place] = Reading(found.name, found.offset)

    def _stop(self, place: Place, found: Misfit) -> None:
        if self._stopped.get(place) != found:
            logs.warn("a partition stopped", partition=str(place), why=found.why)
        self._stopped[place] = found

    def _pass_marks(self, consumer: Consumer) -> None:
        """Record that what is left to the end of a partition holds no records for anybody.

        Marks and aborted transactions are passed over when the next record comes; but if none does
        and they are deleted, where they began would look like a gap.
        """
        if self._clock() - self._marked < LOOK_AGAIN:
            return
        self._marked = self._clock()
        batches = {
            place: Batch(reading.name, reading.offset, (), at)
            for place, reading in self._reading.items()
            if (at := consumer.position(place)) > reading.offset
        }
        if batches:
            self._append(batches)

    def _behind(self, place: Place) -> int:
        """How many offsets there are to the end of a partition, as last heard."""
        consumer, reading = self._consumer, self._reading.get(place)
        if consumer is None or reading is None:
            return 0
        end = consumer.end(place)
        if end is None:
            end = self._ends.get(place, 0)
        return max(0, end - max(reading.offset, consumer.position(place)))


def kafka_intake(
    settings: Settings, log: Log, sources: Sources, now: Callable[[], datetime]
) -> KafkaIntake:
    """The intake, as the settings say; raises BrokerError for a connection that is refused."""
    chosen = settings.intake
    connect = partial(
        opening.consumer, settings, chosen.group, topics(sources), member=chosen.member
    )
    return KafkaIntake(log, sources, connect, now, most=chosen.batch, seconds=chosen.poll_seconds)


def _kind(outcome: Outcome) -> str:
    return outcome.kind.value


_FORBIDDEN: Final = "The topic {} may not be read: grant READ and DESCRIBE on it to kafka.user."
_GONE: Final = (
    "The topic {} is gone. It is read on when it is back; a source that is no more is to be taken"
    " out of the sources file."
)
_JOINS: Final = "It waits to be told which partitions are its own."
_LOST: Final = (
    "{}: {}. Nothing of it is read until this intake is started again. See docs/kafka.md."
)

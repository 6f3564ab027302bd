"""How fast the facts of a log are published, against the client's own best.

python -m benchmarks.publisher --reports 60000

The best of kafka-python is to send the same records with the same settings, when all of them are
there before it begins: all at once or in pages like the publisher's, whichever is faster. What
librdkafka makes of the publisher is told without a bar.
"""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from benchmarks import options, servers
from benchmarks.intake import take
from benchmarks.measuring import Clock, Contender, Run, bar, ratio, rounds, shares, show
from consumers.broker import kafka_python_producer
from consumers.broker.confluent import ConfluentProducer
from consumers.broker.kafka_python_producer import KafkaPythonProducer, partition_of
from consumers.broker.ports import Outgoing, Producer
from consumers.garbage import collect_seldom
from consumers.messages.facts import facts
from consumers.processes.outboxes import publish_again
from consumers.processes.publisher import Names, Publisher
from schemas.topics import FACTS
from store.log import Log
from store.opening import open_log
from tests.servers.kafka import kafka_address

OF_BEST: Final = 0.8
PAGE: Final = 5_000


class Place(NamedTuple):
    """A filled store, and the broker to which it is published."""

    store: str
    kafka: str


class Timed:
    """A producer that keeps the time of handing over, and of waiting until all is acknowledged."""

    def __init__(self, producer: Producer) -> None:
        self._producer, self.send_clock, self.settle_clock = producer, Clock(), Clock()

    def send(self, records: Sequence[Outgoing]) -> None:
        with self.send_clock:
            self._producer.send(records)

    def settle(self) -> None:
        with self.settle_clock:
            self._producer.settle()

    def close(self) -> None:
        self._producer.close()


def sent(place: Place, page: int, *_: Path) -> Run:
    """kafka-python itself: every record made before, so many sent at a time, each one checked."""
    name = servers.made(place.kafka, FACTS)
    ready = [
        (name, each.value, each.key, list(each.headers), partition_of(each.key, FACTS.partitions))
        for each in _records(place.store, name)
    ]
    producer: Any = kafka_python_producer.opened(servers.settings(place.kafka).kafka)
    producer.partitions_for(name)
    collect_seldom()
    clock, unsent = Clock(), 0
    with clock:
        for first in range(0, len(ready), page):
            futures = [producer.send(*each) for each in ready[first : first + page]]
            producer.flush()
            unsent += sum(not each.succeeded() for each in futures)
    producer.close()
    if unsent:
        raise RuntimeError(f"{unsent} records were not acknowledged: the figure would be too good.")
    return clock.run(len(ready))


def publish(made: type[KafkaPythonProducer | ConfluentProducer], place: Place, *_: Path) -> Run:
    """The publisher, from the first record of the log to the last."""
    name = servers.made(place.kafka, FACTS)
    producer = Timed(made(servers.settings(place.kafka).kafka))
    producer.send([])  # connects
    collect_seldom()
    clock = Clock()
    with open_log(place.store, create=False) as log:
        publish_again(log)
        publisher = Publisher(log, producer, page=PAGE, names=Names(facts=name))
        with clock:
            while publisher.step():
                pass
        count = publisher.progress().done["facts"]
    producer.close()
    sent, settled = producer.send_clock.cpu, producer.settle_clock.cpu
    return clock.run(
        count,
        **{
            "hand over": sent,
            "wait until acknowledged": settled,
            "read, make records": clock.cpu - sent - settled,
        },
    )


def _records(store: str, topic: str) -> Iterator[Outgoing]:
    with open_log(store, create=False) as log:
        after = 0
        while page := log.page(after, PAGE):
            yield from facts(page, topic)
            after = page[-1].index


def measured(reports: Path, told: Namespace) -> bool:
    """Print the rates; returns whether the publisher meets its bar."""
    with kafka_address() as kafka, _filled(reports, sqlite=told.sqlite) as store:
        place = Place(store, kafka)
        contenders: dict[str, Contender] = {
            "at once": partial(sent, place, told.reports),
            "in pages": partial(sent, place, PAGE),
            "publisher": partial(publish, KafkaPythonProducer, place),
            "librdkafka": partial(publish, ConfluentProducer, place),
        }
        found = rounds(contenders, reports, told.rounds)
    show(found)
    ours, other = found["publisher"], found["librdkafka"]
    shares(ours)
    best = max(
        ("at once", "in pages"), key=lambda name: median(run.cpu_rate for run in found[name])
    )
    theirs = found[best]
    print(f"best of kafka-python: {best}")
    bar("publisher with librdkafka to best, by the clock", ratio(other, theirs))
    bar("publisher to best, by the clock", ratio(ours, theirs))
    return bar("publisher to best", ratio(ours, theirs, cpu=True), OF_BEST)


@contextmanager
def _filled(reports: Path, *, sqlite: bool) -> Iterator[str]:
    """The address of a log that holds what the reports tell."""
    with TemporaryDirectory() as folder:
        place = nullcontext(str(Path(folder) / "log.sqlite")) if sqlite else servers.store()
        with place as store:
            _fill(open_log(store), reports)
            yield store


def _fill(log: Log, reports: Path) -> None:
    with log:
        take(log, reports, Clock())


if __name__ == "__main__":
    parser = options.parser(__doc__, 60_000)
    parser.add_argument("--sqlite", action="store_true", help="the log in a file instead")
    options.run(parser.parse_args(), measured)

"""The demonstration in its deployed form, on one machine and without containers.

`make deployed-demo` runs it: Apache Kafka and PostgreSQL from the packages of the tests, every
process of `customs run`, and the histories of the demonstration sent to the topics of their
sources. What comes out is shown as it comes; then the board. All of it ends with the command.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Final, cast

import orjson
from confluent_kafka import Consumer, Message
from confluent_kafka import TopicPartition as Place

from cli.demo import DELIVERIES, HISTORIES, TODAY
from schemas.topics import FACTS, REPORTS, VERDICTS
from store.log import Log
from store.opening import open_log
from tests.deployed.site import PROCESSES, Sender, Sent, Site, left, until
from tests.servers.child import ServerFault
from tests.servers.kafka import kafka_server
from tests.servers.postgres import own_server

NCTS: Final = "ncts"


def main() -> None:
    """Start everything, send, show what comes out, and end everything."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="customs-demo-")))
        say("Apache Kafka and PostgreSQL are being started (a minute, the first time) …")
        kafka = stack.enter_context(kafka_server()).bootstrap
        store = stack.enter_context(own_server()).address
        say(f"Kafka listens on {kafka}, PostgreSQL is {store}")
        site = Site(folder, kafka, store, HISTORIES / "sources.toml")
        site.prepare()
        running = [stack.enter_context(site.start(name)) for name in PROCESSES]
        for each in running:
            say(f"customs run {each.name:<9} is process {each.child.pid}")
        log = stack.enter_context(open_log(store, create=False))
        with closing(Shown(kafka)) as shown:
            sent = 0
            for day in DELIVERIES:
                with closing(Sender(kafka)) as sender:
                    sender.send(records(HISTORIES / day.isoformat()))
                sent += sender.sent
                say(f"\nSent what was known on {day}; {sent} reports by now. On the topics out:\n")
                until(partial(shown.all_of, log, sent), "all has come out")
        say(f"\n{site.call('board', today=TODAY.isoformat())}")
        for each in running:
            if code := each.stop():
                raise ServerFault(f"customs run {each.name} ended with {code}:\n{each.child.said}")
        say("\nEvery process ended in order; the servers end now, and their folders are removed.")


def records(delivery: Path) -> Iterator[Sent]:
    """A delivery, each report to the topic of its source, in the order in which it was told."""
    for file in sorted((delivery / "reports").iterdir()):
        for line in file.read_bytes().splitlines():
            yield Sent(REPORTS.of(file.stem), _subject(line), line)
    for file in sorted((delivery / NCTS).iterdir()):
        yield Sent(REPORTS.of(NCTS), b"", file.read_bytes())


def _subject(report: bytes) -> bytes:
    """What keeps the reports on a movement in order."""
    try:
        subject: str = orjson.loads(report)["subject"]
    except (orjson.JSONDecodeError, KeyError):
        return b""
    return subject.encode()


class Shown:
    """Shows the facts and the verdicts as they come."""

    def __init__(self, kafka: str) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": kafka,
                "group.id": "demo",
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )
        self._consumer.assign(
            [
                Place(topic.name, number, 0)
                for topic in (FACTS, VERDICTS)
                for number in range(topic.partitions)
            ]
        )

    def all_of(self, log: Log, sent: int) -> bool:
        """Show what has come; whether nothing else will."""
        done = not left(log, sent)
        while found := self._consumer.consume(100, 0.3):
            show(found)
        return done

    def close(self) -> None:
        self._consumer.close()


def show(found: Sequence[Message]) -> None:
    """A line for each fact and each verdict."""
    for each in found:
        headers = cast("list[tuple[str, bytes]]", each.headers())
        head = {name: value.decode() for name, value in headers}
        if each.topic() == FACTS.name:
            say(f"  fact     {head['ce_type']:<50} {head['ce_subject']}")
        else:
            say(f"  verdict  {_verdict(cast('bytes', each.value())):<50} {head['ce_subject']}")


def _verdict(value: bytes) -> str:
    told = orjson.loads(value)
    at = f" {told['at'][:16].replace('T', ' ')}Z" if told["at"] else ""
    return f"{told['verdict']}{at}{'' if told['now'] else ' no longer'}"


def say(text: str) -> None:
    """Say a line, at once."""
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        main()
    except ServerFault as fault:
        sys.exit(f"{fault}")

"""A site in its deployed form: `customs` in processes of their own, on Kafka and PostgreSQL."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple, Self
from urllib.request import urlopen

from confluent_kafka import Producer

from cli.asking import terms
from consumers.processes.outboxes import Facts, Outbox, Positions, Verdicts
from consumers.processes.places import PREFIX as KAFKA
from consumers.settings import PREFIX
from projections.projector import Projector
from store.log import Log
from tests.deployed.nursery import Forked, Nursery
from tests.servers.child import Child, ServerFault
from tests.servers.kafka import free_ports

CUSTOMS: Final = (sys.executable, "-m", "cli")
ROOT: Final = Path(__file__).parents[2]
PROCESSES: Final = ("intake", "publisher", "projector", "alarms")
SOON: Final = 120.0
"""Seconds within which what is waited for has come: generous, since cores may be shared."""


class Sent(NamedTuple):
    """A record for a topic; what has one key stays in order."""

    topic: str
    key: bytes
    value: bytes | None


class Running:
    """One of our processes, and what it tells of itself."""

    def __init__(self, name: str, child: Child | Forked, port: int) -> None:
        self.name, self.child, self._port = name, child, port

    def told(self) -> dict[str, float]:
        """What it counts, by name, such as `behind`; nothing while it is not up."""
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return {}
        said = (line.rpartition(" ") for line in lines if line.startswith(f"customs_{self.name}_"))
        return {name.removeprefix(f"customs_{self.name}_"): float(value) for name, _, value in said}

    def stop(self) -> int:
        """Ask it to end, as a deployment does; its exit code."""
        return self.child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close()


class Site:
    """Where a site is: its Kafka, its store, who may say what; logs of its processes in a folder.

    `settings` are further ones, by the names of their variables without CUSTOMS_. Its processes
    come from `nursery`, where there is one.
    """

    def __init__(
        self,
        folder: Path,
        kafka: str,
        store: str,
        sources: Path,
        settings: Mapping[str, str] | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self.folder, self.store, self._nursery = folder, store, nursery
        said = {"STORE": store, "SOURCES": str(sources), "KAFKA__BOOTSTRAP": kafka}
        self._environment = {
            **{name: each for name, each in os.environ.items() if not name.startswith(PREFIX)},
            **_variables(said | dict(settings or {})),
        }
        self._started = 0

    def call(self, *words: str, **settings: str) -> str:
        """Run `customs` with these words to its end; what it said.

        Raises ServerFault where it does not end well.
        """
        with closing(self._begin(words, settings)) as child:
            if code := child.wait():
                said = f"customs {' '.join(words)} ended with {code}"
                raise ServerFault(f"{said}:\n{child.said}")
            return child.said

    def prepare(self, copies: int = 1) -> None:
        """Make the tables and the topics."""
        self.call("migrate")
        self.call("topics", "--copies", str(copies))

    def start(self, name: str, **settings: str) -> Running:
        """Start `customs run name`, with settings of its own such as intake__member."""
        (port,) = free_ports(1)
        child = self._begin(("run", name), {"health__port": str(port), **settings})
        return Running(name, child, port)

    def _begin(self, words: tuple[str, ...], settings: Mapping[str, str]) -> Child | Forked:
        self._started += 1
        env = self._environment | _variables(settings)
        log = self.folder / f"{'-'.join(words)}-{self._started}.log"
        if self._nursery:
            return self._nursery.start(words, env, log)
        return Child([*CUSTOMS, *words], log, env)


def _variables(settings: Mapping[str, str]) -> dict[str, str]:
    return {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}


class Sender:
    """Writes records as sources do, by another client than ours; they are acknowledged at close."""

    def __init__(self, kafka: str, settings: Mapping[str, str | int] | None = None) -> None:
        self.sent = 0
        self._failed: list[object] = []
        self._producer = Producer(
            {
                "bootstrap.servers": kafka,
                "enable.idempotence": True,
                "linger.ms": 5,
                "log_level": 0,  # a broker that goes is no news here
                **(settings or {}),
            }
        )

    def send(self, records: Iterable[Sent]) -> None:
        """Hand records over; brokers that are gone for a while are waited for."""
        for each in records:
            self._producer.produce(each.topic, each.value, each.key, on_delivery=self._delivered)
            self._producer.poll(0)
            self.sent += 1

    def close(self) -> None:
        """Wait until all is acknowledged; raises ServerFault where it is not."""
        left = self._producer.flush(SOON)
        if left or self._failed:
            raise ServerFault(f"{left} records not sent, {len(self._failed)} refused")

    def _delivered(self, error: object, _: object) -> None:
        if error is not None:
            self._failed.append(error)


def until(true: Callable[[], Any], what: str, within: float = SOON, pause: float = 0.05) -> None:
    """Return once something is true; raises ServerFault where it takes too long."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise ServerFault(f"{what}: not within {within:g} s")
        time.sleep(pause)


def left(log: Log, sent: int) -> dict[str, int]:
    """What is left to do where so many records were sent in all: by whom, and how much."""
    outboxes: tuple[Outbox, ...] = (Facts(log, "", 1), Verdicts(log, "", 1), Positions(log, ""))
    _, unread, waiting = Projector(log, *terms(log)).lag()
    found = {"intake": sent - sum(log.partitions(KAFKA).values()), "projector": unread + waiting}
    found |= {f"publisher: {each.name}": each.lag().behind for each in outboxes}
    return {name: many for name, many in found.items() if many}


def settle(log: Log, sent: int) -> None:
    """Return once everything is done; raises ServerFault where nothing gets less for a while."""
    found, since = left(log, sent), time.monotonic()
    while found:
        time.sleep(0.2)
        now = left(log, sent)
        if now != found:
            found, since = now, time.monotonic()
        elif time.monotonic() - since > SOON:
            raise ServerFault(f"Nothing has got less within {SOON:g} s of what is left: {found}")

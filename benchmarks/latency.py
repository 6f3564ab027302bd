"""How long it takes from a report that is sent to Kafka until its movement is judged and written.

python -m benchmarks.latency --seconds 20

Intake and projector run as in a deployment, each as a process of its own; so many reports (and with
them all code) are there before the first one counts. A report counts from the moment at which it is
due to be sent, until the read models have come to it and no movement whose own facts changed waits.
"""

import re
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final, NamedTuple
from uuid import uuid4

import psycopg

from benchmarks import options, servers
from benchmarks.generator import deliveries
from benchmarks.measuring import bar
from benchmarks.port import SOURCES
from consumers.processes.places import PREFIX
from store.opening import open_log
from store.records import LINK
from tests.deployed.site import Sender, Sent, Site, until
from tests.servers.kafka import kafka_address

MOST: Final = 500.0
"""Milliseconds, for 99 of 100 reports."""
LOOK: Final = 0.005
"""Seconds between two looks at what is written."""
_SOURCE: Final = re.compile(rb'"source":"([^"]+)"')
_STREAM: Final = re.compile(rb'"subject":"([^"]+)"')
_NAME: Final = re.compile(rb'"id":"([^"]+)"')


class Report(NamedTuple):
    """A report, ready to be sent; `name` is how it is found in the log."""

    name: str
    record: Sent


class Found(NamedTuple):
    """Milliseconds of each fact: until the intake had read it, and until it was written."""

    read: list[float]
    written: list[float]


class Watch(Thread):
    """Looks at how far the read models have come, over and over again."""

    def __init__(self, store: str) -> None:
        super().__init__(daemon=True)
        self._store, self._over = store, False
        self.seen: list[tuple[int, float]] = []
        """Log indexes that were reached, and when that was first seen."""

    def run(self) -> None:
        with psycopg.connect(self._store, autocommit=True) as db:
            while not self._over:
                row = db.execute(_REACHED).fetchone()
                now = time.time()
                if row and row[0] and (not self.seen or row[0] > self.seen[-1][0]):
                    self.seen.append((row[0], now))
                time.sleep(LOOK)

    def end(self) -> None:
        self._over = True
        self.join()


_REACHED: Final = (
    b"SELECT MIN(position) FROM projection WHERE NOT EXISTS (SELECT 1 FROM queue WHERE turn = 0)"
)


def measured(_: Path, told: Namespace) -> bool:
    """Print the medians of the rounds; returns whether the bar is met."""
    rounds = []
    for number in range(told.rounds):
        print(f"round {number + 1} of {told.rounds} ...", flush=True)
        rounds.append(once(told))
        _show(rounds[-1])
    each = [_percentiles(found.written) for found in rounds]
    print(f"{told.rate} reports/s for {told.seconds} s, medians of {told.rounds} rounds:")
    bar("report in Kafka to row visible, p50 in ms", median(half for half, _ in each))
    worst = median(most for _, most in each)
    return bar("report in Kafka to row visible, p99 in ms", worst, most=MOST)


def once(told: Namespace) -> Found:
    """One round, with a topic, a store and processes of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        kafka, store = stack.enter_context(kafka_address()), stack.enter_context(servers.store())
        run = uuid4().hex[:8]
        count = told.reports + told.rate * told.seconds
        reports = list(_reports(count, told.seed, run))
        site = Site(folder, kafka, store, _sources(folder, run), _group(run))
        site.prepare()
        for name in ("intake", "projector"):
            stack.enter_context(site.start(name))
        sender = Sender(kafka)
        sender.send(each.record for each in reports[: told.reports])
        _taken(store, told.reports)
        watch = Watch(store)
        watch.start()
        due = _steadily(sender, reports[told.reports :], told.rate)
        _taken(store, count)
        watch.end()
        sender.close()
        return _found(store, due, watch.seen)


def _steadily(sender: Sender, reports: Sequence[Report], rate: int) -> dict[str, float]:
    """Send so many a second; when each was due."""
    begun, due = time.time() + 0.5, dict[str, float]()
    for number, each in enumerate(reports):
        at = begun + number / rate
        while (early := at - time.time()) > 0:
            time.sleep(early)
        sender.send([each.record])
        due.setdefault(each.name, at)
    return due


def _taken(store: str, count: int) -> None:
    """Wait until so many records are taken in and all of them are judged."""
    with open_log(store, create=False) as log, psycopg.connect(store, autocommit=True) as db:

        def done() -> bool:
            if sum(log.partitions(PREFIX).values()) < count:
                return False
            row = db.execute(_REACHED).fetchone()
            return row is not None and row[0] == log.head().index

        until(done, f"{count} reports taken in and judged", pause=0.2)


def _found(store: str, due: dict[str, float], seen: Sequence[tuple[int, float]]) -> Found:
    """How long each fact of the log took that was due to be sent."""
    found, stage, after = Found([], []), 0, 0
    with open_log(store, create=False) as log:
        while page := log.page(after, 5_000):
            after = page[-1].index
            for record in page:
                if record.topic == LINK or record.report_id not in due:
                    continue
                while seen[stage][0] < record.index:
                    stage += 1
                sent = due[record.report_id]
                found.read.append(1000 * (record.recorded_at.timestamp() - sent))
                found.written.append(1000 * (seen[stage][1] - sent))
    return found


def _reports(count: int, seed: int, run: str) -> Iterator[Report]:
    """The reports of a port whose sources have the names of this run."""
    for each in islice(deliveries(count, seed), count):
        raw = each.raw.replace(b'"source":"', f'"source":"{run}-'.encode(), 1)
        source = _said(_SOURCE, raw) or f"{run}-{next(iter(SOURCES))}"
        topic = f"customs.{source}.reports.v1"
        yield Report(_said(_NAME, raw), Sent(topic, _said(_STREAM, raw).encode(), raw))


def _said(what: re.Pattern[bytes], raw: bytes) -> str:
    found = what.search(raw)
    return found[1].decode() if found else ""


def _sources(folder: Path, run: str) -> Path:
    """The file that says who may say what, by the names of this run."""
    file = folder / "sources.toml"
    with file.open("w") as written:
        for name, source in SOURCES.items():
            roles = sorted(role.value for role in source.roles)
            written.write(f"[sources.{run}-{name}]\nroles = {roles}\n")
            if source.offices is not None:
                written.write(f"offices = {sorted(source.offices)}\n")
    return file


def _group(run: str) -> dict[str, str]:
    return {"INTAKE__GROUP": f"measured-{run}"}


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    """What half of them, and what 99 of 100 of them, do not exceed."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]


def _show(found: Found) -> None:
    for what, times in (("read by the intake", found.read), ("visible", found.written)):
        half, most = _percentiles(times)
        print(f"  {what:<20} p50 {half:>7.0f} ms   p99 {most:>7.0f} ms   of {len(times)} facts")


if __name__ == "__main__":
    parser = options.parser(__doc__, 2_000)
    parser.add_argument("--rate", type=int, default=1_000, help="reports a second")
    parser.add_argument("--seconds", type=int, default=20)
    options.run(parser.parse_args(), measured)

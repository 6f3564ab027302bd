"""How fast reports are taken in and judged on PostgreSQL, and how long the log is locked for it.

python -m benchmarks.postgresql --reports 100000

The server is the tests' own, as durable as it comes, on the same cores as everything else.
"""

import multiprocessing
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

from benchmarks import options, server
from benchmarks.bound import BATCH
from benchmarks.intake import NOW, take
from benchmarks.measuring import (
    Clock,
    Run,
    bar,
    batches,
    compared,
    fresh,
    rounds,
    shares,
    show,
)
from benchmarks.pipeline import keep_current
from benchmarks.port import SOURCES
from benchmarks.server import Site, served
from consumers.ahead import take_all
from consumers.garbage import collect_seldom
from consumers.intake import Intake, Message
from projections.migration import migrate
from store import filing
from store.postgres import PostgresLog
from store.postgres_datastore import PostgresConnection
from store.records import Batch, Outcome
from tests.servers.postgres import own_server

OF_BOUND, OF_IDIOMATIC, PIPELINE_OF_BOUND, LOCKED = 0.15, 20, 0.07, 0.7
INTAKES: Final = 2
CORES: Final = 2


def alone(site: Site, reports: Path, _: Path) -> Run:
    """Intake by one process, in batches, with all evidence, as from Kafka."""
    collect_seldom()
    clock = Clock()
    with site.schema() as address, PostgresLog(address) as log:
        before = site.cpu()
        count = take(log, reports, clock)
        return served(clock, count, site.cpu() - before)


def intake(site: Site, reports: Path, _: Path) -> Run:
    """Intake by two processes, as from files: one files what the other has understood."""
    collect_seldom()
    clock = Clock()
    read = clock.beside(batches(reports, BATCH))
    messages = ([Message(raw) for raw in batch] for batch in read)
    with site.schema() as address, PostgresLog(address) as log:
        before = site.cpu()
        with clock:
            count = sum(map(len, take_all(log, SOURCES, "port", messages, lambda: NOW)))
        by_server = site.cpu() - before
    other = getrusage(RUSAGE_CHILDREN)
    return shared(clock, count, server=by_server, understand=other.ru_utime + other.ru_stime)


def shared(clock: Clock, count: int, *, server: float, **processes: float) -> Run:
    """What several processes did together.

    On two cores nothing ends sooner than the busiest of them, nor than half of all the work.
    """
    stages = {"this process": clock.cpu, **processes, "server": server}
    found = clock.run(count, **stages)
    return found._replace(cpu=max(clock.cpu, *processes.values(), sum(stages.values()) / CORES))


def pipeline(site: Site, reports: Path, _: Path) -> Run:
    """Intake here, the projector in another process; both start at once, until all is judged."""
    context = multiprocessing.get_context("spawn")
    ready, over, found = context.Barrier(2), context.Event(), context.SimpleQueue()
    clock = Clock()
    with site.schema() as address, PostgresLog(address) as log:
        migrate(log)
        projector = context.Process(target=project, args=(address, ready, over, found))
        projector.start()
        collect_seldom()
        ready.wait()
        before, start = site.cpu(), perf_counter()
        count = take(log, reports, clock)
        over.set()
        other: Run = found.get()
        seconds, by_server = perf_counter() - start, site.cpu() - before
        projector.join()
    run = shared(clock, count, server=by_server, projector=other.cpu)
    return run._replace(seconds=seconds, memory=max(run.memory, other.memory))


def project(address: str, ready: Barrier, over: Event, found: "SimpleQueue[Run]") -> None:
    """Keep the read models current, and tell how long that took."""
    with PostgresLog(address) as log:
        clock = keep_current(log, ready, over)
        found.put(clock.run(log.head().index))


class Batched(NamedTuple):
    """The seconds of one batch: all of it, waiting for the log's lock, holding it."""

    whole: float
    waited: float
    held: float

    @property
    def part(self) -> float:
        """For what part of its own time a batch holds the lock."""
        return self.held / (self.whole - self.waited)


class WatchedLog(PostgresLog):
    """A log that keeps when its lock was asked for, granted, and let go."""

    asked = granted = freed = 0.0

    def append_all(self, batches: Sequence[Batch], recorded_at: datetime) -> list[list[Outcome]]:
        found = super().append_all(batches, recorded_at)
        self.freed = perf_counter()
        return found

    def append(self, batch: Batch, recorded_at: datetime) -> list[Outcome]:
        return self.append_all((batch,), recorded_at)[0]

    def _position(self, connection: PostgresConnection) -> filing.Position:
        self.asked = perf_counter()
        found = super()._position(connection)
        self.granted = perf_counter()
        return found


def crowd(site: Site, reports: Path, _: Path) -> tuple[list[Batched], float]:
    """Several intakes at once on one log: the batches of all, and how many reports a second."""
    context = multiprocessing.get_context("spawn")
    ready, found = context.Barrier(INTAKES), context.SimpleQueue()
    with site.schema() as address, PostgresLog(address):
        told = ((address, reports, number, ready, found) for number in range(INTAKES))
        intakes = [context.Process(target=take_share, args=each) for each in told]
        for each in intakes:
            each.start()
        done: list[tuple[list[Batched], float]] = [found.get() for _ in intakes]
        for each in intakes:
            each.join()
    return [batch for batched, _ in done for batch in batched], sum(rate for _, rate in done)


def take_share(
    address: str, reports: Path, number: int, ready: Barrier, found: "SimpleQueue[object]"
) -> None:
    """Take every so many-th batch of a file into a partition of one's own."""
    collect_seldom()
    batched, count = list[Batched](), 0
    shared = list(batches(reports, BATCH))[number::INTAKES]
    with WatchedLog(address) as log:
        taking = Intake(log, SOURCES)
        ready.wait()
        begun = perf_counter()
        for messages in shared:
            start = perf_counter()
            taking.take(f"port:{number}", [Message(raw) for raw in messages], NOW)
            whole = perf_counter() - start
            batched.append(Batched(whole, log.granted - log.asked, log.freed - log.granted))
            count += len(messages)
        found.put((batched, count / (perf_counter() - begun)))


def measured(reports: Path, told: Namespace) -> bool:
    """Print the figures; returns whether all bars are met."""
    with own_server() as at:
        site = Site(at.address, at.pid)
        contenders: dict[str, Callable[[Path, Path], Run]] = {
            "bound": partial(server.raw, site),
            "idiomatic": partial(server.idiomatic, site),
            "alone": partial(alone, site),
            "intake": partial(intake, site),
            "pipeline": partial(pipeline, site),
        }
        found = rounds(contenders, reports, told.rounds)
        show(found)
        compared(found, "alone")
        shares(found["alone"])
        shares(found["intake"])
        met = compared(found, "intake", OF_BOUND, OF_IDIOMATIC)
        shares(found["pipeline"])
        met &= compared(found, "pipeline", PIPELINE_OF_BOUND)
        return locked(site, reports, told.rounds, median(run.rate for run in found["alone"])) & met


def locked(site: Site, reports: Path, times: int, alone: float) -> bool:
    """Print for what part of a batch's time the log is locked, when several intakes share it."""
    done = [fresh(partial(crowd, site), reports) for _ in range(times)]
    all_batches = [each for batched, _ in done for each in batched]
    together = median(rate for _, rate in done)
    print(f"{INTAKES} intakes: {together:,.0f} reports/s, one alone: {alone:,.0f}")
    part = median(each.part for each in all_batches)
    return bar(f"log locked, part of a batch with {INTAKES} intakes", part, most=LOCKED)


if __name__ == "__main__":
    options.run(options.parser(__doc__, 100_000).parse_args(), measured)

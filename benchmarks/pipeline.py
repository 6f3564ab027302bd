"""How fast reports are taken in and judged, by two processes, until all read models are current.

python -m benchmarks.pipeline --reports 200000
"""

import multiprocessing
from argparse import Namespace
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

from benchmarks import bound, options
from benchmarks.intake import take
from benchmarks.measuring import Clock, Run, compared, peak, rounds, shares, show
from benchmarks.staged import StagedLog
from consumers.garbage import collect_seldom
from domain.law.citation import Law
from domain.policies import Policies
from projections.projector import Projector
from store.log import Log
from store.sqlite import SqliteLog

OF_BOUND: Final = 0.05
PAUSE: Final = 0.01
"""How long the projector waits where there is nothing to read, in seconds."""


def ours(reports: Path, folder: Path) -> Run:
    """Intake here, the projector in another process, on one store; both start at once."""
    path = folder / "log.sqlite"
    SqliteLog(path).close()
    context = multiprocessing.get_context("spawn")
    ready, over, found = context.Barrier(2), context.Event(), context.SimpleQueue()
    projector = context.Process(target=project, args=(path, ready, over, found))
    projector.start()
    collect_seldom()
    clock = Clock()
    with StagedLog(path) as log:
        ready.wait()
        start = perf_counter()
        count = take(log, reports, clock)
        over.set()
        other: Run = found.get()
        seconds = perf_counter() - start
    projector.join()
    busier = max(clock.cpu, other.cpu)
    stages = {"intake (its own process)": clock.cpu, **other.stages}
    return Run(count, seconds, busier, max(peak(), other.memory), stages)


def keep_current(log: Log, ready: Barrier, over: Event) -> Clock:
    """Project until intake is over and nothing is left to read; how long that took."""
    collect_seldom()
    clock, last = Clock(), False
    projector = Projector(log, Law(), Policies())
    ready.wait()
    while not last:
        last = over.is_set()
        with clock:
            taken = projector.catch_up()
        if not taken:
            sleep(PAUSE)
    return clock


def project(path: Path, ready: Barrier, over: Event, found: "SimpleQueue[Run]") -> None:
    """Keep the read models current, and tell how long which stage took."""
    with StagedLog(path) as log:
        clock = keep_current(log, ready, over)
        read, write = log.cpu("read"), log.cpu("write")
        stages = {"read the log": read, "write": write, "fold and judge": clock.cpu - read - write}
        found.put(clock.run(log.head().index, **stages))


def measured(reports: Path, told: Namespace) -> bool:
    """Print the figures of both processes; returns whether they meet their bar."""
    found = rounds({**bound.CONTENDERS, "pipeline": ours}, reports, told.rounds)
    show(found)
    shares(found["pipeline"])
    return compared(found, "pipeline", OF_BOUND)


if __name__ == "__main__":
    options.run(options.parser(__doc__, 200_000).parse_args(), measured)

"""How fast reports are taken in, with their evidence, outcomes and unique ids.

python -m benchmarks.intake --reports 200000
"""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Final

from benchmarks import bound, options
from benchmarks.measuring import Clock, Run, batches, compared, rounds, shares, show
from benchmarks.port import SOURCES
from benchmarks.staged import StagedLog
from consumers.ahead import take_all
from consumers.garbage import collect_seldom
from consumers.intake import Intake, Message
from store.log import Log
from store.sqlite import SqliteLog

BATCH: Final = 5_000
NOW: Final = datetime(2018, 1, 1, tzinfo=UTC)
"""When all was recorded."""
OF_BOUND, OF_IDIOMATIC = 0.10, 3.5


def take(log: Log, reports: Path, clock: Clock) -> int:
    """Take all reports of a file in; returns how many."""
    intake, count = Intake(log, SOURCES), 0
    for messages in batches(reports, BATCH):
        with clock:
            intake.take("port", [Message(raw) for raw in messages], NOW)
        count += len(messages)
    return count


def alone(reports: Path, folder: Path) -> Run:
    """Intake by one process, and the time of its stages."""
    collect_seldom()
    clock = Clock()
    with StagedLog(folder / "log.sqlite") as log:
        count = take(log, reports, clock)
        append, look_up, insert = (log.cpu(stage) for stage in ("append", "look up", "insert"))
    stages = {
        "understand": clock.cpu - append,
        "look up ids and streams": look_up,
        "decide, hash, chain, commit": append - look_up - insert,
        "insert": insert,
    }
    return clock.run(count, **stages)


def ours(reports: Path, folder: Path) -> Run:
    """Intake by two processes: one files what the other has understood. The busier one counts."""
    collect_seldom()
    clock = Clock()
    read = clock.beside(batches(reports, BATCH))
    messages = ([Message(raw) for raw in batch] for batch in read)
    with SqliteLog(folder / "log.sqlite") as log, clock:
        count = sum(map(len, take_all(log, SOURCES, "port", messages, lambda: NOW)))
    other = getrusage(RUSAGE_CHILDREN)
    understanding = other.ru_utime + other.ru_stime
    stages = {"file (one process)": clock.cpu, "understand (the other)": understanding}
    run = clock.run(count, **stages)
    return run._replace(cpu=max(clock.cpu, understanding))


def measured(reports: Path, told: Namespace) -> bool:
    """Print the figures of intake; returns whether it meets its bars."""
    contenders = {**bound.CONTENDERS, "alone": alone, "intake": ours}
    found = rounds(contenders, reports, told.rounds)
    show(found)
    compared(found, "alone")
    shares(found["alone"])
    met = compared(found, "intake", OF_BOUND, OF_IDIOMATIC)
    shares(found["intake"])
    return met


if __name__ == "__main__":
    options.run(options.parser(__doc__, 200_000).parse_args(), measured)

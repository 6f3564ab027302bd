"""How long the read models take to be made again, how often they read and judge, in what memory.

python -m benchmarks.rebuild --reports 50000 --more 500000
"""

import shutil
import sys
from argparse import Namespace
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import bound, options
from benchmarks.intake import take
from benchmarks.measuring import Clock, Run, bar, compared, fresh, rounds, shares, show, written
from benchmarks.staged import StagedLog
from consumers.garbage import collect_seldom
from projections.rebuild import rebuild
from store.sqlite import SqliteLog

JUDGEMENTS, READS, MEMORY = 1.0, 2.1, 80.0
FEW, MANY = 50_000, 500_000


class Remade(NamedTuple):
    """One rebuild: its time and memory, judgements a movement, records read for each of the log."""

    run: Run
    judgements: float
    reads: float


def record(reports: Path, folder: Path) -> None:
    """Record the reports in a log beside their file, for others to rebuild from."""
    del folder
    collect_seldom()
    with SqliteLog(_log(reports)) as log:
        take(log, reports, Clock())


def ours(reports: Path, folder: Path) -> Remade:
    """Rebuild the read models from a copy of the log, where nothing was derived before."""
    collect_seldom()
    path, clock = folder / "log.sqlite", Clock()
    shutil.copy(_log(reports), path)
    with StagedLog(path) as log:
        with clock:
            made = rebuild(log)
        with log.connection() as db:
            (movements,) = db.execute("SELECT count(*) FROM outlines").fetchone()
            (recorded,) = db.execute("SELECT count(*) FROM outcomes").fetchone()
        read, write = log.cpu("read"), log.cpu("write")
        stages = {"read the log": read, "write": write, "fold and judge": clock.cpu - read - write}
        run = clock.run(recorded, **stages)
        return Remade(run, made.judged / movements, made.read / log.head().index)


def measured(reports: Path, told: Namespace) -> bool:
    """Print the figures of a small log and of a large one; returns whether they meet their bars."""
    large = written(reports.with_name("more.ndjson"), told.more, told.seed)
    found = rounds(bound.CONTENDERS, reports, told.rounds)
    small_runs, large_runs = (_remade(each, told.rounds) for each in (reports, large))
    found |= {"rebuild": [each.run for each in small_runs]}
    found |= {"larger": [each.run for each in large_runs]}
    show(found)
    for runs in (found["rebuild"], found["larger"]):
        shares(runs)
    both = small_runs + large_runs
    memory = (median(each.run.memory for each in runs) for runs in (large_runs, small_runs))
    return all(
        [
            compared(found, "rebuild"),
            bar("judgements a movement", max(each.judgements for each in both), most=JUDGEMENTS),
            bar("reads a record", max(each.reads for each in both), most=READS),
            bar(f"MB more with {told.more:,} reports", next(memory) - next(memory), most=MEMORY),
        ]
    )


def _remade(reports: Path, times: int) -> list[Remade]:
    fresh(record, reports)
    found = []
    for number in range(times):
        print(f"round {number + 1} of {times}: {reports.stem} ...", file=sys.stderr, flush=True)
        found.append(fresh(ours, reports))
    return found


def _log(reports: Path) -> Path:
    return reports.with_suffix(".sqlite")


if __name__ == "__main__":
    parser = options.parser(__doc__, FEW)
    parser.add_argument("--more", type=int, default=MANY, help="reports of the larger log")
    options.run(parser.parse_args(), measured)

"""How long a judgement takes: of a typical case, and of a warehouse with 5 000 withdrawals.

python -m benchmarks.judge
"""

from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import orjson

from benchmarks import options
from benchmarks.cases import Known, cases, port
from benchmarks.generator import warehouse
from benchmarks.intake import BATCH, NOW
from benchmarks.measuring import Clock, apart, bar, peak
from benchmarks.port import SOURCES
from consumers.garbage import collect_seldom
from consumers.intake import Intake, Message
from domain.case import assemble
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.policies import Policies
from projections.projector import Projector
from store.sqlite import SqliteLog

OF_LOADS, OF_TYPICAL = 8.0, 1_000.0
CASES: Final = 400
TURNS: Final = 15
"""How often all cases are judged in one round; the stages take turns."""
WITHDRAWALS: Final = 5_000
MORE: Final = 5
"""Withdrawals that are measured, behind those that were there."""


class Typical(NamedTuple):
    """One round: microseconds of the processor for a typical case, and MB at most."""

    cases: int
    facts: float
    loads: float
    judging: float
    assembling: float
    memory: float


def typical(reports: int, seed: int) -> Typical:
    """Decode the bytes of the facts of typical cases, judge them, fold and assemble them again."""
    told = port(reports, seed)
    found = [known for known in cases(told) if known.typical]
    Random(seed).shuffle(found)
    some, law, policies = found[:CASES], Law(), Policies()
    stages: dict[str, Callable[[Known], object]] = {
        "loads": lambda known: [orjson.loads(raw) for raw in known.reports],
        "judging": lambda known: judge(known.case, law, policies),
        "assembling": lambda known: assemble(known.case.movement, told.book),
    }
    collect_seldom()
    turns = [{name: _each(stage, some) for name, stage in stages.items()} for _ in range(TURNS)]
    facts = sum(len(known.reports) for known in some) / len(some)
    middle = {name: median(turn[name] for turn in turns) for name in stages}
    return Typical(len(some), facts, memory=peak(), **middle)


def _each(stage: Callable[[Known], object], some: Sequence[Known]) -> float:
    clock = Clock()
    with clock:
        for known in some:
            stage(known)
    return clock.cpu / len(some) * 1e6


def withdrawal(withdrawals: int, seed: int) -> float:
    """One more withdrawal, judged and written: microseconds of the processor, in the middle."""
    told = warehouse(withdrawals + MORE, seed)
    before = [raw for reports in islice(told, withdrawals + 1) for raw in reports]
    collect_seldom()
    with TemporaryDirectory() as folder, SqliteLog(Path(folder) / "log.sqlite") as log:
        projector = Projector(log, Law(), Policies())
        _taken(log, before)
        projector.catch_up()
        return median(_projected(log, projector, reports) for reports in told)


def _projected(log: SqliteLog, projector: Projector, reports: list[bytes]) -> float:
    _taken(log, reports)
    clock = Clock()
    with clock:
        projector.catch_up()
    return clock.cpu * 1e6


def _taken(log: SqliteLog, reports: Iterable[bytes]) -> None:
    intake, left = Intake(log, SOURCES), iter(reports)
    while batch := [Message(raw) for raw in islice(left, BATCH)]:
        intake.take("warehouse", batch, NOW)


def measured(told: Namespace) -> bool:
    """Print the figures of judging; returns whether they meet their bars."""
    found = [apart(typical, told.reports, told.seed) for _ in range(told.rounds)]
    more = [apart(withdrawal, told.withdrawals, told.seed) for _ in range(told.rounds)]
    middle = Typical(*(median(figures) for figures in zip(*found, strict=True)))
    print(f"{middle.cases:.0f} typical cases with {middle.facts:.1f} facts each, in us each:")
    for name in ("loads", "judging", "assembling"):
        print(f"  {name:<12}{getattr(middle, name):>8.1f}")
    print(f"  {middle.facts / middle.judging * 1e6:,.0f} facts/s judged, {middle.memory:.0f} MB")
    print(f"one more withdrawal among {told.withdrawals:,}: {median(more) / 1000:.1f} ms")
    ratios = [one.judging / one.loads for one in found]
    written = [each / one.judging for each, one in zip(more, found, strict=True)]
    met = bar("a typical judgement to orjson.loads of its facts", median(ratios), most=OF_LOADS)
    what = "one more withdrawal, written, to a typical judgement"
    return bar(what, median(written), most=OF_TYPICAL) and met


if __name__ == "__main__":
    parser = options.parser(__doc__, 30_000)
    parser.add_argument("--withdrawals", type=int, default=WITHDRAWALS)
    raise SystemExit(not measured(parser.parse_args()))

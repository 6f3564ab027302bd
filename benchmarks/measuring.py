"""Measuring: each contender in a process of its own, rounds interleaved, medians, bars."""

import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from types import MappingProxyType
from typing import Final, NamedTuple, ParamSpec, Self, TypeVar

from benchmarks.generator import deliveries

P = ParamSpec("P")
T = TypeVar("T")
ROUNDS: Final = 3


class Run(NamedTuple):
    """One round of one contender: how many, in how many seconds, on how many of the processor's,
    with how many MB at most; the processor's seconds of its stages.
    """

    many: int
    seconds: float
    cpu: float
    memory: float
    stages: Mapping[str, float] = MappingProxyType({})

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.many / self.seconds

    @property
    def cpu_rate(self) -> float:
        """How many in a second of the processor's."""
        return self.many / self.cpu


class Clock:
    """Counts the time of the blocks that it is put around."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    def __enter__(self) -> Self:
        self._wall, self._process = perf_counter(), process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += perf_counter() - self._wall
        self.cpu += process_time() - self._process

    def beside(self, blocks: Iterable[T]) -> Iterator[T]:
        """The same, made while the clock stands still, within a block that it is put around."""
        left = iter(blocks)
        while True:
            self.__exit__()
            try:
                block = next(left, None)
            finally:
                self.__enter__()
            if block is None:
                return
            yield block

    def run(self, count: int, **stages: float) -> Run:
        """What was measured, for so many."""
        return Run(count, self.seconds, self.cpu, peak(), stages)


def peak() -> float:
    """The most memory that this process has had since it was started, in MB.

    `getrusage` would count what its parent had as well.
    """
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def apart(task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `task` returns, run in a new process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(task, *args, **kwargs).result()


def fresh(task: Callable[[Path, Path], T], reports: Path) -> T:
    """What `task` returns of reports and an empty folder, run in a new process."""
    with TemporaryDirectory() as folder:
        return apart(task, reports, Path(folder))


Contender = Callable[[Path, Path], Run]


def rounds(contenders: Mapping[str, Contender], reports: Path, times: int) -> dict[str, list[Run]]:
    """Let each contender run in each round, so that all of them meet the same weather."""
    found: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(times):
        for name, contender in contenders.items():
            print(f"round {number + 1} of {times}: {name} ...", file=sys.stderr, flush=True)
            found[name].append(fresh(contender, reports))
    return found


def ratio(ours: Sequence[Run], other: Sequence[Run], *, cpu: bool = False) -> float:
    """How many times as fast, round by round, in the middle; by the clock or the processor."""
    pairs = zip(ours, other, strict=True)
    if cpu:
        return median(one.cpu_rate / two.cpu_rate for one, two in pairs)
    return median(one.rate / two.rate for one, two in pairs)


def compared(
    found: Mapping[str, Sequence[Run]],
    name: str,
    of_bound: float | None = None,
    of_idiomatic: float | None = None,
) -> bool:
    """Print the two ratios of one contender to the others, with their bars.

    A bar is held against the processor's time: the clock depends on the disk, and on who else is
    at work, and flatters whoever waits less often.
    """
    met = True
    for other, least in (("bound", of_bound), ("idiomatic", of_idiomatic)):
        pair = found[name], found[other]
        met &= bar(f"{name} to {other}", ratio(*pair, cpu=True), least)
        bar(f"{name} to {other}, by the clock", ratio(*pair))
    return met


def show(found: Mapping[str, Sequence[Run]]) -> None:
    """Print the medians of each contender."""
    for name, runs in found.items():
        _show(name, runs)


def _show(name: str, runs: Sequence[Run]) -> None:
    rate, cpu = median(run.rate for run in runs), median(run.cpu_rate for run in runs)
    memory = median(run.memory for run in runs)
    print(
        f"{name:<12}{rate:>10,.0f} reports/s {1e6 / cpu:>8.1f} us of the processor each"
        f" {memory:>6.0f} MB"
    )


def shares(runs: Sequence[Run]) -> None:
    """Print what part of the processor's time each stage takes, in the middle, and what is left."""
    for name in runs[0].stages:
        part = median(run.stages[name] / run.cpu for run in runs)
        each = median(run.stages[name] / run.many for run in runs) * 1e6
        print(f"  {name:<28} {part:>6.1%} {each:>8.1f} us each")


def bar(what: str, found: float, least: float | None = None, most: float | None = None) -> bool:
    """Print a figure and whether it meets its bar, if it has one."""
    if least is None and most is None:
        print(f"{what}: {found:.3g}")
        return True
    met = (least is None or found >= least) and (most is None or found <= most)
    wanted = f"at least {least:g}" if most is None else f"at most {most:g}"
    print(f"{what}: {found:.3g} ({wanted}): {'bar met' if met else 'bar NOT met'}")
    return met


def written(path: Path, count: int, seed: int) -> Path:
    """The file with the first so many messages of the port, one a line."""
    with path.open("wb") as file:
        file.writelines(each.raw + b"\n" for each in deliveries(count, seed))
    return path


def batches(path: Path, size: int) -> Iterator[list[bytes]]:
    """The messages of a file, so many at a time."""
    with path.open("rb") as file:
        lines = (line.rstrip(b"\n") for line in file)
        while batch := list(islice(lines, size)):
            yield batch

"""What every benchmark can be told."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.generator import SEED
from benchmarks.measuring import ROUNDS, written


def parser(what: str | None, reports: int) -> ArgumentParser:
    """The options that all have: how many reports, rounds, which seed."""
    made = ArgumentParser(description=(what or "").splitlines()[0])
    made.add_argument("--reports", type=int, default=reports, help="how many; less is less true")
    made.add_argument("--rounds", type=int, default=ROUNDS)
    made.add_argument("--seed", type=int, default=SEED)
    return made


def run(told: Namespace, measured: Callable[[Path, Namespace], bool]) -> None:
    """Write the reports of the port, measure, and exit with 1 where a bar is not met."""
    with TemporaryDirectory() as folder:
        met = measured(written(Path(folder) / "reports.ndjson", told.reports, told.seed), told)
    raise SystemExit(not met)

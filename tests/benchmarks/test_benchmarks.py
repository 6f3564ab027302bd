"""Each benchmark runs, and says of each of its bars whether it is met."""

import os
import sys
from subprocess import run

import pytest

from tests.servers.kafka import VARIABLE

SMALL = {
    "intake": ("--reports", "1500"),
    "pipeline": ("--reports", "1500"),
    "postgresql": ("--reports", "1500"),
    "judge": ("--reports", "3000", "--withdrawals", "10"),
    "rebuild": ("--reports", "1200", "--more", "1500"),
    "publisher": ("--reports", "1500"),
    "latency": ("--reports", "500", "--rate", "100", "--seconds", "2"),
}
BARS = {
    "intake": 2,
    "pipeline": 1,
    "postgresql": 4,
    "judge": 2,
    "rebuild": 3,
    "publisher": 1,
    "latency": 1,
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_says_of_each_bar_whether_it_is_met(name: str, kafka: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--rounds", "1", *SMALL[name]]
    env = {**os.environ, VARIABLE: kafka}
    done = run(command, capture_output=True, text=True, check=False, timeout=300, env=env)
    assert done.returncode in (0, 1), done.stderr
    said = [line for line in done.stdout.splitlines() if line.endswith(("bar met", "bar NOT met"))]
    assert len(said) == BARS[name], done.stdout + done.stderr
    assert done.returncode == any(line.endswith("NOT met") for line in said)

"""A command in a process of its own, that runs until it is told to stop."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic

from tests.processes.conftest import PATIENCE

ROOT = Path(__file__).parents[2]
STOP = 5.0
"""Seconds within which a process has to stop."""
Child = subprocess.Popen[str]


@contextmanager
def child(folder: Path, *command: str, **env: str) -> Iterator[Child]:
    """A Python process; it is killed where it does not end."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")}
    with subprocess.Popen(
        [sys.executable, *command],
        env={**told, "PYTHONPATH": str(ROOT), **env},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def customs_run(folder: Path, process: str, **env: str) -> AbstractContextManager[Child]:
    """The command `customs run`; its settings by name."""
    return child(folder, "-m", "cli", "run", process, **env)


def until(running: Child, event: str, process: str) -> list[dict[str, object]]:
    """The lines of a child up to an event of a process."""
    assert running.stderr
    lines = []
    for text in running.stderr:
        lines.append(json.loads(text))
        if (lines[-1]["event"], lines[-1]["process"]) == (event, process):
            return lines
    raise AssertionError(lines)


def stopped(running: Child, number: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
    """What a child still says, told to stop and stopping in time."""
    began = monotonic()
    running.send_signal(number)
    said = running.communicate(timeout=PATIENCE)
    assert monotonic() - began < STOP
    return said


def ended(running: Child) -> tuple[str, list[dict[str, str]]]:
    """What a child that ends by itself says on stdout, and its lines."""
    out, err = running.communicate(timeout=PATIENCE)
    return out, [json.loads(line) for line in err.splitlines()]

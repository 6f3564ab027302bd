"""Fake processes, and a clock that goes where a test says."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event

import pytest

from consumers.processes import running
from consumers.processes.metrics import Meters
from consumers.processes.process import Progress, Wanted
from consumers.processes.running import Ended, Ends, Loop
from consumers.processes.vitals import Vitals

PATIENCE = 60.0
"""Seconds after which a test gives up; nothing waits for so long unless it fails."""


class Clock:
    """A clock that never goes by itself."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Fake:
    """A process that does what it is given, step by step, and then finds nothing to do."""

    name = "fake"

    def __init__(self, *steps: bool | BaseException | Callable[[], bool]) -> None:
        self.steps = list(steps)
        self.taken = 0
        self.behind = 0
        self.idle = Event()
        self.closed = Event()

    def step(self) -> bool:
        if not self.steps:
            self.idle.set()
            return False
        self.taken += 1
        match self.steps.pop(0):
            case BaseException() as error:
                raise error
            case bool(found):
                return found
            case act:
                return act()

    def progress(self) -> Progress:
        return Progress(self.behind, position=self.taken, done={"stepped": self.taken})

    def close(self) -> None:
        self.closed.set()


class Threads:
    """Loops of fake processes, as `running.run` has them, without signals and health."""

    def __init__(self) -> None:
        self.stop, self.ends = Event(), Ends()
        self.loops: list[Loop] = []
        self.vitals: list[Vitals] = []

    def start(self, *processes: Fake) -> None:
        self.want(*(Wanted(each.name, partial(_given, each), 0.001) for each in processes))

    def want(self, *wanted: Wanted) -> None:
        self.vitals = [Vitals(each.name) for each in wanted]
        seconds = Meters(self.vitals, 1).step_seconds
        self.loops = [
            Loop(each, vital, seconds[each.name], self.stop, self.ends)
            for each, vital in zip(wanted, self.vitals, strict=True)
        ]
        for loop in self.loops:
            loop.start()

    def ended(self) -> Ended:
        return self.ends.get(timeout=PATIENCE)

    def join(self) -> None:
        self.stop.set()
        for loop in self.loops:
            loop.join(PATIENCE)


def _given(process: Fake) -> Fake:
    return process


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Threads]:
    monkeypatch.setattr(running, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(running, "MEASURE", 0.0)
    made = Threads()
    yield made
    made.join()

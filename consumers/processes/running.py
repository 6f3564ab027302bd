"""Running processes: a thread for each, until a signal or an error that does not pass by itself.

What may pass by itself (a server that is down, a log that others hold) is tried again, after a
while that grows. At the first signal each process finishes its step and closes; one that takes
longer than `STOP_SECONDS` is left, since a step is a transaction: nothing of it is done then.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from types import FrameType
from typing import Final, NamedTuple

from prometheus_client import Histogram

from consumers.broker.ports import BrokerError
from consumers.processes import logs
from consumers.processes.health import Health, served
from consumers.processes.metrics import Meters
from consumers.processes.process import Process, Wanted
from consumers.processes.vitals import Vitals
from consumers.settings import HealthSettings
from store.records import LogBusy, LogUnreachable

PASSING: Final = (BrokerError, LogBusy, LogUnreachable)
"""Errors that may pass by themselves."""
STOP_SECONDS: Final = 4.0
"""How long the processes have for their last step, together."""
FIRST_WAIT: Final = 0.2
"""Seconds before the first new try; each further wait is twice as long."""
LONGEST_WAIT: Final = 10.0
MEASURE: Final = 1.0
"""Seconds between two looks at how far a process has got."""
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Ended(NamedTuple):
    """Why the processes ended: a signal, or an error; and those that did not end in time."""

    by: signal.Signals | None = None
    error: BaseException | None = None
    left: tuple[str, ...] = ()


Ends = SimpleQueue[Ended]
"""Reasons to end; a signal may put one at any moment, which other queues do not bear."""


def run(wanted: Sequence[Wanted], health: HealthSettings) -> Ended:
    """Run processes until something ends them; raises OSError where `health` has no address.

    Signals are heard where this is called in the main thread. Where a process was `left`, whoever
    called has to end the program without waiting for its threads.
    """
    ends: Ends = SimpleQueue()
    vitals = [Vitals(each.name) for each in wanted]
    meters = Meters(vitals, health.ready_seconds)
    answers = Health(vitals, meters, health.live_seconds, health.ready_seconds)
    with ExitStack() as stack:
        if health.port:
            stack.enter_context(served(answers, health))
            logs.say("health is told", host=health.host, port=health.port)
        stack.enter_context(_heard(ends))
        stop = Event()
        loops = [
            Loop(each, told, meters.step_seconds[each.name], stop, ends)
            for each, told in zip(wanted, vitals, strict=True)
        ]
        for loop in loops:
            loop.start()
        ended = ends.get()
        answers.stopping = True
        stop.set()
        return ended._replace(left=tuple(_left(loops)))


def _left(loops: Sequence[Thread]) -> Iterator[str]:
    """Wait for the loops to end, and name those that do not."""
    until = monotonic() + STOP_SECONDS
    for loop in loops:
        loop.join(max(0.0, until - monotonic()))
        if loop.is_alive():
            logs.warn("left in the midst of a step, which is undone", left=loop.name)
            yield loop.name


@contextmanager
def _heard(ends: Ends) -> Iterator[None]:
    """Take the first signal as the wish to stop; the next one ends the program at once."""

    def hear(number: int, _frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        ends.put(Ended(by=signal.Signals(number)))

    before = {each: signal.signal(each, hear) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Loop(Thread):
    """The thread of one process: step after step, until `stop` is set."""

    def __init__(
        self, wanted: Wanted, vitals: Vitals, seconds: Histogram, stop: Event, ends: Ends
    ) -> None:
        super().__init__(name=wanted.name, daemon=True)
        self._wanted, self._vitals, self._seconds = wanted, vitals, seconds
        self._halt, self._ends = stop, ends
        self._process: Process | None = None
        self._measured = -MEASURE

    def run(self) -> None:
        """Go round until told to stop, then close; an error that does not pass ends everything."""
        try:
            self._rounds()
        except BaseException as error:  # noqa: BLE001  (a dead thread must not go unnoticed)
            logs.fail("ended by an error", **logs.told(error))
            self._ends.put(Ended(error=error))
        finally:
            self._close()

    def _rounds(self) -> None:
        wait = FIRST_WAIT
        while not self._halt.is_set():
            try:
                found = self._round()
            except PASSING as error:
                self._vitals.failed(f"{type(error).__name__}: {error}")
                logs.warn("tried again", after=wait, **logs.told(error))
                self._halt.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                if wait != FIRST_WAIT:
                    logs.say("goes on")
                wait = FIRST_WAIT
                if not found:
                    self._halt.wait(self._wanted.pause)
            self._vitals.goes_round()

    def _round(self) -> bool:
        """One step, and now and then a look at how far it got; whether there was work."""
        if self._process is None:
            self._process = self._wanted.make()
            logs.say("started")
        began = monotonic()
        found = self._process.step()
        ended = monotonic()
        if found:
            self._seconds.observe(ended - began)
        if ended - self._measured >= MEASURE:
            self._vitals.measured(self._process.progress())
            self._measured = ended
        self._vitals.stepped()
        return found

    def _close(self) -> None:
        if self._process is None:
            return
        try:
            self._process.close()
        except Exception as error:  # noqa: BLE001  (it ends anyway, and what it held ends with it)
            logs.warn("did not close well", **logs.told(error))
        else:
            logs.say("stopped")

"""What every process is: steps that do one bounded piece of work each."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol


class Progress(NamedTuple):
    """How far a process has got: `behind` counts what waits for it; `incidents` need a person.

    `position` grows with what is done, such as a log index or a sum of offsets: whoever is always
    behind is well as long as it moves. `done` counts since the start by outcome, such as
    `recorded`. `awaits` is what has to come, by itself, before the rest can be known. An incident
    is a sentence; neither it nor an outcome says anything of a person or a movement.
    """

    behind: int
    incidents: tuple[str, ...] = ()
    position: int = 0
    done: Mapping[str, int] = {}
    awaits: str | None = None


class Process(Protocol):
    """One process; `running.run` calls its steps until it is told to stop."""

    @property
    def name(self) -> str:
        """Such as `intake`: in logs, metrics and addresses of health."""

    def step(self) -> bool:
        """Do one piece of work, in at most about two seconds; false where there was none.

        What may pass by itself is raised as BrokerError, LogBusy or LogUnreachable: the step is
        tried again after a while, and nothing of it was done, or all of it.
        """

    def progress(self) -> Progress: ...

    def close(self) -> None: ...


class Wanted(NamedTuple):
    """A process that is to run: made by its own thread, so that its connections are its own.

    `pause` is how long to wait, in seconds, after a step that found nothing to do.
    """

    name: str
    make: Callable[[], Process]
    pause: float

"""What every process is: steps that do one bounded piece of work each."""

from typing import NamedTuple, Protocol


class Progress(NamedTuple):
    """How far a process has got: `behind` counts what waits for it; `incidents` need a person.

    `position` grows with what is done, such as a log index or a sum of offsets: whoever is always
    behind is well as long as it moves. An incident is a sentence without personal data.
    """

    behind: int
    incidents: tuple[str, ...] = ()
    position: int = 0


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

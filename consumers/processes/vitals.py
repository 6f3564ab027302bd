"""How a process is: told by its loop, read by whoever asks after its health.

Alive is a loop that goes round, also one that waits for work or for a server to come back. Ready
is one that gets on: it is connected, nothing needs a person, and what waits for it moves.
"""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import NamedTuple

from consumers.processes.process import Progress


class State(NamedTuple):
    """What the loop last told; instants are those of a clock that never goes back, in seconds."""

    beat: float
    """When the loop last went round."""
    moved: float
    """When nothing waited, or when what waits last moved."""
    progress: Progress | None = None
    failure: str | None = None
    """Why the last try came to nothing."""
    retries: int = 0


class Vitals:
    """The state of one process. One thread tells; others may read."""

    def __init__(self, name: str, clock: Callable[[], float] = monotonic) -> None:
        self.name = name
        self._clock = clock
        now = clock()
        self.state = State(now, now)

    def goes_round(self) -> None:
        """The loop went round."""
        self.state = self.state._replace(beat=self._clock())

    def stepped(self) -> None:
        """A step came to its end."""
        self.state = self.state._replace(beat=self._clock(), failure=None)

    def failed(self, why: str) -> None:
        """A try came to nothing, and will be made again."""
        was = self.state
        self.state = was._replace(beat=self._clock(), failure=why, retries=was.retries + 1)

    def measured(self, progress: Progress) -> None:
        """How far the process has got."""
        was, now = self.state, self._clock()
        before = was.progress
        moved = (
            before is None
            or progress.behind == 0
            or progress.behind < before.behind
            or progress.position > before.position
        )
        self.state = was._replace(progress=progress, moved=now if moved else was.moved)

    @property
    def silent(self) -> float:
        """Seconds since the loop last went round."""
        return self._clock() - self.state.beat

    @property
    def still(self) -> float:
        """Seconds since nothing waited, or what waits moved."""
        return self._clock() - self.state.moved

    def not_ready(self, limit: float) -> Iterator[str]:
        """Why the process does not get on, where it does not; the limit is in seconds."""
        state = self.state
        if state.failure:
            yield state.failure
        if state.progress is None:
            yield "it has not begun yet"
            return
        if state.progress.awaits:
            yield state.progress.awaits
        yield from state.progress.incidents
        if self.silent > limit:
            yield f"the same step has taken {self.silent:.0f} seconds by now"
        elif self.still > limit:
            behind, seconds = state.progress.behind, self.still
            yield f"{behind} wait, and nothing has moved for {seconds:.0f} seconds"

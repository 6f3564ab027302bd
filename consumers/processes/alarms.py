"""The alarms: what legal time brings is announced when legal time reaches it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from consumers.processes.process import Progress
from projections import journal
from store.log import Log


class AlarmsProcess:
    """Announces each segment as it starts, with no new fact; once in the journal.

    `now` tells the instant. Each step looks whether something has started since the last
    announcement; where nothing has, the announcement is still moved on `every` so many seconds,
    for what is derived later of an instant that lies before it is said by the projector. Several
    may run at once, and one that stood still says what it missed.
    """

    name = "alarms"

    def __init__(self, log: Log, now: Callable[[], datetime], every: float) -> None:
        self._log, self._now, self._every = log, now, timedelta(seconds=every)
        self._announced = 0

    def step(self) -> bool:
        """Announce what has started, where something has or it is time to move on."""
        now = self._now()
        due = journal.due(self._log, now)
        if due is None or self._is_early(due, now):
            return False
        said = journal.announce(self._log, now)
        self._announced += said
        return said > 0

    def progress(self) -> Progress:
        """Behind are the segments that have started and are not announced."""
        since, many = journal.due(self._log, self._now()) or journal.Due(None, 0)
        position = int(since.timestamp()) if since else 0
        return Progress(many, position=position, done={"announced": self._announced})

    def _is_early(self, due: journal.Due, now: datetime) -> bool:
        return not due.many and due.since is not None and now < due.since + self._every

    def close(self) -> None:
        """Close the log."""
        self._log.close()

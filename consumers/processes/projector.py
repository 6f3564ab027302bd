"""The projector: from the log to the read models, a page or a piece of its queue in each step."""

from consumers.processes.process import Progress
from projections.judging import Terms
from projections.projector import Projector
from store.log import Log


class ProjectorProcess:
    """Keeps the read models of a log up to date, under the terms that they were made under.

    Each step reads `page` records at most; `shards` are made where there are no read models yet,
    and any number of processes advance them. Raises `OtherReadModels` where another release, or
    somebody under other terms, made them: `customs rebuild` is for that.
    """

    name = "projector"

    def __init__(self, log: Log, terms: Terms, page: int, shards: int = 1) -> None:
        self._log, self._page = log, page
        self._projector = Projector(log, *terms, shards=shards)
        self._read = 0

    def step(self) -> bool:
        """Read a page and judge what waits because of it, or judge a piece of what waits."""
        read = self._projector.advance(self._page)
        if read is None:
            return False
        self._read += read
        return True

    def progress(self) -> Progress:
        """Behind are the records that are not read yet, and the movements that wait."""
        position, unread, waiting = self._projector.lag()
        return Progress(unread + waiting, position=position, done={"read": self._read})

    def close(self) -> None:
        """Close the log."""
        self._log.close()

"""The last version and leaf of each stream that was lately appended to."""

from collections.abc import Iterable
from itertools import islice

from store.filing import Heads

LIMIT = 100_000


class StreamHeads:
    """A bounded memory of stream heads, right for one index of the log.

    It is right as long as the head of the log stands where it left it: whoever appends moves it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._index = -1
        self._heads: Heads = {}

    def known(self, streams: Iterable[str], index: int) -> Heads:
        """The remembered heads of `streams`; none when another process moved the log to `index`."""
        if index != self._index:
            self._heads.clear()
        return {stream: self._heads[stream] for stream in streams if stream in self._heads}

    def learn(self, heads: Heads, index: int) -> None:
        """Take over `heads` after a commit that left the log at `index`."""
        for stream, head in heads.items():
            self._heads.pop(stream, None)  # so that it counts as the latest again
            self._heads[stream] = head
        excess = max(0, len(self._heads) - self._limit)
        for stream in list(islice(self._heads, excess)):
            del self._heads[stream]
        self._index = index

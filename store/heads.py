"""The last version and leaf of each stream that was lately appended to."""

from collections.abc import Iterable
from itertools import islice

from store.filing import Heads

LIMIT = 100_000


class StreamHeads:
    """A bounded memory of stream heads, right for the log up to `index`."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._heads: Heads = {}
        self.index = -1

    def known(self, streams: Iterable[str]) -> Heads:
        """The remembered heads of `streams`."""
        return {stream: self._heads[stream] for stream in streams if stream in self._heads}

    def learn(self, heads: Heads, index: int) -> None:
        """Take over all heads that differ at `index`, and others."""
        for stream, head in heads.items():
            self._heads.pop(stream, None)  # so that it counts as the latest again
            self._heads[stream] = head
        excess = max(0, len(self._heads) - self._limit)
        for stream in list(islice(self._heads, excess)):
            del self._heads[stream]
        self.index = index

    def forget(self, index: int) -> None:
        """Know nothing of the log up to `index`."""
        self._heads.clear()
        self.index = index

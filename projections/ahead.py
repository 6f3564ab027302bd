"""The log and some reports that it has not recorded, as if it had: what a check reads from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from domain.case import Linked, Reader, outline_of
from domain.facts.fact import Told
from domain.outline import Outline


class Ahead:
    """A reader that is told more than the one below it knows."""

    def __init__(self, below: Reader) -> None:
        self._below = below
        self._told: defaultdict[str, list[Told]] = defaultdict(list)
        self._links: defaultdict[str, list[Linked]] = defaultdict(list)
        self._outlines: dict[str, Outline | None] = {}

    def add(self, told: Told) -> None:
        """From here on this is known as well."""
        self._told[told.stream].append(told)
        for named in told.fact.named():
            if named.reference != told.stream:
                self._links[named.reference].append(Linked(told.stream, named.relation))
        self._outlines.clear()

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
        """The facts of each stream."""
        below = self._below.told(streams)
        return {name: (*below[name], *self._told.get(name, ())) for name in streams}

    def linked(self, streams: Collection[str]) -> Mapping[str, Sequence[Linked]]:
        """The links on each stream."""
        below = self._below.linked(streams)
        return {name: (*below[name], *self._links.get(name, ())) for name in streams}

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement of each name."""
        for name in names:
            if name not in self._outlines:
                self._outlines[name] = outline_of(name, self)
        return {name: self._outlines[name] for name in names}

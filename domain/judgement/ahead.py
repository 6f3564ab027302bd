"""A log and some reports that it has not recorded, as if it had: what a check reads from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from domain.case import Linked, Reader, outline_of
from domain.facts.fact import Told
from domain.joins import connected
from domain.outline import Outline


class Ahead:
    """A reader that is told more than the one below it knows."""

    def __init__(self, below: Reader, *told: Told) -> None:
        self._below = below
        self._told: defaultdict[str, list[Told]] = defaultdict(list)
        self._links: defaultdict[str, list[Linked]] = defaultdict(list)
        self._joined: set[str] = set()
        """The names of movements that may be others than below."""
        self._outlines: dict[str, Outline | None] = {}
        for each in told:
            self.add(each)

    def add(self, told: Told) -> None:
        """From here on this is known as well."""
        self._told[told.stream].append(told)
        for named in told.fact.named():
            if named.reference != told.stream:
                self._links[named.reference].append(Linked(told.stream, named.relation))
        self._joined = connected({*self._joined, told.stream}, self)
        self._outlines.clear()

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
        """The facts of each stream."""
        found = {**self._below.told(streams)}
        for name in self._told.keys() & found.keys():
            found[name] = (*found[name], *self._told[name])
        return found

    def linked(self, streams: Collection[str]) -> Mapping[str, Sequence[Linked]]:
        """The links on each stream."""
        found = {**self._below.linked(streams)}
        for name in self._links.keys() & found.keys():
            found[name] = (*found[name], *self._links[name])
        return found

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement of each name."""
        found = {**self._below.outlines([name for name in names if name not in self._joined])}
        for name in names:
            if name in self._joined:
                if name not in self._outlines:
                    self._outlines[name] = outline_of(name, self)
                found[name] = self._outlines[name]
        return found

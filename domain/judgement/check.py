"""What a report would change, recording nothing: the gate for systems that want one (D1)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.case import Case, Linked, Reader, assemble, outline_of
from domain.facts.fact import Told
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.outline import Outline
from domain.policies import Policies
from domain.timeline import (
    Deadline,
    Debt,
    Finding,
    Guarantee,
    Judgement,
    Position,
    Procedure,
)

Said = Position | Procedure | Deadline | Debt | Guarantee | Finding


class Change(NamedTuple):
    """The judgements of one movement without the report and with it; `None`: nothing is said."""

    movement: str
    before: Judgement | None
    after: Judgement | None

    @property
    def added(self) -> tuple[Said, ...]:
        """What would be said, and is not."""
        was = _said(self.before)
        return tuple(each for each in _said(self.after) if each not in was)

    @property
    def removed(self) -> tuple[Said, ...]:
        """What is said, and no longer would be."""
        will = _said(self.after)
        return tuple(each for each in _said(self.before) if each not in will)


class Overlay:
    """A reader with one more report than another has."""

    def __init__(self, below: Reader, told: Told) -> None:
        self._below, self._more = below, told
        self._outlines: dict[str, Outline | None] = {}

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
        """The facts of each stream."""
        found = dict(self._below.told(streams))
        if self._more.stream in found:
            found[self._more.stream] = (*found[self._more.stream], self._more)
        return found

    def linked(self, streams: Collection[str]) -> Mapping[str, Sequence[Linked]]:
        """The links on each stream."""
        found = dict(self._below.linked(streams))
        for named in self._more.fact.named():
            if named.reference in found and named.reference != self._more.stream:
                link = Linked(self._more.stream, named.relation)
                found[named.reference] = (*found[named.reference], link)
        return found

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement of each name."""
        for name in names:
            if name not in self._outlines:
                self._outlines[name] = outline_of(name, self)
        return {name: self._outlines[name] for name in names}


def check(told: Told, reader: Reader, law: Law, policies: Policies) -> Iterator[Change]:
    """What the report would change in the judgement of its movement and of the neighbours."""
    after = Overlay(reader, told)
    for name in _touched(told.stream, reader, after):
        without, having = (judge(assemble(name, each), law, policies) for each in (reader, after))
        if _said(without) != _said(having):
            yield Change(name, without, having)


def _touched(stream: str, before: Reader, after: Reader) -> list[str]:
    """The movement of a stream and its neighbours, as they are and as they would be."""
    cases: list[Case] = [assemble(stream, each) for each in (before, after)]
    names = {case.movement for case in cases}
    for case in cases:
        names |= {one.movement for one in (*case.previous.values(), *case.successors)}
    return sorted(names)


def _said(judgement: Judgement | None) -> tuple[Said, ...]:
    if judgement is None:
        return ()
    return (
        *judgement.positions,
        *judgement.procedures,
        *judgement.deadlines,
        *judgement.debts,
        *judgement.guarantees,
        *judgement.findings,
    )

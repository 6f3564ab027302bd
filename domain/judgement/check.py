"""What a report would change, recording nothing: the gate for systems that want one (D1)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.case import Case, Reader, assemble
from domain.customs_debt import Debt
from domain.facts.fact import Told
from domain.joins import connected
from domain.judgement.ahead import Ahead
from domain.judgement.judge import judged_on
from domain.law.citation import Law
from domain.policies import Policies
from domain.timeline import Deadline, Finding, Guarantee, Judgement, Position, Procedure

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


def check(
    told: Told, reader: Reader, law: Law, policies: Policies, resting: Iterable[str] = ()
) -> Iterator[Change]:
    """What the report would change in the judgement of its movement and of the neighbours, and of
    those that are known to be `resting` on the stream that it is told of.
    """
    ahead = Ahead(reader, told)
    for name in sorted({*_touched(told.stream, reader, ahead), *resting}):
        before, walked = judged_on(assemble(name, reader), law, policies, None)
        after, _ = judged_on(assemble(name, ahead), law, policies, walked)
        if _said(before) != _said(after) or _names(before) != _names(after):
            yield Change(name, before, after)


def _touched(stream: str, before: Reader, after: Reader) -> set[str]:
    """The movements that reports connect with a stream, and the neighbours of each, as they are
    and as they would be.
    """
    cases: list[Case] = []
    for reader in (before, after):
        done: set[str] = set()
        for name in sorted(connected({stream}, after)):
            if name not in done:
                cases.append(assemble(name, reader))
                done |= {*cases[-1].names}
    names = {case.movement for case in cases}
    for case in cases:
        names |= {one.movement for one in (*case.previous.values(), *case.successors)}
    return names


def _names(judgement: Judgement | None) -> tuple[str, ...]:
    return judgement.names if judgement else ()


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

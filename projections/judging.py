"""One movement judged: the case read, the judgement, and the rows that say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.case import Reader, assemble
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.policies import Policies
from domain.timeline import Judgement
from projections import rows
from projections.tables import (
    AGENDA,
    DEPENDENCIES,
    MOVEMENTS,
    POSITIONS,
    STATEMENTS,
    DependencyRow,
    MovementRow,
    Table,
)

Rows = Mapping[Table, Sequence[Any]]
"""The rows of each table."""


class Terms(NamedTuple):
    """What is judged under."""

    law: Law
    policies: Policies


class Judged(NamedTuple):
    """What was said of a movement, and the streams that were read for it."""

    movement: str
    names: tuple[str, ...]
    reads: frozenset[str]
    judgement: Judgement | None

    def rows(self, judged: int) -> Rows:
        """The rows of each table of `tables.JUDGED`; nothing said gives none."""
        if self.judgement is None:
            return {}
        said = rows.rows(self.judgement)
        return {
            MOVEMENTS: [_movement(self.judgement, judged)],
            POSITIONS: list(said.positions),
            STATEMENTS: list(said.statements),
            AGENDA: list(said.agenda),
            DEPENDENCIES: [DependencyRow(self.movement, stream) for stream in sorted(self.reads)],
        }


def judged(name: str, reader: Reader, terms: Terms) -> Judged:
    """The movement that `name` is a reference of, judged."""
    case = assemble(name, reader)
    said = judge(case, terms.law, terms.policies)
    return Judged(case.movement, case.names, case.reads, said)


def each_judged(names: Iterable[str], reader: Reader, terms: Terms) -> Iterator[Judged]:
    """The movements that these are references of, each once."""
    seen: set[str] = set()
    for name in names:
        if name not in seen:
            one = judged(name, reader, terms)
            seen |= {one.movement, *one.names}
            yield one


def _movement(said: Judgement, judged: int) -> MovementRow:
    return MovementRow(said.movement, said.kind.value, said.office, said.person, judged)

"""One movement judged: the case read, the judgement, and the rows that say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from domain.case import Folded, Reader, case_of, fold
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
NO_FOLDS: Final[Mapping[str, Folded]] = MappingProxyType({})


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


def judged(name: str, reader: Reader, terms: Terms, folded: Folded | None = None) -> Judged:
    """The movement that `name` is a reference of, judged; `folded` where its facts are already."""
    case = case_of(folded or fold(name, reader), reader)
    said = judge(case, terms.law, terms.policies)
    return Judged(case.movement, case.names, case.reads, said)


def each_judged(
    names: Iterable[str], reader: Reader, terms: Terms, folds: Mapping[str, Folded] = NO_FOLDS
) -> Iterator[Judged]:
    """The movements that these are references of, each once; `folds` are those folded already."""
    seen: set[str] = set()
    for name in names:
        if name not in seen:
            one = judged(name, reader, terms, folds.get(name))
            seen |= {one.movement, *one.names}
            yield one


def _movement(said: Judgement, judged: int) -> MovementRow:
    return MovementRow(said.movement, said.kind.value, said.office, said.person, judged)

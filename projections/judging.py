"""One movement judged: the case read, the judgement, and the rows that say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from domain.case import Case, Folded, Reader, case_of, fold
from domain.judgement.judge import judge, judged_on
from domain.judgement.resumed import Walked
from domain.law.citation import Law
from domain.policies import Policies
from domain.timeline import Judgement
from projections import rows
from projections.kept import Kept
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

    def rows(self, judged: int, earlier: "Earlier | None" = None) -> Rows:
        """The rows of each table of `tables.JUDGED`; nothing said gives none."""
        if self.judgement is None:
            return {}
        said = earlier.spell(self.judgement) if earlier else rows.rows(self.judgement)
        return {
            MOVEMENTS: [_movement(self.judgement, judged)],
            POSITIONS: list(said.positions),
            STATEMENTS: list(said.statements),
            AGENDA: list(said.agenda),
            DEPENDENCIES: [DependencyRow(self.movement, stream) for stream in sorted(self.reads)],
        }


class Earlier:
    """How movements with many successors were judged and spelled last, to go on from.

    It changes no answer, only how soon it is there. `room` is how many events and rows are kept.
    """

    def __init__(self, room: int) -> None:
        self._walked: Kept[Walked] = Kept(room)
        self._spelled: Kept[rows.Spelled] = Kept(room)

    def judge(self, case: Case, terms: Terms) -> Judgement | None:
        """The judgement of a case."""
        said, after = judged_on(case, *terms, self._walked.get(case.movement))
        if after:
            self._walked.put(case.movement, after, len(after.agenda))
        return said

    def spell(self, said: Judgement) -> rows.Said:
        """The rows of a judgement."""
        spelled, after = rows.spelled(said, self._spelled.get(said.movement))
        if after:
            self._spelled.put(said.movement, after, len(after.spans) + len(after.drafts))
        return spelled


def judged(
    name: str,
    reader: Reader,
    terms: Terms,
    folded: Folded | None = None,
    earlier: Earlier | None = None,
) -> Judged:
    """The movement that `name` is a reference of, judged; `folded` where its facts are already."""
    case = case_of(folded or fold(name, reader), reader)
    said = earlier.judge(case, terms) if earlier else judge(case, *terms)
    return Judged(case.movement, case.names, case.reads, said)


def each_judged(
    names: Iterable[str],
    reader: Reader,
    terms: Terms,
    folds: Mapping[str, Folded] = NO_FOLDS,
    earlier: Earlier | None = None,
) -> Iterator[Judged]:
    """The movements that these are references of, each once; `folds` are those folded already."""
    seen: set[str] = set()
    for name in names:
        if name not in seen:
            one = judged(name, reader, terms, folds.get(name), earlier)
            seen |= {one.movement, *one.names}
            yield one


def _movement(said: Judgement, judged: int) -> MovementRow:
    return MovementRow(said.movement, said.kind.value, said.office, said.person, judged)

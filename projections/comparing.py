"""What two judgements of one movement say otherwise, statement by statement."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import orjson

from domain.customs_debt import Debt
from domain.timeline import Deadline, Finding, Guarantee, Judgement, Mode, Procedure
from projections import identifiers, rows
from projections.canonical import decoded, since
from projections.tables import PositionRow, StatementRow

Statement = Debt | Deadline | Procedure | Mode | Guarantee | Finding
KINDS: Final[Mapping[str, type[Statement]]] = {
    rows.DEBT: Debt,
    rows.DEADLINE: Deadline,
    rows.PROCEDURE: Procedure,
    rows.DISCHARGE: Mode,
    rows.GUARANTEE: Guarantee,
    rows.FINDING: Finding,
}
Said = Statement | PositionRow
"""What is said; of a position its row."""
Row = PositionRow | StatementRow
Beside = list[tuple[str, str, Row]]
"""Movement, name and row of what another movement says under the same name."""
REASONS: Final = frozenset({"because", "reports", "ref", "gave_rise"})
"""What a statement says of why it is said."""


class Effect(StrEnum):
    """What a report would do to a statement."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(NamedTuple):
    """A statement that would be said anew, otherwise, or no longer; `since` is the instant of
    legal time from which it would hold, or held.
    """

    effect: Effect
    movement: str
    id: str
    kind: str
    since: datetime
    until: datetime | None
    was: Said | None
    now: Said | None

    @property
    def said(self) -> Said:
        """What would be said or, where it would no longer be, what is."""
        said = self.now or self.was
        if said is None:
            raise ValueError(f"{self.id} was not said and is not")
        return said


def compared(befores: Sequence[Judgement], after: Judgement | None) -> Iterator[Difference]:
    """What the judgement that replaces others says anew, otherwise, or no longer.

    What only got another name or another reason is said as before.
    """
    movement = after.movement if after else befores[0].movement
    was, now, beside = _sides(befores, after)
    renamed = _renamed(was, now)
    for name, row in sorted((was | now).items()):
        one, other = was.get(name), now.get(name)
        if name not in renamed and not (one and other and _same(one, other)):
            yield _difference(movement, name, row, one, other)
    for owner, name, row in beside:
        yield _difference(owner, name, row, row, None)


def _difference(movement: str, name: str, row: Row, was: Row | None, now: Row | None) -> Difference:
    return Difference(
        Effect.CHANGED if was and now else Effect.ADDED if now else Effect.REMOVED,
        movement,
        identifiers.full(movement, name),
        row.kind if isinstance(row, StatementRow) else "position",
        since(row.starts),
        since(row.ends) if row.ends else None,
        _said(was),
        _said(now),
    )


def _same(one: Row, other: Row) -> bool:
    return one == other or _bare(one) == _bare(other)


def _sides(
    befores: Sequence[Judgement], after: Judgement | None
) -> tuple[dict[str, Row], dict[str, Row], Beside]:
    """The rows of before and after by their names, and those of before whose name is taken; what is
    the very same is spelled once.
    """
    said, kept = [], None
    for each in befores:
        spelled, kept = rows.spelled(each, None)
        said.append((each.movement, dict(_named(spelled))))
    now = dict(_named(rows.spelled(after, kept)[0])) if after else {}
    was: dict[str, Row] = {}
    beside: Beside = []
    # of two rows of one name the one that stays as it is comes first
    pairs = [(name, row, owner) for owner, named in said for name, row in named.items()]
    for name, row, owner in sorted(
        pairs, key=lambda each: not (each[0] in now and _same(each[1], now[each[0]]))
    ):
        if name in was:
            beside.append((owner, name, row))
        else:
            was[name] = row
    return was, now, beside


def _renamed(was: Mapping[str, Row], now: Mapping[str, Row]) -> set[str]:
    """The names, old and new, of statements that only got another name; each has but one."""
    left: dict[str, list[str]] = defaultdict(list)
    for name in sorted(was.keys() - now.keys(), reverse=True):
        left[_bare(was[name])].append(name)
    found: set[str] = set()
    for name in sorted(now.keys() - was.keys()):
        if same := left[_bare(now[name])]:
            found |= {name, same.pop()}
    return found


def _named(said: rows.Said) -> Iterator[tuple[str, Row]]:
    """What is said of a movement, by names that tell the statements of one movement apart."""
    for row in said.positions:
        yield identifiers.of_row(row), row
    yield from ((row.statement, row) for row in said.statements if row.kind in KINDS)


def _said(row: Row | None) -> Said | None:
    if row is None or isinstance(row, PositionRow):
        return row
    return decoded(KINDS[row.kind], row.body)


def _bare(row: Row) -> str:
    """What a row says, without its names and reasons."""
    if isinstance(row, PositionRow):
        return orjson.dumps(row[1:-1]).decode()
    said = [row.kind, row.line, row.starts, row.ends, _unreasoned(orjson.loads(row.body))]
    return orjson.dumps(said).decode()


def _unreasoned(said: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(said, dict):
        return {key: _unreasoned(each) for key, each in said.items() if key not in REASONS}
    return [_unreasoned(each) for each in said] if isinstance(said, list) else said

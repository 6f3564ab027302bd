"""What reports would change, statement by statement: the gate for systems that want one (D1)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import orjson

from domain.customs_debt import Debt
from domain.facts.fact import Told
from domain.judgement.ahead import Ahead
from domain.judgement.check import Change, check
from domain.timeline import Deadline, Finding, Guarantee, Judgement, Mode, Procedure
from projections import identifiers, rows
from projections.canonical import decoded, since
from projections.judging import Terms, each_judged
from projections.tables import PositionRow, StatementRow

HARMLESS: Final = frozenset(
    {
        "DUTY_TERMS_UNKNOWN",
        "ENS_CURED",
        "ENS_INVALIDATED",
        "ENS_INVALIDATION_OVERDUE",
        "LINK_NOT_CONFIRMED",
        "NOT_JUDGED",
        "OFFICE_UNKNOWN",
        "REFERENCE_CHECK_DIGIT",
        "REFERENCE_SHAPE",
        "UCC116_REPAYABLE",
        "UCC124_1G_CANDIDATE",
        "UCC124_1H_CANDIDATE",
    }
)
"""Findings that say of no act that it has no effect, and of nobody that they broke an obligation:
what was put right, what waits for customs, what is not known or not judged.
"""
BREACHES: Final = ("79", "82")
"""The articles under which a debt is incurred because an obligation was not kept."""

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


def differences(told: Sequence[Told], reader: Ahead, terms: Terms) -> list[Difference]:
    """What the facts of one report would change, by movement and time; `reader` knows them then."""
    befores: dict[str, Judgement] = {}
    afters: dict[str, Judgement] = {}
    seen: set[str] = set()
    for one in told:
        changes = list(check(one, reader, terms.law, terms.policies))
        joined = _left_out(((each.after, each.before) for each in changes), reader, terms)
        befores_too = [Change(each.movement, each, None) for each in joined]
        reader.add(one)
        parted = _left_out(((each.before, each.after) for each in changes), reader, terms)
        afters_too = [Change(each.movement, None, each) for each in parted]
        _follow([*befores_too, *changes, *afters_too], befores, afters, seen)
    found = [each for pair in _paired(befores, afters) for each in _differences(*pair)]
    return sorted(found, key=lambda each: (each.movement, each.since, each.kind, each.id))


def _left_out(
    sides: Iterable[tuple[Judgement | None, Judgement | None]], reader: Ahead, terms: Terms
) -> list[Judgement]:
    """What is said under names that the first side of a change has and the second has not."""
    pairs = list(sides)
    names = {name for one, _ in pairs if one for name in one.names}
    names -= {name for _, other in pairs if other for name in other.names}
    told = (each.judgement for each in each_judged(sorted(names), reader, terms))
    return [each for each in told if each]


def against(found: Iterable[Difference], as_of: datetime) -> list[Difference]:
    """What speaks against a report by `as_of`: each finding it adds that is not harmless, and each
    debt for an obligation not kept.
    """
    told = list(found)
    gone = {_code(each) for each in told if each.effect is Effect.REMOVED}
    return [
        each
        for each in told
        if each.effect is Effect.ADDED
        and each.since <= as_of
        and (_is_breach(each.said) or (_is_objection(each.said) and _code(each) not in gone))
    ]


def _is_breach(said: Said) -> bool:
    return isinstance(said, Debt) and said.article.partition("(")[0] in BREACHES


def _is_objection(said: Said) -> bool:
    return isinstance(said, Finding) and said.code not in HARMLESS


def _code(told: Difference) -> tuple[str, str, int | None] | None:
    """By what a finding is known that another report may bring about as well."""
    said = told.said
    return (told.movement, said.code, said.line) if isinstance(said, Finding) else None


def _follow(
    changes: Iterable[Change],
    befores: dict[str, Judgement],
    afters: dict[str, Judgement],
    seen: set[str],
) -> None:
    """Note the judgements that one more fact changes: of each movement the first and the last."""
    known = frozenset(seen)
    for _, before, after in changes:
        names = {name for each in (before, after) if each for name in each.names}
        if before and known.isdisjoint(before.names):
            befores[before.movement] = before
        for name in [name for name, each in afters.items() if names & {*each.names}]:
            del afters[name]
        if after:
            afters[after.movement] = after
        seen |= names


def _paired(
    befores: Mapping[str, Judgement], afters: Mapping[str, Judgement]
) -> Iterator[tuple[list[Judgement], Judgement | None]]:
    """Each judgement with those that it replaces: two where references are found to be one."""
    left = dict(befores)
    for after in sorted(afters.values(), key=lambda each: each.movement not in befores):
        replaced = [each for each in left.values() if {*each.names} & {*after.names}]
        for each in replaced:
            del left[each.movement]
        yield replaced, after
    for before in left.values():
        yield [before], None


def _differences(befores: Sequence[Judgement], after: Judgement | None) -> Iterator[Difference]:
    movement = after.movement if after else befores[0].movement
    was: dict[str, Row] = {}
    now: dict[str, Row] = {}
    kept = None
    for each in befores:
        said, kept = rows.spelled(each, None)
        was |= _named(said)
    if after:
        now |= _named(rows.spelled(after, kept)[0])
    renamed = Counter(_bare(was[name]) for name in was.keys() - now.keys())
    renamed &= Counter(_bare(now[name]) for name in now.keys() - was.keys())
    skipped = {side: renamed.copy() for side in (Effect.REMOVED, Effect.ADDED)}
    for name in sorted(was.keys() | now.keys()):
        one, other = was.get(name), now.get(name)
        if one == other or (one and other and _bare(one) == _bare(other)):
            continue
        effect = Effect.CHANGED if one and other else Effect.ADDED if other else Effect.REMOVED
        row = other or one
        if row is None or (effect is not Effect.CHANGED and _taken(skipped[effect], _bare(row))):
            continue
        yield Difference(
            effect,
            movement,
            identifiers.full(movement, name),
            row.kind if isinstance(row, StatementRow) else "position",
            since(row.starts),
            since(row.ends) if row.ends else None,
            _said(one),
            _said(other),
        )


def _taken(left: Counter[str], bare: str) -> bool:
    """Whether a statement only got another name; each takes one away."""
    if left[bare] <= 0:
        return False
    left[bare] -= 1
    return True


Row = PositionRow | StatementRow


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


REASONS: Final = frozenset({"because", "reports", "ref", "gave_rise"})


def _unreasoned(said: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(said, dict):
        return {key: _unreasoned(each) for key, each in said.items() if key not in REASONS}
    return [_unreasoned(each) for each in said] if isinstance(said, list) else said

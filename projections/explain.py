"""Why something is said: the rule, its articles, and the reports that it rests on, by its id."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from domain.because import Because
from domain.facts.fact import Told
from projections import identifiers, state
from projections.canonical import decoded, since
from projections.sql import rows_where
from projections.tables import DEPENDENCIES, POSITIONS, STATEMENTS, PositionRow, StatementRow
from projections.view import View


class Cited(NamedTuple):
    """A report that something rests on: where it is filed, what it told, when it was recorded."""

    cite: str
    stream: str
    type: str
    happened: date | datetime
    recorded_at: datetime


class Explanation(NamedTuple):
    """What is said and why.

    `said` is the whole statement; `because` the reason of the statement and of each of its parts.
    `positions` are the ids of what stood on its lines when it began, and `outlines` the other
    movements that were read; `reports` are the reports cited by the statement, by these positions
    and by these outlines. They reproduce it, under this law, these policies and these rules.
    """

    id: str
    movement: str
    kind: str
    starts: datetime
    ends: datetime | None
    said: dict[str, Any]
    because: tuple[Because, ...]
    positions: tuple[str, ...]
    outlines: tuple[str, ...]
    reports: tuple[Cited, ...]
    law: str
    policies: dict[str, str]
    rules: str


class NothingOfThatName(LookupError):
    """No statement has this id: it never had, or what is known now says it no longer."""


def explain(view: View, name: str) -> Explanation:
    """Explain a statement or a position by its id; raises `NothingOfThatName`."""
    for movement, statement in identifiers.candidates(name):
        own = view.movements([movement])
        for found in _positions(view, own, statement):
            return _of_position(view, found)
        for row in _statements(view, own, statement):
            return _of_statement(view, row)
    raise NothingOfThatName(
        f"nothing has the id {name}: take one from a list, or ask at an earlier known-at"
    )


def _statements(view: View, own: list[str], statement: str) -> Iterator[StatementRow]:
    rows = rows_where(view.db, STATEMENTS, "movement", own)
    return (row for row in rows if row.statement == statement)


def _positions(view: View, own: list[str], statement: str) -> Iterator[PositionRow]:
    rows = rows_where(view.db, POSITIONS, "movement", own)
    return (row for row in rows if identifiers.of_row(row) == statement)


def _of_statement(view: View, row: StatementRow) -> Explanation:
    said = orjson.loads(row.body)
    stood = [
        each
        for each in rows_where(view.db, POSITIONS, "movement", [row.movement])
        if row.line in (None, each.line)
        and each.starts <= row.starts
        and (each.ends is None or each.ends >= row.starts)
    ]
    return _explanation(view, row.movement, row.statement, row.kind, row, said, stood)


def _of_position(view: View, row: PositionRow) -> Explanation:
    said = {**row._asdict(), "because": orjson.loads(row.because)}
    return _explanation(view, row.movement, identifiers.of_row(row), "position", row, said, [])


def _explanation(
    view: View,
    movement: str,
    statement: str,
    kind: str,
    row: StatementRow | PositionRow,
    said: dict[str, Any],
    stood: list[PositionRow],
) -> Explanation:
    because = tuple(_reasons(said))
    law, policies = state.spelled(view.terms)
    read = [each.stream for each in rows_where(view.db, DEPENDENCIES, "movement", [movement])]
    others = [each for each in view.reader.outlines(sorted(read)).values() if each]
    others = [each for each in others if each.movement != movement]
    cites = {cite for each in because for cite in each.reports}
    cites |= {cite for each in stood for cite in decoded(Because, each.because).reports}
    cites |= {cite for each in others for cite in each.cites}
    return Explanation(
        identifiers.full(movement, statement),
        movement,
        kind,
        since(row.starts),
        since(row.ends) if row.ends else None,
        said,
        because,
        tuple(identifiers.full(movement, identifiers.of_row(each)) for each in stood),
        tuple(sorted({each.movement for each in others})),
        tuple(_cited(view, read, cites)),
        law,
        orjson.loads(policies),
        state.RULES,
    )


def _reasons(said: object) -> Iterator[Because]:
    """Every reason in a statement, its own first."""
    if isinstance(said, dict):
        own = said.get("because")
        if own:
            yield Because(own["rule"], tuple(own["articles"]), tuple(own["reports"]))
        for name in sorted(said.keys() - {"because"}):
            yield from _reasons(said[name])
    elif isinstance(said, list):
        for each in said:
            yield from _reasons(each)


def _cited(view: View, streams: Iterable[str], cites: set[str]) -> Iterator[Cited]:
    """The reports of these names, in the order of what happened."""
    told: list[Told] = [one for each in view.reader.told(sorted(streams)).values() for one in each]
    found = {one.cite: one for one in told if one.cite in cites}
    for one in sorted(found.values(), key=lambda one: (str(one.fact.happened), one.cite)):
        yield Cited(one.cite, one.stream, one.fact.TYPE, one.fact.happened, one.recorded_at)

"""The journal of verdicts: what was said, when, and under which law, policies and rules."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, tzinfo
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Final, NamedTuple

import typer

from cli import asking, lines, paper, spreadsheet, words
from cli.forms import Form, form
from cli.moments import Moment, moment
from cli.options import FILTERS, STORE, Csv, Json, Movement, Store
from cli.tables import Row, table
from cli.terms import under
from domain.settle import zone_at
from projections import journal, state
from projections.agenda import Verdict
from projections.canonical import since as to_instant
from projections.reader import LogReader
from projections.tables import JournalRow
from projections.verdicts import VerdictView, given_out

COLUMNS: Final = ("said", "about", "verdict", "what")
Since = Annotated[
    Moment | None,
    typer.Option(
        "--since", parser=moment, metavar="WHEN", rich_help_panel=FILTERS,
        show_default="the first", help="Said at this instant or later; a day begins in UTC.",
    ),
]  # fmt: skip
Until = Annotated[
    Moment | None,
    typer.Option(
        "--until", parser=moment, metavar="WHEN", rich_help_panel=FILTERS,
        show_default="the last", help="Said at this instant or before; a day ends in UTC.",
    ),
]  # fmt: skip


def verdicts_named(text: str) -> frozenset[Verdict]:
    """The verdicts that begin with these words; raises `BadParameter` where there are none."""
    asked = text.replace("-", " ").casefold()
    found = frozenset(each for each in Verdict if each.replace("-", " ").startswith(asked))
    if not found:
        known = ", ".join(Verdict)
        raise typer.BadParameter(f"no verdict begins with {text!r}: they are {known}")
    return found


Kind = Annotated[
    frozenset[Verdict] | None,
    typer.Option(
        "--kind", parser=verdicts_named, metavar="WORDS", rich_help_panel=FILTERS,
        show_default="every verdict",
        help="Verdicts that begin with these words, such as debt or deadline-missed.",
    ),
]  # fmt: skip


class Entry(NamedTuple):
    """An entry of the journal, and when it was said."""

    said: datetime
    told: VerdictView

    @property
    def under(self) -> str:
        """What it was judged under."""
        return under(self.told.law, self.told.rules, self.told.policies)


def verdicts(
    *,
    store: Store = STORE,
    movement: Movement = None,
    since: Since = None,
    until: Until = None,
    kind: Kind = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Verdicts: what was said of debts, deadlines, procedures and status, and when.

    The journal is never changed: what no longer holds is said anew. An entry was said when the
    report that brought it was recorded or, where it was about the future then, when legal time
    reached it.
    """
    asked = form(json=json, csv=csv)
    with asking.opened(store) as log:
        names = asking.names(log, movement or ())
        with log.connection() as db:
            rows: Iterator[JournalRow] = iter(())
            if state.found(db):
                last = until.reached() if until else None
                rows = journal.entries(db, names, since=_begins(since), until=last, verdicts=kind)
            if asked is Form.TABLE:
                _print(LogReader(log, log.head().index), rows)
            elif asked is Form.CSV:
                spreadsheet.write(VerdictView, map(given_out, rows))
            else:
                for row in rows:
                    lines.write("verdict", given_out(row))


def _begins(told: Moment | None) -> datetime | None:
    """The first instant of what was asked, in UTC."""
    if told is None or isinstance(told.told, datetime):
        return told and told.reached()
    return datetime.combine(told.told, time.min, UTC)


def _print(reader: LogReader, rows: Iterable[JournalRow]) -> None:
    """A table for each run of entries that were judged under the same."""
    found = [Entry(journal.said_at(row), given_out(row)) for row in rows]
    outlines = reader.outlines({each.told.movement for each in found})
    zone_of = {name: zone_at(each.office if each else None) for name, each in outlines.items()}
    if not found:
        paper.data().print("Verdicts: none")
    for place, (terms, entries) in enumerate(groupby(found, key=attrgetter("under"))):
        if place:
            paper.data().print()
        told = (_row(each, zone_of[each.told.movement]) for each in entries)
        table(paper.data(), f"Said under {terms}", COLUMNS, told)


def _row(entry: Entry, zone: tzinfo) -> Row:
    said, told = entry
    changed = told.now is not None and told.was is not None
    now, was = (_words(each, zone if changed else None) for each in (told.now, told.was))
    what = f"now {now}; was {was}" if changed else now
    if told.now is None:
        what = f"no longer: {was}"
    cells = f"{said:%Y-%m-%d %H:%MZ}", words.instant(told.at, zone), told.verdict.value, what
    return Row(cells, told.movement)


def _words(said: object, zone: tzinfo | None) -> str:
    """What a verdict says, with the instant of a debt where a zone is given; another release may
    have said it in other fields.
    """
    match said:
        case {"article": article, "last_day": day}:
            return f"{article}, last day {day}"
        case {"article": article, "amount": much, "currency": money, "debtors": owing, "at": at}:
            amount = words.money(None if much is None else Decimal(much), money)
            since = f" since {words.instant(to_instant(at), zone)}" if zone and at else ""
            return f"{article}, {amount}{since}: {', '.join(owing)}"
        case {"letter": letter, "amount": much, "frees": frees}:
            amount = f", {words.figure(Decimal(much))}" if much else ""
            return f"124(1)({letter}){amount}{f', frees {frees}' if frees else ''}"
        case {"line": line, "placed": placed, "holder": holder}:
            return f"line {line} of {holder}, {words.figure(Decimal(placed))}"
        case {"line": line, "from": before, "to": now}:
            change = f"{' and '.join(before)} to " if before else ""
            return f"line {line}, {change}{' and '.join(now)}"
        case dict():
            return ", ".join(f"{key} {value}" for key, value in said.items())
        case _:
            return words.NEVER

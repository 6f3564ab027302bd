"""Rows as an answer: a table under its title, NDJSON, or CSV."""

from collections.abc import Iterable, Sequence

from cli import lines, paper, spreadsheet, words
from cli.asking import Asked
from cli.cells import printing
from cli.forms import Form
from cli.naming import Named
from cli.parts import Part
from cli.tables import Row, table
from projections import queries


def answer(asked: Asked, part: Part, rows: Iterable[Named], moment: object, form: Form) -> None:
    """Print rows, as of a day or instant as it was asked."""
    if form is Form.JSON:
        ndjson(part.schema, rows, asked)
        return
    if form is Form.CSV:
        spreadsheet.write(part.record, rows, as_of=asked.as_of)
        return
    told = list(rows)
    by = printing(asked.view, part.query, asked.as_of, told)
    show(f"{part.title} as of {moment}", part.columns, part.rows(told, by), part.right)


def show(title: str, columns: Sequence[str], rows: Iterable[Row], right: str = "") -> None:
    """Print a table, or that there is nothing to put into it."""
    told = list(rows)
    if told:
        table(paper.data(), title, columns, told, right)
    else:
        paper.data().print(f"{title}: none")


def ndjson(schema: str, rows: Iterable[object], asked: Asked) -> None:
    """Write rows, each with the instant that it is said as of."""
    for row in rows:
        lines.write(schema, row, as_of=asked.as_of)


def open_total(asked: Asked) -> str:
    """What is open in all, by currency, and how many debts have no known amount."""
    sums = queries.totals(asked.view, asked.as_of, asked.movements)
    debts = queries.whole_debts(asked.view, asked.as_of, asked.movements)
    unknown = sum(debt.open_at(asked.as_of) is None for _, _, debt in debts)
    parts = [words.money(much, currency) for currency, much in sorted(sums.items())]
    if unknown:
        parts.append(f"{unknown} {'debt' if unknown == 1 else 'debts'} of unknown amount")
    return "Open: " + (", and ".join(parts) if parts else "nothing")

"""The lists: debts, deadlines, procedures, findings."""

from datetime import date
from typing import Annotated

import typer

from cli import cells, paper, parts, sheet
from cli.asking import Asked, Question, put
from cli.citing import code, codes
from cli.forms import Form, form
from cli.options import (
    FILTERS,
    LONGEST,
    STORE,
    Article,
    AsOf,
    Csv,
    Json,
    KnownAt,
    LawText,
    Movement,
    Person,
    Policy,
    Store,
)
from cli.terms import switches
from domain.catalogue import is_under
from domain.settle import zone_at
from domain.timeline import ProcedureState
from projections import queries
from projections.answers import DebtView, ProcedureView

Open = Annotated[
    bool,
    typer.Option("--open", rich_help_panel=FILTERS, help="Only what is open.", show_default="all"),
]
Overdue = Annotated[
    bool,
    typer.Option(
        "--overdue", rich_help_panel=FILTERS, help="Only what is overdue.", show_default="all"
    ),
]
Within = Annotated[
    int | None,
    typer.Option(
        "--within", min=0, max=LONGEST, metavar="DAYS", rich_help_panel=FILTERS,
        show_default="any time", help="Only what runs out within so many days.",
    ),
]  # fmt: skip
All = Annotated[
    bool,
    typer.Option(
        "--all", rich_help_panel=FILTERS, show_default="only what is still to be done",
        help="Also what was met, moved, or is over.",
    ),
]  # fmt: skip
Code = Annotated[
    str | None,
    typer.Option(
        "--code", parser=code, autocompletion=codes, metavar="CODE",
        rich_help_panel=FILTERS, show_default="every code",
        help="Of this code, such as NOT_JUDGED.",
    ),
]  # fmt: skip


def debts(
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    movement: Movement = None,
    article: Article = None,
    person: Person = None,
    only_open: Open = False,
    overdue: Overdue = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Customs debts: who owes what under which article, since when, and what ended it.

    Overdue are those whose period for payment is over. The total counts once what is owed twice on
    the same goods.
    """
    told = form(json=json, csv=csv)
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with put(question, movement or ()) as asked:
        found = queries.debts(
            asked.view, asked.as_of, asked.movements, debtor=person, only_open=only_open or overdue
        )
        rows = (
            row
            for row in found
            if under(row.article, article)
            and not (overdue and (row.due is None or row.due >= _day(asked, row)))
        )
        sheet.answer(asked, parts.DEBTS, rows, question.legal_time, told)
        if told is Form.TABLE and not (article or person or overdue):
            paper.data().print(sheet.open_total(asked))


def deadlines(
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    movement: Movement = None,
    article: Article = None,
    person: Person = None,
    overdue: Overdue = False,
    within: Within = None,
    everything: All = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Deadlines: what must happen, by whom, by which day, those that run out first on top.

    Overdue is what was missed and is still to be done.
    """
    told = form(json=json, csv=csv)
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with put(question, movement or ()) as asked:
        found = queries.deadlines(
            asked.view, asked.as_of, asked.movements, within=within, person=person
        )
        rows = (
            row
            for row in found
            if under(row.article, article)
            and (everything or cells.pending(row, asked.as_of))
            and (not overdue or cells.overdue(row, asked.as_of))
        )
        sheet.answer(asked, parts.DEADLINES, rows, question.legal_time, told)


def procedures(
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    movement: Movement = None,
    person: Person = None,
    only_open: Open = False,
    overdue: Overdue = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Procedures: how each placement stands, and how much of it is discharged."""
    told = form(json=json, csv=csv)
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with put(question, movement or ()) as asked:
        rows = (
            row
            for row in queries.procedures(asked.view, asked.as_of, asked.movements)
            if person in (None, row.holder)
            and not (only_open and _closed(row))
            and not (overdue and row.state is not ProcedureState.OVERDUE)
        )
        sheet.answer(asked, parts.PROCEDURES, rows, question.legal_time, told)


def findings(
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    movement: Movement = None,
    article: Article = None,
    code: Code = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Findings: breaches, acts without effect, grounds to be decided, what is not judged."""
    told = form(json=json, csv=csv)
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with put(question, movement or ()) as asked:
        found = queries.findings(asked.view, asked.as_of, asked.movements, code=code)
        rows = (row for row in found if any(under(each, article) for each in row.because.articles))
        sheet.answer(asked, parts.FINDINGS, rows, question.legal_time, told)


def under(article: str, asked: str | None) -> bool:
    """Whether a provision is the one asked for, or a part of it."""
    return asked is None or is_under(article, asked)


def _closed(row: ProcedureView) -> bool:
    return row.state in (ProcedureState.DISCHARGED, ProcedureState.LAPSED)


def _day(asked: Asked, row: DebtView) -> date:
    """The legal day, where the debt was incurred, that is asked about."""
    return asked.as_of.astimezone(zone_at(row.place)).date()

"""One movement, whole: what is known of it, and what holds of it in law."""

from typing import Annotated, Final

import typer
from rich.text import Text

from cli import asking, cells, lines, paper, parts, sheet, words
from cli.asking import Asked, Question, put
from cli.options import STORE, AsOf, Json, KnownAt, LawText, Policy, Store
from cli.parts import Part
from cli.terms import switches
from domain.outline import Outline
from domain.settle import zone_at
from projections.history import brief

Reference = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="An MRN, an LRN, a transport document or any other reference; scheme:value where the"
        " value alone could be several.",
    ),
]  # fmt: skip
PARTS: Final = (
    parts.POSITIONS,
    parts.PROCEDURES,
    parts.DEADLINES,
    parts.DEBTS_IN_FULL,
    parts.GUARANTEES,
    parts.FINDINGS,
)


def show(
    reference: Reference,
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    json: Json = False,
) -> None:
    """One movement whole: where its goods are, in which status, what is due and what is owed.

    Of a reference that no report names nothing is known, and goods in the customs territory are
    then presumed to be Union goods (Article 153(1)).
    """
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with put(question, [reference]) as asked:
        name = asking.only(asked, reference)
        outline = asked.view.reader.outlines([name])[name]
        if outline:
            _header(outline, json=json)
        if json:
            for part in PARTS:
                rows = part.query(asked.view, asked.as_of, [name])
                sheet.ndjson(part.schema, rows, asked)
            return
        for part in (*PARTS[:2], parts.MODES, *PARTS[2:]):
            _part(asked, part, name, str(question.legal_time))


def _part(asked: Asked, part: Part, movement: str, moment: str) -> None:
    """One part of the answer; what there is nothing to say of is left out, but for the goods."""
    rows = list(part.query(asked.view, asked.as_of, [movement]))
    told = list(part.rows(rows, cells.printing(asked.view, part.query, asked.as_of, rows)))
    if told or part is parts.POSITIONS:
        paper.data().print()
        sheet.show(f"{part.title} as of {moment}", part.columns, told, part.right)


def _header(outline: Outline, *, json: bool) -> None:
    if json:
        lines.write("movement", brief(outline))
        return
    console = paper.data()
    console.print(Text(outline.movement, style="bold"))
    for name in outline.names[1:]:
        console.print(f"also {name}")
    opened = words.instant(outline.opened.at, zone_at(outline.office))
    console.print(
        f"{words.spoken(outline.kind.value)} of {outline.person or words.UNKNOWN}"
        f" at {outline.office or 'an unknown office'}, since {opened}"
    )

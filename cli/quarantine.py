"""What was set aside: which messages, why, and what to do about each."""

import json as notation
from contextlib import suppress
from typing import Annotated, Final

import typer

from cli import asking, lines, paper, sheet, words
from cli.exits import Exit, Refused
from cli.options import FILTERS, STORE, Json, Store
from cli.tables import Row, table
from consumers.reasons import Reason
from store.records import Outcome, OutcomeKind

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
COLUMNS: Final = ("id", "recorded", "source", "report", "reason")
ByReason = Annotated[
    Reason | None,
    typer.Option(
        "--reason", rich_help_panel=FILTERS, show_default="every reason",
        help="Set aside for this reason.",
    ),
]  # fmt: skip
BySource = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="NAME", rich_help_panel=FILTERS, show_default="every source",
        help="From this source.",
    ),
]  # fmt: skip


@app.command("list")
def list_(
    *, store: Store = STORE, reason: ByReason = None, source: BySource = None, json: Json = False
) -> None:
    """The messages that were set aside, in the order in which they came."""
    with asking.opened(store) as log:
        found = log.outcomes(kind=OutcomeKind.QUARANTINED, reason=reason, source=source)
        if json:
            for each in found:
                lines.write("outcome", vars_of(each))
            return
        sheet.show("Set aside", COLUMNS, map(_row, found), "id")


@app.command("show")
def show(
    outcome: Annotated[int, typer.Argument(metavar="ID", help="As the list numbers it.")],
    *,
    store: Store = STORE,
    json: Json = False,
) -> None:
    """One message: why it was set aside, what to do, and its bytes as they came."""
    with asking.opened(store) as log:
        found = log.outcomes(kind=OutcomeKind.QUARANTINED, after=outcome - 1, limit=1)
        told = next((each for each in found if each.id == outcome), None)
        raw = log.raw(outcome) if told else None
    if told is None:
        raise Refused(f"No message {outcome} was set aside.", Exit.NOT_FOUND)
    if json:
        lines.write("outcome", vars_of(told), raw=readable(raw))
        return
    table(paper.data(), "", COLUMNS, [_row(told)], "id")
    paper.data().print(readable(raw), soft_wrap=True)


def _row(told: Outcome) -> Row:
    cells = (
        str(told.id),
        f"{told.recorded_at:%Y-%m-%d %H:%M}",
        told.source,
        told.report_id or words.NEVER,
        told.reason or words.NEVER,
    )
    return Row(cells, told.detail or "")


def vars_of(told: Outcome) -> dict[str, object]:
    """The fields of an outcome."""
    return {name: getattr(told, name) for name in told.__slots__}


def readable(raw: bytes | None) -> str:
    """Bytes as text, laid out where they are JSON; nothing in them reaches the terminal raw."""
    if raw is None:
        return "(its bytes were erased)"
    text = raw.decode(errors="backslashreplace")
    with suppress(ValueError):
        text = notation.dumps(notation.loads(text), indent=2, ensure_ascii=False)
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )

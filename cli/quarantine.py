"""What was set aside: which messages, why, and what to do about each."""

import json as notation
from contextlib import suppress
from typing import Annotated, Final

import typer

from cli import asking, erasures, lines, paper, sheet, spreadsheet, words
from cli.exits import Exit, Refused
from cli.forms import Form, form
from cli.options import FILTERS, LARGEST, STORE, Csv, Json, Store
from cli.tables import Row, table
from consumers.reasons import Reason
from schemas.rows import SetAside
from store.log import Log
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


All = Annotated[
    bool,
    typer.Option(
        "--all", rich_help_panel=FILTERS, show_default="only what is still set aside",
        help="Also what was redriven since.",
    ),
]  # fmt: skip


@app.command("list")
def list_(
    *,
    store: Store = STORE,
    reason: ByReason = None,
    source: BySource = None,
    everything: All = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """The messages that are set aside, in the order in which they came."""
    told = form(json=json, csv=csv)
    with asking.opened(store) as log:
        found = log.outcomes(
            kind=OutcomeKind.QUARANTINED, reason=reason, source=source, only_open=not everything
        )
        # what is open was not redriven since
        rows = (set_aside(each, log.told_again(each) if everything else None) for each in found)
        if told is Form.TABLE:
            sheet.show("Set aside", COLUMNS, map(row, rows), "id")
        elif told is Form.CSV:
            spreadsheet.write(SetAside, rows)
        else:
            for each in rows:
                lines.write("outcome", each)


@app.command("show")
def show(
    outcome: Annotated[
        int, typer.Argument(metavar="ID", min=1, max=LARGEST, help="As the list numbers it.")
    ],
    *,
    store: Store = STORE,
    json: Json = False,
) -> None:
    """One message: why it was set aside, what to do, and its bytes as they came."""
    with asking.opened(store) as log:
        found = existing(log, outcome)
        told = set_aside(found, log.told_again(found))
        raw = log.raw(outcome)
        noted = next((each for each in log.erasures() if each.outcome == outcome), None)
    text = f"({erasures.what_became(noted)})" if raw is None else readable(raw)
    if json:
        lines.write("outcome", told, raw=text)
        return
    table(paper.data(), "", COLUMNS, [row(told)], "id")
    paper.data().print(text, soft_wrap=True)


def existing(log: Log, number: int) -> Outcome:
    """The message of this number; raises `Refused` where none of it was set aside."""
    found = log.outcomes(kind=OutcomeKind.QUARANTINED, after=number - 1, limit=1)
    for each in found:
        if each.id == number:
            return each
    raise Refused(f"No message {number} was set aside.", Exit.NOT_FOUND)


def set_aside(told: Outcome, again: Outcome | None) -> SetAside:
    """A message with its latest outcome since, where it was redriven."""
    said = told._asdict()
    del said["index"]  # there is none of what was set aside
    return SetAside(
        **said, redriven=again.id if again else None, became=again.kind if again else None
    )


def row(told: SetAside) -> Row:
    """A message as a table shows it."""
    cells = (
        str(told.id),
        f"{told.recorded_at:%Y-%m-%d %H:%M}",
        told.source,
        told.report_id or words.NEVER,
        told.reason or words.NEVER,
    )
    since = f"Redriven since: {told.became}, as message {told.redriven}." if told.redriven else ""
    return Row(cells, since or told.detail or "")


def readable(raw: bytes) -> str:
    """Bytes as text, laid out where they are JSON."""
    text = raw.decode(errors="backslashreplace")
    with suppress(ValueError, RecursionError):  # some messages nest deeper than they can be read
        text = notation.dumps(notation.loads(text), indent=2, ensure_ascii=False)
    return paper.visible(text)

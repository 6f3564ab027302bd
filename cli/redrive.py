"""Taking in again what was set aside: what would happen first, and then doing it."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import typer

from cli import asking, clock, lines, naming, paper, quarantine, sheet, speaking, words
from cli.exits import Exit
from cli.ingest import NoProject, derive
from cli.moments import Moment
from cli.options import FILTERS, LARGEST, STORE, Json, Store
from cli.quarantine import ByReason
from cli.speaking import SourcesFile, Speaker
from cli.tables import Row
from consumers.redrive import Redrive, Redriven, Wanted
from projections.view import view
from schemas.rows import Again
from store.log import Log
from store.records import OutcomeKind

COLUMNS: Final = ("id", "source", "report", "was", "becomes")
ERASED: Final = "its bytes were erased: nothing is left to take in"
Ids = Annotated[
    list[int] | None,
    typer.Argument(
        metavar="ID", min=1, max=LARGEST, show_default="every message that is set aside",
        help="As the list numbers them.",
    ),
]  # fmt: skip
About = Annotated[
    str | None,
    typer.Option(
        "--movement", metavar="REF", rich_help_panel=FILTERS, show_default="every movement",
        help="Messages that name this movement, by any of its references.",
    ),
]  # fmt: skip
Go = Annotated[
    bool,
    typer.Option("--go", help="Do it.", show_default="only say what would happen"),
]


def redrive(
    ids: Ids = None,
    *,
    store: Store = STORE,
    reason: ByReason = None,
    movement: About = None,
    source: Speaker = None,
    sources: SourcesFile = None,
    go: Go = False,
    no_project: NoProject = False,
    json: Json = False,
) -> None:
    """Take in again what was set aside: after an upgrade, or when its source may speak now.

    Without --go it says what would happen and changes nothing. With it, each message goes through
    the intake in the order in which they first came, and what follows is derived; one that would
    be set aside again stays as it is.
    """
    with asking.opened(store) as log:
        redriving = Redrive(log, speaking.sources(sources, source), source)
        for each in ids or ():
            quarantine.existing(log, each)
        wanted = Wanted(ids or (), reason, _names(log, movement))
        take = redriving.go if go else redriving.rehearse
        told = [_again(each, done=go) for each in take(wanted, clock.now())]
        if json:
            for again in told:
                lines.write("redrive", again, done=go)
        else:
            sheet.show("Redriven" if go else "To redrive", COLUMNS, map(_row, told), "id")
            _counted(told, done=go)
        if go and not no_project and any(each.becomes is OutcomeKind.RECORDED for each in told):
            derive(log, Moment(clock.today()))
    if any(each.becomes in (OutcomeKind.QUARANTINED, None) for each in told):
        raise typer.Exit(Exit.SET_ASIDE)


def _names(log: Log, typed: str | None) -> Sequence[str]:
    """Every reference that can be meant, and all names of the movement where it is known."""
    if typed is None:
        return ()
    meant = naming.spellings(typed)
    with view(log) as known:
        found = naming.movement(known, typed)
        outline = known.reader.outlines([found])[found] if found else None
    return (*meant, *(outline.names if outline else ()))


def _again(told: Redriven, *, done: bool) -> Again:
    aside, again = told
    named = aside.id, aside.source, aside.report_id, aside.reason
    if again is None:
        return Again(*named, None, None, ERASED, None)
    outcome = again.id if done and told.moves else None
    return Again(*named, again.kind, again.reason, again.detail, outcome)


def _row(told: Again) -> Row:
    becomes = told.becomes or words.NEVER
    if told.becomes is OutcomeKind.QUARANTINED:
        becomes = f"still {told.reason}" if told.reason == told.was else told.reason or ""
    cells = str(told.id), told.source, told.report_id or words.NEVER, told.was or "", becomes
    return Row(cells, told.detail or "")


def _counted(told: Iterable[Again], *, done: bool) -> None:
    """How many move on, and how to let them."""
    moving = sum(each.becomes not in (OutcomeKind.QUARANTINED, None) for each in told)
    if moving and not done:
        noun = "message" if moving == 1 else "messages"
        paper.say(f"Nothing was changed. {moving} {noun} would go through: add --go to do it.")

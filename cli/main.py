"""The command `customs`: its table of contents."""

import inspect
from importlib.metadata import version
from typing import Annotated, Final

import typer

from cli import (
    board,
    check,
    doctor,
    erase,
    erasures,
    explain,
    history,
    ingest,
    lists,
    migrate,
    partitions,
    quality,
    quarantine,
    rebuild,
    redrive,
    republish,
    run,
    show,
    story,
    topics,
    verdicts,
)
from cli.boundary import Customs
from cli.exits import MEANING

TAKE_IN: Final = "Take in"
ASK: Final = "Ask"
EXPLAIN: Final = "Explain"
LOOK_AFTER: Final = "Look after"
OPERATE: Final = "Operate"

app = typer.Typer(
    cls=Customs,
    name="customs",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="[bold]Exit codes[/bold]\n\n"
    + "\n".join(f"{code.value:>3}  {words}" for code, words in MEANING.items()),
)


def _release(asked: bool) -> None:
    if asked:
        typer.echo(f"customs {version('customs-tracker')}")
        raise typer.Exit


@app.callback()
def customs(
    debug: Annotated[  # read by the boundary
        bool, typer.Option("--debug", help="Show where a fault of this program happened.")
    ] = False,
    release: Annotated[
        bool,
        typer.Option("--version", callback=_release, is_eager=True, help="Say which release."),
    ] = False,
) -> None:
    """What became of goods under the Union Customs Code: debts, discharge, deadlines.

    Reports go into a log; what follows in law is derived from them, for any day and with its
    reasons.
    """


def _flowing(verb: object) -> str:
    """What a verb says of itself, its lines joined: the terminal breaks them."""
    doc = inspect.getdoc(verb) or ""
    return "\n\n".join(part.replace("\n", " ") for part in doc.split("\n\n"))


CONTENTS: Final = (
    (TAKE_IN, "ingest", ingest.ingest),
    (TAKE_IN, "check", check.check),
    (ASK, "board", board.board),
    (ASK, "show", show.show),
    (ASK, "history", history.history),
    (ASK, "debts", lists.debts),
    (ASK, "deadlines", lists.deadlines),
    (ASK, "procedures", lists.procedures),
    (ASK, "findings", lists.findings),
    (ASK, "verdicts", verdicts.verdicts),
    (EXPLAIN, "explain", explain.explain),
    (EXPLAIN, "story", story.story),
    (LOOK_AFTER, "doctor", doctor.doctor),
    (LOOK_AFTER, "quality", quality.quality),
    (LOOK_AFTER, "rebuild", rebuild.rebuild),
    (OPERATE, "migrate", migrate.migrate),
    (OPERATE, "topics", topics.topics),
    (OPERATE, "republish", republish.republish),
    (OPERATE, "erase", erase.erase),
    (OPERATE, "erasures", erasures.erasures),
)
for _panel, _name, _verb in CONTENTS:
    app.command(_name, help=_flowing(_verb), rich_help_panel=_panel)(_verb)
quarantine.app.command("redrive", help=_flowing(redrive.redrive))(redrive.redrive)
app.add_typer(
    quarantine.app,
    name="quarantine",
    rich_help_panel=LOOK_AFTER,
    help="Quarantine: the messages that were set aside, and why.",
)
app.add_typer(
    partitions.app,
    name="partitions",
    rich_help_panel=OPERATE,
    help="Partitions: up to where each was read; moves one that stopped for an incident.",
)
app.add_typer(
    run.app,
    name="run",
    rich_help_panel=OPERATE,
    help="Run processes that take in, derive and announce, until a signal ends them.",
)

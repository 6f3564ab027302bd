"""Running the processes of the deployed form, until a signal ends them."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="CUSTOMS_CONFIG", exists=True, dir_okay=False, metavar="FILE",
        show_default="only the environment", help="The settings, in TOML.",
    ),
]  # fmt: skip
Insecure = Annotated[
    bool,
    typer.Option(
        "--insecure", show_default="refused",
        help="Let bytes for other machines travel in plain text.",
    ),
]  # fmt: skip
app = typer.Typer(no_args_is_help=True)


@app.command()
def intake(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Intake: takes in what the topics of the sources bring, and records it."""
    _run(context, ["intake"], config, insecure=insecure)


@app.command()
def publisher(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Publisher: tells Kafka what was recorded, what was said, and where goods are by now."""
    _run(context, ["publisher"], config, insecure=insecure)


@app.command()
def projector(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Projector: derives the read models from the log, and journals what changes."""
    _run(context, ["projector"], config, insecure=insecure)


@app.command()
def alarms(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Alarms: announces what legal time brings when it comes, such as a deadline that passes."""
    _run(context, ["alarms"], config, insecure=insecure)


@app.command()
def replica(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Replica: files the facts that another site publishes into a store of one's own."""
    _run(context, ["replica"], config, insecure=insecure)


@app.command("all")
def everything(
    context: typer.Context, config: Config = None, *, insecure: Insecure = False
) -> None:
    """All: every process of a site, in one."""
    _run(context, ["intake", "publisher", "projector", "alarms"], config, insecure=insecure)


def _run(context: typer.Context, names: list[str], config: Path | None, *, insecure: bool) -> None:
    from cli import site  # noqa: PLC0415  (what it loads takes as long as a question to answer)

    debug = bool(context.find_root().params.get("debug"))
    code = site.run(names, config, insecure=insecure, debug=debug)
    if code:
        raise typer.Exit(code)

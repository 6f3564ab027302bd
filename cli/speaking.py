"""Who speaks, and who may say what: options of the commands that take messages in."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import Exit, Refused
from consumers.entitlement import Sources

Speaker = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="NAME", show_default="the source that each report names",
        help="Who speaks: needed for messages of a feed, such as NCTS.",
    ),
]  # fmt: skip
SourcesFile = Annotated[
    Path | None,
    typer.Option(
        "--sources", envvar="CUSTOMS_SOURCES", exists=True, dir_okay=False, metavar="FILE",
        show_default="one source, local, or that of --source, may say everything",
        help="Who may say what, in TOML.",
    ),
]  # fmt: skip


def sources(file: Path | None, source: str | None) -> Sources:
    """The sources that may speak; raises `Refused` where the file has not the one that does."""
    if file is None:
        return Sources.local(source) if source else Sources.local()
    known = Sources.load(file)
    if source is not None and source not in known:
        named = ", ".join(sorted(known))
        raise Refused(f"{file} names no source {source!r}: it has {named}.", Exit.USAGE)
    return known

"""Running the processes of the deployed form, until a signal ends them."""

import logging
import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from cli import asking, clock, paper
from cli.boundary import code_of
from cli.exits import Exit, Refused
from consumers.configuration import load
from consumers.processes import logs, running
from consumers.processes.alarms import AlarmsProcess
from consumers.processes.process import Process, Wanted
from consumers.processes.projector import ProjectorProcess
from consumers.settings import Settings
from store.address import is_address
from store.log import Log
from store.opening import open_log

TICK: Final = 0.5
"""Seconds between two looks at the clock."""
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
Build = Callable[[Log], Process]
app = typer.Typer(no_args_is_help=True)


@app.command()
def projector(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Projector: derives the read models from the log, and journals what changes."""
    _run(context, ["projector"], config, insecure=insecure)


@app.command()
def alarms(context: typer.Context, config: Config = None, *, insecure: Insecure = False) -> None:
    """Alarms: announces what legal time brings when it comes, such as a deadline that passes."""
    _run(context, ["alarms"], config, insecure=insecure)


@app.command("all")
def everything(
    context: typer.Context, config: Config = None, *, insecure: Insecure = False
) -> None:
    """All: every process of a site, in one."""
    _run(context, list(ALL), config, insecure=insecure)


def _run(
    context: typer.Context, names: Sequence[str], config: Path | None, *, insecure: bool
) -> None:
    """Run these processes; to be stopped by SIGTERM is no fault."""
    settings = load(config, insecure=insecure)
    if not is_address(settings.store):
        with asking.opened(settings.store, create=True):
            """Made once, before several processes look for it."""
    logs.begin()
    health = settings.health
    try:
        ended = running.run([ALL[name](settings) for name in names], health)
    except OSError as error:
        words = f"health cannot be told at {health.host}, port {health.port}: {error.strerror}"
        raise Refused(f"{words}. Set health.host and health.port.", Exit.USAGE) from None
    if ended.error and context.find_root().params.get("debug"):
        paper.words().print("".join(traceback.format_exception(ended.error)))
    code = _code(ended)
    if ended.left:
        # its thread cannot be ended, and the interpreter might wait for what it holds
        logging.shutdown()
        os._exit(code)
    if code:
        raise typer.Exit(code)


def _code(ended: running.Ended) -> Exit:
    if ended.error:
        return code_of(ended.error)
    return Exit.INTERRUPTED if ended.by is signal.SIGINT else Exit.OK


def _projector(settings: Settings) -> Wanted:
    def build(log: Log) -> Process:
        return ProjectorProcess(log, asking.terms(log), settings.projector.page)

    return Wanted("projector", partial(_made, settings, build), settings.projector.poll_seconds)


def _alarms(settings: Settings) -> Wanted:
    def build(log: Log) -> Process:
        return AlarmsProcess(log, clock.now, settings.alarms.every)

    return Wanted("alarms", partial(_made, settings, build), TICK)


def _made(settings: Settings, build: Build) -> Process:
    """A process with a log of its own, which is closed where the process cannot be made."""
    log = open_log(settings.store, create=False)
    try:
        return build(log)
    except BaseException:
        log.close()
        raise


ALL: Final[Mapping[str, Callable[[Settings], Wanted]]] = {
    "projector": _projector,
    "alarms": _alarms,
}
"""The processes of a site."""

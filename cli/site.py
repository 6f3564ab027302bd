"""The processes of a site, made as the settings say: each with connections of its own."""

import logging
import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from cli import asking, clock, paper, speaking
from cli.boundary import code_of
from cli.exits import Exit, Refused
from consumers.broker import opening
from consumers.configuration import SettingsFault, load
from consumers.garbage import collect_seldom
from consumers.processes import logs, running
from consumers.processes.alarms import AlarmsProcess
from consumers.processes.intake import kafka_intake
from consumers.processes.process import Process, Wanted
from consumers.processes.projector import ProjectorProcess
from consumers.processes.publisher import Publisher
from consumers.processes.replica import replica
from consumers.settings import Settings
from store.address import is_address
from store.log import Log
from store.opening import open_log

TICK: Final = 0.5
"""Seconds between two looks at the clock."""
POLLED: Final = 0.01
"""Seconds between two polls, which wait for records themselves."""
Build = Callable[[Log], Process]


def run(names: Sequence[str], config: Path | None, *, insecure: bool, debug: bool) -> Exit:
    """Run these processes until something ends them; to be stopped by SIGTERM is no fault.

    With `debug` an error is shown whole, though its words may quote a report. Raises `Refused`
    where the settings cannot be used.
    """
    try:
        settings = load(config, insecure=insecure)
    except SettingsFault as fault:
        raise Refused(str(fault), Exit.USAGE) from None
    if not is_address(settings.store):
        with asking.opened(settings.store, create=True):
            """Made once, before several processes look for it."""
    logs.begin()
    if day := clock.pinned():
        logs.warn("the clock is pinned", day=day.isoformat(), by=clock.PIN)
    collect_seldom()
    ended = _ended([PROCESSES[name](settings) for name in names], settings)
    if ended.error and debug:
        paper.words().print("".join(traceback.format_exception(ended.error)))
    code = _code(ended)
    if ended.left:
        # its thread cannot be ended, and the interpreter might wait for what it holds
        logging.shutdown()
        os._exit(code)
    return code


def _ended(wanted: Sequence[Wanted], settings: Settings) -> running.Ended:
    health = settings.health
    try:
        return running.run(wanted, health)
    except OSError as error:
        words = f"health cannot be told at {health.host}, port {health.port}: {error.strerror}"
        raise Refused(f"{words}. Set health.host and health.port.", Exit.USAGE) from None


def _code(ended: running.Ended) -> Exit:
    if ended.error:
        return code_of(ended.error)
    return Exit.INTERRUPTED if ended.by is signal.SIGINT else Exit.OK


def _intake(settings: Settings) -> Wanted:
    sources = speaking.sources(settings.sources, None)

    def build(log: Log) -> Process:
        return kafka_intake(settings, log, sources, clock.now)

    return Wanted("intake", partial(_made, settings, build), POLLED)


def _replica(settings: Settings) -> Wanted:
    def build(log: Log) -> Process:
        return replica(settings, log, clock.now)

    return Wanted("replica", partial(_made, settings, build), POLLED)


def _publisher(settings: Settings) -> Wanted:
    def build(log: Log) -> Process:
        producer = opening.producer(settings)
        return Publisher(log, producer, page=settings.publisher.batch, reach=producer.reach)

    return Wanted("publisher", partial(_made, settings, build), settings.publisher.poll_seconds)


def _projector(settings: Settings) -> Wanted:
    chosen = settings.projector

    def build(log: Log) -> Process:
        return ProjectorProcess(log, asking.terms(log), chosen.page, chosen.shards)

    return Wanted("projector", partial(_made, settings, build), chosen.poll_seconds)


def _alarms(settings: Settings) -> Wanted:
    def build(log: Log) -> Process:
        return AlarmsProcess(log, clock.now, settings.alarms.every)

    return Wanted("alarms", partial(_made, settings, build), TICK)


def _made(settings: Settings, build: Build) -> Process:
    """A process with a log of its own, which is closed where the process cannot be made."""
    log = open_log(settings.store, create=False, insecure=settings.insecure)
    try:
        return build(log)
    except BaseException:
        log.close()
        raise


PROCESSES: Final[Mapping[str, Callable[[Settings], Wanted]]] = {
    "intake": _intake,
    "replica": _replica,
    "publisher": _publisher,
    "projector": _projector,
    "alarms": _alarms,
}
"""How each process is made."""

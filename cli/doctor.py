"""Whether everything is in order, line by line, with what to do where it is not."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Annotated, Final

import typer

from cli import asking, clock, lines, paper, sheet
from cli.asking import Question
from cli.exits import Exit, Refused
from cli.options import STORE, Json, Store
from cli.tables import Row
from evidence.leaf import Fault
from projections import groundwork, health
from projections.health import Examined, State
from store.address import public
from store.log import Log
from store.records import LogError
from store.sampling import sample
from store.tables import LOG_FORMAT

COLUMNS: Final = ("area", "state", "what")
FAULTS_SHOWN: Final = 5
Full = Annotated[
    bool,
    typer.Option("--full", help="Verify every record of the log.", show_default="a sample"),
]


def doctor(*, store: Store = STORE, full: Full = False, json: Json = False) -> None:
    """Doctor: whether store, clock, calendar, reference data, feeds and read models are in order.

    Each line is ok, warn or fail, with what to do. A sample of the log is verified, or with
    --full all of it.
    """
    found = []
    for each in _examined(store, full=full):
        found.append(each)
        if json:
            lines.write("doctor", each)
    if not json:
        sheet.show("", COLUMNS, map(_row, found))
    if any(each.state is State.FAIL for each in found):
        raise typer.Exit(Exit.CHECK_FAILED)


def _examined(store: str, *, full: bool) -> Iterator[Examined]:
    with ExitStack() as stack:
        try:
            log = stack.enter_context(asking.opened(store))
        except (Refused, LogError) as error:
            yield health.fail("store", str(error), "Nothing else was looked at.")
            return
        yield health.ok("store", f"{public(store)}, a log of format {LOG_FORMAT}")
        verified = _log(log, full=full)
        yield verified
        if verified.state is State.FAIL:
            return
        yield _clock(log)
        yield from health.read_models(log)
        view = stack.enter_context(asking.viewed(log, Question(store)))
        yield from groundwork.calendar(view)
        yield from groundwork.reference_data(log, view)
        yield from health.feeds(log)


def _log(log: Log, *, full: bool) -> Examined:
    """Whether the log verifies; of the faults the first are told."""
    with paper.progress("Verifying"):
        faults = log.verify() if full else sample(log)
        first = list(islice(faults, FAULTS_SHOWN))
    if first:
        more = "" if full else " customs doctor --full looks at every record."
        return health.fail(
            "log",
            "; ".join(map(_fault, first)),
            "Do not write to it any more, and restore it from a copy that is sound."
            f" Nothing else was looked at.{more}",
        )
    records = f"{log.head().index:,} records"
    much = f"all {records} verify" if full else f"a sample of its {records} verifies"
    many = len(log.erasures())
    gone = (
        f"; the bytes of {many:,} {'message' if many == 1 else 'messages'} were erased"
        if many
        else ""
    )
    return health.ok("log", f"the store is sound, and {much}{gone}")


def _clock(log: Log) -> Examined:
    """The clock, which somebody may have pinned."""
    told = health.clock(log, clock.now())
    if told.state is State.OK and clock.pinned():
        what = f"{told.what}; {clock.PIN} pins it"
        return health.warn(told.area, what, f"Unset {clock.PIN} where reports are recorded.")
    return told


def _fault(told: Fault) -> str:
    return f"index {told.index} ({told.stream}): {told.what}" if told.index else told.what


def _row(told: Examined) -> Row:
    return Row((told.area, told.state, told.what), told.to_do)

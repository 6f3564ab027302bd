"""Whether clock, feeds, read models and what they rest on are in order, and what to do if not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from shlex import quote
from typing import Final, NamedTuple

from projections import state
from projections.lateness import NOTHING, lateness
from projections.quality import Heard
from projections.tables import KEPT, QUEUE

LATE: Final = timedelta(days=7)
LATEST: Final = 10_000
"""Records of the log, the last ones, of which lateness is looked at."""


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Examined(NamedTuple):
    """One thing that was looked at: how it stands, and what to do where it is not in order."""

    area: str
    state: State
    what: str
    to_do: str = ""


def ok(area: str, what: str) -> Examined:
    return Examined(area, State.OK, what)


def warn(area: str, what: str, to_do: str) -> Examined:
    return Examined(area, State.WARN, what, to_do)


def fail(area: str, what: str, to_do: str) -> Examined:
    return Examined(area, State.FAIL, what, to_do)


def clock(log: Heard, now: datetime) -> Examined:
    """The log is never written ahead of the clock; where it was, `recorded_at` stands still."""
    last = log.head().recorded_at
    if last is None:
        return ok("clock", f"it shows {_instant(now)}; nothing is recorded yet")
    if last > now:
        return fail(
            "clock",
            f"it shows {_instant(now)}, and the log was last written at {_instant(last)}",
            "Set the clock right: until it has passed that instant, everything is recorded at it.",
        )
    return ok("clock", f"it shows {_instant(now)}; the log was last written at {_instant(last)}")


def read_models(log: Heard) -> Iterator[Examined]:
    """Whether the read models say what the log says, under the rules of this release."""
    area, head = "read models", log.head().index
    with log.connection() as db:
        stands, gone, kept = state.found(db), state.lacking(db), state.lacking(db, KEPT)
        waits = stands and QUEUE.name not in gone
        waiting = db.execute("SELECT COUNT(*) FROM queue").fetchone()[0] if waits else 0
    if kept:
        yield fail(
            area,
            f"the tables of what was said and published are gone: {', '.join(kept)}",
            "Bring back a backup: customs migrate makes them again, and what they held is lost.",
        )
    if gone:
        yield fail(
            area,
            f"tables are gone: {', '.join(gone)}",
            "Run customs rebuild; until then questions are judged again, and nothing is ingested.",
        )
        return
    if stands is None:
        if head:
            yield warn(area, "nothing is derived from the log yet", "Run customs rebuild.")
        else:
            yield ok(area, "nothing is recorded yet")
        return
    made = f"judged under the law of {stands.law} by release {stands.rules}"
    if (stands.rules, stands.format) != (state.RULES, state.FORMAT):
        yield fail(
            area,
            f"{made} in form {stands.format}; this is release {state.RULES}, form {state.FORMAT}",
            "Run customs rebuild; until then every question is judged again, and nothing can be"
            " ingested.",
        )
    elif stands.position < head:
        behind = f"{head - stands.position} of {head} records are not read yet"
        yield warn(area, f"{made}; {behind}", "Run customs rebuild, or ingest the next reports.")
    elif waiting:
        yield warn(area, f"{made}; {waiting} movements wait to be judged", "Run customs rebuild.")
    else:
        yield ok(area, f"{made}, up to the last of {head} records")


def feeds(log: Heard) -> Iterator[Examined]:
    """Each source: when it was last heard of, what is set aside of it, how late it told."""
    still: dict[str, int] = {}
    for (source, _), many in log.open_counts().items():
        still[source] = still.get(source, 0) + many
    late = lateness(log, LATE, after=max(log.head().index - LATEST, 0))
    for source, last in sorted(log.latest().items()):
        facts, median, _, much = late.get(source, NOTHING)
        said = f"{source}: last heard of at {_instant(last)}"
        if still.get(source):
            yield warn(
                "feeds",
                f"{said}, {still[source]} of its messages are set aside",
                f"Look at them with customs quarantine list --source {quote(source)}.",
            )
        elif much * 2 > facts:
            days = median // 24
            yield warn(
                "feeds",
                f"{said}, half of its latest facts came {days} days late or later",
                "Let it report sooner: deadlines look missed until it does.",
            )
        else:
            yield ok("feeds", f"{said}, nothing set aside, {much} of {facts} latest facts late")


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%MZ}"

"""The entries of the journal as they are given out: what was said, when, under which rules."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import orjson

from projections.agenda import (
    DeadlineSaid,
    DebtSaid,
    DischargeSaid,
    ExtinctionSaid,
    StatusSaid,
    Verdict,
)
from projections.canonical import since
from projections.tables import JournalRow

Said = DeadlineSaid | DebtSaid | ExtinctionSaid | DischargeSaid | StatusSaid


class VerdictView(NamedTuple):
    """One entry of the journal: a verdict on a movement that differs from what was said before.

    `position` is the log index up to which was judged, `recorded_at` when that record was
    recorded; `at` is the instant of legal time that the verdict is about. `was` and `now` are what
    was said before and what is said now; one that is absent was not said, or is said no longer.
    """

    number: int
    position: int
    recorded_at: datetime
    rules: str
    law: date
    policies: Mapping[str, str]
    movement: str
    statement: str
    verdict: Verdict
    at: datetime | None
    was: Said | None
    now: Said | None


def given_out(row: JournalRow) -> VerdictView:
    """An entry as it is given out; what it says is not read, so that it may be of any release."""
    return VerdictView(
        row.number,
        row.position,
        since(row.recorded_at),
        row.rules,
        date.fromisoformat(row.law),
        orjson.loads(row.policies),
        row.movement,
        row.statement,
        Verdict(row.verdict),
        since(row.at) if row.at else None,
        orjson.loads(row.was) if row.was else None,
        orjson.loads(row.now) if row.now else None,
    )

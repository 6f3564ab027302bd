"""The days that follow from debts and placements: payment, accounts, claims, records."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from domain.because import Because
from domain.customs_debt import Debt
from domain.facts.values import Kind
from domain.law.citation import Cited, rule
from domain.law.limits import (
    ACCOUNTS_DAYS,
    FIRST_DAY,
    REPAYMENT_CLAIM_YEARS,
    RETENTION_YEARS,
)
from domain.law.periods import days_after, missed_at, rolled, years_after
from domain.movements.account import NONE
from domain.movements.walk import Walk
from domain.records import maker
from domain.situation import Situation as S
from domain.timeline import Deadline, Position, for_good

DECEMBER: Final = (12, 31)
CUSTOMS: Final = "customs"
GONE: Final = frozenset({S.PASSED_ON, S.DISCHARGED, S.EXITED, S.DESTROYED, S.NEVER_THERE})
"""Where nothing of a placement is left to watch."""


def told(walk: Walk, positions: Sequence[Position], debts: Iterable[Debt]) -> Iterator[Deadline]:
    """The clocks of the debts of a movement, and of its records."""
    for debt in debts:
        yield from pay(walk, debt)
        yield from notify(walk, debt)
        yield from enter_in_accounts(walk, debt)
        yield from claim_repayment(walk, debt)
    yield from keep_records(walk, positions)


@rule("108(1)")
def pay(walk: Walk, debt: Debt) -> Iterator[Deadline]:
    """Each debtor pays within the period."""
    for each in debt.obligations:
        if each.due and each.raw_due and each.notified:
            freed = (end.at for end in debt.extinguished if end.frees in (None, each.person))
            paid = next((at for at in freed if debt.owed_by(each.person, at) == NONE), None)
            span = Span(each.notified, each.raw_due, each.due, paid)
            yield _clock(walk, pay, debt, "pay the customs debt", each.person, span)


@rule("103(1)", "103(2)")
def notify(walk: Walk, debt: Debt) -> Iterator[Deadline]:
    """Customs notify each debtor while they still can."""
    for each in debt.obligations:
        settled = [end.at for end in debt.extinguished if debt.open_at(end.at) == NONE]
        over = missed_at(each.limitation, walk.zone)
        done = (at for at in (*settled, each.notified) if at and at < over)
        words = f"notify {each.person} of the customs debt"
        span = Span(debt.incurred, each.raw_limitation, each.limitation, min(done, default=None))
        yield _clock(walk, notify, debt, words, CUSTOMS, span)


@rule("105(1)")
def enter_in_accounts(walk: Walk, debt: Debt) -> Iterator[Deadline]:
    """Fourteen days from release on the declared amount; nobody has to report that it was done."""
    if debt.article.startswith("77") and walk.own.released:
        day = walk.day(walk.own.released.at)
        raw = days_after(day, ACCOUNTS_DAYS.on(day, walk.law))
        span = Span(walk.own.released.at, raw, rolled(raw, walk.calendar))
        words = "enter the duty in the accounts"
        yield _clock(walk, enter_in_accounts, debt, words, CUSTOMS, span, watched=False)


@rule("121(1)(a)")
def claim_repayment(walk: Walk, debt: Debt) -> Iterator[Deadline]:
    """A debtor can apply for repayment or remission for three years from the notification."""
    for each in debt.obligations:
        if each.notified:
            day = walk.day(each.notified)
            raw = years_after(day, REPAYMENT_CLAIM_YEARS.on(day, walk.law))
            span = Span(each.notified, raw, rolled(raw, walk.calendar))
            words = "apply for repayment or remission"
            yield _clock(walk, claim_repayment, debt, words, each.person, span, watched=False)


@rule("51(1)")
def keep_records(walk: Walk, positions: Sequence[Position]) -> Iterator[Deadline]:
    """Records are kept for three years from the end of the year of acceptance, or in which the
    procedure or the storage ended.
    """
    begins = _records_from(walk, positions)
    if begins is None:
        return
    day = walk.day(begins)
    if day < FIRST_DAY:
        return
    years = RETENTION_YEARS.on(day, walk.law)
    last = date(day.year + years, *DECEMBER)
    because = Because(keep_records.__name__, keep_records.articles, walk.own.cites)
    person = walk.own.person or ""
    ends_at = missed_at(last, walk.zone)
    yield Deadline(
        None, "51(1)", "keep the records", person, begins, last, last, ends_at, None,
        moved=False, because=because, watched=False,
    )  # fmt: skip


def _records_from(walk: Walk, positions: Sequence[Position]) -> datetime | None:
    if walk.own.kind in (Kind.FREE_CIRCULATION, Kind.EXPORT):
        return walk.own.accepted.at if walk.own.accepted else None
    return for_good(positions, _gone)


def _gone(position: Position) -> bool:
    return GONE.issuperset([part.situation for part in position.parts])


class Span(NamedTuple):
    """From when a clock runs, its last day as counted and as rolled, and when it was stopped."""

    start: datetime
    raw: date
    last_day: date
    stopped: datetime | None = None


def _clock(
    walk: Walk, rule_: Cited[..., object], debt: Debt, duty: str, person: str, span: Span,
    *, watched: bool = True,
) -> Deadline:  # fmt: skip
    start, raw, last_day, stopped = span
    ends_at = missed_at(last_day, walk.zone)
    because = Because(rule_.__name__, rule_.articles, debt.because.reports)
    return _deadline(
        (
            None, rule_.articles[0], duty, person, start, raw, last_day, ends_at, stopped,
            False, because, watched,
        )
    )  # fmt: skip


_deadline = maker(Deadline)

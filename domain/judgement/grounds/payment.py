"""What becomes of the claim itself: barred, or paid (Article 124(1)(a), (b))."""

from collections.abc import Iterator

from domain.facts.debt import (
    DebtPaid,
)
from domain.judgement.grounds.ground import Debit, Ground, citing
from domain.law.citation import rule
from domain.law.periods import missed_at


@rule("124(1)(a)", "103(1)")
def barred(debit: Debit) -> Iterator[Ground]:
    """A debtor who was not notified in time can no longer be."""
    for owed in debit.obligations:
        at = missed_at(owed.limitation, debit.walk.zone)
        if owed.notified is None or owed.notified >= at:
            reports = debit.debt.because.reports
            yield Ground("a", at, citing(barred, reports), frees=owed.person)


@rule("124(1)(b)")
def paid(debit: Debit) -> Iterator[Ground]:
    """Payment, for what was paid, whoever paid it; in advance, from the incurrence."""
    for each in debit.about:
        if isinstance(each.act, DebtPaid):
            at = max(each.at, debit.debt.at)
            yield Ground("b", at, citing(paid, (each.cite,)), amount=each.act.amount)

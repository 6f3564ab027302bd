"""Judge one movement: pure, total, and a function of the case alone (D3, D4)."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

from domain.case import Case
from domain.facts.values import Kind
from domain.judgement import (
    debts,
    falling_due,
    findings,
    guarantees,
    procedures,
    security,
    suspension,
)
from domain.judgement.resumed import MANY, Walked, resumed, walked
from domain.judgement.walking import TABLES, begun
from domain.law.acts import UCC
from domain.law.citation import Law
from domain.movements.account import Ledger
from domain.movements.walk import Walk
from domain.policies import Policies
from domain.timeline import Judgement, Position, Procedure

NOT_JUDGED: Final[Mapping[Kind, str]] = {
    Kind.INTERNAL_TRANSIT: "227",
    Kind.FREE_ZONE: "243",
    Kind.TEMPORARY_ADMISSION: "250",
    Kind.END_USE: "254",
    Kind.EXIT: "271",
}
"""Kinds that are recorded and not judged, with the article that would be."""


def judge(case: Case, law: Law, policies: Policies) -> Judgement | None:
    """The judgement of one movement; `None` where no act tells yet what it is.

    Under a text from before the Code was published, nothing is judged.
    """
    return judged_on(case, law, policies, None)[0]


def judged_on(
    case: Case, law: Law, policies: Policies, before: Walked | None
) -> tuple[Judgement | None, Walked | None]:
    """The same judgement, and what the next one of the same movement can go on from: where many
    draw from it, all that is as it was `before` is not worked out again.
    """
    own = case.own
    if own is None:
        return None, None
    known = law.text >= UCC.published
    table = TABLES.get(own.kind) if known else None
    if table and not table.ahead and len(case.successors) > MANY:
        return _resumed(*resumed(case, own, table, law, policies, before))
    walk = walked(case, own, table, law, policies) if table else begun(case, own, law, policies)
    lines = [account.positions() for account in walk.accounts.values()]
    return _judgement(walk, lines, procedures.told(walk, lines), known=known), None


def _resumed(walk: Walk, kept: Walked) -> tuple[Judgement, Walked]:
    """The judgement of a walk, going on from what is `kept` of the one before."""
    ledgers = {
        number: Ledger(account.written, account.positions(kept.ledgers.get(number)))
        for number, account in walk.accounts.items()
    }
    lines = {number: ledger.positions for number, ledger in ledgers.items()}
    placed, progress = procedures.resumed(walk, lines, kept.placed)
    said = _judgement(walk, lines.values(), placed, known=True)
    return said, kept._replace(ledgers=ledgers, placed=progress)


def _judgement(
    walk: Walk, lines: Iterable[list[Position]], placed: list[Procedure], *, known: bool
) -> Judgement:
    """What is said of a movement that was walked to the end."""
    case, own = walk.case, walk.own
    owed = debts.told(walk)
    walk.findings += security.released_unsecured(walk, owed)
    walk.findings += security.refused_and_not_invalidated(walk, owed)
    walk.findings += suspension.may_be_suspended(walk, owed)
    positions = tuple(chain.from_iterable(lines))
    return Judgement(
        movement=case.movement,
        names=case.names,
        kind=own.kind,
        office=own.office,
        person=own.person,
        units=tuple([line.unit for _, line in own.lines]),
        positions=positions,
        procedures=tuple(placed),
        modes=tuple([each for account in walk.accounts.values() for each in account.modes]),
        deadlines=(*walk.deadlines, *(falling_due.told(walk, positions, owed) if known else ())),
        debts=owed,
        guarantees=tuple(guarantees.told(walk, positions, owed)),
        findings=tuple(findings.told(walk, NOT_JUDGED.get(own.kind) if known else "288(1)")),
    )

"""Where a customs debt is incurred (Article 87)."""

from decimal import Decimal
from typing import Final, NamedTuple

from domain.because import Because
from domain.facts.debt import DebtorFound
from domain.facts.temporary_storage import StorageMoveEnded
from domain.facts.values import Kind
from domain.judgement.matching import Acts
from domain.law.calendar import country_of
from domain.law.citation import rule
from domain.law.limits import EURO, SMALL_DEBT
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk
from domain.timeline import Finding

UNKNOWN: Final = "unknown"


class Place(NamedTuple):
    """A customs office, and the reports that name it."""

    office: str
    cites: tuple[str, ...] = ()


@rule("87(1)", "87(4)")
def place(walk: Walk, debt: Incurred, total: Decimal | None, currency: str, about: Acts) -> Place:
    """Where the declaration was lodged, or the events occurred, or customs found that goods are
    missing; a small debt found in another Member State counts as incurred where it was found.
    Whether one in another currency than the euro is small is not known.
    """
    if not debt.article.startswith(("79", "82")):
        return _own(walk)
    found = [(each.act, each.cite) for each in about if isinstance(each.act, DebtorFound)]
    told = (Place(act.occurred_at, (cite,)) for act, cite in found if act.occurred_at)
    occurred = next(told, None) or _events(walk, debt)
    at = next((Place(act.found_at, (cite,)) for act, cite in found if act.found_at), None)
    if at is None or total is None or country_of(at.office) == country_of(occurred.office):
        return occurred
    small = SMALL_DEBT.on(walk.day(debt.at), walk.law)
    if currency != EURO:
        walk.findings.append(_not_compared(debt, at, occurred, f"{total:f} {currency}", small))
        return occurred
    return at if total < small else occurred


def _not_compared(
    debt: Incurred, at: Place, occurred: Place, amount: str, small: Decimal
) -> Finding:
    words = (
        f"whether {amount} are less than {small:f} {EURO} is not known, so the debt stays at"
        f" {occurred.office}; where they are, it counts as incurred at {at.office}"
    )
    reports = tuple(dict.fromkeys((*debt.because.reports, *at.cites)))
    because = Because(place.__name__, ("87(4)",), reports)
    return Finding("AMOUNT_NOT_COMPARED", None, debt.at, None, words, because)


def _own(walk: Walk) -> Place:
    return Place(walk.own.office or UNKNOWN)


def _events(walk: Walk, debt: Incurred) -> Place:
    """The office that the act behind a debt names; where it names none, or a time limit ran out,
    that where the goods were.
    """
    released = walk.own.released
    if released is None or released.cite not in debt.gave_rise:
        offices = {fact.cites[0]: fact.fact.office for fact in walk.case.settled.facts}
        for cite in debt.gave_rise:
            if office := offices.get(cite):
                return Place(office, (cite,))
    return _where_the_goods_were(walk, debt)


def _where_the_goods_were(walk: Walk, debt: Incurred) -> Place:
    """The movement's own office or, of goods that were stored elsewhere since, the office that the
    report of their arrival there names (Article 148(5)). A time limit runs out before anything
    else happens at that instant.
    """
    there = _own(walk)
    if walk.own.kind is Kind.TEMPORARY_STORAGE:
        for fact, ended in walk.acts(StorageMoveEnded):
            if fact.at < debt.at or (fact.at == debt.at and not debt.late):
                there = Place(ended.office, fact.cites) if ended.office else _own(walk)
    return there

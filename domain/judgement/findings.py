"""What is to be said of a movement beside its ledger, in one order."""

from collections.abc import Iterator

from domain.because import Because
from domain.facts.declaration import DeclarationAmended
from domain.facts.fact import Declared
from domain.facts.values import Role
from domain.law.calendar import country_of, zone_of
from domain.law.limits import FIRST_DAY
from domain.law.periods import start_of
from domain.movements.drawing import confirmed
from domain.movements.walk import Walk
from domain.outlining import numbered
from domain.references import fault
from domain.timeline import Finding


def told(walk: Walk, not_judged: str | None) -> list[Finding]:
    """All findings, by start, code and line."""
    found = [*walk.findings, *_void(walk), *_named(walk), *_old(walk), *_unconfirmed(walk)]
    found += _unpermitted(walk)
    found += _numbered_twice(walk)
    if not_judged:
        words = f"{walk.own.kind} is recorded; its rules are not modelled"
        found.append(_finding(walk, "NOT_JUDGED", words, not_judged))
    if len(found) > 1:
        found.sort(key=lambda each: (each.start, each.code, each.line or 0, each.because))
    return found


def _void(walk: Walk) -> Iterator[Finding]:
    """Reports that settling left without effect."""
    for void in walk.case.settled.void:
        because = Because("settle", (void.article,), void.cites)
        yield Finding(void.code, None, walk.own.opened.at, None, void.words, because)


def _named(walk: Walk) -> Iterator[Finding]:
    """References of the wrong shape, names that two MRNs claim, an office of no known country."""
    for name in walk.case.names:
        if wrong := fault(name):
            words = f"{name} is kept as it was told; check it with its sender"
            yield _finding(walk, wrong, words, "15(1)")
    for name in walk.case.ambiguous:
        words = f"{name} is named as the same operation by several MRNs"
        yield _finding(walk, "REFERENCE_AMBIGUOUS", words, "15(1)")
    office = walk.own.office
    if office is None or zone_of(country_of(office)) is None:
        words = f"the country of office {office} is not known: days are counted in UTC"
        yield _finding(walk, "OFFICE_UNKNOWN", words, "55(2)")


def _old(walk: Walk) -> Iterator[Finding]:
    """Acts from before the Code applied."""
    first = start_of(FIRST_DAY, walk.zone)
    for fact in walk.case.settled.facts:
        if fact.at >= first:
            return
        words = f"{fact.fact.TYPE} happened before {FIRST_DAY}, when the Code began to apply"
        because = Because("not_judged", ("288(2)",), fact.cites)
        yield Finding("NOT_JUDGED", None, fact.at, None, words, because)


def _unconfirmed(walk: Walk) -> Iterator[Finding]:
    """Goods said to be drawn from a movement to which nothing confirms the link."""
    for name, goods in walk.case.previous.items():
        if not confirmed(walk.own, goods):
            words = f"nothing confirms that these goods are drawn from {name}"
            yield _finding(walk, "LINK_NOT_CONFIRMED", words, "15(1)")


def _unpermitted(walk: Walk) -> Iterator[Finding]:
    """Amendments that customs did not permit: they have no effect."""
    for fact, _ in walk.acts(DeclarationAmended):
        if fact.role is not Role.CUSTOMS:
            words = "customs have not permitted the amendment: it has no effect until they tell it"
            because = Because("outline", ("173(1)",), fact.cites)
            yield Finding("AMENDMENT_NOT_PERMITTED", None, fact.at, None, words, because)


def _numbered_twice(walk: Walk) -> Iterator[Finding]:
    """Acts that give one number to two of their lines, of which the first counts."""
    for fact, act in walk.acts(Declared):
        if len(act.lines) > 1 and len(numbered(act.lines)) < len(act.lines):
            words = "two lines have one number, of which the first counts: number them anew"
            because = Because("outline", ("15(1)",), fact.cites)
            yield Finding("LINE_NUMBER_TWICE", None, fact.at, None, words, because)


def _finding(walk: Walk, code: str, words: str, article: str) -> Finding:
    because = Because(code, (article,), (walk.own.opened.cite,))
    return Finding(code, None, walk.own.opened.at, None, words, because)

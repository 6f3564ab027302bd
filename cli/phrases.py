"""What is said of a movement, each statement in one phrase."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import Decimal

from cli import words
from domain.because import Because
from domain.customs_debt import Debt
from domain.timeline import Deadline, Finding, Guarantee, Mode, Procedure
from projections.canonical import decoded, since
from projections.comparing import Said
from projections.tables import PositionRow


def article(said: Said) -> str:
    """The provision that a statement rests on first."""
    if isinstance(said, Debt | Deadline):
        return said.article
    because = decoded(Because, said.because) if isinstance(said, PositionRow) else said.because
    return because.articles[0] if because.articles else words.NEVER


def phrase(said: Said, zone: tzinfo) -> str:
    """A statement in words; instants as the clock at the office shows them."""
    return ", ".join(filter(None, _parts(said, zone)))


def change(was: Said, now: Said, zone: tzinfo) -> str:
    """A statement that would be another: what stays, what it would be, and what it is."""
    before, after = (list(filter(None, _parts(each, zone))) for each in (was, now))
    stays = ", ".join(each for each in after if each in before)
    new = ", ".join(each for each in after if each not in before)
    gone = ", ".join(each for each in before if each not in after)
    told = [stays, f"now {new}" if new else "", f"was {gone}" if gone else ""]
    return "; ".join(filter(None, told)) + ("" if new or gone else "; in other detail")


def _parts(said: Said, zone: tzinfo) -> Iterator[str]:
    match said:
        case PositionRow():
            yield f"line {said.line}: {words.quantity(Decimal(said.quantity), said.unit)}"
            yield said.situation + (f" for {said.drawn_by}" if said.drawn_by else "")
            yield f"rights with {said.holder}" if said.holder else ""
            yield said.status or ""
            yield _until(since(said.ends) if said.ends else None, zone)
        case Deadline():
            yield f"by {said.last_day} {said.person}: {_of_line(said.line)}{said.duty}"
            yield f"stopped {words.instant(said.stopped, zone)}" if said.stopped else ""
        case Debt():
            yield f"customs debt of {words.money(said.amount, said.currency)}"
            yield from _debt(said, zone)
        case Procedure():
            yield f"line {said.line} of {said.holder}: {said.state}"
            yield f"{words.figure(said.open)} of {words.figure(said.placed)} open"
            yield f"{words.figure(said.overdue)} overdue" if said.overdue else ""
            yield _until(said.end, zone)
        case Mode():
            yield f"line {said.line}: {words.figure(said.quantity)} {said.situation.value}"
            yield f"by {said.successor}"
        case Guarantee():
            yield f"guarantee {said.reference or words.UNKNOWN}"
            yield f"{words.money(said.amount, said.currency)} bound"
            yield _until(said.end, zone)
        case Finding():
            yield f"{said.code}: {_of_line(said.line)}{said.words}"
            yield _until(said.end, zone)


def _debt(said: Debt, zone: tzinfo) -> Iterator[str]:
    """Who owes it, until when it is to be paid, and what ends it."""
    for owed in said.obligations:
        due = f"pay by {owed.due}" if owed.due else "not notified"
        yield f"{owed.person} ({f'suspended {owed.suspended}' if owed.suspended else due})"
    for ended in said.extinguished:
        yield f"ended 124(1)({ended.letter}) {words.instant(ended.at, zone)}"


def _until(end: datetime | None, zone: tzinfo) -> str:
    return f"until {words.instant(end, zone)}" if end else ""


def _of_line(line: int | None) -> str:
    return f"line {line}: " if line else ""

"""The ids of what is said: `<movement>#<statement>`, stable and speakable.

The statement part names the sort of statement and what tells it from others of its movement, so
that it stays the same when later facts change what is said: `debt/<rule>/<report>`,
`deadline/<article>/<line>/<person>`, `finding/<code>/<line>/<report>`; where something is said
over many spans, `procedure/<line>/<holder>/<start>`, `position/<line>/<situation>/<start>`.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.customs_debt import Debt, Extinguished, Obligation
from domain.situation import Situation
from domain.timeline import Deadline, Finding, Guarantee
from projections.canonical import instant, since
from projections.tables import PositionRow

MARK = "#"
WHOLE = "all"
"""Stands for the line where a statement is about all lines."""


def full(movement: str, statement: str) -> str:
    """The id of a statement among those of all movements."""
    return f"{movement}{MARK}{statement}"


def candidates(name: str) -> Iterator[tuple[str, str]]:
    """The movements and statements that an id can mean: a reference may hold a `#` of its own."""
    place = name.find(MARK)
    while place >= 0:
        yield name[:place], name[place + 1 :]
        place = name.find(MARK, place + 1)


def of_debt(debt: Debt, movement: str) -> str:
    return debt.ref.removeprefix(movement + MARK)


def of_obligation(debt: str, obligation: Obligation) -> str:
    return f"{debt}/owed-by/{obligation.person}"


def of_extinction(debt: str, ground: Extinguished) -> str:
    return f"{debt}/extinguished/{ground.letter}/{_first(ground.because.reports, ground.at)}"


def of_deadline(deadline: Deadline) -> str:
    return f"deadline/{deadline.article}/{_line(deadline.line)}/{deadline.person}"


def of_guarantee(guarantee: Guarantee) -> str:
    return f"guarantee/{guarantee.reference or 'none'}/{brief(guarantee.start)}"


def of_finding(found: Finding) -> str:
    reports = found.because.reports
    return f"finding/{found.code}/{_line(found.line)}/{_first(reports, found.start)}"


def of_span(sort: str, line: int, start: datetime, *names: str | None) -> str:
    """What is said over many spans is told apart by its start."""
    return "/".join((sort, str(line), *(name for name in names if name), brief(start)))


def of_position(line: int, situation: Situation, start: datetime, *who: str) -> str:
    """`who` are the successor that holds the goods, and the person they were transferred to."""
    return of_span("position", line, start, situation.value, *who)


def of_row(row: PositionRow) -> str:
    """The same of a row as it is stored."""
    start, situation = since(row.starts), Situation(row.situation)
    return of_position(row.line, situation, start, row.drawn_by, row.holder)


def once(statement: str, taken: dict[str, int]) -> str:
    """`statement`, or with `~2` and so on where the movement already has one of that name."""
    if statement not in taken:
        taken[statement] = 1
        return statement
    taken[statement] += 1
    return f"{statement}~{taken[statement]}"


def brief(at: datetime) -> str:
    """An instant for human eyes: no fraction of a second unless there is one."""
    return instant(at).replace(".000000Z", "Z")


def _line(line: int | None) -> str:
    return WHOLE if line is None else str(line)


def _first(reports: tuple[str, ...], start: datetime) -> str:
    return reports[0] if reports else brief(start)

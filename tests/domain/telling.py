"""Reports in a short spelling, and what the judge says of them.

A movement without a scheme is local, an instant without an offset is in Sofia, and a report is
told by customs, where they may, at the office of Burgas and as soon as it happened.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.case import Book, assemble
from domain.customs_debt import Debt, Extinguished, Obligation
from domain.facts.declaration import DeclarationAccepted, DeclarationLodged, GoodsReleased
from domain.facts.fact import Fact, Told
from domain.facts.temporary_storage import GoodsPresented
from domain.facts.values import Kind, Line, Role
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.policies import Policies
from domain.references import scheme_of
from domain.timeline import Finding, Judgement

SOFIA = ZoneInfo("Europe/Sofia")
BURGAS = "BG001007"
SOFIA_AIRPORT = "BG005800"
LAW_2019 = Law(date(2019, 4, 14))
Goods = Mapping[str, object]


def moment(text: str) -> datetime:
    """An instant: in Sofia unless it has an offset; of a day its first."""
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=SOFIA)


def end_of(day: str) -> datetime:
    """The last minute of a day in Sofia."""
    return datetime.combine(date.fromisoformat(day), time(23, 59), SOFIA)


def ref(movement: str) -> str:
    """The reference of a movement; a bare name is local."""
    return movement if scheme_of(movement) else f"local:{movement}"


def goods(quantity: object = 1, **terms: object) -> Goods:
    """One line; `percent` is short for one duty ad valorem, `of` for the movement drawn from."""
    line = dict(terms)
    if "percent" in line:
        line["duty"] = ({"percent": str(line.pop("percent"))},)
    if "of" in line:
        line["previous"] = ref(str(line.pop("of")))
    exact = ("quantity", "value", "processing_cost")
    return {"quantity": quantity} | line | {key: str(line[key]) for key in exact if key in line}


def tell(fact: type[Fact], movement: str, happened: str, **said: Any) -> Told:  # noqa: ANN401
    """A report of `fact`.

    Beside the fact's own data `said` may give `source`, `id`, `role`, `made` and `recorded`.
    """
    source = str(said.pop("source", "office"))
    name = f"{movement}:{fact.__name__}:{happened}".replace(" ", "T").replace("/", ".")
    report = str(said.pop("id", name))
    role = Role(said.pop("role", Role.CUSTOMS if Role.CUSTOMS in fact.TOLD_BY else fact.TOLD_BY[0]))
    recorded = moment(str(said.pop("recorded", happened)))
    made = said.pop("made", None)
    when = happened if len(happened) == len("2017-03-01") else moment(happened)
    data = {"happened": when, "office": BURGAS} | said
    if "end_by" in data and data["end_by"] is None:
        del data["end_by"]
    return Told(
        f"{source}/{report}",
        ref(movement),
        source,
        report,
        role,
        moment(str(made)) if made else None,
        recorded,
        fact.model_validate(data),
    )


def presented(movement: str, happened: str, *lines: Goods, holder: str = "H", **said: Any) -> Told:  # noqa: ANN401
    """Goods presented, and stored by `holder`."""
    return tell(GoodsPresented, movement, happened, holder=holder, lines=lines, **said)


def declared(
    movement: str,
    procedure: Kind,
    *lines: Goods,
    lodged: str | None = None,
    accepted: str | None = None,
    released: str | None = None,
    end_by: str | None = None,
    **particulars: Any,  # noqa: ANN401
) -> list[Told]:
    """A declaration by D, with the stages for which there is an instant."""
    said = {"declarant": "D"} | particulars
    office = said.pop("office", BURGAS)
    begun = lodged or accepted or released
    assert begun, "say when it was lodged, accepted or released"
    told = [
        tell(
            DeclarationLodged,
            movement,
            begun,
            procedure=procedure,
            lines=lines,
            end_by=end_by,
            office=office,
            **said,
        )
    ]
    if accepted:
        told.append(tell(DeclarationAccepted, movement, accepted, office=office))
    if released:
        told.append(tell(GoodsReleased, movement, released, office=office))
    return told


def told_of(*parts: Told | Iterable[Told]) -> list[Told]:
    """Reports and lists of reports as one list."""
    return [one for part in parts for one in ([part] if isinstance(part, Told) else list(part))]


def judged(
    movement: str,
    *parts: Told | Iterable[Told],
    law: Law | None = None,
    known_at: str | None = None,
    **policies: Any,  # noqa: ANN401
) -> Judgement:
    """What the judge says of one movement, given these reports."""
    book = Book(told_of(*parts))
    if known_at:
        book = book.known_at(end_of(known_at))
    said = judge(assemble(ref(movement), book), law or Law(), Policies.of(policies))
    assert said is not None, f"nothing tells what {movement} is"
    return said


def where(judgement: Judgement, as_of: str, line: int | None = None) -> dict[str, Decimal]:
    """The quantities by situation at an instant, or at the end of a day; of one line, or all."""
    at = moment(as_of) if " " in as_of else end_of(as_of)
    found: dict[str, Decimal] = {}
    for position in judgement.positions_at(at):
        if line in (None, position.line):
            for part in position.parts:
                found[part.situation] = found.get(part.situation, Decimal(0)) + part.quantity
    return found


def overdue(judgement: Judgement, as_of: str) -> Decimal:
    """How much is overdue at an instant, or at the end of a day."""
    at = moment(as_of) if " " in as_of else end_of(as_of)
    return sum((position.overdue for position in judgement.positions_at(at)), Decimal(0))


def codes(judgement: Judgement) -> list[str]:
    """The codes of all findings, each once, in order."""
    return sorted({finding.code for finding in judgement.findings})


def finding(judgement: Judgement, code: str) -> Finding:
    """The one finding of this code."""
    (found,) = (each for each in judgement.findings if each.code == code)
    return found


def the_debt(judgement: Judgement, article: str | None = None) -> Debt:
    """The one debt, or the one under this article."""
    (found,) = (each for each in judgement.debts if article in (None, each.article))
    return found


def debtor(debt: Debt, person: str) -> Obligation:
    """What one person owes of a debt."""
    (found,) = (each for each in debt.obligations if each.person == person)
    return found


def grounds(debt: Debt) -> list[str]:
    """The grounds of extinguishment but limitation: letter, day in Sofia, amount."""
    return [
        f"{each.letter} {each.at.astimezone(SOFIA).date()} {each.amount}"
        for each in debt.extinguished
        if each.letter != "a"
    ]


def same_goods(debt: Debt) -> dict[str, Decimal]:
    """The quantity that a debt has in common with each declaration."""
    return {each.movement: each.quantity for each in debt.same_goods}


def ground(debt: Debt, letter: str) -> Extinguished:
    """The one ground of this letter."""
    (found,) = (each for each in debt.extinguished if each.letter == letter)
    return found


def lines_of(*lines: Goods) -> tuple[Line, ...]:
    """The lines as facts hold them."""
    return tuple(Line.model_validate(line) for line in lines)

"""A movement folded to its outline, by its own facts alone (D3)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from domain.abandonment import permitted
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationAmended,
    DeclarationInvalidated,
    GoodsReleased,
    OnDeclaration,
    OpeningBalance,
    Particulars,
    ReleaseRefused,
    Representation,
)
from domain.facts.disposal import (
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
    OnTakenGoods,
    SeizureLifted,
)
from domain.facts.entry import GoodsEntered, GoodsFound, SummaryDeclarationLodged
from domain.facts.exit import ExitSummaryDeclarationLodged, GoodsExited, ReExportNotified
from domain.facts.fact import Declared, Fact
from domain.facts.inventory import NeverThere, PeriodExtended, ShortageFound
from domain.facts.temporary_storage import (
    GoodsPresented,
    PresentationConfirmed,
    StorageDeclarationLodged,
)
from domain.facts.transit import GoodsArrived, TransitDischarged
from domain.facts.values import Kind, Line, Role
from domain.law.limits import FIRST_DAY
from domain.law.periods import start_of
from domain.outline import (
    ABANDONED,
    CONFISCATED,
    DESTROYED,
    LEAVING,
    LIFTED,
    SEIZED,
    UNDECLARED,
    Disposal,
    Extension,
    Gone,
    Mark,
    Outline,
)
from domain.settle import Settled, Standing

OPENING: Mapping[type, Kind] = {
    SummaryDeclarationLodged: Kind.ENTRY,
    GoodsEntered: Kind.ENTRY,
    GoodsFound: Kind.ENTRY,
    StorageDeclarationLodged: Kind.TEMPORARY_STORAGE,
    GoodsPresented: Kind.TEMPORARY_STORAGE,
    ExitSummaryDeclarationLodged: Kind.EXIT,
    ReExportNotified: Kind.EXIT,
}
"""What a movement is, by the act that opens it; a declaration names its procedure itself."""
MARKS: Mapping[type, str] = {
    DeclarationAccepted: "accepted",
    GoodsReleased: "released",
    ReleaseRefused: "refused",
    DeclarationInvalidated: "invalidated",
    GoodsArrived: "arrived",
    TransitDischarged: "discharged",
    GoodsExited: "exited",
}
_DISPOSALS: Final[Mapping[type, str]] = {
    GoodsSeized: SEIZED,
    GoodsConfiscated: CONFISCATED,
    SeizureLifted: LIFTED,
    GoodsDestroyed: DESTROYED,
    GoodsAbandoned: ABANDONED,
}
_GONE: Final = frozenset({GoodsRemoved, GoodsLost, ShortageFound})
OF_DECLARATIONS = frozenset(
    {DeclarationAccepted, GoodsReleased, ReleaseRefused, DeclarationInvalidated}
)
CONFIRMING = frozenset({DeclarationAccepted, PresentationConfirmed, GoodsExited, GoodsReleased})


def kind_of(fact: object) -> Kind | None:
    """The kind of movement that an act opens or, in default of any such act, shows."""
    if isinstance(fact, Particulars):
        return fact.procedure
    return OPENING.get(type(fact))


def shown_kind(fact: object) -> Kind | None:
    """The kind that an act shows without declaring any goods: only transit has an arrival, and
    an act on a declaration may say what this was lodged for.
    """
    if isinstance(fact, OnDeclaration):
        return fact.procedure
    stored_name = getattr(fact, "TYPE", "")
    if stored_name.startswith("transit."):
        return Kind.EXTERNAL_TRANSIT
    return Kind.TEMPORARY_STORAGE if stored_name.startswith("temporary-storage.") else None


def outline(movement: str, names: tuple[str, ...], settled: Settled) -> Outline | None:
    """Fold settled facts; `None` where no act tells what the movement is.

    Acts before the first day of the Code leave their particulars, and no stage (Article 288(2)).
    """
    facts = settled.facts
    opening = next((fact for fact in facts if kind_of(fact.fact)), None)
    kind = kind_of(opening.fact) if opening else None
    if kind is None:
        opening = next((fact for fact in facts if shown_kind(fact.fact)), None)
        kind = shown_kind(opening.fact) if opening else None
    if opening is None or kind is None:
        return None
    first = start_of(FIRST_DAY, settled.zone)
    known: dict[str, Any] = {
        "movement": movement,
        "names": names,
        "kind": kind,
        "office": settled.office,
        "zone": settled.zone,
        "person": _person(opening.fact),
        "lines": (),
        "particulars": None,
        "opened": Mark(opening.at, opening.by_day, opening.cites[0]),
        "disposals": (),
        "gone": (),
        "confirmed": False,
        "end_by": None,
        "extensions": (),
        "never_there": (),
    } | dict.fromkeys(MARKS.values())
    cites, permits = opening.cites[:1], permitted(facts)
    for fact in facts:
        if told := _told(known, fact, permits, governed=fact.at >= first):
            known |= told
            cites += fact.cites
    known["cites"] = tuple(dict.fromkeys(cites))
    return Outline(**known)


def _told(
    known: dict[str, Any],
    standing: Standing,
    permits: Mapping[str, tuple[str, ...]],
    *,
    governed: bool,
) -> dict[str, Any]:
    """What one fact adds to an outline; nothing where it has no effect by what is known."""
    fact, sort = standing.fact, type(standing.fact)
    told: dict[str, Any] = {}
    if isinstance(fact, Particulars):
        told |= _particulars(known, fact, standing)
    elif OPENING.get(sort) is known["kind"]:
        told |= _opening(known, fact)
    if not governed or not (sort in MARKS or sort in EFFECTIVE or sort in CONFIRMING):
        return told
    mark = Mark(standing.at, standing.by_day, standing.cites[0])
    name = MARKS.get(sort)
    if name and known[name] is None and _may_reach(known, fact):
        told[name] = mark
    if sort in EFFECTIVE:
        told |= _effects(known, fact, mark, permits)
    if sort in CONFIRMING and standing.role is Role.CUSTOMS:
        told["confirmed"] = True
    return told


EFFECTIVE = frozenset(
    {
        GoodsPresented,
        OpeningBalance,
        GoodsReleased,
        PeriodExtended,
        NeverThere,
        *_DISPOSALS,
        *_GONE,
    }
)
"""Acts that change more than the stage that they mark."""


def _effects(
    known: dict[str, Any], fact: object, mark: Mark, permits: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """What an act changes beside the stage that it marks."""
    match fact:
        case GoodsPresented() if known["kind"] is Kind.TEMPORARY_STORAGE:
            return {} if known["released"] else {"accepted": mark, "released": mark}
        case OpeningBalance():
            return {} if known["released"] else {"accepted": mark, "released": mark}
        case GoodsReleased(end_by=date() as end_by) if known["accepted"]:
            return {"end_by": end_by}
        case PeriodExtended(end_by=end_by):
            return {"extensions": (*known["extensions"], Extension(mark.at, end_by, mark.cite))}
        case GoodsAbandoned() if mark.cite not in permits:
            return {}
        case ShortageFound() | GoodsRemoved() | GoodsLost():
            return {"gone": (*known["gone"], *_gone(fact, mark))}
        case OnTakenGoods():
            uses, stage = permits.get(mark.cite, ()), _DISPOSALS[type(fact)]
            about = fact.line, fact.quantity, fact.drawn_by
            disposal = Disposal(stage, *mark, *about, uses, fact.shortage)
            return {"disposals": (*known["disposals"], disposal)}
        case NeverThere(quantity=quantity, line=line):
            return {"never_there": (*known["never_there"], (line, quantity))}
        case _:
            return {}


def _gone(fact: ShortageFound | GoodsRemoved | GoodsLost, mark: Mark) -> tuple[Gone, ...]:
    """What is gone, where it is a quantity or what a successor had: else all is, and nothing is to
    be told apart.
    """
    drawn_by = None if isinstance(fact, ShortageFound) else fact.drawn_by
    if fact.quantity is None and drawn_by is None:
        return ()
    strayed = isinstance(fact, GoodsRemoved)
    return (Gone(mark.at, mark.cite, fact.line, fact.quantity, strayed, drawn_by),)


def _may_reach(known: dict[str, Any], fact: object) -> bool:
    """Whether a stage is within reach: there is no release without acceptance, nor of a declaration
    that was invalidated; customs may release what they had refused.
    """
    if type(fact) in OF_DECLARATIONS and known["kind"] in UNDECLARED:
        return False
    match fact:
        case GoodsReleased():
            return bool(known["accepted"]) and not known["invalidated"]
        case ReleaseRefused() | DeclarationInvalidated():
            stays = known["kind"] in LEAVING and known["released"]
            ground = isinstance(fact, DeclarationInvalidated) and fact.ground
            return bool(known["accepted"]) and bool(ground or not stays)
        case _:
            return True


def _person(fact: Fact) -> str | None:
    for name in _persons(type(fact)):
        if person := getattr(fact, name):
            return str(person)
    return None


@cache
def _persons(sort: type[Fact]) -> tuple[str, ...]:
    """The fields that name who opened a movement, as far as an act has them."""
    names = ("declarant", "carrier", "holder", "consignee")
    return tuple(name for name in names if name in sort.model_fields)


def _opening(known: dict[str, Any], fact: Fact) -> dict[str, Any]:
    """The lines of the first act that has any, and its person where none is known."""
    told: dict[str, Any] = {}
    lines = fact.lines if isinstance(fact, Declared) else ()
    if lines and not known["lines"]:
        told["lines"] = numbered(lines)
    found = isinstance(fact, GoodsFound) and known["person"] is None
    if found or isinstance(fact, GoodsPresented | GoodsEntered):
        told["person"] = _person(fact)
    return told


def _particulars(known: dict[str, Any], fact: Particulars, standing: Standing) -> dict[str, Any]:
    """A lodging declares; an amendment replaces it once customs permit it (Article 173)."""
    amends = isinstance(fact, DeclarationAmended) and standing.role is Role.CUSTOMS
    if known["particulars"] is not None and not amends:
        return {}
    if fact.procedure is not known["kind"]:
        return {}
    told: dict[str, Any] = {"particulars": fact, "person": fact.declarant}
    if fact.representation is Representation.WITHOUT_AUTHORITY and fact.representative:
        told["person"] = fact.representative
    if fact.lines:
        told["lines"] = numbered(fact.lines)
    if fact.end_by:
        told["end_by"] = fact.end_by
    return told


def numbered(lines: tuple[Line, ...]) -> tuple[tuple[int, Line], ...]:
    """Lines by number: their own, or their place; of two with one number the first counts."""
    by_number: dict[int, Line] = {}
    for place, line in enumerate(lines, 1):
        by_number.setdefault(line.number or place, line)
    return tuple(sorted(by_number.items()))

"""The lines of a consignment, as our facts state them."""

import re
from decimal import Decimal
from typing import Final

from consumers.feeds.ncts.parts import Consignment, ConsignmentItem, HouseConsignment
from consumers.reasons import Reason, refused
from domain.facts.values import Line
from domain.references import ReferenceFault, Scheme, fault, reference

KILOGRAM: Final = "KGM"
PIECE: Final = "NAR"
DRAWN_FROM: Final = frozenset({"N337", "N820", "N821", "N822", "NMRN"})
"""Previous documents that hold the goods: temporary storage, an earlier transit, a declaration."""


def lines(consignment: Consignment, message_type: str) -> tuple[Line, ...]:
    """One line for each item, numbered as declared; raises `NotUnderstood` (invalid).

    The quantity is the gross mass in kilograms; of an only item without one, that of the
    consignment; failing both, the number of packages.
    """
    items = [(house, item) for house in consignment.houses for item in house.items]
    mass = consignment.gross_mass_kg if len(items) == 1 else None
    return tuple(_line(item, house, consignment, mass, message_type) for house, item in items)


def _line(
    item: ConsignmentItem,
    house: HouseConsignment,
    consignment: Consignment,
    only_mass: Decimal | None,
    message_type: str,
) -> Line:
    quantity, unit = _quantity(item, only_mass, message_type)
    line = Line(number=item.number, quantity=quantity, unit=unit, code=_code(item))
    return line.model_copy(update=_previous(item, house, consignment))


def _quantity(
    item: ConsignmentItem, only_mass: Decimal | None, message_type: str
) -> tuple[Decimal, str]:
    stated = item.commodity.measure
    mass = stated.gross_mass_kg if stated else only_mass
    if mass is not None:
        return plain(mass), KILOGRAM
    packages = [one.packages for one in item.packaging if one.packages is not None]
    if packages:
        return plain(sum(packages, Decimal(0))), PIECE
    raise refused(
        Reason.INVALID,
        f"{message_type}.Consignment: item {item.number} states neither a gross mass nor a number"
        " of packages: add one",
    )


def plain(number: Decimal) -> Decimal:
    """The same number without an exponent, its digits as they were written."""
    return Decimal(format(number, "f"))


def _code(item: ConsignmentItem) -> str | None:
    """The digits of the commodity code, as far as they are digits."""
    code = item.commodity.code
    if code is None or not _SUBHEADING.fullmatch(code.harmonized):
        return None
    combined = code.combined or ""
    return code.harmonized + (combined if _COMBINED.fullmatch(combined) else "")


def _previous(
    item: ConsignmentItem, house: HouseConsignment, consignment: Consignment
) -> dict[str, str | int]:
    """The movement that the goods are drawn from, and its line: the nearest document that says."""
    for document in (*item.previous, *house.previous, *consignment.previous):
        name = reference(Scheme.MRN, document.number)
        if document.kind in DRAWN_FROM and fault(name) is not ReferenceFault.SHAPE:
            return {"previous": name, "previous_line": document.item or 1}
    return {}


_SUBHEADING: Final = re.compile(r"[0-9]{6}")
_COMBINED: Final = re.compile(r"[0-9]{2}")

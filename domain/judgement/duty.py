"""How much duty goods bear (Articles 85 and 86)."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from domain.case import ReferenceData
from domain.customs_debt import Step
from domain.facts.values import Duty, DutyBase, Line
from domain.policies import Policies, Rounding

CENT: Final = Decimal("0.01")
PERCENT: Final = Decimal(100)
ZERO: Final = Decimal(0)
UNIT: Final = Decimal(1)


class Terms(NamedTuple):
    """The duties that apply to a line, and the report that set them."""

    duty: tuple[Duty, ...]
    cite: str | None


class Amount(NamedTuple):
    """Duty on a quantity of a line: the sum, or `None` where the terms are unknown, and what tells
    how it came about: the terms, what they are counted on, and what each duty of them gives.
    """

    amount: Decimal | None
    line: Line
    quantity: Decimal
    terms: Terms | None = None
    value: Decimal | None = None
    base: str = ""
    charges: tuple[Decimal, ...] = ()
    unknown: str = ""

    def steps(self) -> tuple[Step, ...]:
        """How it came about, in words."""
        if self.terms is None:
            return (Step(self.unknown, ZERO, ()),)
        cites = (self.terms.cite,) if self.terms.cite else ()
        charged = zip(self.terms.duty, self.charges, strict=True)
        return tuple([Step(self._words(duty), amount, cites) for duty, amount in charged])

    def _words(self, duty: Duty) -> str:
        line, here = self.line, f"{plain(self.quantity):f}"
        said = []
        if duty.percent:
            said.append(
                f"{duty.percent:f} % of the {self.base} of {self.value:f} {line.currency}"
                f" for {line.quantity:f} {line.unit}, here {here}"
            )
        if duty.per_unit:
            said.append(f"{duty.per_unit:f} {line.currency} for each of {here} {line.unit}")
        if duty.minimum is not None:
            said.append(f"at least {duty.minimum:f} a unit")
        if duty.maximum is not None:
            said.append(f"at most {duty.maximum:f} a unit")
        return "; ".join(said) or "free of duty"


def duty_on(
    line: Line,
    quantity: Decimal,
    day: date,
    reference: ReferenceData,
    policies: Policies,
    *,
    relief: bool = True,
) -> Amount:
    """The duty on `quantity` of a line by the terms of `day` (Article 85(1)).

    With `relief`, products of outward processing bear it on the processing cost (Article 86(5)).
    """
    terms = _terms(line, day, reference)
    whole = line.quantity
    if terms is None or not whole:
        return Amount(None, line, quantity, unknown=f"no duty terms are known for {day}")
    value, base = _base(line, relief=relief)
    share = quantity / whole
    charges = []
    total = ZERO
    for duty in terms.duty:
        if duty.percent and value is None:
            return Amount(None, line, quantity, unknown=f"the {base} is not known")
        amount = (value or ZERO) * share * duty.percent / PERCENT + quantity * duty.per_unit
        amount = _between(amount, duty, quantity)
        charges.append(amount)
        total += amount
    if policies.rounding is Rounding.CENT:
        total = total.quantize(CENT, ROUND_HALF_UP)
    return Amount(plain(total), line, quantity, terms, value, base, tuple(charges))


def one_currency(lines: Iterable[Line]) -> bool:
    """Whether the amounts of these lines can be added."""
    return len({line.currency for line in lines}) <= 1


def plain(amount: Decimal) -> Decimal:
    """The same amount, spelled without trailing zeros or exponent: equal amounts look equal."""
    plainer = amount.normalize()
    return plainer.quantize(UNIT) if plainer == plainer.to_integral_value() else plainer


def _terms(line: Line, day: date, reference: ReferenceData) -> Terms | None:
    if line.duty is not None:
        return Terms(line.duty, None)
    measure = reference.measure(line.code, day) if line.code else None
    return Terms(measure.duty, measure.cite) if measure else None


def _base(line: Line, *, relief: bool) -> tuple[Decimal | None, str]:
    if line.duty_base is DutyBase.PROCESSING_COST and relief:
        return line.processing_cost, "processing cost"
    return line.value, "customs value"


def _between(amount: Decimal, duty: Duty, quantity: Decimal) -> Decimal:
    if duty.minimum is not None:
        amount = max(amount, duty.minimum * quantity)
    if duty.maximum is not None:
        amount = min(amount, duty.maximum * quantity)
    return amount

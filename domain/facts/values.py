"""Value types of the facts: exact numbers, names, lines of goods."""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from domain.facts.times import AS_PUBLISHED
from domain.references import reference, scheme_of, value_of

_UNBOUNDED: Final = Decimal("-Infinity")
_LONGEST: Final = len("-99999999999999.999999")


class Model(BaseModel):
    """A frozen value that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _exact(pattern: str) -> Callable[[object, ValidationInfo], object]:
    """No float and, of what comes in, no string that a pattern does not spell."""
    spelled = re.compile(pattern).fullmatch

    def checked(value: object, info: ValidationInfo) -> object:
        if isinstance(value, str):
            if info.context == AS_PUBLISHED and not spelled(value):
                raise ValueError(_UNLIKE_SCHEMA)
        elif isinstance(value, float | bool):
            message = 'write an exact number as a string, such as "12.5": a float is not exact'
            raise ValueError(message)  # noqa: TRY004  (pydantic wants ValueError)
        return value

    return checked


def _known(
    pattern: str, least: Decimal = _UNBOUNDED
) -> Callable[[object, ValidatorFunctionWrapHandler], object]:
    """What is spelled as published is what it says; of anything else the others have to judge.

    The same quantity is told at every stage of a movement, and to count its digits anew takes
    five times as long as to look it up.
    """
    spelled = re.compile(pattern).fullmatch

    @lru_cache(maxsize=1 << 14)
    def known(text: str) -> Decimal | None:
        number = Decimal(text) if spelled(text) else None
        return None if number is None or number < least else number

    def read(value: object, judge: ValidatorFunctionWrapHandler) -> object:
        # a longer one is not spelled so, and is nothing to be kept in memory
        number = known(value) if type(value) is str and len(value) <= _LONGEST else None
        return judge(value) if number is None else number

    return read


@lru_cache(maxsize=1 << 14)  # one movement, authorisation or guarantee is named again and again
def _known_scheme(text: str) -> str:
    scheme = scheme_of(text)
    if scheme is None:
        message = "this is no reference: write scheme:value, such as mrn:17BG… or local:shelf-4"
        raise ValueError(message)
    return reference(scheme, value_of(text))


_WORDS: Final = r"^[^\s\x00-\x1f]([^\x00-\x1f]*[^\s\x00-\x1f])?$"

_MOST: Final = 10**14 - 1
_DIGITS: Final = r"[0-9]{1,14}(\.[0-9]{1,6})?$"
_NUMBER: Final[dict[str, Any]] = {
    "type": ["string", "integer"],
    "pattern": f"^-?{_DIGITS}",
    "minimum": -_MOST,
    "maximum": _MOST,
}
_AMOUNT: Final[dict[str, Any]] = _NUMBER | {"pattern": f"^{_DIGITS}", "minimum": 0}
_UNLIKE_SCHEMA: Final = (
    'write a number as its schema does, such as "1250.5": 1 to 14 of the digits 0 to 9, at most 6'
    " more after a point, nothing between them; a minus before them only where it may be negative"
)
_NOT_ZERO: Final[dict[str, Any]] = _AMOUNT | {
    "exclusiveMinimum": 0,
    "not": {"type": "string", "pattern": "^[0.]*$"},
}

Exact = Annotated[
    Decimal,
    Field(max_digits=20, decimal_places=6),
    BeforeValidator(_exact(_NUMBER["pattern"])),
    WrapValidator(_known(_NUMBER["pattern"])),
    WithJsonSchema(_NUMBER),
]
Quantity = Annotated[
    Decimal,
    Field(ge=0, max_digits=20, decimal_places=6),
    BeforeValidator(_exact(_AMOUNT["pattern"])),
    WrapValidator(_known(_AMOUNT["pattern"])),
    WithJsonSchema(_AMOUNT),
]
"""A quantity in the unit of its line, never negative; six decimals at most."""
Positive = Annotated[
    Decimal,
    Field(gt=0, max_digits=20, decimal_places=6),
    BeforeValidator(_exact(_NOT_ZERO["pattern"])),
    WrapValidator(_known(_NOT_ZERO["pattern"], least=Decimal("0.000001"))),
    WithJsonSchema(_NOT_ZERO),
]
Money = Quantity
"""An amount in the currency named beside it (EUR where none is)."""
Flag = Annotated[bool, Field(strict=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=70, pattern=_WORDS)]
ReportName = Annotated[str, StringConstraints(min_length=1, max_length=257, pattern=_WORDS)]
"""A report: its id, or `<source>/<id>` where another source told it."""
DebtName = Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=_WORDS)]
"""The reference of a debt, as a judgement gives it."""
Party = Annotated[str, StringConstraints(min_length=1, max_length=35, pattern=_WORDS)]
"""A person by reference (EORI or a party reference); names and addresses live elsewhere (D11)."""
Office = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{6}$")]
"""A customs office: country and six characters."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Unit = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
"""A unit of UN/ECE Recommendation 20, such as KGM or NAR."""
Reference = Annotated[
    str,
    StringConstraints(max_length=200, pattern=_WORDS),
    AfterValidator(_known_scheme),
]
"""`scheme:value`, see `domain.references`."""
LineNumber = Annotated[int, Field(ge=1, le=99_999, strict=True)]


class Kind(StrEnum):
    """The kinds of movement of the Code."""

    ENTRY = "entry"
    TEMPORARY_STORAGE = "temporary-storage"
    EXTERNAL_TRANSIT = "external-transit"
    INTERNAL_TRANSIT = "internal-transit"
    CUSTOMS_WAREHOUSING = "customs-warehousing"
    FREE_ZONE = "free-zone"
    TEMPORARY_ADMISSION = "temporary-admission"
    END_USE = "end-use"
    INWARD_PROCESSING = "inward-processing"
    OUTWARD_PROCESSING = "outward-processing"
    FREE_CIRCULATION = "free-circulation"
    EXPORT = "export"
    RE_EXPORT = "re-export"
    EXIT = "exit"


class Role(StrEnum):
    """In which capacity a source speaks."""

    CUSTOMS = "customs"
    DECLARANT = "declarant"
    CARRIER = "carrier"
    FACILITY = "facility"
    HOLDER = "holder"
    OPERATOR = "operator"


class DutyBase(StrEnum):
    """On what the duty of a line is computed."""

    OWN = "own"
    INPUTS = "inputs"
    """The goods placed under inward processing, on request (Article 86(3))."""
    INPUTS_REQUIRED = "inputs-required"
    """The same without a request, where it is to be so (Article 86(4))."""
    PROCESSING_COST = "processing-cost"
    """The cost of the processing operation outside the Union (Article 86(5))."""


class Excluded(StrEnum):
    """Goods that give rise to no customs debt (Article 83(2))."""

    COUNTERFEIT_CURRENCY = "counterfeit-currency"
    NARCOTICS = "narcotics"


class Duty(Model):
    """One duty of a line: ad valorem, specific, or both, between a minimum and a maximum a unit."""

    percent: Quantity = Decimal(0)
    per_unit: Money = Decimal(0)
    minimum: Money | None = None
    maximum: Money | None = None


class Line(Model):
    """One line of goods: a quantity in one unit, its duty terms, and where it is drawn from.

    `value` is the customs value of the whole line. Without `duty` the terms are the duty
    measures of `code`, looked up for the day that the Code names. `previous` names the movement,
    and `previous_line` its line, from which the goods are drawn; `processed` says that they are
    products of it, counted by the rate of yield of its authorisation.
    """

    number: LineNumber | None = None
    quantity: Quantity
    unit: Unit = "NAR"
    value: Money | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,14}$")] | None = None
    duty: tuple[Duty, ...] | None = None
    duty_base: DutyBase = DutyBase.OWN
    processing_cost: Money | None = None
    excluded: Excluded | None = None
    previous: Reference | None = None
    previous_line: LineNumber = 1
    processed: Flag = False


Lines = Annotated[tuple[Line, ...], Field(max_length=9_999)]

"""The numbers of the Code that a clock or an amount depends on, each dated and cited."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from domain.law.acts import DA, REG_2019_474, UCC
from domain.law.citation import Dated, Value

T = TypeVar("T")
FIRST_DAY = date(2016, 5, 1)
"""The Code applies from this day on (Article 288(2))."""


def since_2016(name: str, article: str, value: T) -> Dated[T]:
    """A value that the Code set from its first day on."""
    return Dated(name, article, (Value(FIRST_DAY, UCC, value),))


ENTRY_SUMMARY_DAYS = since_2016("validity of an entry summary declaration, days", "129(2)(b)", 200)
STORAGE_DAYS = since_2016("temporary storage, days", "149", 90)
LIMITATION_YEARS = since_2016("notification of a debt, years", "103(1)", 3)
BILL_DAYS = Dated("bill of discharge, days", "DA 175", (Value(FIRST_DAY, DA, 30),))
ACCOUNTS_DAYS = since_2016("entry in the accounts, days", "105(1)", 14)
REPAYMENT_CLAIM_YEARS = since_2016("application for repayment, years", "121(1)(a)", 3)
RETENTION_YEARS = since_2016("keeping of records, years", "51(1)", 3)
INTEREST_POINTS = since_2016(
    "interest on arrears above the base rate, points", "114(1)", Decimal(2)
)
INTEREST_THRESHOLD = since_2016("interest on arrears is charged from, EUR", "114(4)", Decimal(10))

EURO = "EUR"
"""The currency of the amounts of the Code; exchange rates are not modelled (Article 53)."""

SMALL_DEBT = since_2016(
    "a debt counts as incurred where it is found below, EUR", "87(4)", Decimal(10_000)
)

CUSTOMS_PROCEDURES = frozenset(
    {
        "external-transit",
        "internal-transit",
        "customs-warehousing",
        "free-zone",
        "temporary-admission",
        "end-use",
        "inward-processing",
        "outward-processing",
        "free-circulation",
        "export",
    }
)
INSIGNIFICANT_FAILURE = Dated(
    "what Article 124(1)(h) reaches",
    "124(1)(h)",
    (
        Value(FIRST_DAY, UCC, CUSTOMS_PROCEDURES),
        Value(date(2019, 4, 14), REG_2019_474, CUSTOMS_PROCEDURES | {"temporary-storage"}),
    ),
)

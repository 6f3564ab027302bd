"""How values are written for a reader, and in which colour."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final

from projections.canonical import exact

UNKNOWN: Final = "unknown"
NEVER: Final = "-"
_RED: Final = "bold red"
_STYLES: Final = {
    "fail": _RED,
    "warn": "yellow",
    "ok": "green",
    "MISSED": _RED,
    "OVERDUE": _RED,
    "IRREGULAR": _RED,
    "BREACHED": _RED,
    "BROKEN": _RED,
    "LAPSED": _RED,
    UNKNOWN: "yellow",
    "RUNNING": "yellow",
    "PARTLY_DISCHARGED": "yellow",
    "DISCHARGED": "green",
    "MET": "green",
    "UNION": "green",
}


def style_of(cell: str) -> str:
    """The colour of a cell that holds one of our words of state."""
    return _STYLES.get(cell, "")


def figure(number: Decimal) -> str:
    """An exact number, its thousands apart: 18,240 or 0.5."""
    whole, point, rest = exact(number).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole != "-0" else f"-0{point}{rest}"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount in full, two decimals at least: 4,200.00 EUR; unknown where it is not known."""
    if amount is None:
        return UNKNOWN
    whole, _, rest = figure(amount).partition(".")
    return f"{whole}.{rest:0<2} {currency}"


def quantity(much: Decimal, unit: str) -> str:
    """A quantity in its unit: 250 NAR."""
    return f"{figure(much)} {unit}".rstrip()


def instant(at: datetime | None, zone: tzinfo) -> str:
    """An instant as the clock at the office shows it: 2017-06-09 14:40, midnight as its day."""
    if at is None:
        return NEVER
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def day(told: date | None) -> str:
    """A day, or a dash."""
    return told.isoformat() if told else NEVER


def spoken(word: str) -> str:
    """A word of ours as it is spoken: temporary-storage is temporary storage."""
    return word.replace("_", " ").replace("-", " ").replace("re export", "re-export")

"""Working days and time zones of the Member States (Article 55(2); Regulation 1182/71, Article 2).

Public holidays are those of the whole State, known up to the year 2100; regional and half-day
holidays, and holidays that a government decrees for one year, come as overrides. One zone stands
for each State: the Canary Islands, the Azores, Madeira and the French departments overseas are not
modelled and keep the time of their mainland.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5
CENTRAL_BANK = "ECB"
"""The name of the calendar of the European Central Bank: the closing days of TARGET."""

ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "XI": "Europe/London",
}
"""The Member States, the United Kingdom, which the Code counted in until it left, and Northern
Ireland, by the letters that begin the reference number of a customs office."""

PARTS = {"GB": ("GB", "ENG"), "XI": ("GB", "NIR")}
"""The United Kingdom has no holidays as a whole: those of England, and of Northern Ireland."""


class UnknownCountry(LookupError):
    """There is no calendar of that name."""


class Override(NamedTuple):
    """A day that is a public holiday, or is none, whatever the calendar says."""

    day: date
    holiday: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The public holidays of one country, equal and hashed by value; raises `UnknownCountry`.

    Of two overrides of one day the first in `overrides` counts. An override never makes a Saturday
    or a Sunday a working day: Regulation 1182/71 knows no working weekend.
    """

    country: str
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        if self.country not in ZONES and self.country != CENTRAL_BANK:
            raise UnknownCountry(
                f"no calendar of {self.country!r} is known: name a Member State by the two letters"
                f" that begin its office numbers, such as BG or GR, or {CENTRAL_BANK}"
            )

    def is_holiday(self, day: date) -> bool:
        if self.overrides:
            for override in self.overrides:
                if override.day == day:
                    return override.holiday
        return day in _public_holidays(self.country, day.year)

    def is_working_day(self, day: date) -> bool:
        """Neither a Saturday nor a Sunday nor a public holiday."""
        return day.weekday() < SATURDAY and not self.is_holiday(day)


@lru_cache(maxsize=1024)
def calendar_of(country: str, overrides: tuple[Override, ...] = ()) -> Calendar:
    """The calendar of a country by its two letters, or of the `ECB`; raises `UnknownCountry`."""
    return Calendar(country, overrides)


@lru_cache(maxsize=64)
def zone_of(country: str) -> ZoneInfo | None:
    """The time zone of a country, or `None` when it is not known."""
    name = ZONES.get(country)
    return ZoneInfo(name) if name else None


def country_of(office: str) -> str:
    """The country of a customs office: the two letters that begin its reference number."""
    return office[:2].upper()


@lru_cache(maxsize=4096)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    if country == CENTRAL_BANK:
        return frozenset(holidays.financial_holidays("XECB", years=year))
    name, part = PARTS.get(country, (country, None))
    return frozenset(holidays.country_holidays(name, subdiv=part, years=year))

"""What judgements rest on beside reports of goods: calendars, measures, rates, authorisations.

What is missing stops nothing: days are counted in UTC, duty terms or interest stay unknown, an
authorisation gives nothing. So it is looked for before somebody misses it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

import orjson

from domain.customs_debt import Debt
from domain.facts.fact import AUTHORISATION
from domain.law.calendar import calendar_of, country_of, zone_of
from domain.references import Scheme, reference, value_of
from projections import rows
from projections.canonical import decoded
from projections.health import Examined, ok, warn
from projections.sql import chunks
from projections.view import View
from store.log import Log

SHOWN: Final = 10
"""Names that one line lists."""
DAY: Final = timedelta(days=1)


def calendar(view: View) -> Iterator[Examined]:
    """Whether the countries of all offices are known, with their holidays in the years needed."""
    offices = [office for (office,) in view.db.execute("SELECT DISTINCT office FROM movements")]
    countries = sorted({country_of(office) for office in offices if office})
    unknown = [each for each in countries if zone_of(each) is None]
    known = [each for each in countries if each not in unknown]
    if unknown:
        yield warn(
            "calendar",
            f"no calendar is known of {_listed(unknown)}: days there are counted in UTC",
            "Check the office numbers in the reports.",
        )
    years = _years(view)
    for country in known:
        bare = [str(year) for year in years if not _has_holidays(country, year)]
        if bare:
            yield warn(
                "calendar",
                f"no public holiday of {country} is known in {_listed(bare)}",
                f"Report them with reference.calendar-set on calendar:{country}.",
            )
    if known:
        span = f"{years[0]} to {years[-1]}" if years else "of which no day is counted yet"
        yield ok("calendar", f"{_listed(known)}, {span}")
    elif not unknown:
        yield ok("calendar", "no office is known yet")


def _years(view: View) -> range:
    """The years of legal time from the first position to the last day of a deadline, if any."""
    first = view.db.execute("SELECT MIN(starts) FROM positions").fetchone()[0]
    last = view.db.execute(
        "SELECT MAX(due) FROM statements WHERE kind = ?", [rows.DEADLINE]
    ).fetchone()[0]
    ends = [int(day[:4]) for day in (first, last) if day]
    return range(min(ends), max(ends) + 1) if ends else range(0)


def _has_holidays(country: str, year: int) -> bool:
    calendar_, day = calendar_of(country), date(year, 1, 1)
    return any(calendar_.is_holiday(day + DAY * number) for number in range(365))


def reference_data(log: Log, view: View) -> Iterator[Examined]:
    """Whether what reports name and need is known: measures, interest rates, authorisations."""
    area = "reference data"
    found = [*_measures(log, view), *_interest(log, view), *_authorisations(log, view)]
    yield from (warn(area, what, to_do) for what, to_do in found)
    if not found:
        yield ok(
            area, "measures, interest rates and authorisations are known where they are needed"
        )


Missing = tuple[str, str]
"""What is missing, and what to do."""


def _measures(log: Log, view: View) -> Iterator[Missing]:
    codes = {
        line["code"]
        for (body,) in view.db.execute("SELECT body FROM outlines")
        for _, line in orjson.loads(body).get("lines", ())
        if "code" in line and line.get("duty") is None
    }
    unknown = _unheard(log, (reference(Scheme.MEASURE, code) for code in sorted(codes)))
    if unknown:
        named = _listed(value_of(each) for each in unknown)
        yield (
            f"goods are declared under codes without duty measure: {named}",
            "Report their duty with reference.duty-measure-set, or in the lines.",
        )


def _interest(log: Log, view: View) -> Iterator[Missing]:
    currencies, unknown = set(), 0
    debts = view.db.execute("SELECT body FROM statements WHERE kind = ?", [rows.DEBT])
    for (body,) in debts:
        debt = decoded(Debt, body)
        currencies.add(debt.currency)
        unknown += any(each.percent is None for owed in debt.obligations for each in owed.interest)
    rates = _unheard(log, (reference(Scheme.INTEREST, each) for each in sorted(currencies)))
    to_do = "Report the base rate with reference.interest-rate-set."
    if rates:
        named = _listed(value_of(each) for each in rates)
        yield f"debts arise in {named}, and no interest rate of it is known", to_do
    elif unknown:
        yield f"{unknown} debts bear interest from a day on of which no rate is known", to_do


def _authorisations(log: Log, view: View) -> Iterator[Missing]:
    named = view.db.execute(
        "SELECT DISTINCT reference FROM names WHERE relation = ? ORDER BY reference",
        [AUTHORISATION],
    )
    unknown = _unheard(log, (each for (each,) in named))
    if unknown:
        yield (
            f"authorisations are named and were never granted: {_listed(unknown)}",
            "Report them with authorisation.granted, or check how they are spelled.",
        )


def _unheard(log: Log, streams: Iterable[str]) -> list[str]:
    """The streams of which no fact is recorded."""
    return [
        name
        for some in chunks(streams)
        for name, records in log.streams(some, links=False).items()
        if not records
    ]


def _listed(names: Iterable[str]) -> str:
    told = list(names)
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return ", ".join(told[:SHOWN]) + more

"""What a story fixes before its first report: calendars, rates, authorisations, guarantees."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from domain.facts.authorisation import AuthorisationGranted, GuaranteeRegistered
from domain.facts.fact import Fact
from domain.facts.reference_data import (
    CalendarSet,
    DutyMeasureSet,
    InterestRateSet,
    LossRateSet,
)
from domain.law.limits import FIRST_DAY
from domain.references import Scheme, reference
from stories.document import Where
from stories.file import Data, Reported, Setting
from stories.telling import Draft, duties

BASE_RATE: Final = reference(Scheme.INTEREST, "EUR")
"""The stream of the base rate of Article 112(2), that of the European Central Bank."""


def merged(first: Setting, then: Setting) -> Setting:
    """What a variant fixes, before what its story fixes; mappings are joined key by key."""
    found = first.model_dump(include=set(Setting.model_fields))
    for name, value in then.model_dump(include=set(Setting.model_fields)).items():
        if isinstance(value, dict):
            found[name] = {**found[name], **value}
        elif value is not None:
            found[name] = value
    return Setting.model_construct(**found)


def reference_data(setting: Setting, reports: list[Draft]) -> Iterator[Draft]:
    """The reports that tell it: known from the first day of the Code, or of the reports' first."""
    days = (_day(when) for one in reports for when in (one.written.happened, one.written.recorded))
    first = min((FIRST_DAY, *(day for day in days if day)))
    for kind, subject, where, each in _told(setting):
        for place, (way, data) in enumerate(each, 1):
            told = Reported(
                happened=first,
                recorded=datetime.combine(first, time.min, UTC),
                type=kind.TYPE,
                movement=subject,
                data=data,
            )
            loss = "/loss" if kind is LossRateSet else ""
            yield Draft(f"{subject}{loss}-{place}", (*where, *way), told)


Told = tuple[type[Fact], str, Where, list[tuple[Where, Data]]]


def _told(setting: Setting) -> Iterator[Told]:
    for country, days in setting.calendar.items():
        subject = reference(Scheme.CALENDAR, country)
        yield CalendarSet, subject, ("calendar", country), [((), days)]
    for code, rates in setting.measures.items():
        subject = reference(Scheme.MEASURE, code)
        yield DutyMeasureSet, subject, ("measures", code), list(_measures(rates))
    rates_of = [((str(day),), _rate(day, rate)) for day, rate in setting.interest.items()]
    yield InterestRateSet, BASE_RATE, ("interest",), list(rates_of)
    for code, percent in setting.loss_rates.items():
        subject = reference(Scheme.MEASURE, code)
        yield LossRateSet, subject, ("loss_rates", code), [((), _rate(FIRST_DAY, percent))]
    for name, data in setting.authorisations.items():
        subject = reference(Scheme.AUTHORISATION, name)
        yield AuthorisationGranted, subject, ("authorisations", name), [((), data)]
    for name, data in setting.guarantees.items():
        subject = reference(Scheme.GUARANTEE, name)
        yield GuaranteeRegistered, subject, ("guarantees", name), [((), data)]


def _measures(rates: object) -> Iterator[tuple[Where, Data]]:
    if not isinstance(rates, Mapping):
        rates = {FIRST_DAY: rates}
    for day, duty in rates.items():
        yield (str(day),), {"first_day": day, "duty": duties(duty)}


def _rate(day: date, percent: object) -> Data:
    return {"first_day": day, "percent": percent}


def _day(when: date | datetime | None) -> date | None:
    return when.date() if isinstance(when, datetime) else when

"""Dated reference data, looked up for the day that the Code names."""

from domain.facts.fact import SUBJECTS, Fact, Rank, fact
from domain.facts.times import Day
from domain.facts.values import Country, Duty, Exact, Name, Role
from domain.references import Scheme


@fact("reference.duty-measure-set.v1", Rank.DECISION, "56(1)", Role.OPERATOR, Role.CUSTOMS)
class DutyMeasureSet(Fact):
    """From `first_day` on, goods of the code in the subject bear `duty`."""

    first_day: Day
    duty: tuple[Duty, ...]


@fact("reference.interest-rate-set.v1", Rank.DECISION, "112(2)", Role.OPERATOR, Role.CUSTOMS)
class InterestRateSet(Fact):
    """From `first_day` on, the base rate of Article 112(2) is `percent` a year."""

    first_day: Day
    percent: Exact


@fact("reference.calendar-set.v1", Rank.DECISION, "55(2)", Role.OPERATOR, Role.CUSTOMS)
class CalendarSet(Fact):
    """Public holidays of the country in the subject: those of `same_as_of`, and single days that
    are added or dropped.
    """

    same_as_of: Country | Name | None = None
    added: tuple[Day, ...] = ()
    dropped: tuple[Day, ...] = ()


@fact("reference.loss-rate-set.v1", Rank.DECISION, "124(4)", Role.OPERATOR, Role.CUSTOMS)
class LossRateSet(Fact):
    """From `first_day` on, goods of the code in the subject lose `percent` by their nature."""

    first_day: Day
    percent: Exact


SUBJECTS["reference.duty-measure-set.v1"] = Scheme.MEASURE
SUBJECTS["reference.interest-rate-set.v1"] = Scheme.INTEREST
SUBJECTS["reference.loss-rate-set.v1"] = Scheme.MEASURE
SUBJECTS["reference.calendar-set.v1"] = Scheme.CALENDAR

"""What stock counts and decisions say of goods under a special procedure (Articles 211 to 262)."""

from domain.facts.fact import Fact, Rank, fact
from domain.facts.values import Day, LineNumber, Name, Positive, Role


@fact("inventory.shortage-found.v1", Rank.LOSS, "242(1)", Role.CUSTOMS, Role.FACILITY, Role.HOLDER)
class ShortageFound(Fact):
    """Goods are missing. They are taken to be removed on the day of the finding, until a
    `ShortageDated` shows an earlier day (Article 85(2)).
    """

    quantity: Positive
    line: LineNumber = 1


@fact("inventory.shortage-dated.v1", Rank.DECISION, "85(2)", Role.CUSTOMS)
class ShortageDated(Fact):
    """Customs establish that the goods of `shortage` were removed on `removed` (Article 85(2))."""

    shortage: Name
    removed: Day


@fact("inventory.never-there.v1", Rank.DECISION, "172(2)", Role.CUSTOMS)
class NeverThere(Fact):
    """A quantity never was under the declaration; the finding works back to the lodging."""

    quantity: Positive
    line: LineNumber = 1


@fact("procedure.period-extended.v1", Rank.DECISION, "257(2)", Role.CUSTOMS)
class PeriodExtended(Fact):
    """Customs extend the period for discharge or re-import (Articles 257(2), 259(3))."""

    end_by: Day

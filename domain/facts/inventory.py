"""What stock counts and decisions say of goods under a special procedure (Articles 211 to 262)."""

from domain.facts.fact import Fact, Rank, fact
from domain.facts.times import Day
from domain.facts.values import Flag, LineNumber, Party, Positive, ReportName, Role


@fact("inventory.shortage-found.v1", Rank.LOSS, "242(1)", Role.CUSTOMS, Role.FACILITY, Role.HOLDER)
class ShortageFound(Fact):
    """Goods are missing. They are taken to be removed on the day of the finding, until a
    `ShortageDated` shows an earlier day (Article 85(2)). `by_nature` says that they evaporated or
    the like, so that the standard rate of loss applies (Article 124(4)). `discrepancy` names the
    report of an open discrepancy that this one settles.
    """

    quantity: Positive
    line: LineNumber = 1
    by_nature: Flag = False
    discrepancy: ReportName | None = None


@fact("inventory.shortage-dated.v1", Rank.DECISION, "85(2)", Role.CUSTOMS)
class ShortageDated(Fact):
    """Customs establish that the goods of `shortage` were removed on `removed` (Article 85(2))."""

    shortage: ReportName
    removed: Day


@fact("inventory.never-there.v1", Rank.DECISION, "172(2)", Role.CUSTOMS)
class NeverThere(Fact):
    """A quantity never was under the declaration; the finding works back to the lodging."""

    quantity: Positive
    line: LineNumber = 1
    discrepancy: ReportName | None = None


@fact("procedure.period-extended.v1", Rank.DECISION, "257(2)", Role.CUSTOMS)
class PeriodExtended(Fact):
    """Customs extend the period for discharge or re-import (Articles 257(2), 259(3))."""

    end_by: Day


@fact("inventory.discrepancy-found.v1", Rank.LOSS, "188", Role.CUSTOMS, Role.FACILITY, Role.HOLDER)
class DiscrepancyFound(Fact):
    """Fewer goods are there than declared, and it is open where they went missing.

    A `NeverThere` or a `ShortageFound` that names this report settles it.
    """

    quantity: Positive
    line: LineNumber = 1


@fact("procedure.rights-transferred.v1", Rank.LOSS, "218", Role.CUSTOMS, Role.HOLDER)
class RightsTransferred(Fact):
    """The rights and obligations for a quantity of goods pass to another holder (Article 218).

    `permitted` says that customs authorised it.
    """

    quantity: Positive
    line: LineNumber = 1
    transferee: Party
    permitted: Flag


@fact(
    "procedure.bill-of-discharge-presented.v1", Rank.DISCHARGE, "DA 175", Role.HOLDER, Role.CUSTOMS
)
class BillOfDischargePresented(Fact):
    """The bill of discharge reaches the supervising customs office."""

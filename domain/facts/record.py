"""Reports about reports: what was told did not happen."""

from domain.facts.fact import Fact, Rank, fact
from domain.facts.values import Name, Role


@fact("report.retracted.v1", Rank.DECISION, "15(1)", *Role)
class ReportRetracted(Fact):
    """What `report` told did not happen. To put a report right, send it anew with `corrects`."""

    report: Name

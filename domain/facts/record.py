"""Reports about reports: what was told did not happen."""

from typing import Annotated, Self

from pydantic import WithJsonSchema, model_validator

from domain.facts.fact import Fact, Rank, fact
from domain.facts.values import ReportName, Role


@fact("report.retracted.v1", Rank.DECISION, "15(1)", *Role)
class ReportRetracted(Fact):
    """What `report` told did not happen. To put a report right, send it anew with `corrects`."""

    report: ReportName
    corrects: Annotated[ReportName | None, WithJsonSchema({"type": "null"})] = None

    @model_validator(mode="after")
    def _only_retracts(self) -> Self:
        if self.corrects is not None:
            message = "a retraction corrects nothing: leave corrects out, or retract that report"
            raise ValueError(message)
        return self

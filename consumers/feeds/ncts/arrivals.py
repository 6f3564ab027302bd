"""Messages of the office of destination: arrival, unloading, release from transit."""

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from consumers.feeds.ncts.messages import AT_ARRIVAL, BY_CUSTOMS, AtDestination
from consumers.feeds.ncts.parts import ByMrn, Digit, Flag, LocalTime, Part
from consumers.feeds.translation import Telling
from consumers.reasons import Reason, refused
from domain.facts.times import Day
from domain.facts.transit import (
    ArrivedGoodsReleased,
    GoodsArrived,
    TransitUnloadingPermitted,
    UnloadingReported,
)

YES: Final = "1"
FULL_RELEASE: Final = "1"
PARTIAL_RELEASES: Final = frozenset({"2", "3"})
"""Partial release, and partial release with which the movement is closed."""


class Arrival(ByMrn):
    notified: LocalTime = Field(alias="arrivalNotificationDateAndTime")
    simplified: Flag = Field(alias="simplifiedProcedure")


class ArrivalNotification(AtDestination):
    """CC007C: the goods arrived; in the simplified procedure, at an authorised consignee."""

    operation: Arrival = Field(alias="TransitOperation")

    def tells(self) -> Iterator[Telling]:
        arrived = GoodsArrived(
            happened=self.at(self.operation.notified),
            office=self.office,
            consignee=self.trader.number if self.operation.simplified == YES else None,
        )
        yield Telling(self.operation.name, AT_ARRIVAL, arrived)


class UnloadingPermission(AtDestination):
    """CC043C: customs permit the authorised consignee to unload."""

    operation: ByMrn = Field(alias="TransitOperation")

    def tells(self) -> Iterator[Telling]:
        permitted = TransitUnloadingPermitted(happened=self.at(self.prepared), office=self.office)
        yield Telling(self.operation.name, BY_CUSTOMS, permitted)


class Remark(Part):
    conforms: Flag = Field(alias="conform")
    complete: Flag = Field(alias="unloadingCompletion")
    unloaded_on: Day = Field(alias="unloadingDate")


class UnloadingRemarks(AtDestination):
    """CC044C: the authorised consignee reports the unloading."""

    operation: ByMrn = Field(alias="TransitOperation")
    remark: Remark = Field(alias="UnloadingRemark")

    def tells(self) -> Iterator[Telling]:
        reported = UnloadingReported(
            happened=self.at(self.prepared),
            office=self.office,
            conforms=self.remark.conforms == YES,
            complete=self.remark.complete == YES,
            unloaded_on=self.remark.unloaded_on,
        )
        yield Telling(self.operation.name, AT_ARRIVAL, reported)


class ReleaseAtDestination(ByMrn):
    released_on: Day = Field(alias="releaseDate")
    indicator: Digit = Field(alias="releaseIndicator")


class GoodsReleaseNotification(AtDestination):
    """CC025C: customs release the goods from transit, wholly or in part."""

    operation: ReleaseAtDestination = Field(alias="TransitOperation")

    def tells(self) -> Iterator[Telling]:
        indicator = self.operation.indicator
        if indicator != FULL_RELEASE and indicator not in PARTIAL_RELEASES:
            raise refused(
                Reason.UNKNOWN_TYPE,
                f"{self.message_type}.TransitOperation.releaseIndicator: {indicator} releases"
                " nothing, and no fact tells that",
            )
        released = ArrivedGoodsReleased(
            happened=self.operation.released_on,
            office=self.office,
            wholly=indicator == FULL_RELEASE,
        )
        yield Telling(self.operation.name, BY_CUSTOMS, released)

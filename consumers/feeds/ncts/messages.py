"""What NCTS messages have in common: their header, their office and its time."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from pydantic import Field

from consumers.feeds.ncts.parts import CustomsOffice, Holder, LocalTime, Part, References, Trader
from consumers.feeds.translation import Telling
from domain.facts.values import Name, Role
from domain.law.calendar import country_of, zone_of

BY_CUSTOMS: Final = (Role.CUSTOMS,)
BY_HOLDER: Final = (Role.HOLDER, Role.DECLARANT, Role.CUSTOMS)
AT_ARRIVAL: Final = (Role.FACILITY, Role.HOLDER, Role.CARRIER, Role.CUSTOMS)
"""Who speaks in a message, first choice first; customs may always pass on what it was told."""


class Message(Part):
    """What each message has."""

    sender: Name = Field(alias="messageSender")
    recipient: Name = Field(alias="messageRecipient")
    identification: Name = Field(alias="messageIdentification")
    message_type: Name = Field(alias="messageType")
    prepared: LocalTime = Field(alias="preparationDateAndTime")

    @property
    @abstractmethod
    def office(self) -> str:
        """The customs office that the message goes to or comes from."""

    @abstractmethod
    def tells(self) -> Iterator[Telling]:
        """The facts of the message, in the order of their ids; may raise `NotUnderstood`."""

    def at(self, local: datetime) -> datetime:
        """The instant of a date and time, which without a zone is in that of the office.

        Where the zone of the office is not known it is taken as UTC.
        """
        zone = local.tzinfo or zone_of(country_of(self.office)) or UTC
        return local.replace(tzinfo=zone).astimezone(UTC)


class AtDeparture(Message):
    """A message between the office of departure and the holder of the procedure."""

    departure: CustomsOffice = Field(alias="CustomsOfficeOfDeparture")
    holder: Holder = Field(alias="HolderOfTheTransitProcedure")

    @property
    def office(self) -> str:
        return self.departure.number

    def named(self, operation: References) -> tuple[str, str | None]:
        """The subject of the facts, and the other reference of the operation where it has two."""
        subject, *others = operation.names(self.holder.party, self.office)
        return subject, others[0] if others else None


class AtDestination(Message):
    """A message between the office of destination and the trader there."""

    actual: CustomsOffice = Field(alias="CustomsOfficeOfDestinationActual")
    trader: Trader = Field(alias="TraderAtDestination")

    @property
    def office(self) -> str:
        return self.actual.number

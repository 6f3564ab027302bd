"""Messages of the office of departure: declaration, amendment, invalidation, release."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import Field

from consumers.feeds.ncts.goods import lines, plain
from consumers.feeds.ncts.messages import BY_CUSTOMS, BY_HOLDER, AtDeparture
from consumers.feeds.ncts.parts import (
    Consignment,
    CustomsOffice,
    Declared,
    Flag,
    Guarantee,
    LocalTime,
    Part,
    References,
    Representative,
    WeighedConsignment,
)
from consumers.feeds.translation import Telling
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationAmended,
    DeclarationInvalidated,
    DeclarationLodged,
    DeclaredGoodsPresented,
    GoodsReleased,
    InvalidationRequested,
    Particulars,
    Representation,
)
from domain.facts.times import Day
from domain.facts.values import Kind
from domain.references import Scheme, reference

YES: Final = "1"
INDIRECT: Final = "3"
INTERNAL: Final = frozenset({"T2", "T2F", "T2SM"})
"""Declaration types of Union goods; every other type is external transit."""

P = TypeVar("P", bound=Particulars)


class DeclarationData(AtDeparture):
    """A message with the particulars of a declaration."""

    destination: CustomsOffice = Field(alias="CustomsOfficeOfDestinationDeclared")
    representative: Representative | None = Field(None, alias="Representative")
    guarantees: tuple[Guarantee, ...] = Field((), alias="Guarantee")
    consignment: Consignment = Field(alias="Consignment")

    def particulars(
        self, fact: type[P], happened: date | datetime, declared: Declared, same_as: str | None
    ) -> P:
        guarantee, security = self._guarantee()
        told = fact(
            happened=happened,
            office=self.office,
            same_as=same_as,
            procedure=_procedure(declared.kind),
            declarant=self.holder.party,
            guarantee=guarantee,
            security=security,
            destination=self.destination.number,
            end_by=declared.end_by,
            lines=lines(self.consignment, self.message_type),
        )
        agent = self.representative
        if agent is None:
            return told
        way = Representation.INDIRECT if agent.status == INDIRECT else Representation.DIRECT
        return told.model_copy(update={"representative": agent.number, "representation": way})

    def _guarantee(self) -> tuple[str | None, Decimal | None]:
        """The first guarantee with a reference number, since a fact has room for one."""
        for covered in (ref for one in self.guarantees for ref in one.references):
            if covered.grn:
                amount = covered.euro
                return reference(Scheme.GUARANTEE, covered.grn), amount and plain(amount)
        return None, None


class LodgedOperation(Declared, References):
    pass


class DeclarationMessage(DeclarationData):
    """CC015C: the holder lodges a declaration."""

    operation: LodgedOperation = Field(alias="TransitOperation")
    consignment: WeighedConsignment = Field(alias="Consignment")

    def tells(self) -> Iterator[Telling]:
        subject, same_as = self.named(self.operation)
        lodged = self.particulars(
            DeclarationLodged, self.at(self.prepared), self.operation, same_as
        )
        yield Telling(subject, BY_HOLDER, lodged)


class AmendmentMessage(DeclarationData):
    """CC013C: the holder amends the declaration."""

    operation: LodgedOperation = Field(alias="TransitOperation")
    consignment: WeighedConsignment = Field(alias="Consignment")

    def tells(self) -> Iterator[Telling]:
        subject, same_as = self.named(self.operation)
        amended = self.particulars(
            DeclarationAmended, self.at(self.prepared), self.operation, same_as
        )
        yield Telling(subject, BY_HOLDER, amended)


class ReleasedOperation(Declared, References):
    accepted_on: Day = Field(alias="declarationAcceptanceDate")
    released_on: Day = Field(alias="releaseDate")


class ReleaseForTransit(DeclarationData):
    """CC029C: customs release the goods for transit, and repeat what was declared and accepted."""

    operation: ReleasedOperation = Field(alias="TransitOperation")

    def tells(self) -> Iterator[Telling]:
        told, office = self.operation, self.office
        subject, same_as = self.named(told)
        lodged = self.particulars(DeclarationLodged, told.accepted_on, told, same_as)
        accepted = DeclarationAccepted(happened=told.accepted_on, office=office)
        released = GoodsReleased(happened=told.released_on, office=office, end_by=told.end_by)
        for fact in (lodged, accepted, released):
            yield Telling(subject, BY_CUSTOMS, fact)


class PresentedOperation(References):
    end_by: Day | None = Field(None, alias="limitDate")


class PresentationNotification(AtDeparture):
    """CC170C: the goods of a declaration lodged beforehand are presented."""

    operation: PresentedOperation = Field(alias="TransitOperation")

    def tells(self) -> Iterator[Telling]:
        subject, same_as = self.named(self.operation)
        presented = DeclaredGoodsPresented(
            procedure=Kind.EXTERNAL_TRANSIT,
            happened=self.at(self.prepared),
            office=self.office,
            same_as=same_as,
            end_by=self.operation.end_by,
        )
        yield Telling(subject, BY_HOLDER, presented)


class Invalidation(Part):
    requested: LocalTime | None = Field(None, alias="requestDateAndTime")
    decided: LocalTime | None = Field(None, alias="decisionDateAndTime")
    decision: Flag | None = None
    by_customs: Flag = Field(alias="initiatedByCustoms")


class InvalidationMessage(AtDeparture):
    """CC014C: invalidation is requested, and decided where it holds a decision.

    A decision "0" refuses the request, which leaves the request as the only fact; what customs
    invalidate on their own motion was not requested.
    """

    operation: References = Field(alias="TransitOperation")
    invalidation: Invalidation = Field(alias="Invalidation")

    def tells(self) -> Iterator[Telling]:
        told = self.invalidation
        subject, same_as = self.named(self.operation)
        roles = BY_HOLDER if told.decision is None else BY_CUSTOMS
        if not (told.decision == YES and told.by_customs == YES):
            requested = InvalidationRequested(
                procedure=Kind.EXTERNAL_TRANSIT,
                happened=self.at(told.requested or self.prepared),
                office=self.office,
                same_as=same_as,
            )
            yield Telling(subject, roles, requested)
        if told.decision == YES:
            invalidated = DeclarationInvalidated(
                procedure=Kind.EXTERNAL_TRANSIT,
                happened=self.at(told.decided or self.prepared),
                office=self.office,
                same_as=same_as,
            )
            yield Telling(subject, roles, invalidated)


def _procedure(declaration_type: str) -> Kind:
    return Kind.INTERNAL_TRANSIT if declaration_type in INTERNAL else Kind.EXTERNAL_TRANSIT

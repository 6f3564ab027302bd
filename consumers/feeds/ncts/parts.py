"""The parts of NCTS messages that we read, under the names they have there.

What we do not read is not checked, nor are code lists; what we read must be there and well formed.
"""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.facts.times import FIRST_YEAR, LAST_YEAR, Day
from domain.facts.values import LineNumber, Money, Name, Office, Party, Quantity
from domain.references import Scheme, lrn, reference

_SPELLED: Final = re.compile(
    r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
).fullmatch


def _local(value: object) -> datetime:
    if not isinstance(value, str) or not _SPELLED(value):
        message = "a date and time is written 2024-03-01T14:00:00, in the time of the office"
        raise ValueError(message)
    told = datetime.fromisoformat(value)
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        message = f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(message)
    return told


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


LocalTime = Annotated[datetime, BeforeValidator(_local)]
"""A date and time, without a zone where it is that of the customs office of the message."""
Digit = Annotated[str, StringConstraints(pattern=r"^[0-9]$"), BeforeValidator(_text)]
Flag = Annotated[str, StringConstraints(pattern=r"^[01]$"), BeforeValidator(_text)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=8)]


class Part(BaseModel):
    """A group of a message."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class CustomsOffice(Part):
    number: Office = Field(alias="referenceNumber")


class Trader(Part):
    number: Party = Field(alias="identificationNumber")


class Representative(Trader):
    status: Digit


class Holder(Part):
    """The holder of the transit procedure, known by an EORI or a TIR holder's number."""

    number: Party | None = Field(None, alias="identificationNumber")
    tir_number: Party | None = Field(None, alias="TIRHolderIdentificationNumber")

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if not self.number and not self.tir_number:
            message = "give the identificationNumber of the holder"
            raise ValueError(message)
        return self

    @property
    def party(self) -> str:
        return self.number or self.tir_number or ""


class References(Part):
    """How a message names its operation."""

    mrn: Name | None = Field(None, alias="MRN")
    lrn: Name | None = Field(None, alias="LRN")

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if not self.mrn and not self.lrn:
            message = "give the MRN or the LRN of the operation"
            raise ValueError(message)
        return self

    def names(self, holder: str, office: str) -> list[str]:
        """The references of the operation: MRN first, then the LRN as holder and office used it."""
        mrn = [reference(Scheme.MRN, self.mrn)] if self.mrn else []
        return [*mrn, *([lrn(holder, office, self.lrn)] if self.lrn else [])]


class ByMrn(Part):
    mrn: Name = Field(alias="MRN")

    @property
    def name(self) -> str:
        return reference(Scheme.MRN, self.mrn)


class CommodityCode(Part):
    harmonized: str = Field(alias="harmonizedSystemSubHeadingCode")
    combined: str | None = Field(None, alias="combinedNomenclatureCode")


class GoodsMeasure(Part):
    gross_mass_kg: Quantity = Field(alias="grossMass")


class Commodity(Part):
    code: CommodityCode | None = Field(None, alias="CommodityCode")
    measure: GoodsMeasure | None = Field(None, alias="GoodsMeasure")


class Packaging(Part):
    packages: Quantity | None = Field(None, alias="numberOfPackages")


class PreviousDocument(Part):
    kind: str = Field(alias="type")
    number: Name = Field(alias="referenceNumber")
    item: LineNumber | None = Field(None, alias="goodsItemNumber")


class ConsignmentItem(Part):
    number: LineNumber = Field(alias="declarationGoodsItemNumber")
    commodity: Commodity = Field(alias="Commodity")
    packaging: tuple[Packaging, ...] = Field((), alias="Packaging")
    previous: tuple[PreviousDocument, ...] = Field((), alias="PreviousDocument")


class HouseConsignment(Part):
    items: tuple[ConsignmentItem, ...] = Field((), alias="ConsignmentItem")
    previous: tuple[PreviousDocument, ...] = Field((), alias="PreviousDocument")


class Consignment(Part):
    gross_mass_kg: Quantity | None = Field(None, alias="grossMass")
    houses: tuple[HouseConsignment, ...] = Field(alias="HouseConsignment", min_length=1)
    previous: tuple[PreviousDocument, ...] = Field((), alias="PreviousDocument")


class WeighedCommodity(Commodity):
    measure: GoodsMeasure = Field(alias="GoodsMeasure")


class WeighedItem(ConsignmentItem):
    commodity: WeighedCommodity = Field(alias="Commodity")


class WeighedHouse(HouseConsignment):
    items: tuple[WeighedItem, ...] = Field(alias="ConsignmentItem", min_length=1)


class WeighedConsignment(Consignment):
    """A consignment as its declarant lodges it: each item has its gross mass."""

    houses: tuple[WeighedHouse, ...] = Field(alias="HouseConsignment", min_length=1)


class GuaranteeReference(Part):
    grn: Name | None = Field(None, alias="GRN")
    amount: Money | None = Field(None, alias="amountToBeCovered")
    currency: Short | None = None

    @property
    def euro(self) -> Decimal | None:
        """The amount covered, where it is in euro."""
        return self.amount if self.currency == "EUR" else None


class Guarantee(Part):
    references: tuple[GuaranteeReference, ...] = Field((), alias="GuaranteeReference")


class Declared(Part):
    """What a transit operation says of its declaration."""

    kind: Short = Field(alias="declarationType")
    security: Digit
    end_by: Day | None = Field(None, alias="limitDate")

"""Presentation and temporary storage (Articles 139 and 144 to 152)."""

from enum import StrEnum

from domain.facts.fact import Declared, Fact, Rank, fact
from domain.facts.values import Flag, Party, Role


class Lacking(StrEnum):
    """A formality that should have been there at presentation."""

    ENTRY_SUMMARY = "entry-summary"
    STORAGE_DECLARATION = "storage-declaration"


@fact(
    "temporary-storage.declaration-lodged.v1",
    Rank.LODGING,
    "145(1)",
    Role.CARRIER,
    Role.DECLARANT,
    Role.FACILITY,
    Role.CUSTOMS,
)
class StorageDeclarationLodged(Fact):
    """The temporary storage declaration, at the latest at presentation (Article 145(3)).

    With `holds_entry_data` it stands for an entry summary declaration that was not lodged
    (Article 139(5)).
    """

    declarant: Party
    holds_entry_data: Flag = False


@fact(
    "temporary-storage.goods-presented.v1",
    Rank.ARRIVAL,
    "139(1)",
    Role.CARRIER,
    Role.FACILITY,
    Role.CUSTOMS,
)
class GoodsPresented(Declared):
    """Goods are presented to customs, and in temporary storage from then on (Article 144).

    `holder` holds the authorisation of the storage facility, or stores the goods elsewhere
    (Article 147(3)). `lacking` names the formalities that customs miss at presentation.
    """

    holder: Party
    lacking: tuple[Lacking, ...] = ()


@fact("temporary-storage.presentation-confirmed.v1", Rank.CONTROL, "139(1)", Role.CUSTOMS)
class PresentationConfirmed(Fact):
    """Customs confirm that the goods were presented as told."""


@fact("temporary-storage.goods-received.v1", Rank.ARRIVAL, "147(1)", Role.FACILITY, Role.CUSTOMS)
class GoodsReceived(Fact):
    """The goods are in the facility; `holder` answers for them there (Article 147(3)(a))."""

    holder: Party


@fact(
    "temporary-storage.move-started.v1",
    Rank.RELEASE,
    "148(5)",
    Role.FACILITY,
    Role.HOLDER,
    Role.CUSTOMS,
)
class StorageMoveStarted(Fact):
    """The goods leave for another facility under an authorised movement (Article 148(5))."""


@fact(
    "temporary-storage.move-ended.v1", Rank.END, "148(5)", Role.FACILITY, Role.HOLDER, Role.CUSTOMS
)
class StorageMoveEnded(Fact):
    """The goods arrive at the other facility; the time limit does not restart (Article 149)."""

    holder: Party | None = None

"""Transit, from arrival to discharge (Articles 226 to 236 and 215(2))."""

from domain.facts.fact import Fact, Rank, fact
from domain.facts.times import Day
from domain.facts.values import Flag, Party, Role


@fact(
    "transit.goods-arrived.v1",
    Rank.END,
    "233(2)",
    Role.HOLDER,
    Role.CARRIER,
    Role.FACILITY,
    Role.CUSTOMS,
)
class GoodsArrived(Fact):
    """The goods and their particulars are at the disposal of customs at destination: transit ends
    (Article 233(2)). `office` is the actual office of destination, `consignee` who received them.
    """

    consignee: Party | None = None


@fact("transit.unloading-permitted.v1", Rank.END, "233(4)(b)", Role.CUSTOMS)
class TransitUnloadingPermitted(Fact):
    """Customs at destination permit an authorised consignee to unload (Article 233(4)(b))."""


@fact(
    "transit.unloading-reported.v1",
    Rank.DISCHARGE,
    "233(4)(b)",
    Role.FACILITY,
    Role.HOLDER,
    Role.CUSTOMS,
)
class UnloadingReported(Fact):
    """The authorised consignee reports the unloading; `conforms` where nothing differs."""

    conforms: Flag
    complete: Flag
    unloaded_on: Day | None = None


@fact("transit.goods-released.v1", Rank.DISCHARGE, "233(2)", Role.CUSTOMS)
class ArrivedGoodsReleased(Fact):
    """Customs at destination release the goods from transit, wholly or in part."""

    wholly: Flag


@fact("transit.discharged.v1", Rank.DISCHARGE, "215(2)", Role.CUSTOMS)
class TransitDischarged(Fact):
    """Departure compares its data with those of destination and finds that transit ended
    correctly (Article 215(2)).
    """

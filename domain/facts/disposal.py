"""Removal, seizure, confiscation, abandonment (Articles 79, 197 to 199)."""

from domain.facts.fact import Fact, Rank, fact
from domain.facts.values import LineNumber, Quantity, Reference, ReportName, Role


class OnGoods(Fact):
    """An act on goods: without a line it is on all of them, without a quantity on the whole line.

    `drawn_by` names the successor that holds the goods, where one does.
    """

    line: LineNumber | None = None
    quantity: Quantity | None = None
    drawn_by: Reference | None = None


class OnTakenGoods(OnGoods):
    """An act by which goods are taken away from those who had them, or given back.

    `shortage` names the report by which they were missing, where they have been found since.
    """

    shortage: ReportName | None = None


@fact("goods.removed.v1", Rank.LOSS, "134(1)", Role.CUSTOMS, Role.FACILITY)
class GoodsRemoved(OnGoods):
    """Goods are removed from customs supervision (Article 79(1)(a))."""


@fact("goods.seized.v1", Rank.SEIZURE, "198(1)", Role.CUSTOMS)
class GoodsSeized(OnTakenGoods):
    """Customs seize goods (Article 198(1)); seizure alone extinguishes nothing."""


@fact("goods.seizure-lifted.v1", Rank.DISPOSAL, "198(1)", Role.CUSTOMS)
class SeizureLifted(OnTakenGoods):
    """Customs decide not to confiscate goods that they had seized. The law does not say what these
    are then: they stay in deemed customs warehousing until a procedure or their exit (198(2)).
    """


@fact("goods.confiscated.v1", Rank.SEIZURE, "198(1)", Role.CUSTOMS)
class GoodsConfiscated(OnTakenGoods):
    """Goods are confiscated (Articles 124(1)(e), 198(1))."""


@fact("goods.abandonment-permitted.v1", Rank.PERMISSION, "199", Role.CUSTOMS)
class AbandonmentPermitted(OnTakenGoods):
    """Customs permit the abandonment of goods to the State (Article 199)."""


@fact(
    "goods.abandoned.v1",
    Rank.DISPOSAL,
    "199",
    Role.HOLDER,
    Role.DECLARANT,
    Role.FACILITY,
    Role.CUSTOMS,
)
class GoodsAbandoned(OnTakenGoods):
    """Goods are abandoned to the State; without prior permission to no effect (Article 199)."""


@fact("goods.lost.v1", Rank.LOSS, "124(1)(g)", Role.FACILITY, Role.HOLDER, Role.CUSTOMS)
class GoodsLost(OnGoods):
    """Goods are totally destroyed or irretrievably lost: usable by nobody (Article 124(1)(g)).

    That the cause is one of those of the law is a decision of customs (`LossAccepted`).
    """


@fact("goods.destroyed.v1", Rank.DISPOSAL, "124(1)(f)", Role.CUSTOMS)
class GoodsDestroyed(OnTakenGoods):
    """Goods are destroyed under customs supervision, and nothing of them is left."""

"""Customs warehousing (Articles 237 to 242); it has no time limit (Article 238(1))."""

from domain.facts.authorisation import Responsibility
from domain.facts.declaration import (
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
    OpeningBalance,
)
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
)
from domain.facts.inventory import DiscrepancyFound, RightsTransferred, ShortageFound
from domain.law.citation import rule
from domain.movements import discharge
from domain.movements.account import Account, Event, Taken
from domain.movements.breach import breached
from domain.movements.declaration import invalidated_after_release
from domain.movements.discrepancy import investigate
from domain.movements.disposal import abandon, act_on, permit, seize
from domain.movements.drawn_goods import with_given_back
from domain.movements.incurred import Owing
from domain.movements.loss import destroy, go_missing, goods_lost
from domain.movements.persons import obliged
from domain.movements.placing import place
from domain.movements.transfer import transfer
from domain.movements.walk import Walk
from domain.situation import Situation as S

HERE = S.CUSTOMS_WAREHOUSE


def step(walk: Walk, event: Event) -> bool:
    """The state table of customs warehousing; whether the act is heard."""
    match event.what:
        case GoodsReleased() | OpeningBalance():
            if walk.releases(event):
                place(walk, event, HERE, "194(1)", "237(1)")
        case ShortageFound():
            go_missing(walk, event, (HERE,), missing_from_warehouse, bound)
        case GoodsRemoved():
            removed_from_warehouse(walk, event)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (HERE, S.IRREGULAR))
        case GoodsAbandoned():
            abandon(walk, event, (HERE, S.IRREGULAR))
        case AbandonmentPermitted():
            permit(walk, event, (HERE, S.IRREGULAR))
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, HERE)
        case GoodsLost():
            goods_lost(walk, event, (HERE,), bound)
        case GoodsDestroyed():
            destroy(walk, event, (HERE,))
        case RightsTransferred():
            transfer(walk, event, HERE)
        case DiscrepancyFound():
            investigate(walk, event, HERE)
        case DeclaredGoodsPresented():
            pass
        case _:
            return False
    return True


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """The next procedure or the exit discharges."""
    return discharge.take(walk, HERE, account, event, taken)


def after(_walk: Walk, _event: Event) -> None:
    """Nothing falls due in a warehouse."""


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "242(1)(a)", "85(2)")
def missing_from_warehouse(walk: Walk, event: Event) -> None:
    """Goods missing from stock: from the removal where it is shown, else from the finding."""


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "242(1)(a)")
def removed_from_warehouse(walk: Walk, event: Event) -> None:
    """Removed from customs supervision."""
    sources = with_given_back(walk, event, (HERE,))
    moved = act_on(walk, event, sources, S.IRREGULAR, "134(1)")
    breached(walk, event, removed_from_warehouse, moved, bound, strayed=True)


def bound(walk: Walk, transferee: str | None = None) -> tuple[Owing, ...]:
    """The holder of the authorisation and the holder of the procedure, unless the authorisation
    of a public warehouse puts it on the latter alone (Article 242(1), (2)).
    """
    holders = obliged(walk, transferee)
    name = walk.own.particulars.authorisation if walk.own.particulars else None
    keeper = walk.case.reference.authorisations.get(name or "")
    if (
        keeper is None
        or keeper.granted.responsibility is Responsibility.PROCEDURE_HOLDER
        or any(keeper.granted.holder == each.person for each in holders)
    ):
        return holders
    return (Owing(keeper.granted.holder, "242(1)", keeper.cite), *holders)

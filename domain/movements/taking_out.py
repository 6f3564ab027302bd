"""Export and re-export (Articles 263 to 270). Export duty is not modelled."""

from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
)
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsSeized,
)
from domain.facts.exit import GoodsExited
from domain.facts.values import Kind
from domain.law.citation import rule
from domain.movements.account import Account, Event, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.disposal import abandon, permit, seize
from domain.movements.incurred import Strike
from domain.movements.inputs import inputs
from domain.movements.loss import destroy
from domain.movements.persons import declarants
from domain.movements.placing import place
from domain.movements.walk import Walk
from domain.situation import Situation as S


def step(walk: Walk, event: Event) -> bool:
    """The state table of export and re-export; whether the act is heard."""
    match event.what:
        case GoodsReleased():
            if walk.own.released and walk.own.kind is Kind.EXPORT:
                place(walk, event, S.EXPORT_RELEASED, "194(1)", "269(1)")
        case GoodsExited():
            articles = ("267(1)", "270(1)") if walk.own.kind is Kind.RE_EXPORT else ("154(a)",)
            place(walk, event, S.EXITED, *articles, sources=(S.AWAITED, S.EXPORT_RELEASED))
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (S.EXPORT_RELEASED,))
        case GoodsDestroyed():
            destroy(walk, event, (S.EXPORT_RELEASED,))
        case GoodsAbandoned():
            abandon(walk, event, ())
        case AbandonmentPermitted():
            permit(walk, event, ())
        case DeclarationAccepted():
            said = walk.own.particulars
            if said and said.preference_without_drawback:
                preference_without_drawback(walk, event)
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, S.EXPORT_RELEASED, back_to=S.AWAITED)
        case DeclaredGoodsPresented():
            pass
        case _:
            return False
    return True


def take(_walk: Walk, _account: Account, _event: Event, _taken: Taken) -> bool:
    """Nothing is drawn from goods that leave."""
    return True


def after(_walk: Walk, _event: Event) -> None:
    """Nothing falls due."""


@rule("78(1)", "78(2)", "78(3)", "85(1)")
def preference_without_drawback(walk: Walk, event: Event) -> None:
    """Products that leave with a preferential proof of origin where drawback is ruled out: the
    debt of the non-originating goods in them, as if these were released that day.
    """
    struck, terms = {}, {}
    uses: tuple[str, ...] = ()
    for number, account in walk.accounts.items():
        if account.line.processed and (found := inputs(walk, account)):
            terms[number], cites = found
            struck[number] = account.held(S.AWAITED)
            uses += cites
    strike, owing = Strike(struck), declarants(walk, "78(3)")
    walk.incur(preference_without_drawback, event, strike, owing, terms=terms, uses=uses)

"""Release for free circulation (Articles 201 and 202)."""

from decimal import Decimal

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
from domain.facts.values import DutyBase, Line
from domain.law.citation import rule
from domain.movements.account import Account, Event, Expired, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.disposal import abandon, permit, seize
from domain.movements.drawing import RELEASED
from domain.movements.incurred import Strike
from domain.movements.inputs import inputs
from domain.movements.loss import destroy
from domain.movements.persons import declarants
from domain.movements.placing import place
from domain.movements.walk import Walk
from domain.situation import Situation as S

ON_INPUTS = (DutyBase.INPUTS, DutyBase.INPUTS_REQUIRED)


def step(walk: Walk, event: Event) -> bool:
    """The state table of release for free circulation; whether the act is heard."""
    match event.what:
        case DeclarationAccepted():
            if walk.own.accepted and walk.own.accepted.at == event.at:
                declared_for_free_circulation(walk, event)
        case GoodsReleased():
            if walk.own.released:
                place(walk, event, S.FREE_CIRCULATION, "194(1)", "201(3)")
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (S.FREE_CIRCULATION, S.UNASSIGNED))
        case GoodsDestroyed():
            destroy(walk, event, (S.FREE_CIRCULATION, S.UNASSIGNED))
        case GoodsAbandoned():
            abandon(walk, event, (S.UNASSIGNED,))
        case AbandonmentPermitted():
            permit(walk, event, (S.UNASSIGNED,))
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, S.FREE_CIRCULATION)
        case DeclaredGoodsPresented() | Expired():
            pass
        case _:
            return False
    return True


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """Goods that an invalidation left unassigned may be placed anew."""
    if taken.stage != RELEASED:
        return True
    if _to_be_invalidated(walk, event):
        return False
    if account.drawn(S.UNASSIGNED, None):
        if not account.draw(event, taken, {S.UNASSIGNED: S.UNASSIGNED}, "194(1)"):
            return False
        account.pass_on(event, taken, (S.UNASSIGNED,), S.PASSED_ON, "194(1)")
    return True


def _to_be_invalidated(walk: Walk, event: Event) -> bool:
    """Whether the release is invalidated later on the day that is all that is known."""
    return event.by_day and any(
        said.ground and fact.at > event.at and walk.day(fact.at) == walk.day(event.at)
        for fact, said in walk.acts(DeclarationInvalidated)
    )


def after(_walk: Walk, _event: Event) -> None:
    """Nothing falls due but the debt."""


@rule("77(1)(a)", "77(2)", "77(3)", "85(1)", "86(3)", "86(5)")
def declared_for_free_circulation(walk: Walk, event: Event) -> None:
    """Acceptance of the declaration incurs the debt."""
    struck = {number: account.held(S.AWAITED) for number, account in walk.accounts.items()}
    terms: dict[int, tuple[Line, Decimal]] = {}
    uses: tuple[str, ...] = ()
    for number, account in walk.accounts.items():
        if account.line.duty_base in ON_INPUTS and (found := inputs(walk, account)):
            terms[number], cites = found
            uses += cites
        goods = walk.case.previous.get(account.line.previous or "")
        if goods and account.line.duty_base is DutyBase.PROCESSING_COST:
            uses += goods.cites
    strike, owing = Strike(struck), declarants(walk, "77(3)")
    walk.incur(declared_for_free_circulation, event, strike, owing, terms=terms, uses=uses)

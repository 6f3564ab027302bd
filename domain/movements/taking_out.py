"""Export and re-export (Articles 263 to 270). Export duty is not modelled."""

from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
)
from domain.facts.disposal import GoodsConfiscated, GoodsSeized
from domain.facts.exit import GoodsExited
from domain.facts.values import Kind
from domain.movements.account import Account, Event, Taken
from domain.movements.disposal import seize
from domain.movements.walk import Walk
from domain.timeline import Situation as S


def step(walk: Walk, event: Event) -> bool:
    """The state table of export and re-export; whether the act is heard."""
    match event.what:
        case GoodsReleased():
            if walk.own.released and walk.own.kind is Kind.EXPORT:
                walk.move_all(event, (S.AWAITED,), S.EXPORT_RELEASED, "194(1)", "269(1)")
        case GoodsExited():
            articles = ("267(1)", "270(1)") if walk.own.kind is Kind.RE_EXPORT else ("154(a)",)
            walk.move_all(event, (S.AWAITED, S.EXPORT_RELEASED), S.EXITED, *articles)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (S.EXPORT_RELEASED,))
        case DeclarationAccepted() | DeclaredGoodsPresented() | DeclarationInvalidated():
            pass
        case _:
            return False
    return True


def take(_walk: Walk, _account: Account, _event: Event, _taken: Taken) -> bool:
    """Nothing is drawn from goods that leave."""
    return True


def after(_walk: Walk, _event: Event) -> None:
    """Nothing falls due."""

"""Acts on goods: removal, loss, destruction, seizure, abandonment (Articles 124, 197 to 199)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsSeized,
    OnGoods,
)
from domain.movements.account import NONE, TOLERANCE, Account, Event, Taken
from domain.movements.walk import Strike, Walk
from domain.outline import CONFISCATED
from domain.settle import Standing
from domain.situation import Situation as S

NOTHING: Final[Mapping[int, Decimal]] = MappingProxyType({})


def act_on(
    walk: Walk,
    event: Event,
    sources: tuple[S, ...],
    target: S,
    *articles: str,
    already: Mapping[int, Decimal] = NOTHING,
) -> Strike:
    """Move what an act names to `target`, and say what it took.

    Without a quantity the act is on all of the line, or on all that the successor it names holds.
    Of a quantity so much of each line is there `already`; more than is left moves nothing, and is
    said.
    """
    act = event.what
    if not isinstance(act, OnGoods):
        return Strike({})
    moved: dict[int, Decimal] = {}
    shares: dict[tuple[int, str], Decimal] = {}
    for account in walk.on(event):
        before = account.shares(*sources)
        if act.quantity is None:
            much = account.move_all(event, sources, target, *articles, drawn_by=act.drawn_by)
        else:
            wanted = max(act.quantity - already.get(account.number, NONE), NONE)
            much = account.move_some(
                event, wanted, sources, target, *articles, drawn_by=act.drawn_by
            )
            if not much and wanted:
                words = f"line {account.number} has less than the {act.quantity:f} that it names"
                walk.find(event, "EXCEEDS_STOCK", words, act.ARTICLE, line=account.number)
        moved[account.number] = much
        after = account.shares(*sources)
        shares |= {
            (account.number, by): had - after.get(by, NONE)
            for by, had in before.items()
            if had != after.get(by, NONE)
        }
    return Strike(moved, shares, strayed=target is S.IRREGULAR)


class Reach(NamedTuple):
    """How much of a line had strayed before an act on it, and of that what the act is about."""

    strayed: Decimal
    much: Decimal


def reach(walk: Walk, event: Event, sources: tuple[S, ...]) -> dict[int, Reach]:
    """Say which of the goods that strayed from each line an act is about: without a quantity all
    that it can be, with one what is more than the rest of the line. Nobody had drawn them.

    What was decided on before is no part of either, and what was seized before no part of what a
    seizure of a quantity is about.
    """
    act = event.what
    if not isinstance(act, OnGoods):
        return {}
    found: dict[int, Reach] = {}
    for account in walk.on(event):
        number, irregular = account.number, _irregular(account, sources)
        brought_in, first = walk.brought_in.get(number, NONE), walk.decided.get(number, NONE)
        strayed = brought_in + irregular
        much = strayed
        if act.drawn_by is not None:
            much = NONE
        elif act.quantity is not None:
            there = account.held(*sources)
            rest = there - irregular
            if _may_be_brought_in(act, there):
                rest += _undecided(walk, account) - brought_in
            elif isinstance(act, GoodsSeized):
                much, first = irregular, first + brought_in
            much = max(min(act.quantity - rest, much), NONE)
        walk.reached[event.cites[0], number] = first, first + much
        found[number] = Reach(strayed, much)
    return found


def _may_be_brought_in(act: OnGoods, there: Decimal) -> bool:
    """Whether an act can be on goods that an earlier one brought into deemed warehousing: nothing
    is seized twice, and what is destroyed or abandoned is looked for there only where the ledger
    has too little.
    """
    match act:
        case GoodsSeized():
            return False
        case (
            GoodsDestroyed(quantity=Decimal() as much)
            | GoodsAbandoned(quantity=Decimal() as much)
            | AbandonmentPermitted(quantity=Decimal() as much)
        ):
            return much - there > TOLERANCE
        case _:
            return True


def keep_count(
    walk: Walk, event: Event, sources: tuple[S, ...], found: Mapping[int, Reach]
) -> None:
    """After an act: what of the goods that strayed is in deemed warehousing, and what of each line
    has been decided on. A seizure decides nothing.
    """
    act = event.what
    if not isinstance(act, OnGoods):
        return
    for account in walk.on(event):
        number, (strayed, much) = account.number, found[account.number]
        decided = NONE if isinstance(act, GoodsSeized) else much
        walk.decided[number] = walk.decided.get(number, NONE) + decided
        inside = strayed - decided - _irregular(account, sources)
        walk.brought_in[number] = max(inside, NONE)


def _done_with_deemed(walk: Walk, event: Event, moved: Mapping[int, Decimal]) -> None:
    """What customs confiscated, or was abandoned, stays where it is deemed to be."""
    act = event.what
    if not isinstance(act, OnGoods):
        return
    for account in walk.on(event):
        there, much = account.held(S.DEEMED_WAREHOUSE), act.quantity
        if act.drawn_by is not None:
            share = account.number, act.drawn_by
            now, seized = moved[account.number], walk.seized.get(share, NONE)
            much = now + seized if much is None else much
            walk.seized[share] = max(seized - max(much - now, NONE), NONE)
        before = walk.disposed.get(account.number, NONE)
        walk.disposed[account.number] = there if much is None else min(before + much, there)


def forget_destroyed(walk: Walk, event: Event) -> None:
    """What was confiscated or abandoned and is destroyed is in deemed warehousing no more."""
    for account in walk.on(event):
        there = account.held(S.DEEMED_WAREHOUSE)
        if there < walk.disposed.get(account.number, NONE):
            walk.disposed[account.number] = there


def _irregular(account: Account, sources: tuple[S, ...]) -> Decimal:
    return account.held(S.IRREGULAR) if S.IRREGULAR in sources else NONE


def _undecided(walk: Walk, account: Account) -> Decimal:
    """What is in deemed warehousing and neither confiscated nor abandoned."""
    there = account.held(S.DEEMED_WAREHOUSE)
    return max(there - walk.disposed.get(account.number, NONE), NONE)


def seize(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods seized or confiscated are deemed under customs warehousing (Article 198(2)).

    Of what is confiscated, what a seizure has put there and nobody decided on stays there.
    """
    found = reach(walk, event, sources)
    confiscated = isinstance(event.what, GoodsConfiscated)
    already = _seized(walk, event) if confiscated else NOTHING
    strike = act_on(walk, event, sources, S.DEEMED_WAREHOUSE, "198(2)", already=already)
    keep_count(walk, event, sources, found)
    if confiscated:
        _done_with_deemed(walk, event, strike.quantities)
        return
    for share, much in strike.shares.items():
        walk.seized[share] = walk.seized.get(share, NONE) + much


def seize_drawn(walk: Walk, account: Account, event: Event, taken: Taken, here: S) -> None:
    """Goods that a successor drew are seized or confiscated there (Article 198(2)).

    Of what is confiscated, what a seizure has taken from the successor stays where it is.
    """
    by, number = taken.by.movement, account.number
    seized = walk.seized.get((number, by), NONE)
    decides = taken.stage == CONFISCATED
    wanted = max(taken.quantity - seized, NONE) if decides else taken.quantity
    much = min(account.drawn(here, by), wanted)
    if much:
        account.move_some(event, much, (here,), S.DEEMED_WAREHOUSE, "198(2)", drawn_by=by)
    if decides:
        walk.seized[number, by] = max(seized - (taken.quantity - much), NONE)
        there, before = account.held(S.DEEMED_WAREHOUSE), walk.disposed.get(number, NONE)
        walk.disposed[number] = min(before + taken.quantity, there)
    else:
        walk.seized[number, by] = seized + much


def _seized(walk: Walk, event: Event) -> dict[int, Decimal]:
    """What a seizure has put into deemed warehousing, and nobody decided on, of each line."""
    by = event.what.drawn_by if isinstance(event.what, OnGoods) else None
    return {
        each.number: _seized_from(walk, each, by) if by else _undecided(walk, each)
        for each in walk.on(event)
    }


def _seized_from(walk: Walk, account: Account, by: str) -> Decimal:
    """Of that what a successor had drawn before the seizure, or draws since."""
    before = walk.seized.get((account.number, by), NONE)
    return before + account.drawn(S.DEEMED_WAREHOUSE, by)


def _seized_beyond(walk: Walk, event: Event, sources: tuple[S, ...]) -> dict[int, Decimal]:
    """What of it an act of a quantity needs, beyond what the ledger has of each line."""
    act = event.what
    if not isinstance(act, OnGoods) or act.quantity is None:
        return {}
    seized = _seized(walk, event)
    return {
        each.number: min(max(act.quantity - each.held(*sources), NONE), seized[each.number])
        for each in walk.on(event)
    }


def permit(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """A permission to abandon moves nothing; it is about the goods that the act would reach."""
    reach(walk, event, sources)


def abandon(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods abandoned to the State with prior permission are deemed under customs warehousing
    (Articles 198(2), 199).
    """
    permission = abandonment_permitted(walk, event.what, event.at)
    if permission is None:
        words = "customs have not permitted it: ask for permission, then abandon"
        walk.find(event, "ABANDON_NO_PERMISSION", words, "199")
        return
    found = reach(walk, event, sources)
    permitted = event._replace(cites=(*permission.cites, *event.cites))
    already = _seized_beyond(walk, event, sources)
    strike = act_on(walk, permitted, sources, S.DEEMED_WAREHOUSE, "198(2)", "199", already=already)
    keep_count(walk, event, sources, found)
    _done_with_deemed(walk, event, strike.quantities)


def abandonment_permitted(walk: Walk, act: object, at: datetime) -> Standing | None:
    """The earliest permission by then that covers the goods of an act."""
    for fact, permission in walk.acts(AbandonmentPermitted):
        if fact.at <= at and _covers(permission, act):
            return fact
    return None


def _covers(permission: OnGoods, act: object) -> bool:
    if not isinstance(act, OnGoods) or permission.line not in (None, act.line):
        return False
    if permission.quantity is None:
        return True
    return act.quantity is not None and act.quantity <= permission.quantity

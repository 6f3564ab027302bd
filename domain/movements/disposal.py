"""Acts on goods: removal, loss, destruction, seizure, abandonment (Articles 124, 197 to 199)."""

from collections.abc import Mapping
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
    OnTakenGoods,
)
from domain.movements.account import NONE, TOLERANCE, Account, Event, Moved, whole
from domain.movements.drawing import about_drawn
from domain.movements.drawn_goods import took_found
from domain.movements.walk import Walk
from domain.situation import Situation as S

FOUND: Final = "goods that were missing and are found are named by `shortage`"
GONE_ON: Final = (S.PASSED_ON, S.DISCHARGED, S.EXITED)
NOTHING: Final[Mapping[int, Decimal]] = MappingProxyType({})


def act_on(
    walk: Walk,
    event: Event,
    sources: tuple[S, ...],
    target: S,
    *articles: str,
    already: Mapping[int, Decimal] = NOTHING,
) -> dict[int, Moved]:
    """Move what an act names to `target`, and say what it took of each line.

    Without a quantity the act is on all of the line, or on all that the successor it names holds.
    Of a quantity so much of each line is there `already`; more than is left moves nothing, and is
    said. Of what is declared and not released the movement before tells.
    """
    act = event.what
    if not isinstance(act, OnGoods):
        return {}
    taken: dict[int, Moved] = {}
    by = _drawer(walk, event, act)
    if act.quantity is not None and act.line is None and len(walk.accounts) > 1:
        words = f"{act.quantity:f} are named and no line: so much of each is taken; name the line"
        walk.find(event, "LINE_UNTOLD", words, act.ARTICLE)
    for account in walk.on(event):
        if act.quantity is None:
            moved = account.move_all(event, sources, target, *articles, drawn_by=by)
            if not moved and not by and (words := _nothing_left(account)):
                walk.find(event, "EXCEEDS_STOCK", words, act.ARTICLE, line=account.number)
        else:
            wanted = max(act.quantity - already.get(account.number, NONE), NONE)
            moved = account.move_some(event, wanted, sources, target, *articles, drawn_by=by)
            if not moved and wanted - _told_of_before(walk, event, account) > TOLERANCE:
                words = f"line {account.number} has less than the {act.quantity:f} that it names"
                words += f"; {FOUND}" if account.held(S.BREACHED) else ""
                if not isinstance(act, GoodsSeized):
                    walk.refused.add((event.cites[-1], account.number))
                walk.find(event, "EXCEEDS_STOCK", words, act.ARTICLE, line=account.number)
        taken[account.number] = moved
        if by is None:
            _ask_whose(walk, event, act, account, moved)
    return taken


def _ask_whose(walk: Walk, event: Event, act: OnGoods, account: Account, moved: Moved) -> None:
    """Say where an act took goods of successors that cannot know it: each is sure of its own only
    as far as no other can be meant. Of what strayed these are the ones that had drawn it then.
    """
    told = next((each for each in walk.own.disposals if each.cite == event.cites[-1]), None)
    if told is None:
        return
    number = account.number
    took = {slot.drawn_by: much for slot, much in moved.items() if slot.drawn_by}
    if any(slot.situation is S.IRREGULAR for slot in moved):
        for debt in walk.debts:
            took |= {by: much for (line, by), much in debt.shares.items() if line == number}
    unsure = [
        by
        for by, much in took.items()
        if (one := walk.successors.get(by))
        and much - about_drawn(walk.case, walk.own, told, number, one) > TOLERANCE
    ]
    if unsure:
        words = f"{', '.join(sorted(unsure))} had goods of line {number} that the act takes"
        words += ": name in `drawn_by` whose they are"
        walk.find(event, "DRAWN_BY_UNTOLD", words, act.ARTICLE, line=number)


def _nothing_left(account: Account) -> str:
    """Why an act on all of a line can be on nothing: all that ever was there is missing, or has
    gone on.
    """
    whole, missing = account.quantity - account.held(S.NEVER_THERE), account.held(S.BREACHED)
    if missing and missing == whole:
        return f"all of line {account.number} is missing: {FOUND}"
    if missing + account.held(*GONE_ON) == whole:
        return f"all of line {account.number} has gone on: report it of the movement that has it"
    return ""


def _told_of_before(walk: Walk, event: Event, account: Account) -> Decimal:
    """What is declared and still where it was before, so that the act is heard there."""
    fell = walk.own.fell
    if account.line.previous is None or (fell and fell.at <= event.at):
        return NONE
    return account.held(S.AWAITED)


def _drawer(walk: Walk, event: Event, act: OnGoods) -> str | None:
    """The successor that an act names; that it has drawn nothing by then is said."""
    name = act.drawn_by
    if name is None:
        return None
    by = walk.drawer(name)
    if by not in walk.successors:
        words = f"{name} has drawn nothing from here by then: name the movement that has the goods"
        walk.find(event, "DRAWN_BY_NOBODY", words, act.ARTICLE, line=event.line)
    return by


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
        custody = walk.custody(account)
        brought_in, first = custody.strayed_seized, custody.strayed_decided
        strayed = brought_in + irregular
        much = strayed
        if act.drawn_by is not None:
            much = NONE
        elif act.quantity is not None:
            there = account.held(*sources)
            rest = there - irregular
            if _may_be_brought_in(act, there):
                rest += custody.undecided(account.held(S.DEEMED_WAREHOUSE)) - brought_in
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
        strayed, much = found[account.number]
        decided = NONE if isinstance(act, GoodsSeized) else much
        custody = walk.custody(account).found(strayed, decided, _irregular(account, sources))
        walk.custodies[account.number] = custody


def _done_with_deemed(walk: Walk, event: Event, taken: Mapping[int, Moved]) -> None:
    """What customs confiscated, or was abandoned, stays where it is deemed to be."""
    act = event.what
    if not isinstance(act, OnGoods):
        return
    for account in walk.on(event):
        there, custody = account.held(S.DEEMED_WAREHOUSE), walk.custody(account)
        much = there if act.quantity is None else act.quantity
        if act.drawn_by is None:
            custody = custody.deciding(much, there)
        else:
            now, by = whole(taken[account.number]), walk.drawer(act.drawn_by)
            much = now + custody.seized(by) if act.quantity is None else much
            custody = custody.deciding_drawn(by, much, now, there)
        walk.custodies[account.number] = custody


def forget_destroyed(walk: Walk, event: Event) -> None:
    """What was confiscated or abandoned and is destroyed is in deemed warehousing no more."""
    for account in walk.on(event):
        left = walk.custody(account).destroying(account.held(S.DEEMED_WAREHOUSE))
        walk.custodies[account.number] = left


def _irregular(account: Account, sources: tuple[S, ...]) -> Decimal:
    return account.held(S.IRREGULAR) if S.IRREGULAR in sources else NONE


def seize(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods seized or confiscated are deemed under customs warehousing (Article 198(2)).

    Of what is confiscated, what a seizure has put there and nobody decided on stays there.
    """
    if took_found(walk, event):
        return
    found = reach(walk, event, sources)
    confiscated = isinstance(event.what, GoodsConfiscated)
    already = _seized(walk, event) if confiscated else NOTHING
    taken = act_on(walk, event, sources, S.DEEMED_WAREHOUSE, "198(2)", already=already)
    keep_count(walk, event, sources, found)
    if confiscated:
        _done_with_deemed(walk, event, taken)
        return
    for number, moved in taken.items():
        for slot, much in moved.items():
            if slot.drawn_by:
                custody = walk.custody(walk.accounts[number]).seizing(slot.drawn_by, much)
                walk.custodies[number] = custody


def _seized(walk: Walk, event: Event) -> dict[int, Decimal]:
    """What a seizure has put into deemed warehousing, and nobody decided on, of each line."""
    name = event.what.drawn_by if isinstance(event.what, OnGoods) else None
    by = walk.drawer(name) if name else None
    return {each.number: _seized_of(walk, each, by) for each in walk.on(event)}


def _seized_of(walk: Walk, account: Account, by: str | None) -> Decimal:
    """The same of one line; of a successor's goods what it had drawn before, or draws since."""
    custody = walk.custody(account)
    if by is None:
        return custody.undecided(account.held(S.DEEMED_WAREHOUSE))
    return custody.seized(by) + account.drawn(S.DEEMED_WAREHOUSE, by)


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
    if not _names_shortage(event):
        reach(walk, event, sources)


def _names_shortage(event: Event) -> bool:
    return isinstance(event.what, OnTakenGoods) and event.what.shortage is not None


def abandon(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods abandoned to the State with prior permission are deemed under customs warehousing
    (Articles 198(2), 199).
    """
    act = next((each for each in walk.own.disposals if each.cite == event.cites[0]), None)
    if act is None:
        words = "customs have not permitted it: ask for permission, then abandon"
        walk.find(event, "ABANDON_NO_PERMISSION", words, "199")
        return
    if took_found(walk, event):
        return
    found = reach(walk, event, sources)
    permitted = event._replace(cites=(*act.uses, *event.cites))
    already = _seized_beyond(walk, event, sources)
    taken = act_on(walk, permitted, sources, S.DEEMED_WAREHOUSE, "198(2)", "199", already=already)
    keep_count(walk, event, sources, found)
    _done_with_deemed(walk, event, taken)

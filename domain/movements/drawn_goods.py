"""What a successor draws, what is done with goods that it holds, told of it, and goods that were
missing and are found (Articles 197 to 199).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.facts.disposal import GoodsDestroyed, GoodsSeized, OnTakenGoods, SeizureLifted
from domain.movements.account import NONE, TOLERANCE, Account, Event, Taken, undrawn
from domain.movements.walk import Walk
from domain.outline import DECIDED, DESTROYED, LEAVING, LIFTED
from domain.situation import Situation as S

DESTRUCTION: Final = ("197", "124(1)(f)")
LEFT: Final = (S.IRREGULAR, S.BREACHED, S.UNDER_INVESTIGATION, S.LOST, S.NEVER_THERE)
"""Where goods of a line are that left it and are not accounted for, or never were there."""


def took_found(walk: Walk, event: Event) -> bool:
    """Whether an act is on goods that were missing by a shortage, and have been found: it takes
    these, and leaves the rest of the line alone.
    """
    act = event.what
    if not isinstance(act, OnTakenGoods) or act.shortage is None:
        return False
    cite, shortage = walk.shortage(act.shortage, event.source)
    account = walk.accounts.get(shortage.line) if shortage else None
    if shortage is None or account is None or act.line not in (None, shortage.line):
        words = f"the movement has no shortage {cite} of that line: name the report that found it"
        walk.find(event, "MATCHES_NOTHING", words, act.ARTICLE, line=act.line)
        return True
    wanted = shortage.quantity if act.quantity is None else act.quantity
    if wanted > shortage.quantity:
        words = f"{cite} found {shortage.quantity:f} missing: {wanted:f} of them are named"
        walk.find(event, "EXCEEDS_STOCK", words, act.ARTICLE, line=account.number)
        walk.refused.add((event.cites[-1], account.number))
    elif isinstance(act, GoodsDestroyed):
        _destroy_of(walk, account, event, cite, wanted, ((S.BREACHED, None),))
    else:
        decides = not isinstance(act, GoodsSeized)
        _seize_of(walk, account, event, cite, wanted, S.BREACHED, None, decides)
    return True


def draw(
    walk: Walk, account: Account, event: Event, taken: Taken, ways: Mapping[S, S], *articles: str
) -> bool:
    """Give a successor what it draws: from one place or, where customs gave seized goods back,
    these with the rest: they are still deemed under customs warehousing (Article 198(2)). Where the
    rest left the line before, or never was there, it gets what is there.
    """
    if account.draw(event, taken, ways, *articles):
        return True
    here = next(iter(ways))
    rest = account.slots.get(undrawn(here, None), NONE)
    lack = taken.quantity - rest
    if not rest:
        return False
    if lack - given_back(walk, account, event) <= TOLERANCE:
        deemed = {S.DEEMED_WAREHOUSE: S.DEEMED_WAREHOUSE}
        account.draw(event, taken._replace(quantity=lack), deemed, *articles)
    elif lack - account.held(*LEFT) > TOLERANCE:
        return False
    else:
        _lacking(walk, account, event, taken, lack, articles[0])
    return account.draw(event, taken._replace(quantity=rest), {here: ways[here]}, *articles)


def _lacking(
    walk: Walk, account: Account, event: Event, taken: Taken, lack: Decimal, article: str
) -> None:
    """Say what a successor declares that had left the line before: the debts for that are on goods
    that it declares.
    """
    number, by = account.number, taken.by.movement
    words = (
        f"{by} draws {taken.quantity:f} from line {number}, of which {lack:f} had left it before"
    )
    walk.find(event, "DRAWN_BEYOND_STOCK", words, article, line=number)
    for place, debt in enumerate(walk.debts):
        if debt.missing or debt.strayed:
            others = [much for (line, _), much in debt.shares.items() if line == number]
            more = min(lack, debt.struck.get(number, NONE) - sum(others, NONE))
            if more > NONE:
                shares = {**debt.shares, (number, by): more}
                walk.debts[place] = replace(debt, shares=shares)
                lack -= more


def given_back(walk: Walk, account: Account, event: Event) -> Decimal:
    """What customs seized and gave back of a line, as far as nobody has drawn it since."""
    there = account.drawn(S.DEEMED_WAREHOUSE, None)
    given = NONE
    for fact, act in walk.acts(SeizureLifted):
        if fact.at <= event.at and act.line in (None, account.number):
            given += there if act.quantity is None else act.quantity
    return min(given, walk.custody(account).undecided(there))


def with_given_back(walk: Walk, event: Event, sources: tuple[S, ...]) -> tuple[S, ...]:
    """Where goods are that can be removed: also in deemed warehousing, where customs gave all back
    that they had there.
    """
    accounts = [each for each in walk.on(event) if each.drawn(S.DEEMED_WAREHOUSE, None)]
    if not accounts:
        return sources
    theirs = (
        each.drawn(S.DEEMED_WAREHOUSE, None) - given_back(walk, each, event) for each in accounts
    )
    return sources if any(theirs) else (*sources, S.DEEMED_WAREHOUSE)


def dispose_drawn(walk: Walk, account: Account, event: Event, taken: Taken, here: S) -> None:
    """What customs do with the goods that a successor drew, told of the successor."""
    if taken.stage == DESTROYED:
        _destroy_drawn(walk, account, event, taken, here)
    elif taken.stage != LIFTED:
        _seize_drawn(walk, account, event, taken, here)


def release_drawn(
    walk: Walk, account: Account, event: Event, taken: Taken, sources: tuple[S, ...], target: S,
    *articles: str,
) -> None:  # fmt: skip
    """Goods that a successor drew are released or leave, with what customs had seized of them and
    have not decided on.
    """
    moved = account.pass_on(event, taken, sources, target, *articles)
    by, custody = taken.by.movement, walk.custody(account)
    still_there = account.drawn(S.DEEMED_WAREHOUSE, None)
    if seized := min(custody.seized(by), taken.quantity - moved, still_there):
        account.pass_on_seized(event, taken, seized, target, *articles)
        there = account.held(S.DEEMED_WAREHOUSE)
        walk.custodies[account.number] = custody.releasing(by, seized, there)


def _seize_drawn(walk: Walk, account: Account, event: Event, taken: Taken, here: S) -> None:
    """Goods are seized, confiscated or abandoned there (Article 198(2))."""
    by = taken.by.movement
    _seize_of(walk, account, event, by, taken.quantity, here, by, taken.stage in DECIDED)


def _seize_of(
    walk: Walk, account: Account, event: Event, of: str, quantity: Decimal, here: S,
    drawn_by: str | None, decides: bool,
) -> None:  # fmt: skip
    """Take a quantity from a successor, or of a shortage.

    Of what is decided on, what a seizure has taken from there stays where it is.
    """
    custody = walk.custody(account)
    wanted = max(quantity - custody.seized(of), NONE) if decides else quantity
    much = min(account.drawn(here, drawn_by), wanted)
    account.move_some(event, much, (here,), S.DEEMED_WAREHOUSE, "198(2)", drawn_by=drawn_by)
    if decides:
        there = account.held(S.DEEMED_WAREHOUSE)
        custody = custody.deciding_drawn(of, quantity, much, there)
    else:
        custody = custody.seizing(of, much)
    walk.custodies[account.number] = custody


def _destroy_drawn(walk: Walk, account: Account, event: Event, taken: Taken, here: S) -> None:
    """Goods are destroyed there, whether the successor has them still or customs took them from it
    (Article 197); what was released is no longer here.
    """
    by, released = taken.by.movement, taken.by.released
    if taken.by.kind in LEAVING or not released or released.at > event.at:
        places = (here, by), (S.DEEMED_WAREHOUSE, by)
        _destroy_of(walk, account, event, by, taken.quantity, places)


def _destroy_of(
    walk: Walk, account: Account, event: Event, of: str, quantity: Decimal,
    places: Iterable[tuple[S, str | None]],
) -> None:  # fmt: skip
    """Destroy a quantity of a successor or of a shortage: what is there, then what customs took."""
    left, custody = quantity, walk.custody(account)
    for source, drawn_by in places:
        much = min(left, account.drawn(source, drawn_by))
        account.move_some(event, much, (source,), S.DESTROYED, *DESTRUCTION, drawn_by=drawn_by)
        left -= much
    much = min(left, custody.seized(of) + custody.decided_of(of))
    account.move_some(event, much, (S.DEEMED_WAREHOUSE,), S.DESTROYED, *DESTRUCTION)
    there = account.held(S.DEEMED_WAREHOUSE)
    walk.custodies[account.number] = custody.destroying_drawn(of, much, there)

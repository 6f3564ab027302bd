"""A walk that goes on where an earlier one of the same movement stood (D3).

A walk sees nothing of its successors but their stages, as its agenda brings them: it is given a
case without any. So it is a function of the rest of the case and of what its agenda begins with;
where both are as they were, it need not be walked anew. What comes late, or changes a stage that a
successor reached lately, is near the end of the agenda: the walk is kept some way before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Final, NamedTuple

from domain.case import Case
from domain.facts.fact import Fact
from domain.judgement import procedures
from domain.judgement.walking import Table, begun, end, go_on
from domain.law.citation import Law
from domain.law.limits import FIRST_DAY
from domain.law.periods import start_of
from domain.movements.account import Event, Ledger, happening
from domain.movements.drawing import draws
from domain.movements.walk import Walk
from domain.outline import Outline
from domain.policies import Policies

MANY: Final = 100
"""Where no more successors draw than this, a movement is walked anew, and nothing is kept."""
TAIL: Final = 100
"""How many events before the end of its agenda a walk is kept."""
IN_ORDER: Final = itemgetter(0, 1, 2, 3, 4)


class Drawn(NamedTuple):
    """The stages of one successor."""

    by: Outline
    events: Sequence[Event]


class Walked(NamedTuple):
    """A walk of a movement with many successors, kept before the end of its agenda.

    `case` is all that it sees but for its agenda; `past` are the events behind it, and `waiting`
    those of them that wait for their goods. `ledgers` and `placed` are what was read off its lines
    in the end.
    """

    case: Case
    law: Law
    policies: Policies
    drawn: Mapping[str, Drawn]
    agenda: Sequence[Event]
    past: int
    walk: Walk
    waiting: Sequence[Event]
    ledgers: Mapping[int, Ledger]
    placed: Mapping[int, procedures.Kept]


def walked(case: Case, own: Outline, table: Table, law: Law, policies: Policies) -> Walk:
    """The walk of a case, from the first event to the last."""
    walk = begun(case, own, law, policies)
    events = _own(case)
    for successor in case.successors:
        events += draws(case, own, successor)
    events.sort(key=IN_ORDER)
    end(walk, table, go_on(walk, table, _governed(case, events), []))
    return walk


def resumed(
    case: Case, own: Outline, table: Table, law: Law, policies: Policies, before: Walked | None
) -> tuple[Walk, Walked]:
    """The same, of a movement whose table does not look ahead: from where the walk `before` was
    kept, where nothing is other than it was then. What is kept now holds what was read off the
    lines before, as far as that is of any use.
    """
    alone = replace(case, successors=(), reads=frozenset())
    if before and (before.case, before.law, before.policies) != (alone, law, policies):
        before = None
    drawn = _drawn(case, own, before)
    agenda = _agenda(alone, drawn, before)
    if before and agenda[: before.past] == before.agenda[: before.past]:
        walk, waiting, past = before.walk.copied(), [*before.waiting], before.past
        read = before.ledgers, before.placed
    else:
        walk, waiting, past = begun(alone, own, law, policies), [], 0
        read = {}, {}
    place = max(len(agenda) - TAIL, past)
    waiting = go_on(walk, table, agenda[past:place], waiting)
    kept = walk.copied(), tuple(waiting)
    end(walk, table, go_on(walk, table, agenda[place:], waiting))
    walk.case = case
    return walk, Walked(alone, law, policies, drawn, agenda, place, *kept, *read)


def _drawn(case: Case, own: Outline, before: Walked | None) -> dict[str, Drawn]:
    """The stages of each successor: those of `before` where its outline is as it was."""
    known = before.drawn if before else {}
    drawn = {}
    for each in case.successors:
        was = known.get(each.movement)
        same = was is not None and was.by == each
        drawn[each.movement] = was if was and same else Drawn(each, draws(case, own, each))
    return drawn


def _agenda(case: Case, drawn: Mapping[str, Drawn], before: Walked | None) -> list[Event]:
    """What happens, in order: what did `before`, less what did not, and what does besides."""
    known = before.drawn if before else {}
    fresh = [each for name, each in drawn.items() if known.get(name) is not each]
    gone = {name for name, each in known.items() if drawn.get(name) is not each}
    if before is None:
        events = _own(case)
    elif gone:
        events = [each for each in before.agenda if not (each.other and each.source in gone)]
    else:
        events = [*before.agenda]
    events += chain.from_iterable([each.events for each in fresh])
    events.sort(key=IN_ORDER)
    return _governed(case, events)


def _own(case: Case) -> list[Event]:
    """The own acts of a movement."""
    return [
        happening((at, rank, False, source, cites, by_day, _line(fact), fact))
        for at, rank, source, cites, _, by_day, fact in case.settled.facts
    ]


def _line(fact: Fact) -> int | None:
    """The line that an act names."""
    return getattr(fact, "line", None) if fact.NAMES_LINE else None


def _governed(case: Case, events: list[Event]) -> list[Event]:
    """What the Code governs, of events in their order."""
    first = start_of(FIRST_DAY, case.zone)
    return events if not events or events[0].at >= first else [e for e in events if e.at >= first]

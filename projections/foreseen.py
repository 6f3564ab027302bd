"""What reports would change, statement by statement: the gate for systems that want one (D1)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from domain.customs_debt import Debt
from domain.facts.fact import Told
from domain.judgement.ahead import Ahead
from domain.judgement.check import Change, check
from domain.references import names_movement
from domain.timeline import Finding, Judgement
from projections.comparing import Difference, Effect, Said, compared
from projections.judging import Terms

HARMLESS: Final = frozenset(
    {
        "AMOUNT_NOT_COMPARED",
        "DUTY_TERMS_UNKNOWN",
        "ENS_CURED",
        "ENS_INVALIDATED",
        "ENS_INVALIDATION_OVERDUE",
        "LINK_NOT_CONFIRMED",
        "NOT_JUDGED",
        "OFFICE_UNKNOWN",
        "PERIOD_UNKNOWN",
        "REFERENCE_CHECK_DIGIT",
        "REFERENCE_SHAPE",
        "REFUSED_NOT_INVALIDATED",
        "UCC116_REPAYABLE",
        "UCC124_1G_CANDIDATE",
        "UCC124_1H_CANDIDATE",
        "UCC259_3_NOT_CHECKED",
    }
)
"""Findings that say of no act that it has no effect, and of nobody that they broke an obligation:
what was put right, what waits for customs, what is not known or not judged.
"""
BREACHES: Final = ("79", "82")
"""The articles under which a debt is incurred because an obligation was not kept."""


def differences(
    told: Sequence[Told], reader: Ahead, terms: Terms, resting: Callable[[str], Iterable[str]]
) -> list[Difference]:
    """What the facts of one report would change, by movement and time; `reader` knows them then.

    `resting` says which movements rest on a stream of reference data or of an authorisation.
    """
    befores: dict[str, Judgement] = {}
    afters: dict[str, Judgement] = {}
    seen: set[str] = set()
    for one in told:
        rest_on = () if names_movement(one.stream) else resting(one.stream)
        changes = list(check(one, reader, terms.law, terms.policies, rest_on))
        reader.add(one)
        _follow(changes, befores, afters, seen)
    found = [each for pair in _paired(befores, afters) for each in compared(*pair)]
    return sorted(found, key=lambda each: (each.movement, each.since, each.kind, each.id))


def against(found: Iterable[Difference], as_of: datetime) -> list[Difference]:
    """What speaks against a report by `as_of`: each finding it adds that is not harmless, and each
    debt for an obligation not kept.
    """
    told = list(found)
    gone = {_code(each) for each in told if each.effect is Effect.REMOVED}
    return [
        each
        for each in told
        if each.effect is Effect.ADDED
        and each.since <= as_of
        and (_is_breach(each.said) or (_is_objection(each.said) and _code(each) not in gone))
    ]


def _is_breach(said: Said) -> bool:
    return isinstance(said, Debt) and said.article.partition("(")[0] in BREACHES


def _is_objection(said: Said) -> bool:
    return isinstance(said, Finding) and said.code not in HARMLESS


def _code(told: Difference) -> tuple[str, str, int | None] | None:
    """By what a finding is known that another report may bring about as well."""
    said = told.said
    return (told.movement, said.code, said.line) if isinstance(said, Finding) else None


def _follow(
    changes: Sequence[Change],
    befores: dict[str, Judgement],
    afters: dict[str, Judgement],
    seen: set[str],
) -> None:
    """Note the judgements that one more fact changes: of each movement the first and the last."""
    was = [each.before for each in changes if each.before]
    will = [each.after for each in changes if each.after]
    names = {name for each in (*was, *will) for name in each.names}
    befores |= {each.movement: each for each in was if seen.isdisjoint(each.names)}
    for name in [name for name, each in afters.items() if names & {*each.names}]:
        del afters[name]
    afters |= {each.movement: each for each in will}
    seen |= names


def _paired(
    befores: Mapping[str, Judgement], afters: Mapping[str, Judgement]
) -> Iterator[tuple[list[Judgement], Judgement | None]]:
    """Each judgement with those that it replaces: two where references are found to be one."""
    left = dict(befores)
    for after in sorted(afters.values(), key=lambda each: each.movement not in befores):
        replaced = [each for each in left.values() if {*each.names} & {*after.names}]
        for each in replaced:
            del left[each.movement]
        yield replaced, after
    for before in left.values():
        yield [before], None

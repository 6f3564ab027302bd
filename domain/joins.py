"""Which references name one movement: the set joined by same-as facts (D2).

A report joins nothing that its source may not speak of: customs may of every movement, another of
those whose office it speaks for by what others told. An MRN is one declaration, so two MRNs are
never joined: a reference that several of them claim goes to the MRN whose claim is the earliest by
what happened, customs' before others'. Each movement that a claim fails to join carries a finding.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from domain.corrections import Void
from domain.facts.fact import SAME_AS, Told
from domain.facts.values import Role
from domain.references import Scheme, names_movement, scheme_of
from domain.settle import admits, standing_reports

if TYPE_CHECKING:
    from domain.case import Linked


class Streams(Protocol):
    """The part of a reader that joins need."""

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]: ...
    def linked(self, streams: Collection[str]) -> "Mapping[str, Sequence[Linked]]": ...


class Joined(NamedTuple):
    """The names of one movement, its own name first, with the facts of each stream.

    `ambiguous` are the names that another MRN claims as well, `void` the reports that would join
    it with what their source may not speak of, `reads` all streams looked up.
    """

    movement: str
    names: tuple[str, ...]
    ambiguous: tuple[str, ...]
    told: Mapping[str, Sequence[Told]]
    reads: frozenset[str]
    void: tuple[Void, ...] = ()


class Claim(NamedTuple):
    """A report on one stream that names another as the same operation; in the order of the first
    fields, which no two reports share.
    """

    by_others: bool
    when: str
    cite: str
    names: tuple[str, str]
    told: Told


def joined(name: str, reader: Streams) -> Joined:
    """Every reference of the movement that `name` is a reference of."""
    found, linked = reader.told((name,)), reader.linked((name,))[name]
    if not _claims(found[name]) and not any(link.relation == SAME_AS for link in linked):
        return Joined(name, (name,), (), found, frozenset(found))
    told, claims = _component(name, reader)
    groups, refused, void = _grouped(told, claims)
    mine = tuple(sorted(groups[name], key=_best))
    touching = [pair for pair in refused if not groups[name].isdisjoint(pair)]
    contested = {ref for pair in touching for ref in _contested(pair) if ref != mine[0]}
    about = tuple([one for one, pair in void if len(groups[name].intersection(pair)) == 1])
    return Joined(mine[0], mine, tuple(sorted(contested)), told, frozenset(told), about)


def connected(names: Iterable[str], reader: Streams) -> set[str]:
    """These names and all that reports ever connected with them, whether the reports stand or not:
    what is told of one of these changes no other movement's names.
    """
    found: set[str] = set()
    frontier = {*names}
    while frontier:
        found |= frontier
        told, linked = reader.told(sorted(frontier)), reader.linked(sorted(frontier))
        reached = {one.fact.same_as for each in told.values() for one in each if one.fact.same_as}
        reached |= {
            link.subject for each in linked.values() for link in each if link.relation == SAME_AS
        }
        frontier = reached - found
    return found


def _component(name: str, reader: Streams) -> tuple[dict[str, Sequence[Told]], list[Claim]]:
    """All streams that same-as facts connect, and the claims that do, in their order."""
    told: dict[str, Sequence[Told]] = {}
    claims: list[Claim] = []
    frontier = {name}
    while frontier:
        found = reader.told(sorted(frontier))
        linked = reader.linked(sorted(frontier))
        told |= found
        reached: set[str] = set()
        for stream in frontier:
            reached |= {link.subject for link in linked[stream] if link.relation == SAME_AS}
            claimed = _claims(found[stream])
            reached |= {claim.names[1] for claim in claimed}
            claims += claimed
        frontier = reached - told.keys()
    connected = _reach(name, claims)
    return (
        {stream: told[stream] for stream in told if stream in connected},
        sorted([claim for claim in claims if claim.names[0] in connected], key=_IN_ORDER),
    )


def _claims(told: Sequence[Told]) -> list[Claim]:
    if not any(one.fact.same_as for one in told):
        return []
    return [
        Claim(
            one.role is not Role.CUSTOMS,
            str(one.fact.happened),
            one.cite,
            (one.stream, one.fact.same_as),
            one,
        )
        for one in standing_reports(told)
        if one.fact.same_as and one.fact.same_as != one.stream
    ]


def _reach(name: str, claims: Collection[Claim]) -> set[str]:
    beside: dict[str, set[str]] = {}
    for claim in claims:
        one, other = claim.names
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    seen, frontier = {name}, {name}
    while frontier:
        frontier = {to for at in frontier for to in beside.get(at, ())} - seen
        seen |= frontier
    return seen


Pair = tuple[str, str]


def _grouped(
    told: Mapping[str, Sequence[Told]], claims: Collection[Claim]
) -> tuple[dict[str, set[str]], list[Pair], list[tuple[Void, Pair]]]:
    """The references of each movement, the claims that would have joined two MRNs, and the
    reports that would have joined what is not theirs.

    Claims join in their order; the later of two that contend has no effect.
    """
    groups = {ref: {ref} for ref in told}
    refused: list[Pair] = []
    void: list[tuple[Void, Pair]] = []
    for claim in claims:
        one, other = (groups[ref] for ref in claim.names)
        if one is other:
            continue
        if wrong := _names_no_movement(claim) or _not_its_own(claim, told, groups):
            void.append((wrong, claim.names))
        elif sum(scheme_of(ref) is Scheme.MRN for ref in (*one, *other)) > 1:
            refused.append(claim.names)
        else:
            one |= other
            groups |= dict.fromkeys(other, one)
    return groups, refused, void


def _names_no_movement(claim: Claim) -> Void | None:
    """A container or an authorisation is in many operations, and is a reference of none."""
    for name in claim.names:
        if not names_movement(name):
            words = f"{name} is no reference of a movement: name it where it belongs"
            return Void("MATCHES_NOTHING", "15(1)", words, claim.told)
    return None


def _not_its_own(
    claim: Claim, told: Mapping[str, Sequence[Told]], groups: Mapping[str, set[str]]
) -> Void | None:
    """A claim on a movement of which its source may not speak.

    What others told decides, and then the office in a local reference number: by its own reports
    it could say itself where any movement is.
    """
    office, source = claim.told.fact.office, claim.told.source
    if office is None or not claim.by_others:
        return None
    for name in claim.names:
        others = [one for ref in groups[name] for one in told[ref] if one.source != source]
        if not admits(groups[name], others, office):
            one, other = claim.names
            words = (
                f"{source} speaks for {office}, where {name} is not: {one} and {other} are joined"
                " when customs say that they are one operation"
            )
            return Void("NOT_ENTITLED", "15(1)", words, claim.told)
    return None


def _contested(pair: Pair) -> tuple[str, ...]:
    """Of a refused claim the names that are no MRN; two MRNs where there is nothing else."""
    return tuple(ref for ref in pair if scheme_of(ref) is not Scheme.MRN) or pair


_IN_ORDER: Final = itemgetter(0, 1, 2, 3)
_PLACES: Final = {scheme: place for place, scheme in enumerate(Scheme)}


def _best(ref: str) -> tuple[int, str]:
    scheme = scheme_of(ref)
    return (_PLACES[scheme] if scheme else len(_PLACES)), ref

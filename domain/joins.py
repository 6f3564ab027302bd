"""Which references name one movement: the set joined by same-as facts (D2).

An MRN is one declaration, so two MRNs are never joined: a reference that several of them claim
goes to the MRN whose claim is the earliest by what happened, and both carry a finding.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from domain.facts.fact import SAME_AS, Told
from domain.references import Scheme, scheme_of
from domain.settle import standing_reports

if TYPE_CHECKING:
    from domain.case import Linked


class Streams(Protocol):
    """The part of a reader that joins need."""

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]: ...
    def linked(self, streams: Collection[str]) -> "Mapping[str, Sequence[Linked]]": ...


class Joined(NamedTuple):
    """The names of one movement, its own name first, with the facts of each stream.

    `ambiguous` are the names that another MRN claims as well, `reads` all streams looked up.
    """

    movement: str
    names: tuple[str, ...]
    ambiguous: tuple[str, ...]
    told: Mapping[str, Sequence[Told]]
    reads: frozenset[str]


class Claim(NamedTuple):
    """A report on one stream that names another as the same operation."""

    when: str
    cite: str


def joined(name: str, reader: Streams) -> Joined:
    """Every reference of the movement that `name` is a reference of."""
    found, linked = reader.told((name,)), reader.linked((name,))[name]
    if not _claims(found[name]) and not any(link.relation == SAME_AS for link in linked):
        return Joined(name, (name,), (), found, frozenset(found))
    told, edges = _component(name, reader)
    groups, refused = _grouped(told, edges)
    mine = tuple(sorted(groups[name], key=_best))
    touching = [edge for edge in refused if not groups[name].isdisjoint(edge)]
    contested = {ref for edge in touching for ref in _contested(edge) if ref != mine[0]}
    return Joined(mine[0], mine, tuple(sorted(contested)), told, frozenset(told))


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


def _component(
    name: str, reader: Streams
) -> tuple[dict[str, Sequence[Told]], dict[tuple[str, str], Claim]]:
    """All streams that same-as facts connect, and the earliest claim on each edge, both ways."""
    told: dict[str, Sequence[Told]] = {}
    edges: dict[tuple[str, str], Claim] = {}
    frontier = {name}
    while frontier:
        found = reader.told(sorted(frontier))
        linked = reader.linked(sorted(frontier))
        told |= found
        reached: set[str] = set()
        for stream in frontier:
            reached |= {link.subject for link in linked[stream] if link.relation == SAME_AS}
            for other, claim in _claims(found[stream]):
                reached.add(other)
                for edge in ((stream, other), (other, stream)):
                    edges[edge] = min(claim, edges.get(edge, claim))
        frontier = reached - told.keys()
    connected = _reach(name, edges)
    return (
        {stream: told[stream] for stream in told if stream in connected},
        {edge: claim for edge, claim in edges.items() if edge[0] in connected},
    )


def _claims(told: Sequence[Told]) -> list[tuple[str, Claim]]:
    if not any(one.fact.same_as for one in told):
        return []
    return [
        (one.fact.same_as, Claim(str(one.fact.happened), one.cite))
        for one in standing_reports(told)
        if one.fact.same_as and one.fact.same_as != one.stream
    ]


def _reach(name: str, edges: Mapping[tuple[str, str], Claim]) -> set[str]:
    seen, frontier = {name}, {name}
    while frontier:
        frontier = {to for at, to in edges if at in frontier} - seen
        seen |= frontier
    return seen


def _grouped(
    refs: Collection[str], edges: Mapping[tuple[str, str], Claim]
) -> tuple[dict[str, set[str]], list[tuple[str, str]]]:
    """The references of each movement, and the claims that would have joined two MRNs.

    Claims join in the order of what happened; the later of two that contend has no effect.
    """
    groups = {ref: {ref} for ref in refs}
    refused = []
    for _, edge in sorted((claim, edge) for edge, claim in edges.items()):
        one, other = (groups[ref] for ref in edge)
        if one is other:
            continue
        if sum(scheme_of(ref) is Scheme.MRN for ref in (*one, *other)) > 1:
            refused.append(edge)
            continue
        one |= other
        groups |= dict.fromkeys(other, one)
    return groups, refused


def _contested(edge: tuple[str, str]) -> tuple[str, ...]:
    """Of a refused claim the names that are no MRN; two MRNs where there is nothing else."""
    return tuple(ref for ref in edge if scheme_of(ref) is not Scheme.MRN) or edge


_PLACES: Final = {scheme: place for place, scheme in enumerate(Scheme)}


def _best(ref: str) -> tuple[int, str]:
    scheme = scheme_of(ref)
    return (_PLACES[scheme] if scheme else len(_PLACES)), ref

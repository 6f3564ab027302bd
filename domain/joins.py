"""Which references name one movement: the set joined by same-as facts (D2).

An MRN is one declaration, so two MRNs are never joined: a reference that several of them claim
goes to the MRN whose claim is the earliest by what happened, and the others carry a finding.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

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
    told, edges = _component(name, reader)
    mrns = sorted(ref for ref in told if scheme_of(ref) is Scheme.MRN)
    reads = frozenset(told)
    if len(mrns) <= 1:
        names = tuple(sorted(told, key=_best))
        return Joined(names[0], names, (), told, reads)
    owner = {ref: _owner(ref, mrns, edges) for ref in told}
    mine = tuple(sorted((ref for ref in told if owner[ref] == owner[name]), key=_best))
    claimed = (ref for ref in told if len([mrn for mrn in mrns if (ref, mrn) in edges]) > 1)
    contested = tuple(sorted(ref for ref in claimed if ref in mine or (ref, owner[name]) in edges))
    return Joined(owner[name], mine, contested, told, reads)


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
    return {stream: told[stream] for stream in told if stream in connected}, edges


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


def _owner(ref: str, mrns: Sequence[str], edges: Mapping[tuple[str, str], Claim]) -> str:
    if ref in mrns:
        return ref
    claims = sorted((edges[ref, mrn], mrn) for mrn in mrns if (ref, mrn) in edges)
    return claims[0][1] if claims else mrns[0]


def _best(ref: str) -> tuple[int, str]:
    scheme = scheme_of(ref)
    return (list(Scheme).index(scheme) if scheme else len(Scheme)), ref

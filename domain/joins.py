"""Which references name one movement: the set joined by same-as facts (D2).

A report joins nothing that its source may not speak of: customs may of every movement, another of
those whose office it speaks for by what others told. An MRN is one declaration, so two MRNs are
never joined: a reference that several of them claim goes to the MRN whose claim is the earliest by
what happened, customs' before others'. Each movement that a claim fails to join carries a finding.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from domain.corrections import Void, not_taken_back
from domain.facts.fact import SAME_AS, Told
from domain.facts.values import Role
from domain.references import Scheme, names_movement, scheme_of
from domain.settle import admits

if TYPE_CHECKING:
    from domain.case import Linked


class Streams(Protocol):
    """The part of a reader that joins need."""

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]: ...
    def linked(self, streams: Collection[str]) -> "Mapping[str, Sequence[Linked]]": ...


class Joined(NamedTuple):
    """The names of one movement, its own name first, with the facts of each stream.

    `ambiguous` are the names that another MRN claims as well, `standing` the reports on the names
    that are not taken back, `void` those that have no effect, or would join the movement with what
    their source may not speak of, `reads` all streams looked up.
    """

    movement: str
    names: tuple[str, ...]
    ambiguous: tuple[str, ...]
    told: Mapping[str, Sequence[Told]]
    standing: Sequence[Told]
    void: Sequence[Void]
    reads: frozenset[str]


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
    if not any(one.fact.same_as for one in found[name]) and not _joining(linked):
        standing, void = not_taken_back(found[name])
        return Joined(name, (name,), (), found, standing, void, frozenset(found))
    told = _connected((name,), reader)
    standing, void = not_taken_back([one for stream in sorted(told) for one in told[stream]])
    groups, refused, unjoined = _grouped(told, standing)
    mine = tuple(sorted(groups[name], key=_best))
    touching = [pair for pair in refused if not groups[name].isdisjoint(pair)]
    contested = {ref for pair in touching for ref in _contested(pair) if ref != mine[0]}
    about = [one for one in void if one.told.stream in groups[name]]
    about += [one for one, pair in unjoined if len(groups[name].intersection(pair)) == 1]
    return Joined(
        mine[0],
        mine,
        tuple(sorted(contested)),
        told,
        [one for one in standing if one.stream in groups[name]],
        about,
        frozenset(told),
    )


def connected(names: Iterable[str], reader: Streams) -> set[str]:
    """These names and all that reports ever connected with them, whether the reports stand or not:
    what is told of one of these changes no other movement's names, and takes back no other's
    reports.
    """
    return {*_connected(names, reader)}


def _connected(names: Iterable[str], reader: Streams) -> dict[str, Sequence[Told]]:
    """The facts of each stream that is connected with these names."""
    told: dict[str, Sequence[Told]] = {}
    frontier = {*names}
    while frontier:
        found, linked = reader.told(sorted(frontier)), reader.linked(sorted(frontier))
        told |= found
        reached = {one.fact.same_as for each in found.values() for one in each if one.fact.same_as}
        reached |= {subject for links in linked.values() for subject in _joining(links)}
        frontier = reached - told.keys()
    return told


def _joining(links: "Iterable[Linked]") -> list[str]:
    return [link.subject for link in links if link.relation == SAME_AS]


def _claims(standing: Iterable[Told]) -> list[Claim]:
    """The claims that are not taken back, in their order."""
    claims = [
        Claim(
            one.role is not Role.CUSTOMS,
            str(one.fact.happened),
            one.cite,
            (one.stream, one.fact.same_as),
            one,
        )
        for one in standing
        if one.fact.same_as and one.fact.same_as != one.stream
    ]
    return sorted(claims, key=_IN_ORDER)


Pair = tuple[str, str]


def _grouped(
    names: Iterable[str], standing: Sequence[Told]
) -> tuple[dict[str, set[str]], list[Pair], list[tuple[Void, Pair]]]:
    """The references of each movement, the claims that would have joined two MRNs, and the
    reports that would have joined what is not theirs.

    Claims join in their order; the later of two that contend has no effect.
    """
    groups = {ref: {ref} for ref in names}
    refused: list[Pair] = []
    void: list[tuple[Void, Pair]] = []
    for claim in _claims(standing):
        one, other = (groups[ref] for ref in claim.names)
        if one is other:
            continue
        if wrong := _names_no_movement(claim) or _not_its_own(claim, standing, groups):
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
    claim: Claim, standing: Sequence[Told], groups: Mapping[str, set[str]]
) -> Void | None:
    """A claim on a movement of which its source may not speak.

    What others told decides, and then the office in a local reference number: by its own reports
    it could say itself where any movement is.
    """
    office, source = claim.told.fact.office, claim.told.source
    if office is None or not claim.by_others:
        return None
    for name in claim.names:
        refs = groups[name]
        others = [one for one in standing if one.stream in refs and one.source != source]
        if not admits(refs, others, office):
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

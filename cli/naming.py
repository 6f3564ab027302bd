"""Which movement a reference leads to, and which statement an id, as they are typed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from shlex import quote
from typing import Final, Protocol

from cli.exits import Exit, Refused
from domain.references import Scheme, reference, scheme_of, value_of
from projections import queries
from projections.identifiers import MARK, candidates, full
from projections.view import View

SHOWN: Final = 10


class Named(Protocol):
    """A row that has an id."""

    @property
    def id(self) -> str: ...
    @property
    def movement(self) -> str: ...


Query = Callable[[View, datetime, Iterable[str]], Iterable[Named]]
LISTS: Final[tuple[Query, ...]] = (
    queries.debts,
    queries.deadlines,
    queries.procedures,
    queries.positions,
    queries.findings,
    queries.guarantees,
)


def spellings(typed: str) -> list[str]:
    """The references that somebody can mean: as spelled, or in every scheme where none is named."""
    scheme = scheme_of(typed)
    if scheme:
        return [reference(scheme, value_of(typed))]
    return list(dict.fromkeys(reference(each, typed) for each in Scheme))


def movement(view: View, typed: str) -> str | None:
    """The movement that a reference names, or the only one that it leads to.

    Raises `Refused` where it leads to several.
    """
    meant = spellings(typed)
    own = view.movements(meant)
    leads = own or sorted({row.movement for ref in meant for row in queries.references(view, ref)})
    if len(leads) > 1:
        more = f" and {len(leads) - SHOWN} more" if len(leads) > SHOWN else ""
        raise Refused(
            f"{typed} leads to {len(leads)} movements: {', '.join(leads[:SHOWN])}{more}."
            " Name one of them.",
            Exit.USAGE,
        )
    return leads[0] if leads else None


def existing(view: View, typed: str) -> str:
    """The movement that a reference leads to; raises `Refused` where there is none."""
    found = movement(view, typed)
    if found is None:
        told = [one for each in view.reader.told(spellings(typed)).values() for one in each]
        if told:
            kinds = ", ".join(dict.fromkeys(one.fact.TYPE for one in told))
            raise Refused(
                f"Nothing can be said of {typed} yet: what is reported of it ({kinds}) does not"
                " tell what it is. Ingest its declaration, presentation or arrival.",
                Exit.NOT_FOUND,
            )
        raise Refused(
            f"Nothing is known of {typed}: no report names it. Goods in the customs territory are"
            " then presumed to be Union goods (Article 153(1)). Check how it is spelled, or ingest"
            " the reports that tell of it.",
            Exit.NOT_FOUND,
        )
    return found


def subjects(view: View, typed: str) -> list[str]:
    """The movements that an id can be about; raises `Refused` where there is none."""
    found = [name for name, _ in _meant(view, typed)]
    if not found and (whole := movement(view, typed)):
        return [whole]
    return found or [existing(view, typed.partition(MARK)[0])]


def statement(view: View, typed: str, as_of: datetime) -> str:
    """The id that is typed whole or by its first parts, such as `17BG…#debt`; raises `Refused`."""
    meant = [(name, rest) for name, rest in _meant(view, typed) if rest]
    if not meant:
        raise _nothing(typed)
    wanted = [full(name, rest) for name, rest in meant]
    ids = _ids(view, as_of, list(dict.fromkeys(name for name, _ in meant)))
    whole = [each for each in ids if each in wanted]
    found = whole or [each for each in ids if any(_begins(each, begun) for begun in wanted)]
    if len(found) > 1:
        listed = ", ".join(map(copyable, found[:SHOWN]))
        raise Refused(f"{typed} fits {len(found)} statements: {listed}.", Exit.USAGE)
    # obligations and grounds are statements, too, that no list shows
    return found[0] if found else wanted[0]


def shortened(view: View, query: Query, as_of: datetime, rows: Sequence[Named]) -> dict[str, str]:
    """For each row's id the shortest beginning that fits no other of its movement and sort."""
    movements = dict.fromkeys(row.movement for row in rows)
    of: dict[str, list[str]] = {name: [] for name in movements}
    for row in query(view, as_of, list(movements)):
        if row.id not in of[row.movement]:
            of[row.movement].append(row.id)
    return {each: _shortest(each, name, ids) for name, ids in of.items() for each in ids}


def copyable(name: str) -> str:
    """An id as a shell takes it, whatever a source put into it."""
    if _PLAIN.fullmatch(name):
        return name
    return quote(name) if name.isprintable() else f"$'{''.join(map(_escaped, name))}'"


def _escaped(char: str) -> str:
    """A character between `$'` and `'`."""
    if char in "'\\":
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08x}"


_PLAIN: Final = re.compile(r"[\w@%+=:,./-][\w@%+=:,./#-]*")


def _meant(view: View, typed: str) -> Iterator[tuple[str, str]]:
    """The movements and statements that an id names, each as its movement is called."""
    for head, rest in candidates(typed):
        if name := movement(view, head):
            yield name, rest


def _shortest(name: str, movement: str, ids: Sequence[str]) -> str:
    others = [each for each in ids if each != name]
    for short in _beginnings(name, movement):
        if not any(_begins(each, short) for each in others):
            return short
    return name


def _beginnings(name: str, movement: str) -> Iterator[str]:
    parts = name.removeprefix(full(movement, "")).split("/")
    for many in range(1, len(parts) + 1):
        yield full(movement, "/".join(parts[:many]))


def _begins(name: str, beginning: str) -> bool:
    return name == beginning or name.startswith(f"{beginning}/")


def _ids(view: View, as_of: datetime, movements: list[str]) -> list[str]:
    rows = (row.id for query in LISTS for row in query(view, as_of, movements))
    return list(dict.fromkeys(rows))


def _nothing(typed: str) -> Refused:
    return Refused(
        f"Nothing has the id {typed}. The lists print ids, such as those of `customs debts`.",
        Exit.NOT_FOUND,
    )

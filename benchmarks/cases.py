"""Cases as a busy port has them, each with the bytes of the facts of its own."""

from collections.abc import Iterator
from typing import NamedTuple

import orjson

from benchmarks.generator import Sort, deliveries
from benchmarks.intake import NOW
from domain.case import Book, Case, assemble
from domain.facts.fact import told
from domain.references import names_movement

FACTS = range(6, 13)
NEIGHBOURS = 3


class Known(NamedTuple):
    """A case, and the reports of its own facts."""

    case: Case
    reports: tuple[bytes, ...]

    @property
    def typical(self) -> bool:
        """Whether it has 6 to 12 facts of its own and up to 3 neighbours."""
        neighbours = len(self.case.previous) + len(self.case.successors)
        return len(self.reports) in FACTS and neighbours <= NEIGHBOURS


class Port(NamedTuple):
    """All that a port told, and the bytes of each report by how it is cited."""

    book: Book
    bytes_of: dict[str, bytes]
    streams: tuple[str, ...]


def port(count: int, seed: int) -> Port:
    """What the first so many messages of the port tell."""
    raws = [each.raw for each in deliveries(count, seed) if each.sort in (Sort.IN_TIME, Sort.LATE)]
    bytes_of, all_told = {}, []
    for raw in raws:
        said = orjson.loads(raw)
        one = told(raw, said["type"], said["subject"], NOW)
        bytes_of[one.cite] = raw
        all_told.append(one)
    streams = sorted({one.stream for one in all_told if names_movement(one.stream)})
    return Port(Book(all_told), bytes_of, tuple(streams))


def cases(told: Port) -> Iterator[Known]:
    """The case of every movement."""
    seen: set[str] = set()
    for name in told.streams:
        if name not in seen:
            case = assemble(name, told.book)
            seen |= {*case.names}
            own = told.book.told(case.names)
            yield Known(
                case, tuple(told.bytes_of[one.cite] for each in own.values() for one in each)
            )

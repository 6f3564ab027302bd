"""What waits to be published: facts of the log, entries of the journal, present positions.

Each outbox gives its next page, which stays the next one until it is said to be `passed`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from consumers.broker.ports import Outgoing
from consumers.messages.facts import facts
from consumers.messages.positions import position, taken_back
from consumers.messages.verdicts import verdict
from projections import publications
from projections.canonical import instant
from projections.current import PresentPosition, present
from projections.publications import Published
from store.log import Log

READ_FACTS: Final = "publisher:facts"
"""Stands at the log index up to which the facts are published."""
READ_VERDICTS: Final = "publisher:verdicts"
"""Stands at the number of the last entry of the journal that is published."""
CLAIMS: Final = "publisher:positions"
"""Counts how often somebody was about to publish present positions."""
SOURCE: Final = "urn:customs-tracker:log:"
PIECE: Final = 500
"""Present positions in one page."""


class Lag(NamedTuple):
    """How much waits; `position` grows with what is published."""

    behind: int
    position: int


class Outbox(Protocol):
    """One stream of records to publish; every method raises what its log raises."""

    @property
    def name(self) -> str: ...

    def next(self) -> Sequence[Outgoing] | None:
        """The next page, which may hold nothing to send; `None` where nothing waits."""

    def read_ahead(self) -> None:
        """Use the time until the page is acknowledged."""

    def passed(self) -> None:
        """The page stands on its topic. Raises ReaderMoved where another publisher was faster."""

    def forget(self) -> None:
        """Begin again from where the log says."""

    def lag(self) -> Lag: ...


class Page(NamedTuple):
    """Records to send, and where their reader stands before and after them."""

    before: int
    after: int
    full: bool
    records: Sequence[Outgoing]


class Size:
    """How large a page is: half as large after each that failed, until they get through again.

    Brokers that are slow acknowledge less in the time that there is.
    """

    def __init__(self, most: int) -> None:
        self._most = self.now = most

    def passed(self) -> None:
        self.now = min(2 * self.now, self._most)

    def failed(self) -> None:
        self.now = max(self.now // 2, 1)


class _Tail(ABC):
    """What is read by number, in its order: the reader of the log says how far."""

    reader: str

    def __init__(self, log: Log, topic: str, most: int) -> None:
        self._log, self._topic, self._size = log, topic, Size(most)
        self._page: Page | None = None
        self._ahead: Page | None = None

    def next(self) -> Sequence[Outgoing] | None:
        if self._page is None:
            self._page, self._ahead = self._ahead or self._read(self._log.reader(self.reader)), None
        return self._page and self._page.records

    def read_ahead(self) -> None:
        if self._page and self._page.full:
            self._ahead = self._read(self._page.after)

    def passed(self) -> None:
        if self._page:
            self._log.move_reader(self.reader, self._page.before, self._page.after)
            self._page = None
            self._size.passed()

    def forget(self) -> None:
        if self._page:
            self._size.failed()
        self._page = self._ahead = None

    @abstractmethod
    def _read(self, after: int) -> Page | None:
        """The page that begins after a number; `None` where nothing stands there."""


class Facts(_Tail):
    """The facts of the log in its order."""

    name, reader = "facts", READ_FACTS

    def lag(self) -> Lag:
        """Behind are all records, links as well."""
        at = self._log.reader(READ_FACTS)
        return Lag(self._log.head().index - at, at)

    def _read(self, after: int) -> Page | None:
        head = self._log.head().index
        if head <= after:
            return None
        found = self._log.page(after, self._size.now, up_to=head, links=False)
        full = len(found) == self._size.now
        return Page(after, found[-1].index if full else head, full, facts(found, self._topic))


class Verdicts(_Tail):
    """The journal in the order of its numbers."""

    name, reader = "verdicts", READ_VERDICTS

    def lag(self) -> Lag:
        at = self._log.reader(READ_VERDICTS)
        with self._log.connection() as db:
            return Lag(max(0, publications.last_verdict(db) - at), at)

    def _read(self, after: int) -> Page | None:
        with self._log.connection() as db:
            found = publications.verdicts(db, after, self._size.now)
        if not found:
            return None
        source = source_of(self._log)
        full = len(found) == self._size.now
        told = [verdict(row, source, self._topic) for row in found]
        return Page(after, found[-1].number, full, told)


class Positions:
    """The present position of each movement that is due.

    A page is claimed before it is read. So whoever finds that another one claimed since knows that
    he is not alone, before he sends what may be the earlier one.
    """

    name = "positions"

    def __init__(self, log: Log, topic: str, most: int = PIECE) -> None:
        self._log, self._topic, self._size = log, topic, Size(most)
        self._begun = False
        self._claims: int | None = None
        self._page: list[Published] | None = None

    def next(self) -> Sequence[Outgoing] | None:
        if not self._waits():
            return None
        self._claim()
        with self._log.connection() as db:
            until = publications.reached(db)
            due = publications.due(db, until.instant, self._size.now) if until else []
            names = [row.movement for row in due]
            found = present(db, names, until.instant, until.generation) if until else {}
        source = source_of(self._log)
        self._page = [Published(row, _again(found.get(row.movement))) for row in due]
        return [
            position(found[name], source, self._topic)
            if name in found
            else taken_back(name, self._topic)
            for name in names
        ]

    def read_ahead(self) -> None:
        """Nothing: what is read before it is claimed may be out of date."""

    def passed(self) -> None:
        if self._page is not None:
            with self._log.transaction() as db:
                publications.mark(db, self._page)
            self._page = None
            self._size.passed()

    def forget(self) -> None:
        if self._page is not None:
            self._size.failed()
        self._page = self._claims = None

    def lag(self) -> Lag:
        at = self._log.reader(CLAIMS)
        with self._log.connection() as db:
            until = publications.reached(db)
            return Lag(publications.waiting(db, until.instant) if until else 0, at)

    def _waits(self) -> bool:
        if not self._begun:
            self._begin()
        with self._log.connection() as db:
            until = publications.reached(db)
            return until is not None and bool(publications.due(db, until.instant, 1))

    def _begin(self) -> None:
        """Have those published that were judged before anybody took notes."""
        with self._log.transaction() as db:
            if publications.reached(db) is not None:
                publications.begin(db)
                self._begun = True

    def _claim(self) -> None:
        at = self._log.reader(CLAIMS) if self._claims is None else self._claims
        self._log.move_reader(CLAIMS, at, at + 1)
        self._claims = at + 1


def _again(said: PresentPosition | None) -> str | None:
    """When a movement is due again, if nothing changes before."""
    return instant(said.until) if said and said.until else None


def source_of(log: Log) -> str:
    """The name of a log: by the leaf of its first record, which no other log has."""
    first = log.record(1)
    return f"{SOURCE}{first.leaf.hex()[:32]}" if first else SOURCE


def publish_again(log: Log) -> int:
    """Have everything published once more, and return how many records of the log that concerns.

    Raises ReaderMoved where a publisher is at work in this moment; then call it again.
    """
    published = log.reader(READ_FACTS)
    for name in (READ_FACTS, READ_VERDICTS):
        log.move_reader(name, log.reader(name), 0)
    with log.transaction() as db:
        if publications.reached(db) is not None:
            publications.all_due(db)
    return published

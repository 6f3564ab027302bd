"""A question and the store it is put to: opened, viewed, and as of which instant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from cli import clock, naming, paper
from cli.exits import Exit, Refused
from cli.moments import Moment
from cli.terms import mention_later_acts
from domain.law.citation import Law
from domain.policies import Policies
from projections import state
from projections.judging import Terms
from projections.view import View, view
from store.log import Log
from store.opening import open_log

DEFAULT: Final = Terms(Law(), Policies())
"""What a new store is judged under."""


class Question(NamedTuple):
    """What every question says beside its subject; `None` is the default of each."""

    store: str
    as_of: Moment | None = None
    known_at: Moment | None = None
    law: date | None = None
    switches: Mapping[str, str] = {}

    @property
    def legal_time(self) -> Moment:
        """As of when: today where nothing is said."""
        return self.as_of or Moment(clock.today())


class Asked(NamedTuple):
    """What answers a question: a view, the instant to look at, and the movements asked for."""

    view: View
    as_of: datetime
    movements: list[str] | None


@contextmanager
def put(question: Question, references: Iterable[str] = ()) -> Iterator[Asked]:
    """Put a question about these references, or about everything where there are none.

    Raises `Refused` where the store cannot be opened, or a reference leads to no movement or to
    several.
    """
    with opened(question.store) as log:
        if question.known_at is None:
            _mention_lag(log)
        if question.law:
            mention_later_acts(question.law)
        own = names(log, list(references))
        with viewed(log, question, own) as found:
            movements = found.movements(own) if own else None
            yield Asked(found, as_of(found, question.legal_time, movements), movements)


def only(asked: Asked, reference: str) -> str:
    """The one movement asked about; raises `Refused` where it was not known yet."""
    if asked.movements:
        return asked.movements[0]
    raise Refused(
        f"Nothing was known of {reference} by then. Ask at a later --known-at.", Exit.NOT_FOUND
    )


@contextmanager
def opened(store: str | Path, *, create: bool = False, insecure: bool = False) -> Iterator[Log]:
    """The store; raises `Refused` where there is none and none may be made."""
    try:
        log = open_log(store, create, insecure=insecure)
    except FileNotFoundError as error:
        hint = "" if create else " Name the store with --store or CUSTOMS_STORE."
        raise Refused(f"{error}{hint}", Exit.UNREACHABLE) from None
    with log:
        yield log


@contextmanager
def viewed(log: Log, question: Question, movements: Iterable[str] | None = None) -> Iterator[View]:
    """The view that a question asks for; only `movements` are judged again where they are given."""
    known_at = question.known_at.reached() if question.known_at else None
    law = Law(question.law) if question.law else None
    with ExitStack() as stack:
        with paper.progress("Judging again") as told:
            found = view(
                log,
                law=law,
                policies=policies(log, question.switches),
                known_at=known_at,
                movements=movements,
                progress=told,
            )
            judged = stack.enter_context(found)
        yield judged


def as_of(found: View, moment: Moment, movements: Iterable[str] | None = None) -> datetime:
    """The instant of legal time of a question about these movements, or about all."""
    if isinstance(moment.told, datetime):
        return moment.reached()
    if movements is None:
        rows = found.db.execute("SELECT DISTINCT office FROM movements").fetchall()
        return moment.at_offices(office for (office,) in rows)
    outlines = found.reader.outlines(list(movements))
    return moment.at_offices(each.office for each in outlines.values() if each)


def terms(log: Log) -> Terms:
    """The law and the policies that the store is judged under."""
    with log.connection() as db:
        stands = state.found(db)
    return state.terms_of(stands) if stands else DEFAULT


def names(log: Log, references: Sequence[str]) -> list[str] | None:
    """All names, as known now, of the movements that these lead to; `None` where none is asked."""
    if not references:
        return None
    with view(log) as known:
        movements = [naming.existing(known, each) for each in references]
        outlines = known.reader.outlines(movements)
        return [name for each in outlines.values() if each for name in each.names]


def policies(log: Log, switches: Mapping[str, str]) -> Policies | None:
    """The store's own policies with these set; `None` where none is."""
    if not switches:
        return None
    return Policies.of({**terms(log).policies.spelled(), **switches})


def _mention_lag(log: Log) -> None:
    """Say so where the read models have not read the whole log."""
    with log.connection() as db:
        stands = state.found(db)
    behind = log.head().index - stands.position if stands else 0
    if behind:
        noun = "record" if behind == 1 else "records"
        paper.say(
            f"The read models are {behind} {noun} behind the log:"
            " `customs rebuild` brings them up to date."
        )

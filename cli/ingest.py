"""Taking reports in: files through the intake, then what follows from them."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from cli import asking, clock, lines, paper, speaking, words
from cli.exits import Exit, Refused
from cli.moments import Moment
from cli.options import STORE, AsOf, Json, Store
from cli.speaking import SourcesFile, Speaker
from cli.tables import Row, table
from consumers.ahead import take_all
from consumers.entitlement import Sources
from consumers.files import Unreadable, messages, paths
from consumers.garbage import collect_seldom
from consumers.intake import Message
from projections import journal
from projections.projector import Projector
from projections.view import view
from schemas.rows import Counted
from store.log import Log
from store.records import LogError, Outcome, OutcomeKind

BATCH: Final = 5_000
"""Messages in one transaction."""
UNDERIVED: Final = (
    "What is said above was recorded. What follows from it is not derived yet: a running projector"
    " or the next `customs ingest` does it, and whoever leaves it to them says --no-project."
)
Counts = Counter[tuple[OutcomeKind, str | None]]
Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...", exists=True, readable=True,
        help="Files (NDJSON, JSON, also gzipped), or folders of them.",
    ),
]  # fmt: skip
NoProject = Annotated[
    bool,
    typer.Option(
        "--no-project", show_default="derive it",
        help="Only record: what follows is derived by the next ingest, or by rebuild.",
    ),
]  # fmt: skip


class Taken(NamedTuple):
    """What became of the messages, and the files that could not be read to their end."""

    counts: Counts
    unreadable: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was set aside or left unread."""
        return not self.aside and not self.unreadable

    @property
    def aside(self) -> bool:
        """Whether something is set aside; what was before, and still is, is a duplicate of that."""
        return any(reason is not None for _, reason in self.counts)


def ingest(
    path: Paths,
    *,
    store: Store = STORE,
    source: Speaker = None,
    sources: SourcesFile = None,
    as_of: AsOf = None,
    no_project: NoProject = False,
    json: Json = False,
) -> None:
    """Record the reports in files, and derive what follows from them.

    A file is a partition of its own, by its absolute path, and five thousand of its messages are
    one transaction. What was recorded before counts as a duplicate; what cannot be understood is
    set aside whole, with its reason. What legal time brings up to --as-of is journalled.
    """
    collect_seldom()
    with asking.opened(store, create=True) as log:
        taken = take(log, path, source, speaking.sources(sources, source), clock.now)
        _summary(taken, json=json)
        if not no_project:
            derive(log, as_of or Moment(clock.today()))
    if not taken.whole:
        raise typer.Exit(Exit.SET_ASIDE)


def take(
    log: Log,
    told: Sequence[Path],
    source: str | None,
    sources: Sources,
    now: Callable[[], datetime],
) -> Taken:
    """Take in files and folders, each file as a partition of its own."""
    counts, files, unreadable = Counts(), list[Path](), list[str]()
    for path in told:
        try:
            files += paths(path)
        except Unreadable as error:
            unreadable.append(str(error))
    size = sum(file.stat().st_size for file in files)
    done = 0
    with paper.progress("Recording") as progress:
        for file in files:
            try:
                for outcomes, length in _outcomes(log, sources, file, source, now):
                    counts.update((each.kind, each.reason) for each in outcomes)
                    done = min(done + length, size)
                    progress(done, size)
            except Unreadable as error:
                unreadable.append(str(error))
    return Taken(counts, tuple(unreadable))


def derive(log: Log, moment: Moment) -> None:
    """Bring the read models up to date, and journal what legal time brings up to a moment.

    Raises `Refused` where the store does not let them: what was recorded before stays.
    """
    try:
        with paper.progress("Deriving") as progress:
            Projector(log, *asking.terms(log)).catch_up(progress=progress)
        with view(log) as found:
            until = asking.as_of(found, moment)
        journal.announce(log, until)
    except LogError as error:
        raise Refused(f"{UNDERIVED} {error}", Exit.UNREACHABLE) from error


def _outcomes(
    log: Log, sources: Sources, file: Path, source: str | None, now: Callable[[], datetime]
) -> Iterator[tuple[list[Outcome], int]]:
    """The outcomes of a file, a batch at a time, with the length of the batch in bytes."""
    lengths: deque[int] = deque()

    def measured() -> Iterator[list[Message]]:
        for batch in _batches(messages(file, source)):
            lengths.append(sum(len(each.raw) for each in batch))
            yield batch

    for outcomes in take_all(log, sources, f"file:{file.resolve()}", measured(), now):
        yield outcomes, lengths.popleft()


def _batches(told: Iterator[Message]) -> Iterator[list[Message]]:
    """Batches of messages; what came before an unreadable place is still taken."""
    while True:
        batch: list[Message] = []
        try:
            batch.extend(islice(told, BATCH))
        except Unreadable:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch


def _summary(taken: Taken, *, json: bool) -> None:
    """How many messages had which outcome, for which reason."""
    counts = sorted(taken.counts.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    if json:
        for (kind, reason), many in counts:
            lines.write("ingest", Counted(kind, reason, many))
    else:
        rows = [
            Row((kind.value, reason or words.NEVER, f"{many:,}")) for (kind, reason), many in counts
        ]
        table(paper.data(), "", ("outcome", "reason", "messages"), rows, "messages")
    for error in taken.unreadable:
        paper.say(error)
    if taken.aside:
        paper.say("What was set aside, and what to do about it: customs quarantine list")

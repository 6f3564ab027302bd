"""Erasing the bytes of a message that names persons: first which ones, then doing it."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from cli import asking, clock, erasures, paper, sheet, words
from cli.erasures import By
from cli.exits import Exit, Refused
from cli.options import LARGEST, STORE, Store
from cli.redrive import Go
from cli.tables import Row
from store.log import Log
from store.preparing import report_key
from store.records import Erasure, Outcome, OutcomeKind

COLUMNS: Final = ("id", "recorded", "source", "report", "became", "bytes")
Messages = Annotated[
    list[str],
    typer.Argument(
        metavar="MESSAGE...",
        help="By its number, as `quarantine list` has it, or SOURCE/REPORT, as reports are cited.",
    ),
]  # fmt: skip
Why = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", show_default="--go needs it",
        help="Why, such as the file number of the request: it is kept for whoever asks later, so"
        " name nobody in it.",
    ),
]  # fmt: skip


def erase(
    messages: Messages, *, why: Why = None, by: By = None, store: Store = STORE, go: Go = False
) -> None:
    """Erase the bytes of messages as they came, which may name persons.

    Without --go it says which and changes nothing. What was recorded of them stays and verifies,
    also why one was set aside. That they were erased, when, by whom and why is kept: see
    customs erasures. A native report is the record itself, and has no field for a name: it cannot
    be erased.
    """
    reason = (why or "").strip()
    if go and not reason:
        raise Refused("Say why the bytes are to be erased: --why 'TEXT'.", Exit.USAGE)
    with asking.opened(store) as log:
        named = [each for told in messages for each in _of_one_message(log, told)]
        found = [each for each in dict.fromkeys(named) if not _is_the_record(log, each)]
        if not found:
            raise Refused(
                f"Nothing of {', '.join(messages)} can be erased: a native report is the record"
                " itself, and has no field for a name.",
                Exit.NOT_FOUND,
            )
        if go:
            at, who = clock.now(), erasures.who(by)
            for each in found:
                log.erase_raw(Erasure(each.id, at, who, reason))
        noted = {each.outcome: each for each in log.erasures()}
        rows = [_row(each, log.raw(each.id), noted.get(each.id)) for each in found]
    sheet.show("Erased" if go else "To erase", COLUMNS, rows, "id")
    if not go:
        paper.say("Nothing was changed: add --go to do it. Nothing brings the bytes back.")


def _of_one_message(log: Log, told: str) -> Iterator[Outcome]:
    """The outcomes of a message that can keep its bytes; raises `Refused`."""
    one = _outcome(log, _number(log, told))
    if one and one.kind is OutcomeKind.DUPLICATE:
        one = _outcome(log, _first(log, one.source, one.report_id or ""))
    if one is None:
        raise Refused(
            f"No message {told} is known: name it by its number, as `customs quarantine list` has"
            " it, or SOURCE/REPORT, as `customs explain` cites reports.",
            Exit.NOT_FOUND,
        )
    first = _outcome(log, one.redrives) or one
    yield first
    again = log.told_again(first)
    if again and again.kind is not OutcomeKind.DUPLICATE:
        yield again


def _number(log: Log, told: str) -> int | None:
    if told.isascii() and told.isdecimal() and len(told) < len(str(LARGEST)):
        return int(told)
    source, _, report = told.partition("/")
    return _first(log, source, report)


def _first(log: Log, source: str, report: str) -> int | None:
    """The outcome of the message that told a report first."""
    _, known = log.standing([report_key(source, report)])
    return next((each.outcome for each in known.values()), None)


def _outcome(log: Log, number: int | None) -> Outcome | None:
    found = next(log.outcomes(after=number - 1, limit=1), None) if number else None
    return found if found and found.id == number else None


def _is_the_record(log: Log, told: Outcome) -> bool:
    """Whether the log keeps no bytes of a message but those of its record."""
    record = log.record(told.index) if told.index else None
    return record is not None and record.body == log.raw(told.id)


def _row(told: Outcome, raw: bytes | None, noted: Erasure | None) -> Row:
    """A message as a table shows it."""
    kept = "gone" if raw is None else "kept"
    cells = (
        str(told.id),
        f"{told.recorded_at:%Y-%m-%d %H:%M}",
        told.source,
        told.report_id or words.NEVER,
        told.kind.value,
        "erased" if noted else kept,
    )
    return Row(cells, erasures.what_became(noted) if raw is None else "")

"""What each source sent, and what is wrong with it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, Final

import typer

from cli import asking, lines, paper, sheet, spreadsheet
from cli.asking import Question
from cli.forms import Form, form
from cli.options import FILTERS, LONGEST, STORE, Csv, Json, Store
from cli.quarantine import BySource
from cli.tables import Row
from projections.quality import QualityView
from projections.quality import quality as derived

WEEK: Final = 7
HOURS_A_DAY: Final = 24
MESSAGES: Final = ("source", "recorded", "repeats", "set aside", "still", "last heard")
FACTS: Final = ("source", "facts", "late", "median", "longest", "digit", "shape", "disagrees")
ASIDE: Final = ("source", "reason", "messages", "still")
Late = Annotated[
    int,
    typer.Option(
        "--late", min=0, max=LONGEST, metavar="DAYS", rich_help_panel=FILTERS,
        help="Count as late what was recorded more than so many days after it happened.",
    ),
]  # fmt: skip


def quality(
    *,
    store: Store = STORE,
    source: BySource = None,
    late: Late = WEEK,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Quality: what each source repeated, told late, named wrong, or told otherwise than another.

    Warnings of check digits and shapes count the movements that a source named so. Lateness is the
    time from what happened to its recording, over all facts about movements that were recorded.
    """
    asked = form(json=json, csv=csv)
    question = Question(store)
    with asking.opened(store) as log, asking.viewed(log, question) as view:
        as_of = asking.as_of(view, question.legal_time)
        with paper.progress("Reading") as progress:
            every = derived(log, view, as_of, timedelta(days=late), progress)
            rows = [each for each in every if source in (None, each.source)]
    if asked is Form.JSON:
        for row in rows:
            lines.write("quality", row, as_of=as_of)
    elif asked is Form.CSV:
        spreadsheet.write(QualityView, rows, as_of=as_of)
    else:
        _print(rows, late)


def _print(rows: list[QualityView], late: int) -> None:
    sheet.show("Messages", MESSAGES, _messages(rows), ",".join(MESSAGES[1:-1]))
    paper.data().print()
    title = f"Facts about movements; late is more than {late} days"
    sheet.show(title, FACTS, _facts(rows), ",".join(FACTS[1:]))
    paper.data().print()
    sheet.show("Set aside", ASIDE, _reasons(rows), ",".join(ASIDE[2:]))
    _disagreeing(rows)


def _messages(rows: Iterable[QualityView]) -> Iterator[Row]:
    for row in rows:
        counts = (row.recorded, row.duplicates, row.set_aside, row.open)
        heard = f"{row.last_heard:%Y-%m-%d %H:%MZ}"
        yield Row((row.source, *(f"{count:,}" for count in counts), heard))


def _facts(rows: Iterable[QualityView]) -> Iterator[Row]:
    for row in rows:
        times = (_span(row.median_hours), _span(row.longest_hours)) if row.facts else ("-", "-")
        counts = (row.check_digit, row.shape, row.disagreements)
        cells = (row.source, f"{row.facts:,}", f"{row.late:,}", *times)
        yield Row((*cells, *(f"{count:,}" for count in counts)))


def _reasons(rows: Iterable[QualityView]) -> Iterator[Row]:
    for row in rows:
        for each in row.reasons:
            yield Row((row.source, each.reason, f"{each.messages:,}", f"{each.open:,}"))


def _disagreeing(rows: Iterable[QualityView]) -> None:
    """Each act that sources told differently, once."""
    told = dict.fromkeys(each for row in rows for each in row.disagreeing)
    if told:
        paper.data().print()
        cells = (Row((each.movement, each.words)) for each in told)
        sheet.show("Told otherwise by several sources", ("movement", "what"), cells)


def _span(hours: int) -> str:
    """Whole hours in words: 5 h, or 3 d."""
    days, left = divmod(hours, HOURS_A_DAY)
    return f"{days:,} d" if days else f"{left} h"

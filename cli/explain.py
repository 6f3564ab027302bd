"""Why something is said: the rule, its articles, the steps of an amount, the reports."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Annotated

import typer
from rich.text import Text

from cli import asking, erasures, lines, naming, paper, saying, words
from cli.asking import Question
from cli.options import STORE, AsOf, Json, KnownAt, LawText, Policy, Store
from cli.tables import Row, table
from cli.terms import switches, under
from domain.settle import zone_at
from projections.explain import Cited, Explanation
from projections.explain import explain as explained
from projections.view import view
from store.records import Erasure

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="As the lists print it: a movement, # and the first parts of what is said of it.",
    ),
]


def explain(
    name: Id,
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    json: Json = False,
) -> None:
    """Why a debt, a deadline, a position or a finding is said: rule, articles, steps, reports.

    The reports listed reproduce it, under the law and the policies named.
    """
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with asking.put(question, _about(store, name)) as asked:
        told = explained(asked.view, naming.statement(asked.view, name, asked.as_of))
        outline = asked.view.reader.outlines([told.movement])[told.movement]
    with asking.opened(store) as log:
        erased = erasures.of_reports(log, [each.cite for each in told.reports])
    if json:
        said = {cite: {"at": of.at, "by": of.by, "why": of.why} for cite, of in erased.items()}
        lines.write("explanation", told, erased=said)
    else:
        _print(told, erased, zone_at(outline.office if outline else None))


def _about(store: str, name: str) -> list[str]:
    """The movements that an id can be about, by what is known now."""
    with asking.opened(store) as log, view(log) as known:
        return naming.subjects(known, name)


def _print(told: Explanation, erased: Mapping[str, Erasure], zone: tzinfo) -> None:
    console = paper.data()
    for line in _told(told, zone, console.width):
        console.print(line)
    console.print()
    rows = [_report(each, erased.get(each.cite), zone) for each in told.reports]
    table(console, "Reports it rests on", ("happened", "recorded", "tells"), rows)


def _told(told: Explanation, zone: tzinfo, width: int) -> Iterator[Text]:
    yield Text(told.id, style="bold")
    until = f" to {words.instant(told.ends, zone)}" if told.ends else ""
    yield Text(f"{words.spoken(told.kind)} from {words.instant(told.starts, zone)}{until}")
    yield Text()
    yield from saying.said(told.said, zone)
    yield Text("\nWhy", style="bold")
    yield from saying.reasons(told.because, width)
    yield Text("\nUnder", style="bold")
    yield Text(under(told.law, told.rules, told.policies))


def _report(told: Cited, erased: Erasure | None, zone: tzinfo) -> Row:
    when = told.happened
    happened = words.instant(when, zone) if isinstance(when, datetime) else words.day(when)
    below = f"{told.cite}\n{erasures.what_became(erased)}" if erased else told.cite
    return Row((happened, f"{told.recorded_at:%Y-%m-%d %H:%MZ}", told.type), below)

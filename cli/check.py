"""What reports would change, recording nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer
from rich.text import Text

from cli import asking, clock, lines, paper, speaking, words
from cli.exits import Exit
from cli.moments import Moment, moment
from cli.options import ASKED, STORE, Json, LawText, Policy, Store
from cli.phrases import article, change, phrase
from cli.speaking import SourcesFile, Speaker
from cli.tables import Row, table
from cli.terms import mention_later_acts, switches
from consumers.checking import Checked, Checker
from consumers.files import Unreadable, messages
from domain.judgement.ahead import Ahead
from domain.law.citation import Law
from domain.law.periods import day_of
from domain.settle import zone_at
from projections.comparing import Difference, Effect
from projections.foreseen import against
from projections.judging import Terms
from schemas.rows import Change, Foretold, Telling
from store.records import OutcomeKind

COLUMNS: Final = (" ", "since", "article", "what")
SIGNS: Final = {Effect.ADDED: "+", Effect.REMOVED: "-", Effect.CHANGED: "~"}
AGAINST: Final = "!"
File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", exists=True, readable=True,
        help="A file of reports (NDJSON, JSON, also gzipped), or a folder of them.",
    ),
]  # fmt: skip
AsOf = Annotated[
    Moment | None,
    typer.Option(
        "--as-of", parser=moment, metavar="WHEN", rich_help_panel=ASKED,
        show_default="today, or when it happened where that is later",
        help="Legal time: what begins by then can speak against a report.",
    ),
]  # fmt: skip


class Told(NamedTuple):
    """A report, checked, and what speaks against it by an instant of legal time."""

    checked: Checked
    as_of: datetime
    against: Sequence[Difference]


def check(
    file: File,
    *,
    store: Store = STORE,
    source: Speaker = None,
    sources: SourcesFile = None,
    as_of: AsOf = None,
    law: LawText = None,
    policy: Policy = None,
    json: Json = False,
) -> None:
    """What reports would change in their movement and its neighbours; nothing is recorded.

    Each is judged as if those before it in the file had been recorded. What speaks against a
    report is marked: a finding that an act has no effect or breaks an obligation, and a debt for
    an obligation not kept.
    """
    if law:
        mention_later_acts(law)
    codes = {Exit.OK}
    with asking.opened(store) as log:
        stands = asking.terms(log)
        policies = asking.policies(log, switches(policy or ())) or stands.policies
        terms = Terms(Law(law) if law else stands.law, policies)
        checker = Checker(log, speaking.sources(sources, source), terms)
        try:
            for message in messages(file, source):
                checked = checker.check(message, clock.now())
                told = _told(checked, as_of, checker.reader)
                codes.add(_code(told))
                if json:
                    _ndjson(told)
                else:
                    _print(told, checker.reader)
        except Unreadable as error:
            paper.say(str(error))
            codes.add(Exit.SET_ASIDE)
    if max(codes):
        raise typer.Exit(max(codes))


def _code(told: Told) -> Exit:
    if told.checked.outcome.kind is OutcomeKind.QUARANTINED:
        return Exit.SET_ASIDE
    return Exit.CHECK_FAILED if told.against else Exit.OK


def _told(checked: Checked, asked: Moment | None, reader: Ahead) -> Told:
    names = {one.stream for one in checked.told} | {each.movement for each in checked.differences}
    offices = [each.office for each in reader.outlines(sorted(names)).values() if each]
    looked_at = asked or Moment(max([clock.today(), *_days(checked)]))
    as_of = looked_at.at_offices(offices)
    return Told(checked, as_of, against(checked.differences, as_of))


def _days(checked: Checked) -> Iterator[date]:
    """The legal days on which the facts of a report happened."""
    for one in checked.told:
        when = one.fact.happened
        yield day_of(when, zone_at(one.fact.office)) if isinstance(when, datetime) else when


def _ndjson(told: Told) -> None:
    outcome = told.checked.outcome
    row = Foretold(
        source=outcome.source,
        report_id=outcome.report_id,
        tells=tuple(Telling(one.fact.TYPE, one.stream) for one in told.checked.told),
        outcome=outcome.kind,
        reason=outcome.reason,
        detail=outcome.detail,
        against=tuple(each.id for each in told.against),
        changes=tuple(Change(*each) for each in told.checked.differences),
    )
    lines.write("check", row, as_of=told.as_of)


def _print(told: Told, reader: Ahead) -> None:
    console, outcome = paper.data(), told.checked.outcome
    name = f"{outcome.source}/{outcome.report_id or words.UNKNOWN}"
    for one in told.checked.told:
        console.print(Text(f"{name} tells {one.fact.TYPE} of {one.stream}", style="bold"))
    if not told.checked.told:
        console.print(Text(name, style="bold"))
    console.print(_becomes(told), soft_wrap=True)
    for movement, group in groupby(told.checked.differences, key=attrgetter("movement")):
        outline = reader.outlines([movement])[movement]
        zone = zone_at(outline.office if outline else None)
        rows = [_row(each, zone, marked=each in told.against) for each in group]
        table(console, movement, COLUMNS, rows)
    console.print()


def _becomes(told: Told) -> str:
    """What would become of a report."""
    outcome, found = told.checked.outcome, told.checked.differences
    if outcome.kind is OutcomeKind.QUARANTINED:
        return f"would be set aside, {outcome.reason}: {outcome.detail}"
    if outcome.kind is OutcomeKind.DUPLICATE:
        return "was told before: nothing would change"
    if told.against:
        return f"would be recorded; what is marked {AGAINST} speaks against it"
    if found:
        return "would be recorded"
    if told.checked.underived:
        return "would be recorded; which movements rest on it is not known before they are derived"
    return "would be recorded; nothing would change"


def _row(told: Difference, zone: tzinfo, *, marked: bool) -> Row:
    was, now = told.was, told.now
    what = change(was, now, zone) if was and now else phrase(told.said, zone)
    sign = SIGNS[told.effect] + (AGAINST if marked else "")
    return Row((sign, words.instant(told.since, zone), article(told.said), what))

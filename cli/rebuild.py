"""The read models made again from the log, beside the live ones, and compared."""

import typer

from cli import asking, lines, paper, words
from cli.exits import Exit
from cli.options import STORE, Json, LawText, Policy, Store
from cli.tables import Row, table
from cli.terms import mention_later_acts, switches
from domain.law.citation import Law
from projections import state
from projections.judging import Terms
from projections.projector import Projector
from projections.rebuild import Rebuilt
from projections.rebuild import rebuild as made_again
from store.log import Log


def rebuild(
    *, store: Store = STORE, law: LawText = None, policy: Policy = None, json: Json = False
) -> None:
    """Make the read models again from the log, and compare them with those that they replace.

    Under another law or other policies than before they may differ; else a difference is a fault,
    and the rows that differ are listed. The journal of what was said is left alone.
    """
    if law:
        mention_later_acts(law)
    with asking.opened(store) as log:
        before = asking.terms(log)
        policies = asking.policies(log, switches(policy or ()))
        terms = Terms(Law(law) if law else before.law, policies or before.policies)
        alike = before == terms and _caught_up(log, terms)
        with paper.progress("Rebuilding") as progress:
            told = made_again(log, progress, law=terms.law, policies=terms.policies)
    _report(told, json=json)
    if alike and told.digest_live is not None and not told.equal:
        raise typer.Exit(Exit.CHECK_FAILED)


def _caught_up(log: Log, terms: Terms) -> bool:
    """Read on to the head first; false where other software made the read models."""
    try:
        Projector(log, *terms).catch_up()
    except state.OtherReadModels:
        return False
    return True


def _report(told: Rebuilt, *, json: bool) -> None:
    if json:
        lines.write("rebuild", told, equal=told.equal)
        return
    rows = [
        Row(("before", told.digest_live or words.NEVER)),
        Row(("rebuilt", told.digest_new)),
        Row(("records read", f"{told.read:,}")),
        Row(("judgements", f"{told.judged:,}")),
        Row(("differing rows", f"{told.differences:,}")),
    ]
    table(paper.data(), "", ("what", "value"), rows)
    for each in told.differing:
        key = " ".join(str(part) for part in each.key)
        paper.data().print(f"{each.table} {key}\n  before  {each.live}\n  rebuilt {each.new}")

"""docs/one-report.md walks through the house; this walks the same way and finds what it says."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

from consumers.entitlement import Source, Sources
from consumers.intake import Intake, Message
from domain.facts.values import Role
from domain.law.citation import Law
from domain.policies import Policies
from domain.situation import Situation
from projections.live import judgements
from store.records import OutcomeKind
from store.sqlite import SqliteLog

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "one-report.md").read_text(encoding="utf-8")


def test_the_report_goes_the_way_that_the_page_tells(tmp_path: Path) -> None:
    raw = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0].encode()
    speaker = Source(json.loads(raw)["source"], frozenset({Role.FACILITY}), frozenset({"BG001007"}))
    when = datetime(2017, 3, 20, 8, tzinfo=UTC)
    with SqliteLog(tmp_path / "log.sqlite") as log:
        (outcome,) = Intake(log, Sources([speaker])).take("page", [Message(raw)], when)
        (record,) = log.stream("doc:HLCUVAR170320118")
        (said,) = judgements(log, known_at=when, law=Law(), policies=Policies())

    assert outcome.kind is OutcomeKind.RECORDED
    assert record.body == raw
    assert [part.situation for part in said.positions[0].parts] == [Situation.TEMP_STORAGE]
    clock = next(each for each in said.deadlines if each.article == "149")
    assert (clock.raw_last_day, clock.last_day) == (date(2017, 6, 18), date(2017, 6, 19))
    assert [(debt.article, debt.incurred_on) for debt in said.debts] == [
        ("79(1)(a)", date(2017, 6, 20))
    ]


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py|docs/[a-z-]+\.md)`", PAGE))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []

"""What the documents say of intake is what intake does."""

import re
from datetime import UTC, datetime
from pathlib import Path

from consumers.entitlement import Sources
from consumers.feeds.ncts import MESSAGES
from consumers.feeds.ncts.goods import DRAWN_FROM
from consumers.intake import Intake, Message
from consumers.reasons import Reason
from domain.facts.fact import SUBJECTS
from domain.facts.values import Role
from domain.references import MOVEMENTS
from store.records import OutcomeKind
from store.sqlite import SqliteLog

DOCS = Path(__file__).parents[2] / "docs"
INTAKE = (DOCS / "intake.md").read_text("utf-8")
NCTS = (DOCS / "feeds" / "ncts.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", INTAKE, re.DOTALL)
    assert found
    return found[1]


def section(title: str) -> str:
    return INTAKE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_example_is_recorded_with_the_sources_of_the_example(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(block("toml"), "utf-8")
    sources = Sources.load(tmp_path / "sources.toml")
    raw = block("json").encode()
    with SqliteLog(tmp_path / "log.db") as log:
        [outcome] = Intake(log, sources).take(
            "files", [Message(raw)], datetime(2017, 3, 2, tzinfo=UTC)
        )
        assert (outcome.kind, outcome.detail) == (OutcomeKind.RECORDED, None)
        assert log.stream("doc:MEDUVA448120")[0].body == raw


def test_every_reason_code_is_explained() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", section("Reason codes"), re.MULTILINE)) == set(Reason)


def test_every_role_and_every_scheme_of_a_subject_is_named() -> None:
    assert all(f"`{role}`" in section("Sources") for role in Role)
    schemes = {*MOVEMENTS, *SUBJECTS.values()}
    assert all(f"`{scheme}:" in section("Subject and links") for scheme in schemes)


def test_every_ncts_message_that_is_translated_is_in_the_table() -> None:
    assert set(re.findall(r"^\| (CC\d{3}C)", NCTS, re.MULTILINE)) >= set(MESSAGES)
    assert set(re.findall(r"\b(CC\d{3}C)\b", NCTS)) == set(MESSAGES)
    assert all(kind in NCTS for kind in DRAWN_FROM)

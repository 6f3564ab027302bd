"""`python -m consumers.asyncapi` writes the AsyncAPI document, with examples of each message.

The examples are what the publisher sends of the examples of reports and of the demonstration. A
test says so where the file is not what the models say.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import orjson

from consumers.broker.ports import Outgoing
from consumers.entitlement import Sources
from consumers.feeds import detect
from consumers.files import messages
from consumers.intake import Intake
from consumers.messages.facts import facts
from consumers.processes.publisher import Publisher
from domain.law.citation import Law
from domain.policies import Policies
from projections import journal
from projections.projector import Projector
from schemas import asyncapi
from schemas.asyncapi import NATIVE, NCTS, POSITION, TAKEN_BACK, VERDICT, Example
from schemas.generate import FOLDER, text
from schemas.topics import POSITIONS, VERDICTS
from store.log import Log
from store.sqlite import SqliteLog

ROOT: Final = FOLDER.parent
REPORTS: Final = FOLDER / "examples"
DEMO: Final = ROOT / "examples" / "demo"
FEED: Final = ROOT / "examples" / "feeds" / "ncts" / "cc025c-varna-bucharest.json"
RECORDED_AT: Final = datetime(2018, 1, 31, tzinfo=UTC)
KNOWN_AT: Final = datetime(2017, 6, 14, 21, tzinfo=UTC)
SHOWN: Final = 3
"""Reports and positions that are shown."""


def write(folder: Path = FOLDER) -> None:
    """Write the document."""
    (folder / asyncapi.FILE).write_text(text(asyncapi.document(examples())), encoding="utf-8")


def examples() -> asyncapi.Examples:
    """Examples of each message: the first of each kind that comes."""
    told = _facts()
    published = _published()
    verdicts = [each for each in published if each.topic == VERDICTS.name]
    positions = [each for each in published if each.topic == POSITIONS.name]
    reports = [Example(each.payload, {}, name) for name, (each, *_) in told.items()]
    return {
        **told,
        NATIVE: reports[:SHOWN],
        NCTS: [Example(orjson.loads(FEED.read_bytes()), {}, "CC025C, goods release")],
        VERDICT: list(_of_each_kind(verdicts)),
        POSITION: [_example(each) for each in positions if each.value][:SHOWN],
        TAKEN_BACK: [Example(None)],
    }


def _facts() -> dict[str, list[Example]]:
    """Every example of a report, as it goes out once it is recorded."""
    paths = sorted(REPORTS.glob("*/valid/*.json"))
    told = [each for path in paths for each in messages(path)]
    found: dict[str, list[Example]] = {}
    with _log() as log:
        Intake(log, Sources.load(REPORTS / "sources.toml")).take("examples", told, RECORDED_AT)
        for record in facts(log.page(0, len(told) * SHOWN)):
            example = _example(record)
            found.setdefault(example.headers["ce_type"], [example])
    return dict(sorted(found.items()))


def _published() -> list[Outgoing]:
    """What the publisher sends of the demonstration."""
    kept = _Kept()
    with _log() as log:
        intake = Intake(log, Sources.load(DEMO / "sources.toml"))
        for path in sorted(DEMO.glob("*/*")):
            told = [each._replace(speaker=_speaker(each.raw)) for each in messages(path)]
            intake.take("demo", told, KNOWN_AT)
        Projector(log, Law(), Policies()).catch_up()
        journal.announce(log, KNOWN_AT)
        publisher = Publisher(log, kept)
        while publisher.step():
            """Everything is kept in memory."""
    return kept.records


def _speaker(raw: bytes) -> str | None:
    """Who hands in a message that does not say so itself."""
    return "ncts" if detect(raw) == NCTS else None


class _Kept:
    """A producer that keeps what it is given."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []

    def send(self, records: Sequence[Outgoing]) -> None:
        self.records += records

    def settle(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """Nothing is open."""


def _of_each_kind(verdicts: Iterable[Outgoing]) -> Iterator[Example]:
    seen: set[str] = set()
    for each in verdicts:
        example = _example(each)
        kind = example.payload["verdict"]
        if kind not in seen:
            seen.add(kind)
            yield example._replace(summary=kind)


def _example(record: Outgoing) -> Example:
    headers = {name: value.decode() for name, value in record.headers}
    return Example(orjson.loads(record.value or b"null"), headers)


@contextmanager
def _log() -> Iterator[Log]:
    """A throwaway log without chance in it."""
    with TemporaryDirectory() as folder, SqliteLog(Path(folder) / "log", salts=bytes) as log:
        yield log


if __name__ == "__main__":
    write()

"""A log, an intake into it, and a report to change."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from consumers.entitlement import Source, Sources
from consumers.intake import Intake, Message
from domain.facts.values import Role
from store.records import Outcome
from store.sqlite import SqliteLog

Native = Callable[..., bytes]
Take = Callable[..., list[Outcome]]

REPORT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "r-1",
    "source": "varna-terminal",
    "type": "temporary-storage.goods-presented.v1",
    "subject": "doc:BL-4711",
    "role": "facility",
    "time": "2017-03-01T10:05:00+02:00",
    "data": {
        "happened": "2017-03-01T10:00:00+02:00",
        "office": "BG002002",
        "holder": "BG201611700",
        "lines": [{"number": 1, "quantity": "120.5", "unit": "KGM"}],
    },
}


@pytest.fixture
def native() -> Native:
    """Make the bytes of a report; `data` changes fields of its fact, None leaves a field out."""

    def make(*, data: dict[str, Any] | None = None, **changes: Any) -> bytes:  # noqa: ANN401
        report = {**REPORT, "data": {**REPORT["data"], **(data or {})}, **changes}
        report["data"] = {key: value for key, value in report["data"].items() if value is not None}
        return orjson.dumps({key: value for key, value in report.items() if value is not None})

    return make


@pytest.fixture
def sources() -> Sources:
    return Sources(
        [
            Source("varna-terminal", frozenset({Role.FACILITY}), frozenset({"BG002002"})),
            Source("bg-customs", frozenset({Role.CUSTOMS})),
            Source("pontos", frozenset({Role.HOLDER, Role.DECLARANT})),
        ]
    )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(tmp_path / "log.db") as opened:
        yield opened


@pytest.fixture
def take(log: SqliteLog, sources: Sources) -> Take:
    """Take messages, or raw native reports, into the log."""
    intake = Intake(log, sources)

    def into_log(*messages: bytes | Message) -> list[Outcome]:
        told = [one if isinstance(one, Message) else Message(one) for one in messages]
        return intake.take("files", told, datetime(2017, 3, 2, tzinfo=UTC))

    return into_log

"""What the processes say on stderr: a line for each event, JSON where no terminal shows it.

No line holds a secret, or anything of a person or a movement: of an error whose words are not ours
only the kind and the place are told, since a database quotes the row that it refuses.
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from threading import main_thread
from typing import Final, TextIO

import orjson

from consumers.broker.ports import BrokerError
from consumers.entitlement import SourcesFault
from projections.state import OtherReadModels
from store.records import LogError

OURS: Final = (BrokerError, LogError, OtherReadModels, SourcesFault)
"""Errors whose words we wrote, and that name no person and no movement."""
FRAMES: Final = 5
"""How many places of an unexpected error are told, the innermost last."""
WHOLE: Final = "customs"
"""The process in a line about all of them."""
_LOGGER: Final = logging.getLogger("customs")


def begin(stream: TextIO | None = None, *, json: bool | None = None) -> None:
    """Write what happens to a stream, stderr as a rule; of libraries what is a warning or worse.

    `json` is for one object a line, as a rule where no terminal shows it.
    """
    to = stream or sys.stderr
    handler = logging.StreamHandler(to)
    handler.setFormatter(_Lines(json=not to.isatty() if json is None else json))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    _LOGGER.setLevel(logging.INFO)


def say(event: str, **facts: object) -> None:
    """Say what happened in the process whose thread this is."""
    _LOGGER.info(event, extra={"facts": facts})


def warn(event: str, **facts: object) -> None:
    """Say what somebody should know of, though work goes on."""
    _LOGGER.warning(event, extra={"facts": facts})


def fail(event: str, **facts: object) -> None:
    """Say what ended a process."""
    _LOGGER.error(event, extra={"facts": facts})


def told(error: BaseException) -> dict[str, object]:
    """What may be said of an error."""
    kind = type(error).__name__
    if isinstance(error, OURS):
        return {"error": kind, "why": str(error)}
    return {"error": kind, "where": _places(error)}


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " > ".join(f"{each.filename}:{each.lineno} {each.name}" for each in frames)


class _Lines(logging.Formatter):
    """A line for each record: JSON, or words for somebody who watches."""

    def __init__(self, *, json: bool) -> None:
        super().__init__()
        self._json = json

    def format(self, record: logging.LogRecord) -> str:
        """Format an event of ours, or what a library says."""
        ours = record.name == _LOGGER.name
        facts: dict[str, object] = dict(getattr(record, "facts", {}))
        if not ours:
            facts["library"] = record.name
        if record.exc_info and record.exc_info[1]:
            facts |= told(record.exc_info[1])
        at = datetime.fromtimestamp(record.created, UTC)
        said = record.getMessage()
        process = WHOLE if record.threadName == main_thread().name else record.threadName
        if self._json:
            line = {
                "time": at.isoformat(timespec="milliseconds"),
                "level": record.levelname.lower(),
                "process": process,
                "event": said,
            }
            return orjson.dumps(line | facts, default=str).decode()
        more = "".join(f"  {name}={value}" for name, value in facts.items())
        return f"{at:%H:%M:%S} {record.levelname.lower():7} {process:10} {said}{more}"

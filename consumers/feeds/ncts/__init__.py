"""NCTS messages of phases 5 and 6 in JSON, as facts of ours (docs/feeds/ncts.md)."""

import json
import re
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from consumers.entitlement import Source
from consumers.feeds.ncts.arrivals import (
    ArrivalNotification,
    GoodsReleaseNotification,
    UnloadingPermission,
    UnloadingRemarks,
)
from consumers.feeds.ncts.departures import (
    AmendmentMessage,
    DeclarationMessage,
    InvalidationMessage,
    PresentationNotification,
    ReleaseForTransit,
)
from consumers.feeds.ncts.messages import Message
from consumers.feeds.translation import reports_of
from consumers.reasons import Reason, refused
from consumers.wire import faults, named, read
from domain.facts.fact import Report
from domain.facts.times import AS_PUBLISHED

MESSAGES: Final[dict[str, type[Message]]] = {
    "CC007C": ArrivalNotification,
    "CC013C": AmendmentMessage,
    "CC014C": InvalidationMessage,
    "CC015C": DeclarationMessage,
    "CC025C": GoodsReleaseNotification,
    "CC029C": ReleaseForTransit,
    "CC043C": UnloadingPermission,
    "CC044C": UnloadingRemarks,
    "CC170C": PresentationNotification,
}
"""The messages that are translated, by the name of their root."""


def detects(raw: bytes) -> bool:
    """Whether the bytes begin like an NCTS message."""
    return b"CC" in raw[:_HEAD] and _ROOT_BYTES.search(raw, 0, _HEAD) is not None


def reports(raw: bytes, source: Source) -> list[Report[Any]]:
    """The reports that a message of `source` tells.

    Raises `NotUnderstood` (too_large, malformed, not_a_report, unknown_type, invalid,
    source_not_entitled).
    """
    read(raw)
    message = _message(json.loads(raw, parse_float=Decimal))
    try:
        tellings = list(message.tells())
    except ValidationError as error:
        raise refused(Reason.INVALID, faults(error, message.message_type)) from None
    return reports_of(tellings, raw, source, message.at(message.prepared))


def _message(value: object) -> Message:
    roots: dict[str, object] = value if isinstance(value, dict) else {}
    key = next((key for key in roots if _ROOT.fullmatch(key)), None)
    if key is None:
        raise refused(Reason.NOT_A_REPORT, "no message such as CC015C stands at the root")
    name = key.rpartition(":")[2]
    model = MESSAGES.get(name)
    if model is None:
        translated = ", ".join(MESSAGES)
        raise refused(Reason.UNKNOWN_TYPE, f"{name} is not translated, only {translated} are")
    try:
        message = model.model_validate(roots[key], context=AS_PUBLISHED)
    except ValidationError as error:
        raise refused(Reason.INVALID, faults(error, name)) from None
    if message.message_type != name:
        raise refused(
            Reason.INVALID,
            f"{name}.messageType: write {name} (it says {named(message.message_type)})",
        )
    return message


_ROOT: Final = re.compile(r"(?:\w+:)?CC\d{3}[A-Z]")
_ROOT_BYTES: Final = re.compile(rb'"(?:\w+:)?CC\d{3}[A-Z]"\s*:')
_HEAD: Final = 512
"""How far into a message its root is looked for: namespaces may stand before it."""

"""Native reports: CloudEvents 1.0 messages whose data is one fact."""

import re
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, TypeGuard

from pydantic import ValidationError

from consumers.reasons import Reason, refused
from consumers.wire import faults, named
from domain.facts.fact import FACTS, NotUnderstood, Report, reader


class Claim(NamedTuple):
    """What a message says of itself, believed or not; what cannot be a name counts as not said."""

    source: str | None = None
    report_id: str | None = None


def claim(value: object) -> Claim:
    """The claim of a message that may yet be set aside."""
    said: dict[str, object] = value if isinstance(value, dict) else {}
    source, report_id = said.get("source"), said.get("id")
    return Claim(
        source if _is_identifier(source) else None,
        report_id if _is_identifier(report_id) else None,
    )


def report(raw: bytes, value: object) -> Report[Any]:
    """The report in `raw`, whose JSON value is `value`; raises `NotUnderstood`.

    The reasons are not_a_report, unknown_type, unknown_version and invalid.
    """
    stored_name = value.get("type") if isinstance(value, dict) else None
    if not isinstance(stored_name, str):
        raise refused(Reason.NOT_A_REPORT, "this is no object with a type")
    if stored_name not in FACTS:
        raise _unknown(stored_name)
    try:
        return reader(stored_name)(raw)
    except ValidationError as error:
        raise refused(Reason.INVALID, faults(error)) from None


def _unknown(stored_name: str) -> NotUnderstood:
    fact, version, _ = stored_name.rpartition(".v")
    others = [known for known in FACTS if version and known.rpartition(".v")[0] == fact]
    if others and _VERSION.fullmatch(stored_name):
        return refused(
            Reason.UNKNOWN_VERSION, f"{stored_name} is known as {', '.join(others)} only"
        )
    close = get_close_matches(stored_name[:70], FACTS, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return refused(Reason.UNKNOWN_TYPE, f"no fact has the type {named(stored_name)}{hint}")


def _is_identifier(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(_IDENTIFIER.fullmatch(value))


_IDENTIFIER: Final = re.compile(r"[!-~]{1,128}")
_VERSION: Final = re.compile(r".+\.v[1-9]\d{0,3}")

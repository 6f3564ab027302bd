"""What every translator does: ids for messages without one, and our report for each fact told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b, sha256
from typing import Any, NamedTuple

from pydantic import ValidationError

from consumers.entitlement import Source
from consumers.reasons import Reason, refused
from consumers.wire import faults
from domain.facts.fact import Fact, Report, adapter
from domain.facts.values import Role


class Telling(NamedTuple):
    """One fact that a message tells: about which stream, by whom if it has the choice."""

    subject: str
    roles: Sequence[Role]
    fact: Fact


def message_id(raw: bytes, source: str) -> str:
    """The id of a message whose own is not to be trusted: a digest of its bytes, keyed by source.

    The same bytes of the same source are the same message; those of another source are not.
    """
    key = sha256(source.encode(errors="backslashreplace")).digest()
    return blake2b(raw, key=key, digest_size=16).hexdigest()


def reports_of(
    tellings: Iterable[Telling], raw: bytes, source: Source, made_at: datetime
) -> list[Report[Any]]:
    """A report for each fact that a message tells, numbered under its id.

    Raises `NotUnderstood` (source_not_entitled, invalid).
    """
    message = message_id(raw, source.name)
    return [
        _report(telling, f"{message}#{number}", source, made_at)
        for number, telling in enumerate(tellings, 1)
    ]


def _report(telling: Telling, report_id: str, source: Source, made_at: datetime) -> Report[Any]:
    stored_name = telling.fact.TYPE
    role = source.role_for(stored_name, telling.roles)
    if role is None:
        raise refused(
            Reason.SOURCE_NOT_ENTITLED,
            f"the message tells {stored_name}, which takes one of the roles"
            f" {', '.join(telling.roles)}, and source {source.name!r} has none of them",
        )
    try:
        return adapter(stored_name).validate_python(
            {
                "specversion": "1.0",
                "id": report_id,
                "source": source.name,
                "type": stored_name,
                "subject": telling.subject,
                "role": role,
                "time": made_at,
                "data": telling.fact,
            }
        )
    except ValidationError as error:
        raise refused(Reason.INVALID, faults(error)) from None


def body_of(report: Report[Any]) -> bytes:
    """The bytes of a translated report as the log keeps them: only what its message says."""
    return report.model_dump_json(exclude_none=True, exclude_unset=True).encode()

"""Why a message is set aside, and what its sender or the operator can do about it."""

from enum import StrEnum
from typing import Final

from domain.facts.fact import NotUnderstood


class Reason(StrEnum):
    """The closed list of reasons; each has one sentence of advice."""

    MALFORMED = "malformed"
    NOT_A_REPORT = "not_a_report"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_VERSION = "unknown_version"
    INVALID = "invalid"
    BAD_SUBJECT = "bad_subject"
    SOURCE_UNKNOWN = "source_unknown"
    SOURCE_NOT_ENTITLED = "source_not_entitled"
    TOO_LARGE = "too_large"
    ID_CONFLICT = "id_conflict"

    @property
    def advice(self) -> str:
        """What to do about a message that was set aside for this reason."""
        return _ADVICE[self]


def refused(reason: Reason, what: str) -> NotUnderstood:
    """The verdict on a message: what is wrong with it, and what to do."""
    return NotUnderstood(reason, f"{what}. {reason.advice}")


_ADVICE: Final[dict[Reason, str]] = {
    Reason.MALFORMED: (
        "Send one JSON document in UTF-8, without a byte order mark, each key once in its object."
    ),
    Reason.NOT_A_REPORT: (
        "Send a CloudEvents 1.0 object with id, source, type, subject, role and data, or a message"
        " of a feed that is translated."
    ),
    Reason.UNKNOWN_TYPE: (
        "Use the stored name of a fact, version and all, or a message that its feed translates."
    ),
    Reason.UNKNOWN_VERSION: (
        "Nothing needs to be sent again: upgrade the tracker to a release that knows this version"
        " and redrive the message, or send the fact in a version that is known."
    ),
    Reason.INVALID: (
        "Put the named fields right and send the message again; nothing of it was recorded."
    ),
    Reason.BAD_SUBJECT: "Put the report's stream into subject, in a scheme that fits its type.",
    Reason.SOURCE_UNKNOWN: (
        "Name the source as the sources file spells it, or add it there with its roles and offices."
    ),
    Reason.SOURCE_NOT_ENTITLED: (
        "Let a source speak that may, or widen the roles and offices of this one in the sources"
        " file."
    ),
    Reason.TOO_LARGE: "Split the message into several of at most 1 MiB each.",
    Reason.ID_CONFLICT: (
        "Send the report under a new id; where it puts the first one right, name that one in"
        " corrects."
    ),
}

"""Bytes as they arrive: JSON that says one thing only, and what is wrong with its fields.

Of a message nothing is quoted but names of fields and types: what is wrong is read by more people
than its bytes, and stays when they are erased (docs/log-format.md).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from consumers.reasons import Reason, refused

LIMIT: Final = 1 << 20
"""The largest message that is read, in bytes."""

_FAULTS_NAMED: Final = 5
_PATH_SHOWN: Final = 200
_NAME: Final = re.compile(r"[\w@$:./#-]{1,70}")
"""What may be the name of a field or a type, and is quoted as one."""


def read(raw: bytes) -> object:
    """The JSON value of a message; raises `NotUnderstood` (too_large, malformed)."""
    if len(raw) > LIMIT:
        raise refused(Reason.TOO_LARGE, f"the message has {len(raw)} bytes, the limit is {LIMIT}")
    try:
        value: object = orjson.loads(raw)
        if not _each_key_once(raw, value):
            json.loads(raw, object_pairs_hook=_object)
    except orjson.JSONDecodeError as error:
        raise refused(Reason.MALFORMED, f"this is no JSON: {error}") from None
    except (orjson.JSONEncodeError, RecursionError):
        raise refused(Reason.MALFORMED, "the message nests too deep") from None
    return value


def _each_key_once(raw: bytes, value: object) -> bool:
    """Whether no key is repeated, for certain; False means that it takes a closer look.

    Many messages are written as we would write their value out again. Of others, each key brings
    one colon, and the colons within strings stand in the bytes as they are unless some character
    is escaped by number. So the value, written out again, has as many colons as came; where it has
    fewer, a key stood twice and one was dropped.
    """
    if b"\\u" in raw:
        return False
    again = orjson.dumps(value)
    return raw == again or raw.count(b":") == again.count(b":")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise refused(Reason.MALFORMED, f"the key {named(twice)} stands twice in one object")
    return made


def faults(error: ValidationError, root: str = "") -> str:
    """What is wrong with which fields, in words; `root` begins each path."""
    details = _innermost(error.errors(include_url=False, include_context=False))
    some = [_fault(one, root) for one in details[:_FAULTS_NAMED]]
    more = len(details) - len(some)
    return "; ".join([*some, *([f"and {more} more"] if more else [])])


def _innermost(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those of a whole that has a part at fault."""
    wholes = {one["loc"][:depth] for one in details for depth in range(len(one["loc"]))}
    return [one for one in details if one["loc"] not in wholes]


def _fault(detail: ErrorDetails, root: str) -> str:
    steps = [root, *detail["loc"]] if root else list(detail["loc"])
    if detail["type"] == _NO_FIELD and isinstance(steps[-1], str):  # the only one that is theirs
        steps[-1] = steps[-1] if _NAME.fullmatch(steps[-1]) else kind(steps[-1])
    return f"{path(steps)}: {_WORDS.get(detail['type']) or _sentence(detail)}"


def _sentence(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]} (it is {kind(detail['input'])})"


def path(steps: Iterable[str | int]) -> str:
    """Where in a message a field stands, such as `data.lines[0].quantity`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    printable = text if text.isprintable() else ascii(text)
    return _cut(printable.removeprefix("."), _PATH_SHOWN) or "the message"


def named(text: str) -> str:
    """What may be a name, quoted; anything else as what it is."""
    return repr(text) if _NAME.fullmatch(text) else kind(text)


def kind(value: object) -> str:
    """What a value is, not what it says."""
    match value:
        case str():
            return f"a text of {len(value)} character{'s' * (len(value) != 1)}"
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return "a number"
        case dict():
            return "an object"
    return "a list"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


_NO_FIELD: Final = "extra_forbidden"
_WORDS: Final = {
    "missing": "is missing: add it",
    _NO_FIELD: "is no field here: leave it out",
}

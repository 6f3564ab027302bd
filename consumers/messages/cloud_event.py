"""CloudEvents 1.0 in the binary mode of its Kafka binding: attributes are headers, data the value.

An attribute `x` is the header `ce_x`, in UTF-8; the type of the data is in `content-type`.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final

from consumers.broker.ports import Headers
from projections.canonical import instant

PREFIX: Final = "ce_"
FIXED: Final[Headers] = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))
"""The headers of every record."""


@lru_cache(maxsize=4_096)
def word(text: str) -> bytes:
    """A value of which there are few."""
    return text.encode()


@lru_cache(maxsize=256)
def time(at: datetime) -> bytes:
    """The value of `ce_time`; all records of one batch have one."""
    return instant(at).encode()


def attributes(headers: Headers) -> Mapping[str, str]:
    """The attributes of a record that came; of one that stands twice the last one counts.

    Raises UnicodeDecodeError where a value is no UTF-8.
    """
    return {
        name.removeprefix(PREFIX): value.decode()
        for name, value in headers
        if name.startswith(PREFIX)
    }

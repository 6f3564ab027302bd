"""CloudEvents 1.0 in the binary mode of its Kafka binding: attributes are headers, data the value.

An attribute `x` is the header `ce_x`, in UTF-8; the type of the data is in `content-type`.
"""

from collections.abc import Mapping
from typing import Final

from consumers.broker.ports import Headers

PREFIX: Final = "ce_"
FIXED: Final[Headers] = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))
"""The headers of every record."""


def attributes(headers: Headers) -> Mapping[str, str]:
    """The attributes of a record that came; of one that stands twice the last one counts.

    Raises UnicodeDecodeError where a value is no UTF-8.
    """
    return {
        name.removeprefix(PREFIX): value.decode()
        for name, value in headers
        if name.startswith(PREFIX)
    }

"""CSV after RFC 4180: a header row, then the same fields as in JSON, spelled the same.

A record within a row has a column for each of its fields; several plain values share a cell, with
`; ` between them; anything deeper stands in its cell as JSON. A spreadsheet would compute a text
that begins like a formula, so such a text has an apostrophe before it.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

from projections.canonical import plain

_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_BETWEEN: Final = "; "


def write(record: type[Any], rows: Iterable[object], **more: object) -> None:
    """Write rows of a type, each behind the same further values; the header also without rows."""
    columns = list(_columns(record))
    out = csv.writer(sys.stdout, lineterminator="\r\n")
    out.writerow([*more, *(".".join(path) for path in columns)])
    first = [cell(plain(value)) for value in more.values()]
    for row in rows:
        told = plain(row)
        out.writerow([*first, *(cell(_at(told, path)) for path in columns)])


def cell(value: object) -> str:
    """A value in the types of JSON as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool | dict) or _is_deep(value):
        return orjson.dumps(value).decode()
    if isinstance(value, list):
        return cell(_BETWEEN.join(cell(each) for each in value))
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _is_deep(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(each, list | dict) for each in value)


def _columns(record: type[Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    hints = get_type_hints(record)
    for name in _names(record):
        inner = next((each for each in _options(hints[name]) if _names(each)), None)
        if inner:
            yield from _columns(inner, (*path, name))
        else:
            yield (*path, name)


def _options(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401  (a type)
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _names(kind: Any) -> Sequence[str]:  # noqa: ANN401  (a type)
    """The fields of a record; none of anything else."""
    if is_dataclass(kind):
        return [field.name for field in fields(kind)]
    return getattr(kind, "_fields", ())


def _at(told: Any, path: Sequence[str]) -> object:  # noqa: ANN401  (JSON)
    for name in path:
        told = told and told[name]
    return told

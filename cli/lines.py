"""NDJSON: one object a line, which says its schema; numbers as strings, instants in UTC."""

import sys
from typing import Any

import orjson

from projections.canonical import plain


def write(schema: str, row: object, **more: object) -> None:
    """Write one row; `schema` is its name without prefix and version, such as `debt`."""
    said: dict[str, Any] = {"schema": f"customs.{schema}.v1", **_fields(more), **_fields(row)}
    sys.stdout.write(orjson.dumps(said).decode() + "\n")


def _fields(row: object) -> dict[str, Any]:
    spelled = plain(row)
    if not isinstance(spelled, dict):
        raise TypeError(f"{type(row).__name__} is no record")
    return spelled

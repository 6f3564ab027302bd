"""A story file as it was written: YAML read exactly, and the line of each value.

Read is the plain part of YAML, as a lawyer would guess it: `NO` and `12:30` are words, `7.50` is
an exact number, `2017-03-01` a day. A key given twice, an alias and a tag are errors: each of
them can change silently what a story says.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import yaml

Where = tuple[str | int, ...]
"""The way to a value: keys and places in lists, counted from 0."""


class Fault(NamedTuple):
    """What is wrong with a story file, on which line, at which value."""

    line: int
    where: Where
    message: str


class StoryError(ValueError):
    """A story file that cannot be read; says path, line, value and what to write instead."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path, self.faults = path, faults
        super().__init__("\n".join(self._spelled(fault) for fault in faults))

    def _spelled(self, fault: Fault) -> str:
        where = f"{spelled(fault.where)}: " if fault.where else ""
        return f"{self.path}:{fault.line}: {where}{fault.message}"


def spelled(where: Where) -> str:
    """The way to a value, such as `reports[2].data.holder`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return "".join(steps).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a file, and the line on which each begins."""

    path: Path
    value: object
    lines: Mapping[Where, int]

    def fault(self, where: Where, message: str) -> Fault:
        """A fault at `where`, on the line of the nearest value that was written."""
        told = tuple(self._written(where))
        return Fault(self.lines[told], told, message)

    def _written(self, where: Where) -> Iterator[str | int]:
        """Leave out the steps that pydantic adds for the members of a union."""
        at: Where = ()
        for step in where:
            if (*at, step) in self.lines:
                at = (*at, step)
                yield step


class _Plain(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_KINDS: Final = {
    "null": (r"null|~|", ["n", "~", ""]),
    "bool": (r"true|false", ["t", "f"]),
    "int": (r"0|-?[1-9]\d*", [*"-0123456789"]),
    "float": (r"-?(?:0|[1-9]\d*)\.\d+", [*"-0123456789"]),
    "timestamp": (r"\d{4}-\d\d-\d\d", [*"0123456789"]),
}
for _kind, (_pattern, _first) in _KINDS.items():
    _Plain.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), _first
    )


def read(path: Path) -> Document:
    """Read a story file; raises `StoryError`, and `OSError` where it cannot be opened."""
    try:
        return _read(path)
    except RecursionError as wrong:
        raise StoryError(path, [Fault(1, (), "it nests too deep to be read")]) from wrong


def _read(path: Path) -> Document:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), _Plain)
    except (UnicodeDecodeError, yaml.reader.ReaderError) as wrong:
        raise StoryError(path, [Fault(1, (), f"no text in UTF-8: {wrong.reason}")]) from wrong
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        fault = Fault(mark.line + 1 if mark else 1, (), f"no YAML: {wrong.problem}")
        raise StoryError(path, [fault]) from wrong
    if node is None:
        raise StoryError(path, [Fault(1, (), "the file is empty: begin with `story:`")])
    reader = _Reader(path)
    return Document(path, reader.value(node, (), 1), reader.lines)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Where, int] = {}
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, where: Where, line: int) -> object:
        self.lines[where] = line
        if id(node) in self.seen:
            raise self.error(where, "aliases are not read: share reports through `variants`")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self.pairs(node, where))
        if isinstance(node, yaml.SequenceNode):
            return list(self.members(node, where))
        read = _READ.get(node.tag.removeprefix(_TAG))
        if read is None:
            raise self.error(where, f"{node.tag} is not read: write the plain value")
        try:
            return read(node.value)
        except ValueError as wrong:
            raise self.error(where, f"{node.value}: {wrong}") from wrong

    def pairs(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, object]]:
        for key, value in node.value:
            name = str(key.value)
            twice = (*where, name) in self.lines
            found = self.value(value, (*where, name), key.start_mark.line + 1)
            if twice:
                raise self.error((*where, name), "the key is given twice: keep one of them")
            yield name, found

    def members(self, node: yaml.SequenceNode, where: Where) -> Iterator[object]:
        for place, each in enumerate(node.value):
            yield self.value(each, (*where, place), each.start_mark.line + 1)

    def error(self, where: Where, message: str) -> StoryError:
        return StoryError(self.path, [Fault(self.lines[where], where, message)])


_TAG: Final = "tag:yaml.org,2002:"
_READ: Final[dict[str, Callable[[str], object]]] = {
    "null": lambda _: None,
    "bool": lambda text: text == "true",
    "int": int,
    "float": Decimal,
    "timestamp": date.fromisoformat,
    "str": str,
}

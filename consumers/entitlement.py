"""Who may say what: a source has roles and offices, a fact names the roles that may tell it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from consumers.reasons import Reason, refused
from consumers.wire import faults
from domain.facts.fact import FACTS, Fact, Identifier, Report
from domain.facts.values import Model, Office, Role


class SourcesFault(ValueError):
    """A sources file that cannot be used: the file, the place in it, and what to write."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who sends reports: the roles in which it may speak, the offices for which.

    `offices` are reference numbers of customs offices; `None` stands for every office.
    """

    name: str
    roles: frozenset[Role]
    offices: frozenset[str] | None = None

    def role_for(self, stored_name: str, preferred: Iterable[Role]) -> Role | None:
        """The first of the preferred roles that this source has and that may tell the fact."""
        allowed = self.roles.intersection(FACTS[stored_name].TOLD_BY)
        return next((role for role in preferred if role in allowed), None)


class Sources(Mapping[str, Source]):
    """The sources that are known, by name."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_name = {source.name: source for source in sources}

    @classmethod
    def local(cls, name: str = "local") -> "Sources":
        """One source with every role and every office."""
        return cls([Source(name, frozenset(Role))])

    @classmethod
    def load(cls, path: Path) -> "Sources":
        """The sources of a TOML file; raises `SourcesFault`."""
        try:
            entries = _FILE.validate_python(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SourcesFault(f"{path} is no TOML file in UTF-8: {error}") from error
        except ValidationError as error:
            raise SourcesFault(
                f"{path} names no sources that can be used: {faults(error)}. Write one table for"
                ' each source, such as [sources.varna-port] with roles = ["facility"] and, where it'
                f' speaks for some offices only, offices = ["BG002000"]; roles are {_ROLES}.'
            ) from error
        return cls(
            Source(name, entry.roles, entry.offices) for name, entry in entries.sources.items()
        )

    def __getitem__(self, name: str) -> Source:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def known(self, name: str) -> Source:
        """The source of that name; raises `NotUnderstood` (source_unknown)."""
        source = self._by_name.get(name)
        if source is None:
            raise refused(Reason.SOURCE_UNKNOWN, f"no source is called {name!r}")
        return source

    def check(self, report: Report[Any]) -> None:
        """Whether the report's source may say this; raises `NotUnderstood` where it may not.

        The reasons are source_unknown and source_not_entitled.
        """
        # the refusal has no name: a frame that holds what it raised keeps the message in memory
        source = self.known(report.source)
        if sentence := _not_entitled(source, report.type, report.role, report.data):
            raise refused(Reason.SOURCE_NOT_ENTITLED, sentence)


def _not_entitled(source: Source, stored_name: str, role: Role, told: Fact) -> str | None:
    if role not in source.roles:
        return f"source {source.name!r} may not speak as {role}"
    if role not in told.TOLD_BY:
        return f"{stored_name} is not told by a {role} but by: {', '.join(told.TOLD_BY)}"
    if source.offices is not None and told.office not in source.offices:
        offices = ", ".join(sorted(source.offices))
        said = f"office {told.office}" if told.office else "no office (data.office)"
        return f"source {source.name!r} speaks for {offices} only, and the report names {said}"
    return None


class _Entry(Model):
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    offices: Annotated[frozenset[Office], Field(min_length=1)] | None = None


class _File(Model):
    sources: dict[Identifier, _Entry]


_FILE: Final = TypeAdapter(_File)
_ROLES: Final = ", ".join(Role)

"""Sources: who they are, in which roles they speak, for which offices."""

from pathlib import Path

import pytest

from consumers.entitlement import Source, Sources, SourcesFault
from domain.facts.values import Role

EXAMPLE = Path(__file__).parents[2] / "examples" / "sources.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_names_sources_with_roles_and_offices(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [sources.varna-terminal]
        roles = ["facility", "carrier"]
        offices = ["BG002002"]

        [sources."urn:customs:bg"]
        roles = ["customs"]
        """,
    )
    assert dict(Sources.load(path)) == {
        "varna-terminal": Source(
            "varna-terminal", frozenset({Role.FACILITY, Role.CARRIER}), frozenset({"BG002002"})
        ),
        "urn:customs:bg": Source("urn:customs:bg", frozenset({Role.CUSTOMS}), None),
    }


def test_the_example_file_can_be_loaded() -> None:
    sources = Sources.load(EXAMPLE)
    assert "port-varna" in sources
    assert {role for source in sources.values() for role in source.roles} == set(Role)


def test_the_local_source_has_every_role_and_office() -> None:
    assert dict(Sources.local()) == {"local": Source("local", frozenset(Role), None)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sources", "is no TOML file in UTF-8: "),
        ("", "sources: is missing: add it"),
        ("[sources.x]", "sources.x.roles: is missing: add it"),
        ("[sources.x]\nroles = []", "sources.x.roles: "),
        ('[sources.x]\nroles = ["king"]', "sources.x.roles[0]: "),
        ('[sources.x]\nroles = ["customs"]\noffices = []', "sources.x.offices: "),
        ('[sources.x]\nroles = ["customs"]\noffices = ["Varna"]', "sources.x.offices[0]: "),
        ('[sources.x]\nroles = ["customs"]\nofices = []', "sources.x.ofices: is no field here"),
        ('[sources."a b"]\nroles = ["customs"]', "sources.a b"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_what(
    tmp_path: Path, text: str, says: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SourcesFault) as caught:
        Sources.load(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_a_role_is_chosen_by_preference_among_those_that_may_tell() -> None:
    source = Source("x", frozenset({Role.CUSTOMS, Role.HOLDER, Role.OPERATOR}))
    stored_name = "transit.goods-arrived.v1"
    assert source.role_for(stored_name, (Role.FACILITY, Role.HOLDER, Role.CUSTOMS)) is Role.HOLDER
    assert source.role_for(stored_name, (Role.OPERATOR, Role.CUSTOMS)) is Role.CUSTOMS
    assert source.role_for(stored_name, (Role.OPERATOR, Role.FACILITY)) is None

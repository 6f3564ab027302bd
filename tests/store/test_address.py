"""Which addresses of servers are taken, and what is said of the others."""

import pytest

from store.address import is_address, parsed, shown
from store.records import LogError


@pytest.fixture(autouse=True)
def _nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("store", ["customs.sqlite", "postgres.sqlite", "a/postgresql:/x"])
def test_a_path_is_no_address(store: str) -> None:
    assert not is_address(store)
    assert is_address(f"postgresql://{store}")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///customs",
        "postgresql://me@localhost/customs",
        "postgres://me@127.0.0.1:5433/customs",
        "postgresql://me@[::1]/customs",
        "postgresql:///customs?host=/run/postgresql",
        "postgresql://me@db.example/customs?sslmode=verify-full&sslrootcert=system",
    ],
)
def test_what_stays_on_the_machine_or_proves_who_answers_is_taken(address: str) -> None:
    assert parsed(address)["dbname"] == "customs"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hush@db.example/customs",
        "postgresql://me:hush@10.0.0.7/customs?sslmode=require",
        "postgresql://me:hush@localhost,db.example/customs",
        "postgresql://me:hush@localhost/customs?hostaddr=10.0.0.7",
        "postgresql:///customs?service=far&password=hush",
    ],
)
def test_plain_text_over_a_network_is_refused_with_what_to_do(address: str) -> None:
    with pytest.raises(LogError, match="sslmode=verify-full&sslrootcert=system") as caught:
        parsed(address)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR"])
def test_a_host_from_the_environment_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "10.0.0.7")
    with pytest.raises(LogError, match=r"leads to 10\.0\.0\.7 without proof"):
        parsed("postgresql:///customs")


def test_who_says_so_may_go_without_proof_of_who_answers() -> None:
    given = parsed("postgresql://me:hush@db.example/customs", insecure=True)
    assert (given["host"], "sslmode" in given) == ("db.example", False)


def test_an_address_that_cannot_be_read_is_not_shown() -> None:
    with pytest.raises(LogError, match=r"It looks like postgresql://user@host") as caught:
        parsed("postgresql://me:hush@localhost/customs?nonsense=1")
    assert "hush" not in str(caught.value)


def test_where_an_address_leads_is_shown_without_its_secrets() -> None:
    given = parsed("postgresql://me:hush@localhost:5433/customs")
    assert shown(given) == "PostgreSQL at localhost:5433, database customs"

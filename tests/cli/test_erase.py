"""Erasing the bytes of messages from the command line."""

from pathlib import Path

import orjson
import pytest

from cli.exits import Exit
from store.sqlite import SqliteLog
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written

PERSON = "Ivan Petrov"
GO = ("--go", "--why", "case 7 of 2017", "--by", "Ana")
NCTS = Path(__file__).parents[2] / "examples" / "feeds" / "ncts" / "cc015c-varna-bucharest.json"


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    """A store with a native report (1), a translated message (2), and one set aside (3)."""
    path = tmp_path / "s.sqlite"
    wrong = STORAGE | {"id": "p-2", "data": {"holder": PERSON}}
    files = (
        (written(tmp_path / "a.ndjson", [STORAGE]), Exit.OK),
        (NCTS, Exit.OK),
        (written(tmp_path / "b.ndjson", [wrong]), Exit.SET_ASIDE),
    )
    for file, code in files:
        taken = run("ingest", str(file), "--source", "local", "--store", str(path))
        assert taken.exit_code == code, taken.output
    return path


def stored_bytes(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


@pytest.mark.parametrize("message", ["3", "2", "{cite}"])
def test_it_says_first_what_would_go_and_then_erases_it(
    run: Run, store: Path, message: str
) -> None:
    with SqliteLog(store) as log:
        facts = [each for each in log.page(0, 100) if each.index > 1]
        typed = message.format(cite=f"{facts[0].source}/{facts[0].report_id}")
        number = 3 if message == "3" else 2
        raw = log.raw(number)
        before = list(log.page(0, 100))
    assert raw
    first = run("erase", typed, "--store", str(store))
    assert (first.exit_code, "Nothing was changed" in first.stderr) == (Exit.OK, True)
    assert "kept" in first.stdout
    assert raw in stored_bytes(store)

    done = run("erase", typed, *GO, "--store", str(store))
    assert done.exit_code == Exit.OK
    assert "erased 2017-06-14 23:59Z by Ana: case 7 of 2017" in " ".join(done.stdout.split())
    assert raw not in stored_bytes(store)
    with SqliteLog(store) as log:
        assert log.raw(number) is None
        assert list(log.page(0, 100)) == before
        assert not list(log.verify())
    assert run("erase", typed, *GO, "--store", str(store)).exit_code == Exit.OK


def test_of_a_person_in_a_message_that_was_set_aside_nothing_is_left(run: Run, store: Path) -> None:
    assert PERSON.encode() in stored_bytes(store)
    assert run("erase", "3", *GO, "--store", str(store)).exit_code == Exit.OK
    assert PERSON.encode() not in stored_bytes(store)


def test_what_was_redriven_is_erased_in_both_places(run: Run, store: Path, tmp_path: Path) -> None:
    late = STORAGE | {"id": "p-9", "source": "ruse", "subject": "doc:RUSE"}
    file = written(tmp_path / "c.ndjson", [late])
    assert run("ingest", str(file), "--store", str(store)).exit_code == Exit.SET_ASIDE
    sources = tmp_path / "sources.toml"
    sources.write_text('[sources.ruse]\nroles = ["facility"]\n')
    redriven = run(
        "quarantine", "redrive", "4", "--go", "--sources", str(sources), "--store", str(store)
    )
    assert redriven.exit_code == Exit.OK, redriven.output
    for typed in ("4", "5", "ruse/p-9"):
        said = run("erase", typed, "--store", str(store))
        assert [line.split()[0] for line in said.stdout.splitlines()[2:]] == ["4"], typed


def test_a_repeat_leads_to_the_message_that_it_repeats(
    run: Run, store: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.json"
    again.write_bytes(NCTS.read_bytes())
    assert (
        run("ingest", str(again), "--source", "local", "--store", str(store)).exit_code == Exit.OK
    )
    assert run("erase", "4", *GO, "--store", str(store)).exit_code == Exit.OK
    with SqliteLog(store) as log:
        assert log.raw(2) is None


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("1", "a native report is the record itself"),
        ("local/p-1", "a native report is the record itself"),
        ("99", "No message 99 is known"),
        ("9" * 5000, "is known"),
        ("٣", "is known"),
        ("0", "No message 0 is known"),
        ("nobody/x", "No message nobody/x is known"),
        ("x", "No message x is known"),
    ],
)
def test_what_cannot_be_erased_is_refused(run: Run, store: Path, message: str, says: str) -> None:
    refused = run("erase", message, *GO, "--store", str(store))
    assert refused.exit_code == Exit.NOT_FOUND
    assert says in " ".join(refused.stderr.split())


@pytest.mark.parametrize("why", [(), ("--why", "  ")])
def test_nothing_is_erased_without_a_reason_and_somebody_who_decided_it(
    run: Run, store: Path, why: tuple[str, ...]
) -> None:
    refused = run("erase", "3", "--go", *why, "--store", str(store))
    assert (refused.exit_code, "Say why" in refused.stderr) == (Exit.USAGE, True)
    nobody = ("--why", "case 7", "--by", " ")
    refused = run("erase", "3", "--go", *nobody, "--store", str(store))
    assert (refused.exit_code, "Say who" in refused.stderr) == (Exit.USAGE, True)
    with SqliteLog(store) as log:
        assert log.raw(3)
        assert log.erasures() == []


def test_an_auditor_sees_what_was_erased_when_by_whom_and_why(run: Run, store: Path) -> None:
    at = ("--store", str(store))
    assert "none" in run("erasures", *at).stdout
    run("erase", "3", "2", *GO, *at)
    table = " ".join(run("erasures", *at).stdout.split())
    assert "3 2017-06-14 23:59 Ana local" in table
    assert "case 7 of 2017" in table
    aside, told = map(orjson.loads, run("erasures", "--json", *at).stdout.splitlines())
    assert (aside["outcome"], aside["kind"], aside["digest"]) == (3, "quarantined", None)
    assert (told["outcome"], told["by"], told["why"]) == (2, "Ana", "case 7 of 2017")
    assert len(told["digest"]) == 64
    head, *rows = run("erasures", "--csv", *at).stdout.splitlines()
    assert head.startswith("outcome,at,by,why,source,report_id")
    assert len(rows) == 2
    assert PERSON not in "".join(rows)


def test_erased_bytes_are_said_to_be_where_they_are_missed(run: Run, store: Path) -> None:
    at = ("--store", str(store))
    run("erase", "2", "3", *GO, *at)
    said = "its bytes were erased 2017-06-14 23:59Z by Ana: case 7 of 2017"
    assert f"({said})" in run("quarantine", "show", "3", *at).stdout
    assert "of 2 messages were erased" in " ".join(run("doctor", "--full", *at).stdout.split())


def test_an_explanation_says_of_a_report_that_its_message_was_erased(
    run: Run, copied: Path
) -> None:
    at = ("--store", str(copied))
    debt = "mrn:17BG00200504511227#debt"
    before = orjson.loads(run("explain", debt, "--json", *at).stdout)
    assert before["erased"] == {}
    cite = next(each["cite"] for each in before["reports"] if each["cite"].startswith("ncts/"))
    assert run("erase", cite, *GO, *at).exit_code == Exit.OK
    after = orjson.loads(run("explain", debt, "--json", *at).stdout)
    assert after["erased"][cite]["why"] == "case 7 of 2017"
    assert after | {"erased": {}} == before
    said = "its bytes were erased 2017-06-14 23:59Z by Ana: case 7 of 2017"
    assert f"{cite} {said}" in " ".join(run("explain", debt, *at).stdout.split())


def test_bytes_that_were_lost_are_not_said_to_be_erased(run: Run, store: Path) -> None:
    with SqliteLog(store) as log, log.transaction() as db:
        db.execute("UPDATE raws SET raw = NULL WHERE outcome = 3")
    at = ("--store", str(store))
    said = "its bytes are gone, and no erasure of them is known"
    assert said in run("quarantine", "show", "3", *at).stdout
    assert said in " ".join(run("erase", "3", *GO, *at).stdout.split())
    sick = run("doctor", "--full", *at)
    assert sick.exit_code == Exit.CHECK_FAILED
    assert "no erasure of them is noted" in " ".join(sick.stdout.split())

"""One movement whole, and the path of its goods."""

import json
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import Run


def test_show_says_where_the_goods_are_and_what_is_owed(ask: Run) -> None:
    text = ask("show", "17BG00300100051200").stdout
    assert text.startswith(
        "mrn:17BG00300100051200\n"
        "customs warehousing of BG201700333 at BG003001, since 2017-04-10 08:45\n"
    )
    lines = text.splitlines()
    assert "   1  3,700 KGM  CUSTOMS_WAREHOUSE  NON_UNION  YES         2017-06-07 15:30" in lines
    assert "   1    800 KGM  BREACHED           NON_UNION  BROKEN      2017-06-07 15:30" in lines
    assert "   1  2017-05-31 10:25  2,500 KGM  DISCHARGED  mrn:17BG00300100052446" in lines
    assert "2017-06-07  79(1)(a)  360.00 EUR  360.00 EUR  BG115500600  pay by 2017-06-23" in lines
    assert "                         jointly  360.00 EUR  BG201700333  pay by 2017-06-23" in lines
    assert "  mrn:17BG00300100051200#debt" in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    "reference",
    [
        "17BG00200504511227",
        "mrn:17bg00200504511227",
        "lrn:BG103900555/BG002005/BAN-2017-118",
    ],
)
def test_a_movement_is_found_by_any_of_its_names(ask: Run, reference: str) -> None:
    text = ask("show", reference).stdout
    assert text.startswith(
        "mrn:17BG00200504511227\nalso lrn:BG103900555/BG002005/BAN-2017-118\nexternal transit of"
    )


def test_a_reference_that_leads_to_one_movement_shows_it(ask: Run) -> None:
    assert ask("show", "auth:BGOPO-STITCH-0008").stdout.startswith("mrn:17BG00580400220181\n")


def test_a_reference_that_leads_to_several_is_refused_with_all_of_them(ask: Run) -> None:
    result = ask("show", "BG201700333")
    assert result.exit_code == Exit.USAGE
    assert result.stdout == ""
    assert "leads to 3 movements: mrn:17BG00300100051200, mrn:17BG00300100052074" in result.stderr


def test_of_an_unknown_reference_nothing_is_known_and_union_status_is_presumed(ask: Run) -> None:
    result = ask("show", "17BG00000000000000")
    assert result.exit_code == Exit.NOT_FOUND
    assert result.stdout == ""
    words = " ".join(result.stderr.split())
    assert "Nothing is known of 17BG00000000000000" in words
    assert "presumed to be Union goods" in words
    assert "Article 153(1)" in words


def test_of_a_reference_that_is_only_named_it_is_said_what_is_known(
    run: Run, tmp_path: Path
) -> None:
    report = {
        "specversion": "1.0",
        "id": "1",
        "source": "local",
        "type": "declaration.accepted.v1",
        "subject": "local:a",
        "role": "customs",
        "data": {"happened": "2017-03-01", "office": "BG001007"},
    }
    file = tmp_path / "a.json"
    file.write_text(json.dumps(report))
    store = ("--store", str(tmp_path / "s.sqlite"))
    assert run("ingest", str(file), *store).exit_code == Exit.OK
    result = run("show", "a", *store)
    assert result.exit_code == Exit.NOT_FOUND
    words = " ".join(result.stderr.split())
    assert "what is reported of it (declaration.accepted.v1) does not tell what it is" in words


def test_before_anything_was_known_of_it_a_movement_is_not_found(ask: Run) -> None:
    result = ask("show", "17BG00200500203113", "--known-at", "2017-06-07")
    assert result.exit_code == Exit.NOT_FOUND
    assert "Ask at a later --known-at" in result.stderr


def test_show_in_json_gives_every_part_its_schema(ask: Run) -> None:
    rows = [json.loads(line) for line in ask("show", "ZIMUBOJ900417", "--json").stdout.splitlines()]
    assert [row["schema"] for row in rows[:2]] == ["customs.movement.v1", "customs.position.v1"]
    assert {row["schema"] for row in rows[2:]} == {
        "customs.deadline.v1",
        "customs.debt.v1",
        "customs.finding.v1",
    }
    assert rows[0] == {
        "schema": "customs.movement.v1",
        "movement": "doc:ZIMUBOJ900417",
        "names": ["doc:ZIMUBOJ900417"],
        "kind": "temporary-storage",
        "office": "BG001007",
        "person": "BG102300200",
        "opened": "2017-03-10T10:00:00.000000Z",
    }


def test_history_draws_the_path_from_the_first_movement_to_the_last(ask: Run) -> None:
    result = ask("history", "17BG00100700077332")
    assert result.exit_code == Exit.OK
    assert result.stdout == (
        "doc:COSU6154028890\n"
        "temporary storage at BG001007 since 2017-05-02 07:30\n"
        "2,000 NAR PASSED_ON\n"
        "└── 2,000 NAR released → mrn:17BG00100700077332 ◀ asked about\n"
        "    external transit at BG001007 since 2017-05-03 09:30\n"
        "    2,000 NAR DISCHARGED\n"
        "    └── 2,000 NAR released → doc:COSU6154028890-SOF\n"
        "        temporary storage at BG005804 since 2017-05-04 17:45\n"
        "        2,000 NAR PASSED_ON\n"
        "        └── 2,000 NAR released → mrn:17BG00580400314028\n"
        "            free circulation at BG005804 since 2017-05-17 09:00\n"
        "            2,000 NAR FREE_CIRCULATION\n"
    )


def test_history_is_the_same_path_from_either_end(ask: Run) -> None:
    ends = (
        ask("history", name, "--json").stdout for name in ("COSU6154028890", "17BG00580400314028")
    )
    first, last = ends
    assert first == last
    rows = [json.loads(line) for line in first.splitlines()]
    assert [row["schema"] for row in rows] == ["customs.node.v1"] * 4 + ["customs.draw.v1"] * 3
    draw = rows[4]
    assert (draw["source"], draw["movement"]) == ("doc:COSU6154028890", "mrn:17BG00100700077332")
    assert (draw["quantity"], draw["unit"], draw["stage"]) == ("2000", "NAR", "released")


def test_history_branches_where_goods_part(ask: Run) -> None:
    lines = ask("history", "17BG00300100051200").stdout.splitlines()
    assert [line for line in lines if "──" in line] == [
        "├── 3,000 KGM released → mrn:17BG00300100052074",
        "└── 2,500 KGM exited → mrn:17BG00300100052446",
    ]


def test_a_local_reference_number_is_found_without_its_holder_and_office(ask: Run) -> None:
    """Several declarants may use one number, so it leads to a movement or to a choice."""
    whole = next(
        name
        for name in ask("show", "mrn:17BG00580404512074").stdout.split()
        if name.startswith("lrn:")
    )
    shown = ask("show", whole.rpartition("/")[2])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("mrn:17BG00580404512074")

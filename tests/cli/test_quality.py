"""Quality from the command line."""

import json
from pathlib import Path
from typing import Any

from cli.exits import Exit
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written


def told(ask: Run, *arguments: str) -> dict[str, dict[str, Any]]:
    result = ask("quality", "--json", *arguments)
    assert result.exit_code == Exit.OK
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["schema"] for row in rows} <= {"customs.quality.v1"}
    return {row["source"]: row for row in rows}


def test_each_source_is_told_of(ask: Run) -> None:
    rows = told(ask)
    assert list(rows) == sorted(rows)
    varna = rows["port-varna"]
    assert (varna["recorded"], varna["duplicates"], varna["set_aside"]) == (7, 1, 1)
    assert varna["reasons"] == [{"reason": "invalid", "messages": 1, "open": 1}]
    assert rows["tariff"]["facts"] == 0


def test_one_source_can_be_asked_about(ask: Run) -> None:
    assert told(ask, "--source", "ncts").keys() == {"ncts"}


def test_how_late_is_late_can_be_asked(ask: Run) -> None:
    assert told(ask)["ncts"]["late"] < told(ask, "--late", "0")["ncts"]["late"]
    assert told(ask, "--late", "365")["ncts"]["late"] == 0


def test_the_tables_fit_the_terminal(ask: Run) -> None:
    text = ask("quality").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "Facts about movements; late is more than 7 days" in text
    assert "Told otherwise" not in text


def test_a_disagreement_is_shown_once_with_both_reports(run: Run, tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[sources.a]\nroles = ["facility"]\n[sources.b]\nroles = ["facility"]\n')
    data = STORAGE["data"]
    one = STORAGE | {"source": "a"}
    other = STORAGE | {"source": "b", "data": data | {"happened": "2017-03-02T14:00:00+02:00"}}
    file = written(tmp_path / "a.ndjson", [one, other])
    store = ("--store", str(tmp_path / "s.sqlite"))
    assert run("ingest", str(file), "--sources", str(sources), *store).exit_code == Exit.OK
    text = " ".join(run("quality", *store).stdout.split())
    assert text.count("tell the same act differently") == 1
    assert "b/p-1 and a/p-1" in text

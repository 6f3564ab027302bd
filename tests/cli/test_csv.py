"""Lists as CSV: the same values as in JSON, in a form that no spreadsheet computes."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from typer.testing import Result

from cli import spreadsheet
from cli.exits import Exit
from domain.because import Because
from tests.cli.conftest import Run, commands, options

LISTS = [name for name, each in commands().items() if "--csv" in options(each)]


class Sample(NamedTuple):
    text: str
    amount: Decimal | None
    day: date
    several: tuple[str, ...]
    deep: tuple[Because, ...]
    because: Because


BECAUSE = Because("rule", ("79(1)(a)", "79(3)(a)"), ("port/1",))


def sample(text: str = "plain", amount: str | None = "1E+2") -> Sample:
    number = None if amount is None else Decimal(amount)
    return Sample(text, number, date(2017, 6, 14), ("a", "b"), (BECAUSE,), BECAUSE)


def written(capsys: pytest.CaptureFixture[str], rows: Iterable[Sample]) -> str:
    spreadsheet.write(Sample, rows)
    return capsys.readouterr().out


def text_of(result: Result) -> str:
    """The output as it came, line ends and all."""
    return result.stdout_bytes.decode()


def test_the_lists_that_can_be_csv() -> None:
    named = {"debts", "deadlines", "procedures", "findings", "verdicts", "quality"}
    assert set(LISTS) == {*named, "quarantine list", "erasures"}


@pytest.mark.parametrize("command", LISTS)
def test_a_list_has_a_header_and_the_rows_of_json(ask: Run, command: str) -> None:
    text = text_of(ask(*command.split(), "--csv"))
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.DictReader(io.StringIO(text)))
    told = [json.loads(line) for line in ask(*command.split(), "--json").stdout.splitlines()]
    assert len(rows) == len(told)
    assert told or command == "erasures"
    for row, each in zip(rows, told, strict=True):
        plain = {key: value for key, value in each.items() if isinstance(value, str | int)}
        plain.pop("schema")
        assert plain.keys() <= row.keys()
        for key, value in plain.items():
            assert row[key].removeprefix("'") == str(value)


@pytest.mark.parametrize("command", LISTS)
def test_json_and_csv_exclude_each_other(ask: Run, command: str) -> None:
    result = ask(*command.split(), "--csv", "--json")
    assert result.exit_code == Exit.USAGE
    assert result.stdout == ""
    assert "give one of them" in result.stderr


def test_the_header_is_there_without_rows(ask: Run) -> None:
    text = text_of(ask("findings", "--code", "NO_SUCH_LINE", "--csv"))
    assert text == (
        "as_of,id,movement,code,line,since,until,words,"
        "because.rule,because.articles,because.reports\r\n"
    )


def test_numbers_are_plain_days_as_in_iso_8601_and_records_have_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (row,) = csv.DictReader(io.StringIO(written(capsys, [sample()])))
    assert row["amount"] == "100"
    assert row["day"] == "2017-06-14"
    assert row["several"] == "a; b"
    assert json.loads(row["deep"])[0]["rule"] == "rule"
    assert row["because.rule"] == "rule"
    assert row["because.articles"] == "79(1)(a); 79(3)(a)"


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
)
def test_a_text_that_begins_like_a_formula_has_an_apostrophe(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    out = written(capsys, [sample(text)])
    (row,) = csv.DictReader(io.StringIO(out, newline=""))
    assert row["text"] == f"'{text}"


def test_a_negative_number_stays_a_number_and_nothing_is_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = written(capsys, [sample(amount="-2.50"), sample(amount=None)])
    assert [row["amount"] for row in csv.DictReader(io.StringIO(out))] == ["-2.5", ""]


def test_commas_quotes_and_lines_stay_in_their_cell(capsys: pytest.CaptureFixture[str]) -> None:
    text = 'one, "two"\nthree'
    out = written(capsys, [sample(text)])
    assert '"one, ""two""\nthree"' in out
    assert next(csv.DictReader(io.StringIO(out, newline="")))["text"] == text


def test_a_debt_in_csv_has_no_total_below(ask: Run) -> None:
    assert not re.search(r"^Open:", ask("debts", "--csv").stdout, re.MULTILINE)

"""docs/log-format.md says what is true."""

import json
import re
import subprocess
import sys
from pathlib import Path

from store.postgres import PostgresLog
from store.sqlite import SqliteLog
from store.tables import LOG_FORMAT
from tests.store.make_golden import GOLDEN

PAGE = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_worked_example_prints_the_leaf_of_a_real_record() -> None:
    program = block("python")
    printed = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert printed == block("text")

    record = json.loads((GOLDEN / f"log-{LOG_FORMAT}.json").read_text())["records"][0]
    assert record["leaf"] == printed.strip()


def test_the_worked_example_is_short_and_needs_nothing_but_python() -> None:
    lines = [line for line in block("python").splitlines() if line]
    assert len(lines) <= 15
    modules = {line.split()[1] for line in lines if line.startswith(("import", "from"))}
    assert modules <= sys.stdlib_module_names


def described() -> dict[str, list[str]]:
    return {
        name: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
        for name, text in re.findall(r"^### `(\w+)`\n(.*?)(?=^##)", PAGE, re.DOTALL | re.MULTILINE)
    }


def test_every_table_and_column_is_described(log: SqliteLog) -> None:
    with log.connection() as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        columns = {
            name: [
                column
                for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", [name])
            ]
            for (name,) in tables.fetchall()
        }
    assert described() == columns


def test_postgresql_has_the_same_tables_and_columns(postgres_log: PostgresLog) -> None:
    columns: dict[str, list[str]] = {}
    with postgres_log.connection() as connection:
        for table, column in connection.execute(
            "SELECT table_name::text, column_name::text FROM information_schema.columns"
            " WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        ):
            columns.setdefault(table, []).append(column.replace("notification_id", "rowid"))
    assert described() == columns


def test_the_page_describes_todays_format() -> None:
    assert f"This page describes format {LOG_FORMAT}," in PAGE
    assert f"the version of this format: `{LOG_FORMAT}`" in PAGE

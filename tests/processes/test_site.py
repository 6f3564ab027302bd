"""`customs run` as it is called: what it refuses, what it waits for, what it tells."""

import json
import sqlite3
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server

from cli.exits import Exit
from store.sqlite import SqliteLog
from tests.processes.child import customs_run, ended, stopped, until
from tests.processes.conftest import PATIENCE
from tests.projections.histories import projector, stored, take

HIDDEN = "canary-7f3a"


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_settings_that_cannot_be_used_are_refused_all_at_once(tmp_path: Path) -> None:
    wrong = {"CUSTOMS_KAFKA__BOOTSTRAP": "kafka:9092", "CUSTOMS_ALARMS__EVERY": "never"}
    with customs_run(tmp_path, "alarms", **wrong, CUSTOMS_STROE="s.sqlite") as asked:
        out, err = asked.communicate(timeout=PATIENCE)
    assert (asked.returncode, out) == (Exit.USAGE, "")
    assert "customs: 3 settings cannot be used" in err
    assert not list(tmp_path.iterdir())


def test_health_and_metrics_are_told_while_processes_run(tmp_path: Path) -> None:
    with SqliteLog(tmp_path / "s.sqlite") as log:
        take(log, stored())
        records = log.head().index
    port = free_port()
    said = {"CUSTOMS_STORE": "s.sqlite", "CUSTOMS_HEALTH__PORT": str(port)}
    with customs_run(tmp_path, "projector", **said) as asked:
        until(asked, "started", "projector")
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        told = {"behind": None}
        while told.get("behind") != 0:
            connection.request("GET", "/ready")
            told = json.loads(connection.getresponse().read())["processes"]["projector"]
        assert told == {"ready": True, "behind": 0, "position": records, "why": []}
        connection.request("GET", "/metrics")
        metrics = connection.getresponse().read().decode()
        connection.close()
        stopped(asked)
    assert asked.returncode == Exit.OK
    assert f'customs_projector_records_total{{outcome="read"}} {records}.0' in metrics


def test_an_address_of_health_that_is_taken_is_refused(tmp_path: Path) -> None:
    with create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with customs_run(tmp_path, "alarms", CUSTOMS_HEALTH__PORT=port) as asked:
            _, err = asked.communicate(timeout=PATIENCE)
    assert asked.returncode == Exit.USAGE
    assert f"health cannot be told at 127.0.0.1, port {port}: Address already in use" in err


def test_a_pinned_clock_is_warned_of_and_one_that_is_no_day_refused(tmp_path: Path) -> None:
    with customs_run(tmp_path, "alarms", CUSTOMS_TODAY="2017-06-14") as asked:
        (line, *_) = until(asked, "started", "alarms")
        stopped(asked)
    assert (line["event"], line["day"]) == ("the clock is pinned", "2017-06-14")
    with customs_run(tmp_path, "alarms", CUSTOMS_TODAY="soon") as asked:
        _, err = asked.communicate(timeout=PATIENCE)
    assert asked.returncode == Exit.USAGE
    assert "CUSTOMS_TODAY=soon" in err


def test_read_models_of_another_release_end_the_projector(tmp_path: Path) -> None:
    with SqliteLog(tmp_path / "s.sqlite") as log:
        take(log, stored())
        projector(log).catch_up()
    with sqlite3.connect(tmp_path / "s.sqlite") as db:
        db.execute("UPDATE projection SET rules = '0.0.1'")
    db.close()
    with customs_run(tmp_path, "projector", CUSTOMS_STORE="s.sqlite") as asked:
        out, lines = ended(asked)
    assert (asked.returncode, out) == (Exit.UNREACHABLE, "")
    (line,) = [each for each in lines if each["level"] == "error"]
    assert line["error"] == "OtherReadModels"
    assert "rebuild them" in line["why"]


def test_tables_that_nobody_made_are_asked_for(tmp_path: Path, postgres: str) -> None:
    with customs_run(tmp_path, "projector", CUSTOMS_STORE=postgres) as asked:
        _, lines = ended(asked)
    assert asked.returncode == Exit.UNREACHABLE
    (line,) = [each for each in lines if each["level"] == "error"]
    assert "There is no log in schema" in line["why"]
    assert "customs migrate" in line["why"]


def test_a_server_that_is_down_is_waited_for_and_no_secret_told(tmp_path: Path) -> None:
    store = f"postgresql://customs:{HIDDEN}@127.0.0.1:{free_port()}/customs"
    with customs_run(tmp_path, "projector", CUSTOMS_STORE=store) as asked:
        lines = until(asked, "tried again", "projector")
        lines += until(asked, "tried again", "projector")
        out, err = stopped(asked)
    assert (asked.returncode, out) == (Exit.OK, "")
    assert "does not answer" in str(lines)
    assert HIDDEN not in str(lines) + err

"""Health means getting on, and the metrics say how far."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server

import pytest

from consumers.processes.health import Health, served
from consumers.processes.metrics import Meters
from consumers.processes.process import Progress
from consumers.processes.vitals import Vitals
from consumers.settings import HealthSettings
from tests.processes.conftest import PATIENCE, Clock

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
READY, LIVE = 30.0, 60.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vitals(clock: Clock) -> Vitals:
    return Vitals("projector", clock)


def health(*vitals: Vitals) -> Health:
    return Health(vitals, Meters(vitals, READY), LIVE, READY)


def why(vitals: Vitals) -> list[str]:
    """Why a process is not ready."""
    status, kind, body = health(vitals).ready()
    told = json.loads(body)
    reasons: list[str] = told["processes"][vitals.name]["why"]
    assert kind == "application/json"
    assert (status == 200) == told["ready"] == (not reasons)
    return reasons


def alive(vitals: Vitals) -> bool:
    status, _, body = health(vitals).live()
    assert (status == 200) == json.loads(body)["live"]
    return status == 200


def goes_on(vitals: Vitals, clock: Clock, seconds: float, *progress: Progress) -> None:
    """The loop goes round, and measures what is given, over some seconds."""
    for each in progress:
        clock.now += seconds / len(progress)
        vitals.measured(each)
        vitals.stepped()
        vitals.goes_round()


def test_a_process_that_has_not_begun_is_alive_and_not_ready(vitals: Vitals) -> None:
    assert why(vitals) == ["it has not begun yet"]
    assert alive(vitals)


def test_a_process_for_which_nothing_waits_is_ready_however_long_it_idles(
    vitals: Vitals, clock: Clock
) -> None:
    goes_on(vitals, clock, 10 * LIVE, *[Progress(0)] * 100)
    assert why(vitals) == []
    assert alive(vitals)


def test_a_process_that_stands_still_turns_not_ready_and_stays_alive(
    vitals: Vitals, clock: Clock
) -> None:
    stands = Progress(7, position=3)
    goes_on(vitals, clock, 1, stands)
    goes_on(vitals, clock, READY - 1, *[stands] * 10)
    assert why(vitals) == []
    goes_on(vitals, clock, 2, *[stands] * 10)
    assert why(vitals) == ["7 wait, and nothing has moved for 31 seconds"]
    assert alive(vitals)
    goes_on(vitals, clock, 1, Progress(6, position=3))
    assert why(vitals) == []


def test_what_is_always_behind_is_ready_while_its_position_moves(
    vitals: Vitals, clock: Clock
) -> None:
    goes_on(vitals, clock, 10 * READY, *(Progress(500, position=n) for n in range(100)))
    assert why(vitals) == []


def test_what_is_not_known_yet_is_not_ready_and_needs_nobody(vitals: Vitals, clock: Clock) -> None:
    goes_on(vitals, clock, 1, Progress(0, awaits="It waits to be told what to read."))
    assert why(vitals) == ["It waits to be told what to read."]
    goes_on(vitals, clock, 1, Progress(0))
    assert why(vitals) == []


def test_what_loses_ground_and_does_not_move_is_not_ready(vitals: Vitals, clock: Clock) -> None:
    goes_on(vitals, clock, 2 * READY, *(Progress(n, position=3) for n in range(1, 100)))
    assert any("nothing has moved" in each for each in why(vitals))


def test_a_step_that_does_not_end_is_first_not_ready_and_then_not_alive(
    vitals: Vitals, clock: Clock
) -> None:
    goes_on(vitals, clock, 1, Progress(0))
    clock.now += READY + 1
    assert why(vitals) == ["the same step has taken 31 seconds by now"]
    assert alive(vitals)
    clock.now += LIVE
    assert not alive(vitals)


def test_a_failed_try_makes_it_not_ready_until_one_succeeds(vitals: Vitals, clock: Clock) -> None:
    goes_on(vitals, clock, 1, Progress(0))
    vitals.failed("BrokerError: no broker answers at kafka:9092")
    assert why(vitals) == ["BrokerError: no broker answers at kafka:9092"]
    goes_on(vitals, clock, 1, Progress(0))
    assert why(vitals) == []


def test_an_incident_makes_it_not_ready(vitals: Vitals, clock: Clock) -> None:
    gap = "customs.port.reports.v1[3] begins at 70, the log stands at 50"
    goes_on(vitals, clock, 1, Progress(0, (gap,)))
    assert why(vitals) == [gap]
    assert alive(vitals)


def test_all_processes_have_to_be_well(vitals: Vitals, clock: Clock) -> None:
    other = Vitals("alarms", clock)
    goes_on(vitals, clock, 1, Progress(0))
    status, _, body = health(vitals, other).ready()
    told = json.loads(body)
    assert (status, told["ready"]) == (503, False)
    assert {name: each["ready"] for name, each in told["processes"].items()} == {
        "projector": True,
        "alarms": False,
    }


def test_whoever_was_told_to_stop_is_not_ready(vitals: Vitals, clock: Clock) -> None:
    goes_on(vitals, clock, 1, Progress(0))
    stopping = health(vitals)
    stopping.stopping = True
    status, _, body = stopping.ready()
    assert status == 503
    assert b"it was told to stop" in body


@contextmanager
def asked(health: Health) -> Iterator[HTTPConnection]:
    with served(health, HealthSettings()) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            yield connection
        finally:
            connection.close()


def fetched(connection: HTTPConnection, path: str, method: str = "GET") -> tuple[int, str]:
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_server_answers_health_and_metrics_and_nothing_else(
    vitals: Vitals, clock: Clock
) -> None:
    done = {"read": 12, "judged": 5}
    goes_on(vitals, clock, 1, Progress(4, ("a gap",), 12, done))
    vitals.failed("down")
    clock.now += 2
    with asked(health(vitals)) as connection:
        assert fetched(connection, "/live")[0] == 200
        assert fetched(connection, "/ready")[0] == 503
        status, text = fetched(connection, "/metrics")
        assert status == 200
        assert fetched(connection, "/")[0] == 404
        assert fetched(connection, "/live/../ready")[0] == 404
        assert fetched(connection, "/live", "POST")[0] == 501
    lines = text.splitlines()
    for line in (
        "customs_projector_ready 0.0",
        "customs_projector_behind 4.0",
        "customs_projector_position 12.0",
        "customs_projector_incidents 1.0",
        "customs_projector_retries_total 1.0",
        "customs_projector_seconds_since_progress 2.0",
        'customs_projector_records_total{outcome="judged"} 5.0',
        'customs_projector_records_total{outcome="read"} 12.0',
        "customs_projector_step_seconds_count 0.0",
    ):
        assert line in lines


def test_a_port_that_is_taken_is_told_of(vitals: Vitals) -> None:
    with create_server(("127.0.0.1", 0)) as other:
        taken = served(health(vitals), HealthSettings(port=other.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            taken.__enter__()


def test_health_is_told_on_ipv6_too(vitals: Vitals) -> None:
    with served(health(vitals), HealthSettings(host="::1")) as port:
        connection = HTTPConnection("::1", port, timeout=PATIENCE)
        assert fetched(connection, "/live")[0] == 200
        connection.close()


def test_the_page_on_operating_lists_every_metric(vitals: Vitals, clock: Clock) -> None:
    goes_on(vitals, clock, 1, Progress(0, done={"read": 1}))
    families = [
        each
        for each in Meters([vitals], READY).registry.collect()
        if each.name.startswith("customs_")
    ]
    listed = re.findall(r"^\| `customs_<process>_([a-z_]+)` \| ([a-z]+) \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(
        (
            each.name.removeprefix("customs_projector_") + "_total" * (each.type == "counter"),
            each.type,
        )
        for each in families
    )
    labels = {name for each in families for sample in each.samples for name in sample.labels}
    assert labels == {"outcome", "le"}

"""The frame: steps, new tries, clean stops, and an end that nobody overlooks."""

import json
import signal
from pathlib import Path
from textwrap import dedent
from time import monotonic

import pytest

from cli.exits import Exit
from consumers.broker.ports import BrokerError
from consumers.processes import running
from consumers.processes.process import Wanted
from consumers.processes.vitals import Vitals
from store.records import LogBusy, LogUnreachable
from tests.processes.child import child, customs_run, ended, stopped, until
from tests.processes.conftest import PATIENCE, Fake, Threads


def test_steps_are_taken_until_the_process_is_stopped_and_then_it_is_closed(
    threads: Threads,
) -> None:
    fake = Fake(True, False, True)
    threads.start(fake)
    assert fake.idle.wait(PATIENCE)
    assert not fake.closed.is_set()
    threads.join()
    assert fake.taken == 3
    assert fake.closed.is_set()
    assert threads.ends.empty()


@pytest.mark.parametrize(
    "error", [BrokerError("down"), LogBusy("held"), LogUnreachable("gone")], ids=type
)
def test_what_may_pass_by_itself_is_tried_again(threads: Threads, error: Exception) -> None:
    fake = Fake(error, error, True)
    threads.start(fake)
    assert fake.idle.wait(PATIENCE)
    assert fake.taken == 3
    assert threads.vitals[0].state.retries == 2
    assert threads.ends.empty()


def test_each_new_try_waits_twice_as_long_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    class Halt:
        def is_set(self) -> bool:
            return len(waits) == 8

        def wait(self, seconds: float) -> None:
            waits.append(seconds)

    loop = object.__new__(running.Loop)
    loop._halt = Halt()  # type: ignore[assignment]
    loop._vitals = Vitals("fake")

    def down() -> bool:
        raise BrokerError

    monkeypatch.setattr(loop, "_round", down)
    loop._rounds()
    assert waits == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10])


def test_a_process_that_cannot_be_made_yet_is_made_later(threads: Threads) -> None:
    fake = Fake(True)
    tries = iter([LogUnreachable("not up yet"), LogUnreachable("not up yet")])

    def make() -> Fake:
        for error in tries:
            raise error
        return fake

    threads.want(Wanted("late", make, 0.001))
    assert fake.idle.wait(PATIENCE)


def test_one_that_waits_for_its_server_does_not_hold_up_another(threads: Threads) -> None:
    down, well = Fake(*[BrokerError("down")] * 1_000), Fake(*[True] * 100)
    down.name = "down"
    threads.start(down, well)
    assert well.idle.wait(PATIENCE)
    assert threads.vitals[0].state.failure == "BrokerError: down"
    assert threads.ends.empty()


def test_a_process_that_stands_still_turns_not_ready_until_it_moves(
    threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def round_and_round() -> list[str]:
        for _ in range(2):
            fake.idle.clear()
            assert fake.idle.wait(PATIENCE)
        return list(vitals.not_ready(30))

    fake = Fake(True)
    fake.behind = 7
    threads.start(fake)
    (vitals,) = threads.vitals
    assert round_and_round() == []
    monkeypatch.setattr(vitals, "_clock", lambda: monotonic() + 31)
    (why,) = round_and_round()
    assert why.startswith("7 wait, and nothing has moved for 31")
    fake.behind = 6
    assert round_and_round() == []


def test_an_unexpected_error_ends_everything(
    threads: Threads, caplog: pytest.LogCaptureFixture
) -> None:
    error = ZeroDivisionError("of doc:BL-1")
    broken, well = Fake(True, error), Fake()
    broken.name = "broken"
    threads.start(broken, well)
    assert threads.ended().error is error
    threads.join()
    assert broken.closed.is_set()
    assert well.closed.is_set()
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert (record.threadName, record.message) == ("broken", "ended by an error")
    assert record.__dict__["facts"]["error"] == "ZeroDivisionError"
    assert "BL-1" not in str(record.__dict__["facts"])


def test_a_process_that_does_not_close_well_has_still_ended(threads: Threads) -> None:
    class Stuck(Fake):
        def close(self) -> None:
            super().close()
            raise OSError

    fake = Stuck()
    threads.start(fake)
    assert fake.idle.wait(PATIENCE)
    threads.join()
    assert fake.closed.is_set()
    assert not threads.loops[0].is_alive()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, Exit.OK), (signal.SIGINT, Exit.INTERRUPTED)]
)
def test_a_signal_stops_all_processes_within_five_seconds(
    tmp_path: Path, number: signal.Signals, code: Exit
) -> None:
    with customs_run(tmp_path, "projector", CUSTOMS_STORE="s.sqlite") as asked:
        until(asked, "started", "projector")
        out, err = stopped(asked, number)
    assert (asked.returncode, out) == (code, "")
    assert [json.loads(line)["event"] for line in err.splitlines()] == ["stopped"]
    assert (tmp_path / "s.sqlite").exists()


STUCK = dedent("""
    import sys
    from threading import Event
    from cli import site
    from cli.main import app
    from consumers.processes import running
    from consumers.processes.process import Wanted
    from tests.processes.conftest import Fake

    running.STOP_SECONDS = 0.2
    never = Event()
    site.PROCESSES["alarms"] = lambda settings: Wanted("stuck", lambda: Fake(never.wait), 1.0)
    sys.argv = ["customs", "run", "alarms"]
    app()
""")


def test_a_step_that_takes_too_long_is_left(tmp_path: Path) -> None:
    with child(tmp_path, "-c", STUCK) as asked:
        until(asked, "started", "stuck")
        _, err = stopped(asked, signal.SIGTERM)
    assert asked.returncode == Exit.OK
    (line,) = map(json.loads, err.splitlines())
    assert (line["event"], line["left"]) == (
        "left in the midst of a step, which is undone",
        "stuck",
    )


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    patient = STUCK.replace("STOP_SECONDS = 0.2", "STOP_SECONDS = 600").replace(
        "never = Event()",
        "never = Event()\nheard = running._left\n"
        "running._left = lambda loops: (print('stopping', flush=True), *heard(loops))",
    )
    with child(tmp_path, "-c", patient) as asked:
        until(asked, "started", "stuck")
        asked.send_signal(signal.SIGTERM)
        assert asked.stdout
        assert asked.stdout.readline() == "stopping\n"
        stopped(asked, signal.SIGTERM)
    assert asked.returncode == -signal.SIGTERM


def test_a_fault_of_ours_ends_with_1_and_says_where_but_not_of_whom(tmp_path: Path) -> None:
    broken = STUCK.replace("Fake(never.wait)", "Fake(lambda: int('doc:BL-1'))")
    with child(tmp_path, "-c", broken) as asked:
        out, lines = ended(asked)
    assert (asked.returncode, out) == (Exit.FAULT, "")
    (line,) = [each for each in lines if each["level"] == "error"]
    assert line["error"] == "ValueError"
    assert "conftest.py" in line["where"]
    assert "BL-1" not in str(lines)


def test_debug_shows_the_words_of_a_fault(tmp_path: Path) -> None:
    broken = STUCK.replace("Fake(never.wait)", "Fake(lambda: int('doc:BL-1'))")
    broken = broken.replace('"run", "alarms"', '"--debug", "run", "alarms"')
    with child(tmp_path, "-c", broken) as asked:
        _, err = asked.communicate(timeout=PATIENCE)
    assert "ValueError: invalid literal for int() with base 10: 'doc:BL-1'" in err

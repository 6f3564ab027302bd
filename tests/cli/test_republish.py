from cli.exits import Exit
from consumers.processes.outboxes import READ_FACTS
from store.sqlite import SqliteLog
from tests.cli.conftest import Demonstration, Run


def test_what_was_published_is_to_be_published_again(
    run: Run, demonstration: Demonstration
) -> None:
    with SqliteLog(demonstration.store) as log:
        log.move_reader(READ_FACTS, 0, 40)
        said = run("republish", "--store", str(demonstration.store))
        assert (said.exit_code, said.stdout) == (Exit.OK, "")
        assert said.stderr.startswith("40 records of the log are to be published again")
        assert log.reader(READ_FACTS) == 0


def test_a_store_that_is_not_there_is_refused(run: Run) -> None:
    assert run("republish", "--store", "nowhere.sqlite").exit_code == Exit.UNREACHABLE

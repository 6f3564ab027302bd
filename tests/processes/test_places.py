"""Where a partition is read on."""

from consumers.broker.ports import Extent, Place
from consumers.processes.places import Misfit, Start, id_of, name_of, prefix_of, start

PORT = Place("customs.port.reports.v1", 0)
SECOND = PORT._replace(partition=1)
NAME = name_of(PORT, "Xq")


def why(found: Start | Misfit) -> str:
    assert isinstance(found, Misfit)
    return found.why


def test_a_name_holds_topic_partition_and_id() -> None:
    assert NAME == "kafka:customs.port.reports.v1[0]@Xq"
    assert NAME.startswith(prefix_of(PORT.topic))
    assert id_of(NAME) == "Xq"


def test_no_topic_is_taken_for_another_that_begins_like_it() -> None:
    assert not name_of(PORT._replace(topic=f"{PORT.topic}0"), "Xq").startswith(
        prefix_of(PORT.topic)
    )


def test_a_partition_is_read_on_where_the_log_stands() -> None:
    assert start(PORT, "Xq", Extent(0, 9), {NAME: 4}) == Start(NAME, 4)


def test_it_may_stand_at_either_end() -> None:
    assert start(PORT, "Xq", Extent(4, 9), {NAME: 4}) == Start(NAME, 4)
    assert start(PORT, "Xq", Extent(0, 4), {NAME: 4}) == Start(NAME, 4)


def test_a_new_topic_starts_at_its_earliest_offset() -> None:
    assert start(PORT, "Xq", Extent(7, 9), {}) == Start(NAME, 7, new=True)


def test_a_new_partition_of_a_known_topic_starts_at_its_earliest_offset() -> None:
    found = start(SECOND, "Xq", Extent(2, 9), {NAME: 4})
    assert found == Start(name_of(SECOND, "Xq"), 2, new=True)


def test_what_was_deleted_unread_is_a_gap() -> None:
    said = why(start(PORT, "Xq", Extent(5, 9), {NAME: 4}))
    assert "next offset is 4, and Kafka holds it from 5 on only" in said
    assert said.endswith(f"customs partitions move '{NAME}' 5 --why '...'")


def test_less_than_was_read_is_an_incident() -> None:
    said = why(start(PORT, "Xq", Extent(0, 3), {NAME: 4}))
    assert "next offset is 4, and Kafka holds it to below 3 only" in said


def test_a_topic_made_again_is_an_incident_for_all_its_partitions() -> None:
    for place in (PORT, SECOND):
        said = why(start(place, "Yr", Extent(0, 9), {NAME: 4}))
        assert "deleted and made again: its id is Yr, and Xq was read before" in said
        assert f"customs partitions move '{name_of(place, 'Yr')}' 0" in said


def test_one_that_was_found_right_for_one_partition_is_right_for_all() -> None:
    known = {NAME: 4, name_of(PORT, "Yr"): 0}
    assert start(PORT, "Yr", Extent(0, 9), known) == Start(name_of(PORT, "Yr"), 0)
    assert start(SECOND, "Yr", Extent(0, 9), known) == Start(name_of(SECOND, "Yr"), 0, new=True)


def test_what_may_pass_by_itself_is_said_to_be_so() -> None:
    for found in (start(PORT, None, None, {NAME: 4}), start(PORT, "Xq", None, {NAME: 4})):
        assert isinstance(found, Misfit)
        assert found.passing

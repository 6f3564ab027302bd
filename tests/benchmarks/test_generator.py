"""The port that the benchmarks make up."""

from collections import Counter

import orjson

from benchmarks.generator import Sort, deliveries, warehouse
from benchmarks.port import SOURCES
from consumers.intake import Message, understand

MANY = 30_000


def test_the_same_seed_gives_the_same_messages() -> None:
    assert list(deliveries(3_000)) == list(deliveries(3_000))
    assert [each.raw for each in deliveries(1_500, 2)] != [each.raw for each in deliveries(1_500)]


def test_as_many_come_late_again_or_spoilt_as_the_port_promises() -> None:
    told = list(deliveries(MANY))
    sorts = Counter(each.sort for each in told)
    assert 0.025 < sorts[Sort.LATE] / MANY < 0.055  # some of the late ones are yet to come
    assert 0.015 < sorts[Sort.REPEATED] / MANY < 0.025
    assert 0.003 < sorts[Sort.MALFORMED] / MANY < 0.007
    drawn = sum(b'"previous":' in each.raw for each in told)
    assert 0.27 < drawn / MANY < 0.33


def test_messages_arrive_in_the_order_of_time() -> None:
    times = [each.at for each in deliveries(5_000)]
    assert times == sorted(times)


def test_a_movement_is_told_of_in_between_others() -> None:
    last: dict[str, int] = {}
    apart = []
    for number, each in enumerate(deliveries(MANY)):
        if each.sort in (Sort.IN_TIME, Sort.LATE):
            subject = orjson.loads(each.raw)["subject"]
            if subject in last:
                apart.append(number - last[subject])
            last[subject] = number
    assert sorted(apart)[len(apart) // 2] > 100


def test_what_is_not_spoilt_is_understood_and_what_is_spoilt_is_set_aside() -> None:
    for each in deliveries(3_000):
        understood = understand(Message(each.raw), 0, SOURCES)
        assert (understood.reason is not None) == (each.sort is Sort.MALFORMED), understood.detail


def test_a_repeated_message_has_the_bytes_of_an_earlier_one() -> None:
    met = set()
    for each in deliveries(5_000):
        assert (each.raw in met) == (each.sort is Sort.REPEATED)
        met.add(each.raw)


def test_each_withdrawal_draws_on_the_one_warehouse() -> None:
    opening, *withdrawals = list(warehouse(20))
    assert len(withdrawals) == 20
    placed = orjson.loads(opening[-1])["subject"]
    for reports in withdrawals:
        assert any(f'"previous":"{placed}"'.encode() in raw for raw in reports)

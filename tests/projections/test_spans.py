from datetime import UTC, datetime, timedelta

from domain.because import Because
from projections.spans import Held, Span, spans

START = datetime(2017, 3, 1, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def why(rule: str) -> Because:
    return Because(rule, (), ())


def test_a_value_is_one_span_for_as_long_as_it_stays_the_same() -> None:
    held = [
        Held(at(0), at(1), {"here": 10}, why("a")),
        Held(at(1), at(2), {"here": 9, "gone": 1}, why("b")),
        Held(at(2), None, {"here": 8, "gone": 1, "lost": 1}, why("c")),
    ]

    assert sorted(spans(held), key=lambda span: (span.key, span.start)) == [
        Span("gone", 1, at(1), None, why("b")),
        Span("here", 10, at(0), at(1), why("a")),
        Span("here", 9, at(1), at(2), why("b")),
        Span("here", 8, at(2), None, why("c")),
        Span("lost", 1, at(2), None, why("c")),
    ]


def test_nothing_is_held_in_a_gap() -> None:
    held = [
        Held(at(0), at(1), {"here": 1}, why("a")),
        Held(at(2), at(3), {"here": 1}, why("b")),
    ]

    assert list(spans(held)) == [
        Span("here", 1, at(0), at(1), why("a")),
        Span("here", 1, at(2), at(3), why("b")),
    ]


def test_one_more_change_touches_only_what_changes() -> None:
    def drawn(times: int) -> set[Span[str, int]]:
        held = [
            Held(
                at(now),
                at(now + 1) if now < times else None,
                {"here": 1000 - now, **{f"by {n}": 1 for n in range(now)}},
                why("draw"),
            )
            for now in range(times + 1)
        ]
        return set(spans(held))

    before, after = drawn(99), drawn(100)

    assert len(after - before) == 3
    assert len(before - after) == 1

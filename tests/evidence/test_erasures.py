"""The leaf of an erasure: pinned, and another one for any other erasure."""

import pytest

from evidence.erasures import Noted, chained, leaf_of, verify

NOTED = Noted(0, 7, 1_772_456_400_000_000, "Ана", "case 7", b"d" * 32, b"", b"")
EARLIER = Noted(0, 8, None, None, None, None, b"", b"")


def test_the_leaf_of_an_erasure_stays_what_it_is() -> None:
    first = chained(NOTED, None)
    assert first.leaf.hex() == "222da65e839d2da1f59d28ec3fc3fbc43ed14dde6e3eaf664d7018e8f37b9559"
    assert (
        chained(EARLIER, first).leaf.hex()
        == "d6b366bc38220142822bf5abb4830cfc6367540d2c924dee729f190be5939a15"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"number": 2},
        {"outcome": 9},
        {"erased_at": None},
        {"said_by": "Анаc", "why": "ase 7"},
        {"why": None},
        {"digest": None},
        {"previous_leaf": b"x" * 32},
        {"outcome": "7"},
        {"said_by": b"x"},
    ],
)
def test_whatever_is_changed_is_found(change: dict[str, object]) -> None:
    first = chained(NOTED, None)
    second = chained(EARLIER, first)
    assert list(verify([first, second])) == []
    assert list(verify([first._replace(**change), second]))  # type: ignore[arg-type]
    assert leaf_of(first) != leaf_of(second)

"""The memory of stream heads."""

from store.heads import StreamHeads

LEAF = bytes(32)


def test_heads_are_known_as_long_as_nobody_else_moves_the_log() -> None:
    heads = StreamHeads()
    heads.learn({"mrn:A": (1, LEAF), "mrn:B": (4, LEAF)}, index=5)

    assert heads.known(["mrn:A", "mrn:C"], index=5) == {"mrn:A": (1, LEAF)}
    assert heads.known(["mrn:A"], index=6) == {}
    assert heads.known(["mrn:A"], index=5) == {}


def test_what_is_given_out_can_be_changed_without_harm() -> None:
    heads = StreamHeads()
    heads.learn({"mrn:A": (1, LEAF)}, index=1)
    heads.known(["mrn:A"], index=1)["mrn:A"] = (2, LEAF)
    assert heads.known(["mrn:A"], index=1) == {"mrn:A": (1, LEAF)}


def test_the_streams_appended_to_longest_ago_are_forgotten_first() -> None:
    heads = StreamHeads(limit=2)
    heads.learn({"mrn:A": (1, LEAF), "mrn:B": (1, LEAF)}, index=2)
    heads.learn({"mrn:A": (2, LEAF), "mrn:C": (1, LEAF)}, index=4)
    assert heads.known(["mrn:A", "mrn:B", "mrn:C"], index=4).keys() == {"mrn:A", "mrn:C"}

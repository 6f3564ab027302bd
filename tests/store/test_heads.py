"""The memory of stream heads."""

from store.heads import StreamHeads

LEAF = bytes(32)


def test_heads_are_known_until_they_are_forgotten() -> None:
    heads = StreamHeads()
    heads.learn({"mrn:A": (1, LEAF), "mrn:B": (4, LEAF)}, index=5)
    heads.learn({"mrn:B": (5, LEAF)}, index=6)

    assert heads.known(["mrn:A", "mrn:C"]) == {"mrn:A": (1, LEAF)}
    assert heads.known(["mrn:B"]) == {"mrn:B": (5, LEAF)}
    assert heads.index == 6
    heads.forget(index=9)
    assert heads.known(["mrn:A"]) == {}
    assert heads.index == 9


def test_what_is_given_out_can_be_changed_without_harm() -> None:
    heads = StreamHeads()
    heads.learn({"mrn:A": (1, LEAF)}, index=1)
    heads.known(["mrn:A"])["mrn:A"] = (2, LEAF)
    assert heads.known(["mrn:A"]) == {"mrn:A": (1, LEAF)}


def test_the_streams_appended_to_longest_ago_are_forgotten_first() -> None:
    heads = StreamHeads(limit=2)
    heads.learn({"mrn:A": (1, LEAF), "mrn:B": (1, LEAF)}, index=2)
    heads.learn({"mrn:A": (2, LEAF), "mrn:C": (1, LEAF)}, index=4)
    assert heads.known(["mrn:A", "mrn:B", "mrn:C"]).keys() == {"mrn:A", "mrn:C"}

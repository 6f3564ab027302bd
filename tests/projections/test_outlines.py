from datetime import date

from domain.case import outline_of
from domain.facts.declaration import DeclarationLodged
from domain.facts.temporary_storage import StorageMoveEnded
from domain.facts.values import Kind
from projections.outlines import decode, encoded, parties, sketch
from projections.reader import LogReader
from store.sqlite import SqliteLog
from tests.projections.histories import HISTORY, LRN, MRN, STORAGE, take


def test_an_outline_reads_back_as_it_was_folded(told: SqliteLog) -> None:
    reader = LogReader(told, told.head().index)
    folded = [outline_of(name, reader) for name in told.stream_names()]
    outlines = [each for each in folded if each]

    assert outlines
    assert [decode(encoded(each)) for each in outlines] == outlines


def test_every_person_in_a_fact_is_found_by_the_type_of_its_field() -> None:
    lodged = DeclarationLodged(
        happened=date(2017, 3, 1), procedure=Kind.EXPORT, declarant="BG1", representative="BG2"
    )
    moved = StorageMoveEnded(happened=date(2017, 3, 1))

    assert parties(lodged) == {"eori:BG1", "eori:BG2"}
    assert parties(moved) == set()


def test_a_movement_is_reached_by_its_names_and_by_what_it_names(log: SqliteLog) -> None:
    take(log, HISTORY)
    found = sketch(LRN, LogReader(log, log.head().index))

    assert [(row.relation, row.reference) for row in found.references] == [
        ("lrn", "lrn:L-1"),
        ("name", LRN),
        ("name", MRN),
        ("party", "eori:BG201611700"),
        ("previous", STORAGE),
    ]

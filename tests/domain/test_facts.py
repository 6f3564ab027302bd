from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import domain.facts
from domain.facts.debt import DebtNotified
from domain.facts.declaration import DeclarationLodged
from domain.facts.fact import (
    AUTHORISATION,
    FACTS,
    GUARANTEE,
    PREVIOUS,
    SAME_AS,
    SUBJECTS,
    Fact,
    Named,
    Rank,
    Report,
    adapter,
    fact,
    links,
    reader,
    subject_may_be,
    tell,
    told,
)
from domain.facts.inventory import ShortageFound
from domain.facts.record import ReportRetracted
from domain.facts.reference_data import DutyMeasureSet
from domain.facts.temporary_storage import GoodsPresented
from domain.facts.times import FIRST_YEAR, LAST_YEAR
from domain.facts.values import Role

PINNED = Path(__file__).with_name("stored_names.txt")
MINIMAL: dict[str, Any] = {
    "amount": "1",
    "carrier": "C",
    "complete": True,
    "conforms": True,
    "debtor": "D",
    "declarant": "D",
    "end_by": "2017-06-30",
    "first_day": "2017-01-01",
    "duty": [{"percent": "10"}],
    "holder": "H",
    "letter": "79(3)(b)",
    "payer": "P",
    "percent": "0.5",
    "permitted": False,
    "person": "T",
    "procedure": "free-circulation",
    "quantity": "1",
    "removed": "2017-02-28",
    "report": "office-1",
    "shortage": "office-1",
    "since": "2017-01-01",
    "transferee": "B",
    "wholly": True,
    "years": 5,
}
"""A value for each field that some fact requires."""


def minimal(model: type[Fact]) -> dict[str, Any]:
    """The least that a fact says."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    return {"happened": "2017-03-01"} | {
        name: MINIMAL[name] for name in needed if name != "happened"
    }


def native(stored_name: str, **data: object) -> dict[str, Any]:
    model = FACTS[stored_name]
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "office",
        "type": stored_name,
        "subject": f"{SUBJECTS.get(stored_name, 'local')}:1",
        "role": model.TOLD_BY[0],
        "data": minimal(model) | data,
    }


def complaints(model: type[Fact], **data: object) -> list[str]:
    with pytest.raises(ValidationError) as wrong:
        model.model_validate(minimal(model) | data)
    return [error["msg"] for error in wrong.value.errors()]


def test_every_stored_name_is_pinned_for_ever() -> None:
    """A name that is gone or changed cannot be read back; a new one is added to the file."""
    assert sorted(FACTS) == PINNED.read_text().split()


@pytest.mark.parametrize("stored_name", sorted(FACTS))
def test_every_fact_says_what_it_is_who_may_tell_it_and_what_law_it_is_about(
    stored_name: str,
) -> None:
    model = FACTS[stored_name]
    assert stored_name == model.TYPE
    assert model.__doc__
    assert model.__doc__.strip().endswith(".")
    assert model.ARTICLE
    assert model.TOLD_BY
    assert isinstance(model.RANK, Rank)


@pytest.mark.parametrize("stored_name", sorted(FACTS))
def test_every_fact_survives_the_log(stored_name: str) -> None:
    report = adapter(stored_name).validate_python(native(stored_name))
    body = adapter(stored_name).dump_json(report, exclude_unset=True)
    recorded = datetime(2017, 3, 2, tzinfo=UTC)
    assert told(body, stored_name, report.subject, recorded) == tell(
        report, report.subject, recorded
    )
    assert adapter(stored_name).validate_json(body) == report


@pytest.mark.parametrize("stored_name", sorted(FACTS))
def test_no_fact_takes_what_it_does_not_know(stored_name: str) -> None:
    assert "Extra inputs are not permitted" in complaints(FACTS[stored_name], colour="red")


@pytest.mark.parametrize("stored_name", sorted(FACTS))
def test_every_fact_is_filed_under_a_subject_of_its_own_sort(stored_name: str) -> None:
    scheme = SUBJECTS.get(stored_name)
    assert subject_may_be(stored_name, f"{scheme or 'mrn'}:1")
    assert not subject_may_be(stored_name, "seal:1")
    assert subject_may_be(stored_name, "local:1") is (scheme is None)


def test_two_facts_never_share_a_stored_name() -> None:
    with pytest.raises(ValueError, match=r"two facts have the stored name debt\.paid\.v1"):
        fact("debt.paid.v1", Rank.PAYMENT, "109(1)", Role.CUSTOMS)(DebtNotified)


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        ("2017-02-30", "write a day as 2017-03-01"),
        ("yesterday", "write a day as 2017-03-01"),
        ("2017-03-01T25:00+02:00", "an instant as 2017-03-01T14:00:00+02:00"),
        ("2017-03-01T14:00", "an instant needs its offset, such as +02:00 or Z"),
        (datetime(2017, 3, 1, 14), "an instant needs its offset"),  # noqa: DTZ001
        ("1899-12-31", f"between {FIRST_YEAR} and {LAST_YEAR}"),
        ("2201-01-01T00:00:00Z", f"between {FIRST_YEAR} and {LAST_YEAR}"),
        (20170301, "write a day as 2017-03-01"),
    ],
)
def test_a_wrong_time_says_how_to_write_it(happened: object, words: str) -> None:
    (complaint,) = complaints(GoodsPresented, happened=happened)
    assert words in complaint


def test_an_instant_where_a_legal_day_is_wanted_says_so() -> None:
    (complaint,) = complaints(DeclarationLodged, end_by="2017-03-01T14:00:00Z")
    assert "this is a legal day: write it 2017-03-01, without a time" in complaint


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (1.5, 'write an exact number as a string, such as "12.5"'),
        (True, 'write an exact number as a string, such as "12.5"'),
        ("NaN", "finite"),
        ("-1", "greater than or equal to 0"),
        ("1.1234567", "no more than 6 decimal places"),
        ("123456789012345678901", "no more than 20 digits"),
        ("a dozen", "valid decimal"),
    ],
)
def test_a_wrong_quantity_says_what_is_wanted(quantity: object, words: str) -> None:
    (complaint,) = complaints(GoodsPresented, lines=[{"quantity": quantity}])
    assert words in complaint


ODD = ["1_000", "+1", "1e3", "\uff11\uff12", " 1 ", "1.", ".5", "000000000000001", "12\n"]
"""Numbers that Python reads, and no JSON Schema of ours."""


def shortage(quantity: str) -> bytes:
    fields = {"happened": "2017-07-03", "line": 1, "quantity": quantity}
    return orjson.dumps(
        {
            "id": "r-1",
            "source": "customs",
            "type": ShortageFound.TYPE,
            "subject": "doc:BL-1",
            "role": "customs",
            "data": fields,
        }
    )


@pytest.mark.parametrize("quantity", ODD)
def test_a_number_that_comes_in_is_spelled_as_its_schema_says(quantity: str) -> None:
    with pytest.raises(ValidationError, match="write a number as its schema does"):
        reader(ShortageFound.TYPE)(shortage(quantity))


@pytest.mark.parametrize("quantity", ODD)
def test_a_number_that_a_log_took_in_before_stays_readable(quantity: str) -> None:
    found = told(
        shortage(quantity), ShortageFound.TYPE, "doc:BL-1", datetime(2018, 1, 1, tzinfo=UTC)
    )
    assert isinstance(found.fact, ShortageFound)
    assert found.fact.quantity == Decimal(quantity)


def test_a_reference_without_a_scheme_says_how_to_write_one() -> None:
    (complaint,) = complaints(GoodsPresented, same_as="21DE27364916384836")
    assert "is no reference: write scheme:value" in complaint


def test_a_retraction_corrects_nothing() -> None:
    (complaint,) = complaints(ReportRetracted, corrects="office-2")
    assert "a retraction corrects nothing: leave corrects out" in complaint


def test_a_report_with_the_longest_id_can_be_put_right_from_another_source() -> None:
    cite = f"{'s' * 128}/{'i' * 128}"
    found = GoodsPresented.model_validate(minimal(GoodsPresented) | {"corrects": cite})
    assert found.corrects == cite


def test_a_debt_can_be_named_by_the_reference_that_a_judgement_gives_it() -> None:
    ref = f"mrn:21DE27364916384836#debt/storage_overrun/{'s' * 128}/{'i' * 128}"
    found = DebtNotified.model_validate(minimal(DebtNotified) | {"debt": ref})
    assert found.debt == ref


def test_an_instant_is_kept_in_universal_time_and_a_day_as_a_day() -> None:
    told_at = GoodsPresented.model_validate(
        minimal(GoodsPresented) | {"happened": "2017-03-01T14:00:00+02:00"}
    )
    assert told_at.happened == datetime(2017, 3, 1, 12, tzinfo=UTC)
    assert GoodsPresented.model_validate(minimal(GoodsPresented)).happened == date(2017, 3, 1)


def test_a_fact_names_its_predecessors_authorisation_and_guarantee_each_once() -> None:
    line = {"quantity": "1", "previous": "local:storage"}
    report: Report[Fact] = adapter(DeclarationLodged.TYPE).validate_python(
        native(
            DeclarationLodged.TYPE,
            lines=[line, line],
            authorisation="auth:A",
            guarantee="grn:G",
            same_as="mrn:M",
        )
    )
    assert links(report) == (
        Named("mrn:M", SAME_AS),
        Named("local:storage", PREVIOUS),
        Named("auth:A", AUTHORISATION),
        Named("grn:G", GUARANTEE),
    )


def test_a_fact_has_no_link_to_its_own_stream() -> None:
    report: Report[Fact] = adapter(GoodsPresented.TYPE).validate_python(
        native(GoodsPresented.TYPE, same_as="local:1")
    )
    assert links(report) == ()


@given(st.decimals(0, Decimal(99999999999999), places=6))
def test_an_exact_number_survives_the_log_digit_by_digit(value: Decimal) -> None:
    report = adapter(DutyMeasureSet.TYPE).validate_python(
        native(DutyMeasureSet.TYPE, duty=[{"per_unit": str(value)}])
    )
    body = adapter(DutyMeasureSet.TYPE).dump_json(report, exclude_unset=True)
    (duty,) = adapter(DutyMeasureSet.TYPE).validate_json(body).data.duty
    assert str(duty.per_unit) == str(value)


def test_every_module_of_facts_is_registered() -> None:
    folder = Path(str(domain.facts.__file__)).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "fact", "times", "values"}
    assert modules == {model.__module__.rpartition(".")[2] for model in FACTS.values()}

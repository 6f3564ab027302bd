"""Reading YAML exactly, with lines."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from stories.document import StoryError, read, spelled


def written(folder: Path, text: str) -> Path:
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7.50", Decimal("7.50")),
        ("-3", -3),
        ("0", 0),
        ("2017-03-01", date(2017, 3, 1)),
        ("2017-03-01 14:00", "2017-03-01 14:00"),
        ("12:30", "12:30"),
        ("0901", "0901"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("79(1)(a)", "79(1)(a)"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("'2017-03-01'", "2017-03-01"),
    ],
)
def test_a_value_is_read_as_it_looks(tmp_path: Path, text: str, value: object) -> None:
    found = read(written(tmp_path, f"key: {text}")).value
    assert found == {"key": value}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(value)


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    document = read(written(tmp_path, "a: 1\nb:\n  - c: 2\n  - d:\n      e: 3\n"))
    assert document.lines["b",] == 2
    assert document.lines["b", 0] == 3
    assert document.lines["b", 1, "d", "e"] == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "story.yaml:2: a: the key is given twice: keep one of them"),
        ("a: &x [1]\nb: *x", "story.yaml:2: b: aliases are not read: share reports through"),
        ("a: !!binary aGk=", "story.yaml:1: a: tag:yaml.org,2002:binary is not read"),
        ("a: 2017-02-30", "story.yaml:1: a: 2017-02-30: day"),
        ("a: [1\nb: 2", "story.yaml:2: no YAML: expected ',' or ']'"),
        ("", "story.yaml:1: the file is empty"),
        (f"a: {'[' * 5000}", "story.yaml:1: it nests too deep to be read"),
        ("a: 1\n---\nb: 2", "story.yaml:2: no YAML: but found another document"),
    ],
)
def test_what_could_be_misread_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(StoryError) as wrong:
        read(written(tmp_path, text))
    assert message in str(wrong.value)


@pytest.mark.parametrize("raw", [b"story: \xff", b"story: \x00"])
def test_a_file_that_is_no_text_is_an_error(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "story.yaml").write_bytes(raw)
    with pytest.raises(StoryError, match="1: no text in UTF-8: "):
        read(tmp_path / "story.yaml")


def test_the_way_to_a_value_is_spelled_as_one_would_say_it() -> None:
    assert spelled(("reports", 2, "data", "lines", 0)) == "reports[2].data.lines[0]"

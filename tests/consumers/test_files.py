"""Files are cut into messages, each with the bytes that stand in the file."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.files import Unreadable, messages, paths
from consumers.intake import Message

FEED = Path(__file__).parents[2] / "examples" / "feeds" / "ncts"


def cut(path: Path, content: bytes) -> list[bytes]:
    path.write_bytes(content)
    return [message.raw for message in messages(path)]


@pytest.mark.parametrize("name", ["reports.ndjson", "reports.jsonl", "reports.json", "reports"])
def test_each_line_is_a_message(tmp_path: Path, name: str) -> None:
    content = b'{"a": 1}\r\n\n  {"b": [2] }\n{"c"\n'
    assert cut(tmp_path / name, content) == [b'{"a": 1}', b'{"b": [2] }', b'{"c"']


def test_a_first_line_that_is_broken_spoils_no_other_line(tmp_path: Path) -> None:
    assert cut(tmp_path / "reports.ndjson", b'{"a"\n{"b": 1}\n') == [b'{"a"', b'{"b": 1}']


def test_a_document_is_one_message(tmp_path: Path) -> None:
    content = b'{\n  "a": 1,\n  "b": [1, 2]\n}'
    assert cut(tmp_path / "report.json", content + b"\n") == [content]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[]", []),
        (b' [ {"a": 1.50} , {"b" : 2}\n] ', [b'{"a": 1.50}', b'{"b" : 2}']),
        (b'["\xc3\xa9", "\\u00e9"]', [b'"\xc3\xa9"', b'"\\u00e9"']),
        (b"[1, [2, 3], null]", [b"1", b"[2, 3]", b"null"]),
        (b'[{"a": 1}, {"b" 2}, {"c": 3}]', [b'{"a": 1}', b'{"b" 2}, {"c": 3}]']),
        (b'[{"a": 1} {"b": 2}]', [b'{"a": 1}', b'{"b": 2}]']),
        (b'[{"a": 1}] x', [b'{"a": 1}', b"] x"]),
        (b'[{"a": 1}, {"b": 2', [b'{"a": 1}', b'{"b": 2']),
        (b'[{"a": "\xff"}]', [b'[{"a": "\xff"}]']),
        (b"[" + b"[" * 100_000, [b"[" * 100_000]),
    ],
)  # fmt: skip
def test_each_element_of_an_array_is_a_message_and_what_cannot_be_cut_is_one(
    tmp_path: Path, content: bytes, expected: list[bytes]
) -> None:
    assert cut(tmp_path / "reports.json", content) == expected


@given(
    st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5)), min_size=1)
)
def test_an_array_and_lines_hold_the_same_messages(
    tmp_path_factory: pytest.TempPathFactory, reports: list[dict[str, object]]
) -> None:
    written = [json.dumps(one, indent=1).encode() for one in reports]
    lines = [json.dumps(one).encode() for one in reports]
    folder = tmp_path_factory.mktemp("files")
    assert cut(folder / "a.json", b"[" + b",\n".join(written) + b"]") == written
    assert cut(folder / "a.ndjson", b"\n".join(lines)) == lines


def test_a_blank_file_holds_no_message(tmp_path: Path) -> None:
    assert cut(tmp_path / "a.json", b" \n ") == []
    assert cut(tmp_path / "a.ndjson", b"") == []


def test_gzipped_files_are_read_as_if_they_were_not(tmp_path: Path) -> None:
    content = gzip.compress(b'{"a": 1}\n{"b": 2}\n')
    assert cut(tmp_path / "reports.ndjson.gz", content) == [b'{"a": 1}', b'{"b": 2}']


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.ndjson", "a/.hidden.json", "README.md", "c.json.gz", "d.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"{}")
    names = [path.relative_to(tmp_path).as_posix() for path in paths(tmp_path)]
    assert names == ["a/z.ndjson", "b.json", "c.json.gz"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cut.ndjson.gz", gzip.compress(b'{"a": 1}\n' * 9)[:-9], "end-of-stream"),
        ("none.ndjson.gz", b'{"a": 1}\n', "Not a gzipped file"),
        ("cut.json", b'[{"a": 1}, ', "its array is not closed, so it was cut short"),
        ("cut.json", b'[{"a": 1}', "its array is not closed, so it was cut short"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_named(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        cut(tmp_path / name, content)
    assert str(tmp_path / name) in str(caught.value)
    assert says in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"nowhere\.json cannot be read to its end"):
        list(messages(tmp_path / "nowhere.json"))


def test_the_feed_of_each_message_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "mixed.json"
    transit = (FEED / "cc044c-varna-bucharest.json").read_text("utf-8").strip()
    path.write_text(f'[{{"specversion": "1.0"}}, {transit}, 7]', "utf-8")
    assert list(messages(path, "desk")) == [
        Message(b'{"specversion": "1.0"}', "native", "desk"),
        Message(transit.encode(), "ncts", "desk"),
        Message(b"7", "native", "desk"),
    ]


def test_a_folder_without_messages_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"no report")
    with pytest.raises(Unreadable, match=f"{tmp_path.name} holds no file of messages"):
        list(messages(tmp_path))

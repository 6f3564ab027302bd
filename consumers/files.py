"""Files of messages: NDJSON, one JSON document, a JSON array, folders of them, gzipped or not.

The bytes of a message are those of the file: a line, a document, or an element of an array as it
stands there. What cannot be cut into messages is one message, to be set aside with its bytes.
"""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from itertools import chain
from json import JSONDecoder
from pathlib import Path
from typing import Final

import orjson

from consumers.feeds import detect
from consumers.intake import Message
from consumers.wire import LIMIT

LINES: Final = (".ndjson", ".jsonl")
SUFFIXES: Final = (*LINES, ".json")
"""The files of a folder that are read, each also with .gz behind."""


class Unreadable(OSError):
    """A file that cannot be read to its end: which, why, and what to do."""


def messages(path: Path, speaker: str | None = None) -> Iterator[Message]:
    """The messages of a file, or of all files in a folder in the order of their paths.

    The feed of each is detected. Raises `Unreadable` at the file that cannot be read; the messages
    before it have been yielded.
    """
    for file in paths(path):
        try:
            for raw in _cut(file):
                yield Message(raw, detect(raw), speaker)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable(
                f"{file} cannot be read to its end: {error}. Check the file and take it in again;"
                " what was recorded before is told as a duplicate then."
            ) from error


def paths(path: Path) -> list[Path]:
    """The files to read: `path` itself, or those of a folder and its folders that hold messages.

    Raises `Unreadable` where a folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.rglob("*")
        if _plain_name(file).endswith(SUFFIXES) and not file.name.startswith(".") and file.is_file()
    )
    if not found:
        raise Unreadable(
            f"{path} holds no file of messages: {', '.join(SUFFIXES)}, or these as .gz"
        )
    return found


def _plain_name(file: Path) -> str:
    return file.name.lower().removesuffix(".gz")


def _open(file: Path) -> BufferedIOBase:
    return gzip.open(file, "rb") if file.name.lower().endswith(".gz") else file.open("rb")


def _cut(file: Path) -> Iterator[bytes]:
    """The messages of one file. Only NDJSON is read piece by piece."""
    with _open(file) as stream:
        first = stream.readline()
        if _plain_name(file).endswith(LINES) or _is_document(first):
            yield from (line for part in chain([first], stream) if (line := part.strip(_SPACE)))
            return
        whole = first + stream.read()
    whole = whole.strip(_SPACE)
    if whole[:1] == b"[":
        yield from _elements(whole)
    elif whole:
        yield whole


def _is_document(line: bytes) -> bool:
    """Whether a line is an object of its own, so that more may follow."""
    if line[:1] != b"{" or len(line) > LIMIT:
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _elements(whole: bytes) -> Iterator[bytes]:
    """The elements of an array, each in its own bytes; from the first fault on, what is left."""
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        yield whole
        return
    place = _skip(text, text.index("[") + 1)
    while text[place : place + 1] not in _END:
        try:
            _, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        yield text[place:end].encode()
        place = _skip(text, end)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        elif text[place : place + 1] != "]":
            break
    if not text[place:]:
        raise EOFError("its array is not closed, so it was cut short")
    if text[place:].rstrip(_BLANK) != "]":
        yield text[place:].encode()


def _skip(text: str, place: int) -> int:
    while text[place : place + 1] and text[place] in _BLANK:
        place += 1
    return place


_SPACE: Final = b" \t\r\n"
_BLANK: Final = _SPACE.decode()
_END: Final = frozenset({"]", ""})
_DECODER: Final = JSONDecoder()

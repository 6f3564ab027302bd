"""`python -m schemas.release VERSION` keeps the present schemas for good, as those of a release.

Beside the schemas it keeps the valid examples, which every later release must record, and the
digest of each file, so that a change of what was released does not go unseen.
"""

import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson

from schemas.compatibility import Break, given, taken
from schemas.generate import FOLDER, write, written
from schemas.report_schema import JsonSchema

RELEASED: Final = FOLDER / "released"
EXAMPLES: Final = "examples.ndjson"
DIGESTS: Final = "digests.txt"


def release(version: str, folder: Path = RELEASED) -> Path:
    """Keep the present schemas as those of `version`; raises `FileExistsError` where there are."""
    made = folder / version
    made.mkdir(parents=True)
    write(made)
    valid = sorted((FOLDER / "examples").glob("*/valid/*.json"))
    lines = (orjson.dumps(orjson.loads(path.read_bytes())) for path in valid)
    (made / EXAMPLES).write_bytes(b"".join(line + b"\n" for line in lines))
    (made / DIGESTS).write_text(digests(made), encoding="utf-8")
    return made


def digests(released: Path) -> str:
    """The digest of each file of a release, one a line."""
    files = sorted(path for path in released.rglob("*.*") if path.name != DIGESTS)
    return "".join(
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(released).as_posix()}\n"
        for path in files
    )


def broken(released: Path, present: Mapping[str, JsonSchema]) -> Mapping[str, list[Break]]:
    """Which promises of a release the present schemas break, by the name of the file."""
    found = {}
    for name, schema in written(released).items():
        kept = taken if name.startswith("reports/") else given
        gone = [Break("", "schema", "released", None)]
        if breaks := kept(schema, present[name]) if name in present else gone:
            found[name] = breaks
    return found


if __name__ == "__main__":
    release(sys.argv[1])

"""`python -m schemas.generate` writes the JSON Schemas of what is reported, answered and published.

A test says so where a file is not what the models say.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import orjson

from domain.facts.fact import FACTS
from schemas import answer_schema, report_schema
from schemas.report_schema import JsonSchema

FOLDER: Final = Path(__file__).parent
SUFFIX: Final = ".schema.json"


def schemas() -> Iterator[tuple[str, JsonSchema]]:
    """Each schema under the name of its file in the folder, such as `reports/...`."""
    for stored_name in sorted(FACTS):
        yield f"reports/{stored_name}{SUFFIX}", report_schema.schema(stored_name)
    for name in sorted(answer_schema.ANSWERS):
        yield f"answers/{name}{SUFFIX}", answer_schema.schema(name)
    for name in sorted(answer_schema.MESSAGES):
        yield f"messages/{name}{SUFFIX}", answer_schema.message_schema(name)


def written(folder: Path) -> Mapping[str, JsonSchema]:
    """The schemas that stand in a folder, by the names of their files."""
    return {
        path.relative_to(folder).as_posix(): orjson.loads(path.read_bytes())
        for part in ("reports", "answers", "messages")
        for path in sorted((folder / part).glob(f"*{SUFFIX}"))
    }


def text(schema: JsonSchema) -> str:
    """A schema as it stands in its file."""
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() + "\n"


def write(folder: Path) -> None:
    """Write every schema, and take away what is none any more."""
    now = dict(schemas())
    for name in written(folder).keys() - now.keys():
        (folder / name).unlink()
    for name, schema in now.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    write(FOLDER)

"""What the import contracts cannot say about our packages."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
PURE = ("domain", "projections")

CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.time",
    "time.time_ns",
}
CHANCE = {"uuid1", "uuid4", "urandom", "token_bytes", "token_hex", "token_urlsafe"}


def impure_calls(source: str) -> Iterator[str]:
    """The calls in `source` that read a clock, make a random id or draw a random number."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        parts = name.split(".")
        if ".".join(parts[-2:]) in CLOCKS or parts[-1] in CHANCE or "random" in parts:
            yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_ours(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__file__ is not None
    assert Path(module.__file__) == ROOT / package / "__init__.py"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()


def test_every_package_is_in_the_wheel_and_under_the_import_contracts() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders - {"benchmarks"} == set(PACKAGES)
    assert set(PACKAGES) == set(SETTINGS["tool"]["importlinter"]["root_packages"])


@pytest.mark.parametrize("package", PURE)
def test_nothing_pure_reads_a_clock_or_leaves_anything_to_chance(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}, {call}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for call in impure_calls(path.read_text())
    ]
    assert not found


@pytest.mark.parametrize(
    "call",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "uuid.uuid4()",
        "uuid4()",
        "random.choice(lines)",
        "random()",
    ],
)
def test_the_scan_for_clocks_and_chance_finds(call: str) -> None:
    assert list(impure_calls(f"day = {call}"))


def test_the_scan_leaves_a_time_of_day_alone() -> None:
    assert not list(impure_calls("start = datetime.combine(day, time.min, tzinfo=zone)"))

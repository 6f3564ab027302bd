"""What is installed to run the tracker is all that it needs to run."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("cli", "consumers", "domain", "evidence", "projections", "schemas", "store", "stories")
IMPORT_ALL = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"{name} is not installed where the tracker only runs")

ABSENT = set(sys.argv[2].split())
sys.meta_path.insert(0, Absent())
for package in sys.argv[1].split():
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print("all imported")
"""


def plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def test_every_module_can_be_imported_where_only_the_requirements_to_run_are_installed() -> None:
    pinned = re.findall(
        "^([A-Za-z0-9._-]+)==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE
    )
    run = {plain(name) for name in pinned}
    absent = {
        module
        for module, sources in packages_distributions().items()
        if run.isdisjoint(map(plain, sources)) and module not in PACKAGES
    }
    assert {"confluent_kafka", "hypothesis"} <= absent
    command = [sys.executable, "-c", IMPORT_ALL, " ".join(PACKAGES), " ".join(absent)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "all imported\n", done.stderr

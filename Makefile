# Needs python3 (3.11 or later) and make; everything else is made here.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: help env demo deployed-demo test bench check format lock clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

env: $(READY) ## make the environment in .venv

demo: $(READY) ## take the bundled histories through the tracker and print the legal board
	@$(BIN)/python -m cli.demo

deployed-demo: $(READY) ## the same through Kafka and PostgreSQL, every process by itself, live
	@$(BIN)/python -m tests.deployed.demo

test: $(READY) ## run all tests
	$(BIN)/python -m pytest

bench: $(READY) ## measure how fast it is, against its bars (docs/speed.md)
	@status=0; for each in intake pipeline judge rebuild postgresql publisher latency; do \
	  echo "== $$each"; $(BIN)/python -m benchmarks.$$each || status=1; done; exit $$status

check: $(READY) ## formatting, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## format the code and apply safe fixes
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: ## pin the dependencies of pyproject.toml again, with hashes
	$(PYTHON) -m venv .lock
	.lock/bin/pip install --quiet --disable-pip-version-check uv
	.lock/bin/uv pip compile $(LOCK) --output-file requirements/run.txt pyproject.toml
	.lock/bin/uv pip compile $(LOCK) --output-file requirements/dev.txt pyproject.toml --group dev
	.lock/bin/uv pip compile $(LOCK) --output-file requirements/build.txt --group build
	rm -rf .lock

clean: ## remove the environment and everything generated
	rm -rf .venv .lock build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK := --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	--custom-compile-command 'make lock'

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and \
	  f"Python 3.11 or later is needed, {sys.executable} is {v[0]}.{v[1]}: try make PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "This Python cannot make an environment:" \
	  "install its venv package (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

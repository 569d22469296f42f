# What a person runs: `make run` and `make test`. Both make .venv from hashed lock files; make, git and Python 3.11 or
# newer are all they need. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
WORKERS ?= 2
TESTS ?= tests
PORT ?= 8470

.DEFAULT_GOAL := help
.PHONY: help run test lint fmt bench lock docs strings clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

run: $(VENV)/run.stamp  ## the page on http://127.0.0.1:8470, with a sample person ready
	@$(BIN)/salus serve --sample --port $(PORT)

test: $(VENV)/dev.stamp  ## all tests; TESTS=tests/vault for some, WORKERS=1 for one process
	@SALUS_CHROMIUM="$$($(BIN)/python -m tools.chromium --install)" \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

lint: $(VENV)/dev.stamp  ## style, types, import floors, file lengths
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m tools.file_lengths

fmt: $(VENV)/dev.stamp  ## mends what ruff can mend by itself
	@$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp  ## how fast, as ratios against peers in the same run
	@$(BIN)/python -m salus.bench

docs: $(VENV)/dev.stamp  ## renders every --help into docs/cli.md
	@$(BIN)/python -m tools.cli_docs

strings: $(VENV)/dev.stamp  ## compiles the French catalogue and lists what it lacks
	@$(BIN)/python -m tools.strings --compile --missing

# The lock files: every wheel of every platform by its hash, no registry named.
LOCK = $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet

lock: $(VENV)/bin/python  ## resolves requirements/*.txt anew; UPGRADE=--upgrade for the newest versions
	@$(PIP) install uv
	@$(LOCK) $(UPGRADE) --extra web --extra keyring --extra dev --output-file requirements/dev.txt
	@$(LOCK) $(UPGRADE) --extra web --extra keyring --constraint requirements/dev.txt --output-file requirements/run.txt

clean:  ## removes .venv and everything made
	@rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo 'Salus needs Python 3.11 or newer: install it, or name one with "make PYTHON=python3.12 ...".' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot make a virtual environment: install its venv module (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# A stamp is newer than its lock file when the lock file is what is installed.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Salus needs into $(VENV) (once) ..." >&2
	@test -e $(VENV)/dev.stamp -a $(VENV)/dev.stamp -nt requirements/dev.txt \
	  || $(PIP) install --require-hashes --only-binary :all: -r requirements/run.txt
	@$(PIP) install --no-build-isolation --no-deps --no-index -e .
	@$(VENV)/bin/python -m compileall -q salus
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Salus and its tests need into $(VENV) (once) ..." >&2
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(PIP) install --no-build-isolation --no-deps --no-index -e .
	@$(VENV)/bin/python -m compileall -q salus
	@touch $@

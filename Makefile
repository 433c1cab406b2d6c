# Needs Python 3.11 or newer and make. Everything else lands in .venv and var/.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed

# The first Python here that is new enough; `make setup PYTHON=/path/to/python` overrides it.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# Handed to pytest: `make test TESTS=tests/core FLAGS='-x -k money'`.
TESTS ?=
FLAGS ?= -n auto

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-browser check fix lock audit-deps

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## Make .venv and install what the lock names, by hash
	@:

# Removed first, so that an interrupted install is never taken for a whole one.
$(STAMP): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found. Name one with PYTHON=..." >&2; exit 1; }
	@rm -f $(STAMP)
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: on Debian or Ubuntu, install python3-venv." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup  ## Start a shop with a playground, and print its address
	$(BIN)/dangol demo

test: setup  ## Run the tests, but for those that need a browser
	$(BIN)/python -m pytest -m "not browser" $(FLAGS) $(TESTS)

test-browser: setup  ## Run the tests that drive a real browser
	$(BIN)/python -m pytest -m browser $(TESTS)

check: setup  ## Format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: setup  ## Format, and mend what the linter can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# uv goes in an environment of its own: it makes the lock, and nothing else here needs it.
# A pin stays while pyproject.toml allows it; `make lock UPGRADE=--upgrade` moves them all.
UPGRADE ?=
LOCK := var/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate $(UPGRADE)

lock:  ## Lock the dependencies again (UPGRADE=--upgrade moves every pin)
	@test -x var/lock/bin/uv || { $(PYTHON) -m venv var/lock && var/lock/bin/python -m pip install --quiet uv; }
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

AUDIT ?=
audit-deps: setup  ## Look every locked package up among the known vulnerabilities
	$(BIN)/pip-audit $(AUDIT) --require-hashes --disable-pip --progress-spinner off -r requirements-dev.lock

# All there is to remember; each target does its own set-up on a fresh clone.
#   make dataset   build the sample corpus of this repository and package it into dist/
#   make test      the same, then the whole test suite
#   make lint      ruff, mypy --strict, import-linter
#   make bench     speed and quality against named peers in one run
#   make fuzz      a long search for files that break the parser (tests/parse/test_any_file.py)
.DEFAULT_GOAL := help
.PHONY: help dataset test lint bench fuzz lock wheel clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

help:
	@sed -n 's/^#  *\(make .*\)/\1/p' Makefile

# Pinned, hashed dependencies; the package itself is linked, so that an edit needs no new install. Bytecode is compiled
# at once, and so are the language packs: it halves the start of every command after.
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src >/dev/null || true
	@$(BIN)/python -c 'import broadsheet.annotate.preload'
	@touch $@

dataset: $(READY)
	@$(BIN)/broadsheet build
	@$(BIN)/broadsheet package

test: dataset
	@HF_HUB_OFFLINE=1 $(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python benchmarks/parse.py
	@echo
	@$(BIN)/python benchmarks/annotate.py
	@echo
	@$(BIN)/python benchmarks/build.py
	@echo
	@$(BIN)/python benchmarks/check.py

fuzz: $(READY)
	@$(BIN)/python -m pytest -q -p no:cacheprovider --hypothesis-profile=fuzz tests/parse/test_any_file.py

# Needs pip-tools; writes no index address.
lock:
	@$(PYTHON) -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --no-header --no-annotate --extra dev --output-file requirements.lock pyproject.toml

wheel: $(READY)
	@$(BIN)/python -m hatchling build --target wheel --directory dist/pypi

clean:
	@find build dist -mindepth 1 -not -name README.md -delete

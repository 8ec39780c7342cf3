# Needs Python 3.11 or newer, git and make; everything else is installed into .venv from requirements.txt.
# Another interpreter: make demo PYTHON=python3.13

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
# Quiet twice: warnings of the machine's own pip configuration say nothing about this project; errors still show.
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: help
help: ## Show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: demo
demo: venv ## Check this project and the demo project, build the site
	@echo '== This project: whypin check'
	@$(BIN)/whypin check
	@echo '== The demo project: whypin check --root tests/data/projects/demo --today 2026-11-22'
	@$(BIN)/whypin check --root tests/data/projects/demo --today 2026-11-22
	@$(MAKE) --no-print-directory site

.PHONY: test
test: lint ## Lint, type check, run the tests, check our own decisions
	@echo '== pytest'
	@$(BIN)/pytest -q
	@echo '== whypin check'
	@$(BIN)/whypin check

.PHONY: lint
lint: venv ## ruff and mypy
	@echo '== ruff check'
	@$(BIN)/ruff check
	@echo '== ruff format --check'
	@$(BIN)/ruff format --check
	@echo '== mypy'
	@$(BIN)/mypy

.PHONY: format
format: venv ## Format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: site
site: venv ## Build the site into build/site; a warning fails
	@echo '== mkdocs build --strict'
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs --quiet build --strict
	@echo 'The site is built. Open $(CURDIR)/build/site/index.html'
	@echo 'or serve it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8000'

.PHONY: bench
bench: venv ## Run every benchmark
	@for file in benchmarks/[a-z]*_*.py; do echo "== $$file"; $(BIN)/python -m "benchmarks.$$(basename "$$file" .py)"; done

.PHONY: lock
lock: venv ## Compile requirements.txt again; take newer versions with ARGS=--upgrade or ARGS='--upgrade-package NAME'
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --only-binary :all: --custom-compile-command 'make lock' --quiet \
		--output-file requirements.txt $(ARGS) > /dev/null
	@if grep -nE 'https?://|file:|^ *(-i|--(extra-)?index-url|--find-links)' requirements.txt; then \
		echo 'requirements.txt names a host or a path' >&2; exit 1; fi

.PHONY: venv
venv: .venv/.installed ## Create .venv, again when requirements.txt changes

.venv/.installed: .venv/.locked pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.locked: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "whypin needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.11")'
	@echo 'Creating .venv from requirements.txt ...'
	@$(PYTHON) -m venv --clear .venv
	@# The lock is complete. Older pips would look for an extra that it leaves out (hishel[httpx]) among newer versions.
	@$(PIP) install --require-hashes --no-deps --only-binary :all: --requirement requirements.txt
	@touch $@

.PHONY: clean
clean: ## Remove what make and the tools have made
	@rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find tool tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

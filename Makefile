# Everything is set up by itself: a virtual environment in .venv, from the locked requirements.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test lint bench pictures lock clean
.DEFAULT_GOAL := help

help:  ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: .venv/runtime  ## show the main job on embedded parts; make demo ONCE=1 checks it and ends
	@$(BIN)/forthwith up --demo $(if $(ONCE),--once)

test: .venv/dev lint  ## every check and every test
	@$(BIN)/pytest $(ARGS)

lint: .venv/dev  ## style, types, and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/dev  ## measure, and write docs/benchmarks.md and docs/matching.md
	@$(BIN)/python -m tests.benchmarks $(ARGS)
	@$(BIN)/python -m tests.benchmarks.second_clock
	@$(BIN)/python -m tests.benchmarks.board
	@$(BIN)/python -m tests.benchmarks.year
	@$(BIN)/python -m tests.benchmarks.matching

pictures: .venv/dev  ## draw the pictures in docs/ anew; needs Debian's chromium
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.dashboard_pictures

lock: .venv/dev  ## resolve the requirements anew
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --extra dev pyproject.toml -o requirements-dev.txt

clean:  ## remove what was set up
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

.venv/python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Forthwith needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv (a minute or two the first time) ..."
	@$(PYTHON) -m venv .venv || { echo "python3 has no venv module; on Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

.venv/runtime: .venv/python requirements.txt pyproject.toml
	@test -e .venv/dev || $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/dev: .venv/python requirements-dev.txt pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# What people, the README and CI use. `make run` starts the server, `make test` is the whole check.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
RAPPORTEUR_HOME ?= data
FUZZ_RUNS ?= 300
export FUZZ_RUNS
run dev: export PORT := $(PORT)
run dev: export RAPPORTEUR_HOME := $(RAPPORTEUR_HOME)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
NPM := npm --prefix frontend --no-audit --no-fund --loglevel error
NODE_MINIMUM := 20.19
NODE_IS_NEW_ENOUGH = const [a, b] = process.versions.node.split(".").map(Number), \
	[c, d] = "$(NODE_MINIMUM)".split(".").map(Number); process.exit(a > c || (a === c && b >= d) ? 0 : 1)

# A directory is listed beside its files so that a deleted file rebuilds the pages too.
PAGE_SOURCES := $(shell find frontend/src frontend/public frontend/build 2>/dev/null) \
	$(wildcard frontend/*.html frontend/*.ts frontend/tsconfig*.json)

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# ---------------------------------------------------------------- environments

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rapporteur needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
		"Name another one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python cannot make an environment (on Debian: apt install python3-venv)." >&2; exit 1; }

.venv/runtime.stamp: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/python
	@echo "Installing the server's packages"
	@$(PIP) install --require-hashes -r requirements-build.lock -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/runtime.stamp
	@echo "Installing the tools for tests"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

frontend/node_modules/installed.stamp: frontend/package.json frontend/package-lock.json
	@node -e '$(NODE_IS_NEW_ENOUGH)' 2>/dev/null || \
		{ echo "Rapporteur needs Node $(NODE_MINIMUM) or newer to build its pages;" \
		"this machine has $$(node --version 2>/dev/null || echo none)." >&2; exit 1; }
	@echo "Installing the pages' packages"
	@$(NPM) ci
	@touch $@

frontend/dist/index.html: $(PAGE_SOURCES) frontend/node_modules/installed.stamp
	@echo "Building the pages"
	@$(NPM) --silent run build -- --logLevel error
	@touch $@

# --------------------------------------------------------------------- running

.PHONY: run
run: .venv/runtime.stamp frontend/dist/index.html ## Start the server with its demonstration
	@exec $(BIN)/rapporteur serve --demo

.PHONY: dev
dev: .venv/dev.stamp frontend/node_modules/installed.stamp ## Serve while working: pages by Vite, server beside it
	@trap 'kill $$(jobs -p) 2>/dev/null || true' EXIT; \
	$(BIN)/rapporteur serve --demo & \
	RAPPORTEUR_SERVER=http://127.0.0.1:$(PORT) $(NPM) --silent run dev & wait -n

# -------------------------------------------------------------------- checking

.PHONY: test
test: .venv/dev.stamp frontend/dist/index.html static-pages static-server test-pages ## Everything, as CI runs it
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: check
check: .venv/dev.stamp frontend/node_modules/installed.stamp static-pages static-server ## The fast half: no browser, SQLite only
	@FUZZ_RUNS=30 $(NPM) --silent test
	@$(BIN)/python -m pytest --engines sqlite -m "not browser and not peers and not slow" $(PYTEST_ARGS)

.PHONY: static-server
static-server: .venv/dev.stamp
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . ; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo > .venv/contracts.log || { cat .venv/contracts.log; exit 1; }
	@$(BIN)/mypy --no-error-summary

.PHONY: static-pages
static-pages: frontend/node_modules/installed.stamp
	@$(NPM) --silent run lint
	@$(NPM) --silent run types
	@$(NPM) --silent run boundaries

.PHONY: test-pages
test-pages: frontend/node_modules/installed.stamp
	@$(NPM) --silent test

.PHONY: fuzz
fuzz: .venv/dev.stamp frontend/node_modules/installed.stamp ## The long fuzzes: editing together, a million damaged updates, agreed text
	@FUZZ_RUNS=5000 $(NPM) --silent test -- fuzz
	@node --import=./tests/house/resolve_from_frontend.mjs tests/strict/corpus/make.mjs 400 .venv/more.json
	@MORE_SESSIONS=.venv/more.json MUTANTS=1000000 MUTANTS_FOR_YJS=100000 MUTANTS_SEED=$${MUTANTS_SEED:-$$(date +%s)} \
		$(BIN)/python -m pytest -s tests/strict/test_mutants.py tests/strict/test_yjs.py
	@FUZZ_RUNS=5000 $(BIN)/python -m pytest tests/rooms/test_locks_fuzz.py

PEERS := benchmarks/peers
$(PEERS)/installed.stamp: $(PEERS)/package-lock.json $(PEERS)/requirements-bench.lock | .venv/bin/python
	@echo "Installing the servers to be measured beside"
	@npm --prefix $(PEERS) --no-audit --no-fund --loglevel error ci
	@$(PYTHON) -m venv $(PEERS)/.venv
	@$(PEERS)/.venv/bin/python -m pip --disable-pip-version-check -qq install \
		--require-hashes -r $(PEERS)/requirements-bench.lock
	@touch $@

# make bench ONLY=plenary,pairs REPEATS=5 · make bench QUICK=1 · make bench ONLY=plenary PROFILE=1
.PHONY: bench
bench: .venv/dev.stamp $(PEERS)/installed.stamp ## Measure the server beside its peers (about an hour)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(REPEATS),--repeats $(REPEATS)) \
		$(if $(SERVERS),--servers $(SERVERS)) $(if $(QUICK),--quick) $(if $(PROFILE),--profile)

CHAOS_SEEDS ?= 10000
CHAOS_KILLS ?= 200
.PHONY: chaos
chaos: .venv/dev.stamp ## The long trials: a bad network, killed servers, cancelled tasks, recorded typing
	@CHAOS_SEEDS=$(CHAOS_SEEDS) CHAOS_KILLS=$(CHAOS_KILLS) CHAOS_TRACES=whole \
		$(BIN)/python -m pytest tests/chaos -s -v --durations=0 $(PYTEST_ARGS)

.PHONY: format
format: .venv/dev.stamp frontend/node_modules/installed.stamp ## Lay out the sources
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .
	@$(NPM) --silent run format

# ------------------------------------------------------------------ generating

.PHONY: api
api: .venv/dev.stamp frontend/node_modules/installed.stamp ## Write contracts/openapi.json and the pages' client anew
	@$(BIN)/python -m tests.house.openapi contracts/openapi.json
	@$(NPM) --silent run api

UV_COMPILE := $(BIN)/uv pip compile --generate-hashes --universal --no-header --quiet
.PHONY: lock
lock: .venv/dev.stamp ## Write the lock files anew from pyproject.toml and package.json
	@echo 'setuptools>=77' | $(UV_COMPILE) --python-version 3.11 - --output-file requirements-build.lock
	@$(UV_COMPILE) pyproject.toml --output-file requirements.lock
	@$(UV_COMPILE) pyproject.toml --extra dev --output-file requirements-dev.lock
	@$(NPM) install --package-lock-only
	@cd $(PEERS) && ../../$(UV_COMPILE) requirements-bench.in --python-version 3.11 \
		--output-file requirements-bench.lock && npm install --package-lock-only --loglevel error

.PHONY: clean
clean: ## Remove what was built, keeping data and environments
	@rm -rf frontend/dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Plaudit's commands. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
HOST ?= 127.0.0.1
PORT ?= 8000
OUT ?= out
# What the environment says of data folder and public address comes first.
settings = PLAUDIT_HOME=$${PLAUDIT_HOME:-$(1)} PLAUDIT_BASE_URL=$${PLAUDIT_BASE_URL:-http://localhost:$(PORT)}
# Extra words for pytest, e.g. make test PYTEST_ARGS="tests/keys -x"
PYTEST_ARGS ?=
# Extra words for the benchmarks, e.g. make bench BENCH_ARGS="--only tokens --quick"
BENCH_ARGS ?=
CODE := $(wildcard plaudit.py) credentials schemas keys issuer verifier tests $(wildcard bench)

# Certificates of the machine, not a list that a tool carries along: a company's own authority counts too.
export UV_SYSTEM_CERTS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What was done leaves a stamp inside the folder that it made: delete the folder and it is done again.
INSTALLER := $(VENV)/.stamp-installer
RUNTIME := $(VENV)/.stamp-runtime
DEVELOPMENT := $(VENV)/.stamp-development
NODE_PACKAGES := tests/interop/node_modules/.stamp

.PHONY: help
help: ## List these commands
	@awk 'BEGIN {FS = ":.*## "; print "Plaudit. make ...\n"} \
	  /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

##### Use it

.PHONY: setup
setup: $(RUNTIME) browser-libraries ## Make the environment: .venv/bin/plaudit

.PHONY: demo
demo: setup ## Issue the samples, show where everything is, and serve it
	@$(call settings,demo-data) $(BIN)/plaudit demo --out $(OUT) --host $(HOST) --port $(PORT) $(DEMO_ARGS)

.PHONY: run
run: setup ## Serve an empty instance; its first page sets it up
	@$(call settings,data) $(BIN)/plaudit serve --host $(HOST) --port $(PORT)

##### Work on it

.PHONY: test
test: test-tools ## Run the tests (brings Chromium and Node packages)
	$(BIN)/pytest -n auto --dist loadgroup -m "not slow" $(PYTEST_ARGS)

.PHONY: check
check: lint types architecture docs-check ## Everything but the tests: format, lint, types, imports, docs

.PHONY: format
format: $(DEVELOPMENT) ## Format the code and fix what can be fixed by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lint
lint: $(DEVELOPMENT) ## Format and lint, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

.PHONY: types
types: $(DEVELOPMENT) ## Check the types
	$(BIN)/mypy $(CODE)

.PHONY: architecture
architecture: $(DEVELOPMENT) ## Who may import whom, and what is declared
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .

.PHONY: docs-check
docs-check: $(DEVELOPMENT) ## Hold the documentation to the code
	$(BIN)/pytest $(wildcard tests/test_docs*.py)

.PHONY: trust
trust: test-tools ## The long batteries: mutations, crashes, whole test suites
	$(BIN)/pytest -m slow $(PYTEST_ARGS)

.PHONY: interop
interop: test-tools ## Only the tests against other implementations
	$(BIN)/pytest -m interop $(PYTEST_ARGS)

.PHONY: bench
bench: test-tools ## Measure against other implementations, and write docs/performance.md
	$(BIN)/python -m bench $(BENCH_ARGS)
	$(BIN)/python docs/build_performance.py

.PHONY: languages
languages: $(DEVELOPMENT) ## Bring the catalogs of translations up to date, and say what is left to translate
	$(BIN)/python docs/build_languages.py

.PHONY: lock
lock: $(INSTALLER) ## Pin every dependency again, newest that pyproject.toml allows
	$(UV) pip compile $(LOCK_ARGS) pyproject.toml -o requirements.lock
	$(UV) pip compile $(LOCK_ARGS) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	printf 'uv\nsetuptools>=77\n' | $(UV) pip compile $(LOCK_ARGS) - -o deploy/installer.lock

LOCK_ARGS := --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-header --no-annotate --quiet

.PHONY: clean
clean: ## Remove what these commands made (never data/)
	rm -rf $(VENV) tests/interop/node_modules templates/static/vendor demo-data $(OUT) build .cache .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache .coverage *.egg-info

##### What the commands above stand on

.PHONY: system-packages-run system-packages-test test-tools browser-libraries
system-packages-run:
	@deploy/system-packages.sh run

system-packages-test:
	@deploy/system-packages.sh test

test-tools: system-packages-test $(DEVELOPMENT) $(NODE_PACKAGES) browser-libraries

# Does nothing without npm or network: the pages do without.
browser-libraries:
	@deploy/browser-libraries.sh

$(INSTALLER): deploy/installer.lock | system-packages-run
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Plaudit needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes --only-binary :all: -r deploy/installer.lock
	@touch $@

$(RUNTIME): requirements.lock pyproject.toml $(INSTALLER)
	@echo "Installing Plaudit into $(VENV)"
	@$(UV) pip install -q --python $(BIN)/python --require-hashes --compile-bytecode \
	  --build-constraints deploy/installer.lock -r requirements.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -C editable_mode=compat -e .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "Installing the development tools into $(VENV)"
	@$(UV) pip install -q --python $(BIN)/python --require-hashes \
	  --build-constraints deploy/installer.lock -r requirements-dev.lock
	@touch $@

$(NODE_PACKAGES): tests/interop/package.json | system-packages-test
	@echo "Installing the Node packages of tests/interop"
	@npm install --prefix tests/interop --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

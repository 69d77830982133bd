# Mutual. `make run` and `make test` do their whole set-up on a fresh machine.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test train chat check lint lock clean
export RASA_TELEMETRY_ENABLED := false
BIN := .venv/bin

help: ## Show this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Make .venv from the lock, if it changed
	@scripts/set-up

run: setup ## Start the assistant and print its address
	@$(BIN)/mutual train --if-changed
	@exec $(BIN)/mutual serve

train: setup ## Train the model, if configuration, domain or data changed
	@$(BIN)/mutual train --if-changed

chat: train ## Talk in the terminal
	@$(BIN)/mutual chat

check: setup ## Check documents, helplines, replies, rules and training messages
	@$(BIN)/mutual check

lint: setup ## Check style and types of the code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

test: lint check train ## Everything CI runs
	@$(BIN)/pytest

lock: ## Resolve requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.10 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --quiet --output-file requirements.lock

clean: ## Remove .venv, models and caches
	rm -rf .venv models/*.tar.gz models/fingerprint.json .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis results conversations.db

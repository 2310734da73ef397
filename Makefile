# `make` alone lists what there is. Everything lives in .venv and var/ (HONGYAN_HOME moves the latter).

BIN := .venv/bin
PYTHON ?= python3
JOBS ?= 2
REAL ?= ../shared/data

.PHONY: help setup setup-dev run demo-real test check prove bench docs lock clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## install what running needs
	@$(PYTHON) dev/setup.py

setup-dev:  ## install what tests and checks need too
	@$(PYTHON) dev/setup.py --dev

run: setup  ## set up, start the database, load the demo at first, serve on PORT (8000)
	@$(BIN)/hongyan serve

demo-real: setup  ## load the public data sets in REAL (../shared/data) into var/real and serve them
	@HONGYAN_HOME=var/real $(PYTHON) dev/setup.py
	@HONGYAN_HOME=var/real HONGYAN_REAL=$(REAL) $(BIN)/hongyan real-data load
	@HONGYAN_HOME=var/real HONGYAN_REAL=$(REAL) $(BIN)/hongyan serve --no-demo

test: setup-dev  ## run the tests: make test [ONLY=path]
	@$(BIN)/pytest -n $(JOBS) -m "not slow" $(ONLY)

check: setup-dev  ## format, lint, types, import contracts, translations, known holes
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python dev/messages.py check
	@$(BIN)/bandit --quiet --severity-level medium --configfile pyproject.toml --recursive hongyan dev
	@$(BIN)/python dev/audit.py
	@$(BIN)/mypy

prove: setup-dev  ## the long proofs: kills, large imports, full authorisation matrix, Spark, gm profile
	@$(PYTHON) dev/setup.py --dev --spark
	@$(BIN)/pytest -n $(JOBS) -m slow $(ONLY)
	@CRYPTO_PROFILE=gm $(BIN)/pytest -n $(JOBS) -m "not slow and not browser" $(ONLY)

bench: setup-dev  ## measure: make bench [ONLY=P6] [SIZE=1000000]
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(SIZE),--size $(SIZE))

docs: setup-dev  ## write the reference pages anew from the code
	@$(BIN)/python dev/docs.py

lock:  ## resolve the requirements anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements/runtime.in -o requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements/dev.in -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements/spark.in -o requirements/spark.txt
	npm install --package-lock-only

clean:  ## remove everything set-up made, but not the state in var/
	rm -rf .venv node_modules build

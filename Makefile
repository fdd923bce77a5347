# Everything sets up .venv by itself; a second time takes no time.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: run test check bench setup setup-test setup-bench format lock

run: setup
	$(BIN)/python -m bot

test: setup-test
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

check: setup-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m knowledge_base check

bench: setup-bench
	$(BIN)/python -m tests.bench

setup: .venv/.runtime
setup-test: .venv/.runtime .venv/.test
setup-bench: setup-test .venv/.bench

.venv/.runtime: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make run PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/.test: requirements-test.lock .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

.venv/.bench: requirements-bench.lock .venv/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

format: setup-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs uv on the PATH; the locks name no index.
lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header \
		pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header \
		--group test -c requirements.lock -o requirements-test.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header \
		--group bench -c requirements.lock -c requirements-test.lock -o requirements-bench.lock

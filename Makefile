# Two commands matter to a newcomer: `make demo` and `make test`.
PYTHON    ?= $(or $(shell tools/find_python.sh 3.11),python3)
PYTHON313 ?= $(shell tools/find_python.sh 3.13)
BIN       := .venv/bin

.PHONY: demo test check format bench extension houdini maya test-window lock clean

.venv/.ready: requirements/dev.lock pyproject.toml tools/fetch_weights.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python tools/fetch_weights.py
	touch $@

demo: .venv/.ready
	$(BIN)/python tools/demo.py

test: .venv/.ready
	PYTHON313="$(PYTHON313)" tools/test.sh

check: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" lint-imports --no-logo

format: .venv/.ready
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

bench: .venv/.ready
	$(BIN)/python -m benchmarks

# Blender's own command line builds the zips; it comes with Blender as a Python module.
extension: .venv/.ready
	tools/blender_python.sh 4.5
	$(BIN)/python tools/build_extension.py

houdini maya:
	@echo "The $@ front-end is not built yet; its folder says what is planned." && exit 1

test-window: .venv/.ready
	tools/blender_window.sh

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet '.[dev]'
	build/lock/bin/python -m pip list --format=freeze --exclude pip --exclude setuptools --exclude asset-routing-pipeline | sort -f > requirements/dev.lock

clean:
	rm -rf dist build demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

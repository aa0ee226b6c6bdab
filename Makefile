# make demo   takes the sample post in on all channels and shows the cases
# make test   runs every check and test
.PHONY: setup demo clean-demo test test-fast check bench torture samples lock clean

PY := .venv/bin/python

setup:
	@./bootstrap run

demo:
	@./bootstrap run
	@$(PY) -m samples.demo demo-data

clean-demo:
	@rm -rf demo-data

test: check
	@$(PY) -m pytest -n auto --dist worksteal --cov --cov-report=term

test-fast: check
	@$(PY) -m pytest -n auto --dist worksteal -m "not slow"

check:
	@./bootstrap test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench:
	@./bootstrap test
	@$(PY) -m bench

torture:
	@./bootstrap test
	@$(PY) -m bench.torture --points 500

samples:
	@./bootstrap run
	@$(PY) -m samples.make

# The one lock file: hashes, no addresses.
lock:
	@.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group dev pyproject.toml -o requirements.lock

clean: clean-demo
	@rm -rf .venv models .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

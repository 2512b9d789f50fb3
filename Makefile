# make book: the web book. make test: everything. Both set themselves up on a fresh machine.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
SITE := _build/html
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"

.PHONY: book serve test lint check notebooks validate figures docs lock clean

book: .venv/book.stamp check figures notebooks
	@$(BIN)/python tools/prepare_build.py
	IPYTHONDIR="$(CURDIR)/_build/ipython" $(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book: file://$(CURDIR)/$(SITE)/index.html (or: make serve)"

serve:
	@test -d $(SITE) || $(MAKE) book
	@echo "http://127.0.0.1:$(PORT)/"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(SITE) $(PORT)

check:
	$(BIN)/proverka check

notebooks:
	$(BIN)/proverka notebooks

validate: .venv/book.stamp
	$(BIN)/proverka validate

# Every drawing has its script beside it: book/figures/draw_<stem>.py.
figures:
	@for script in book/figures/draw_*.py; do $(BIN)/python $$script || exit 1; done

test: .venv/test.stamp .venv-sphinx9/stamp
	sh tools/system_packages.sh
	$(MAKE) lint book
	$(BIN)/proverka validate
	$(BIN)/pytest -n auto
	.venv-sphinx9/bin/python -m pytest -n auto tests/unit/test_sphinx_ext.py

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs:
	$(BIN)/python -m proverka.problems > docs/codes.md

# The project itself is installed without its dependencies, which the lock files have brought.
.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/book.stamp: requirements/book.txt pyproject.toml | .venv/bin/python
	@test -e .venv/test.stamp || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/book.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: requirements/test.txt pyproject.toml | .venv/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/book.stamp

.venv-sphinx9/stamp: requirements/sphinx9.txt pyproject.toml
	@$(PYTHON) -m venv .venv-sphinx9
	@.venv-sphinx9/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sphinx9.txt
	@.venv-sphinx9/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check "uv>=0.8"
	.venv-lock/bin/$(LOCK) --extra book pyproject.toml requirements/build.in -o requirements/book.txt
	.venv-lock/bin/$(LOCK) --extra dev pyproject.toml requirements/build.in -o requirements/test.txt
	.venv-lock/bin/$(LOCK) requirements/sphinx9.in requirements/build.in -o requirements/sphinx9.txt
	rm -r .venv-lock

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache

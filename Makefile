# make book: the web book. make test: everything. Both set themselves up on a fresh machine.

PYTHON ?= python3
PORT ?= 8000
LIVE_PORT ?= 8001
BIN := .venv/bin
SITE := _build/html
PIN := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command "make lock"
LOCK := $(PIN) --universal --python-version 3.11
# For the browser’s Python, and without the packages that ipywidgets wants on a server.
LOCK_BROWSER := $(PIN) --python-platform wasm32-pyodide2025 --python-version 3.14 --only-binary :all: \
	--no-emit-package jupyterlab-widgets --no-emit-package widgetsnbextension

.PHONY: book lite serve test environments lint check notebooks validate figures docs links lock clean site pdf epub live bench-build

book: .venv/book.stamp check figures notebooks
	@$(BIN)/python tools/prepare_build.py
	IPYTHONDIR="$(CURDIR)/_build/ipython" $(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book: file://$(CURDIR)/$(SITE)/index.html (or: make serve)"

# The notebooks as a site of their own inside the book, then the book, which links to those that are there.
lite: .venv/book.stamp .venv-lite/stamp notebooks
	.venv-lite/bin/python tools/lite/build_lite.py
	@$(MAKE) book

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

test:
	sh tools/system_packages.sh
	$(MAKE) -j3 environments
	$(MAKE) lint lite
	$(BIN)/proverka validate
	$(BIN)/pytest -n auto tests/unit tests/book tests/classroom
	@# Apart: a browser’s event loop stays in its process, and notebooks want one of their own there.
	$(BIN)/pytest -n auto tests/browser
	.venv-sphinx9/bin/python -m pytest -n auto tests/unit/test_sphinx_ext.py tests/unit/test_launch.py \
		tests/unit/test_site_extensions.py

environments: .venv/test.stamp .venv-sphinx9/stamp .venv-lite/stamp

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs:
	$(BIN)/python -m proverka.problems > docs/codes.md

# Asks the web for every address of the bibliography. Never part of “test”: pages go, and that breaks no build.
links: .venv/book.stamp
	$(BIN)/python tools/check_links.py

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

.venv-lite/stamp: requirements/lite.txt
	@$(PYTHON) -m venv .venv-lite
	@.venv-lite/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lite.txt
	@touch $@

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check "uv>=0.8"
	.venv-lock/bin/$(LOCK) --extra book pyproject.toml requirements/build.in -o requirements/book.txt
	.venv-lock/bin/$(LOCK) --extra dev pyproject.toml requirements/build.in -o requirements/test.txt
	.venv-lock/bin/$(LOCK) requirements/sphinx9.in requirements/build.in -o requirements/sphinx9.txt
	.venv-lock/bin/$(LOCK) requirements/lite.in requirements/build.in -o requirements/lite.txt
	.venv-lock/bin/$(LOCK_BROWSER) -c requirements/lite.txt pyproject.toml requirements/lite-browser.in \
		-o requirements/lite-browser.txt
	rm -r .venv-lock

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache

# All that is published, in one folder for any static host: _build/site. docs/publishing.md tells the rest.
site: .venv/book.stamp
	sh tools/system_packages.sh site
	@$(MAKE) pdf epub
	$(BIN)/python tools/publish/archives.py
	@$(MAKE) lite
	$(BIN)/python tools/publish/site.py

pdf: .venv/book.stamp notebooks
	@$(BIN)/python tools/prepare_build.py
	$(BIN)/python tools/publish/pdf.py

epub: .venv/book.stamp notebooks
	@$(BIN)/python tools/prepare_build.py
	$(BIN)/python tools/publish/epub.py

# The book while it is written: builds and shows again whatever is saved.
live: .venv/book.stamp
	@$(BIN)/python tools/prepare_build.py
	@$(BIN)/python tools/publish/live.py $(LIVE_PORT)

bench-build: .venv/book.stamp
	@$(BIN)/python tools/prepare_build.py
	$(BIN)/python bench/build/measure.py

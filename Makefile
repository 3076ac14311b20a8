# Two commands do everything on a fresh machine: `make demo` and `make test`.
# All that they write stands in this folder: .venv, .cache and .demo.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PYTHONUTF8 := 1
LANG_OPTION := $(if $(lang),--lang $(lang),)

.PHONY: help env demo runsc test test-all lint types shape tests bench lock clean

help:  ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

env: $(VENV)/ready  ## Make the environment from the hash-locked requirements.

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Data Range needs Python 3.11, 3.12 or 3.13; choose one with: make PYTHON=python3.12 ..."; exit 2; }
	@echo "Installing into $(VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

demo: env  ## Tell the whole story on real data (make demo lang=zh for Chinese).
	@$(BIN)/datarange demo --folder .demo $(LANG_OPTION)

test: lint types shape tests  ## Run the whole gate.

lint: env
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/codespell sandbox policies connectors tests benchmarks README.md DECISIONS.md THREATS.md SECURITY.md CHANGELOG.md

types: env
	@$(BIN)/mypy

shape: env  ## Keep who may import whom.
	@$(BIN)/lint-imports --no-cache

tests: env .cache/postgresql-15 .cache/runsc
	@$(BIN)/python -m pytest -n 2 --dist worksteal

# The oldest server that the books may stand on, for the tests. Nothing is installed, nothing needed:
# where Debian's package is not to be had, they do with the server that came as a wheel.
.cache/postgresql-15:
	@mkdir -p $@
	@[ -x /usr/lib/postgresql/15/bin/initdb ] \
		|| (cd $@ && apt-get download postgresql-15 libpq5 && for deb in *.deb; do dpkg-deb -x "$$deb" .; done) >/dev/null 2>&1 \
		|| echo "PostgreSQL 15 is not to be had here; the books are tested on a newer one only."

runsc: .cache/runsc  ## Fetch gVisor, which holds programs of strangers.

# Debian's package, checked by apt's own signatures; without it the tests of gVisor are skipped.
.cache/runsc:
	@mkdir -p $@
	@deploy/get_runsc.sh $@ >/dev/null 2>&1 \
		|| echo "gVisor's runsc is not to be had here; its boxes are not tested."

test-all: test  ## The gate, then the heavy statistics.
	@$(BIN)/python -m pytest -m heavy

bench: env  ## Measure the engine, the verifier, debits, the catalogue and blocks, each beside its bound.
	@$(BIN)/python -m benchmarks.local_engine
	@$(BIN)/python -m benchmarks.verify
	@$(BIN)/python -m benchmarks.debits
	@$(BIN)/python -m benchmarks.catalogue
	@$(BIN)/python -m benchmarks.blocks

lock:  ## Refresh requirements.lock (needs uv); names no registry.
	@UV_PYTHON_DOWNLOADS=never uv lock --quiet --upgrade
	@UV_PYTHON_DOWNLOADS=never uv export --quiet --frozen --all-groups --all-extras --no-emit-project --no-header --no-annotate -o requirements.lock

clean:  ## Remove everything that make made.
	rm -rf $(VENV) .cache .demo .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis

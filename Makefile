# Every target builds what it needs. `make demo` and `make test` are all a newcomer has to know.
PYTHON ?= python3
VENV ?= .venv
# uv where it is there (fast), else venv and pip.
UV := $(shell command -v uv 2>/dev/null)
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_HOME := data/demo

.PHONY: demo test lint bench soak windows mutate coverage release-formats samples docs clean help

help:
	@echo "make demo   read, check and load the sample reports, then query them"
	@echo "make test   lint, type check and all tests"
	@echo "make lint   ruff and mypy only"
	@echo "make bench  benchmarks; writes benchmarks/RESULTS.md"
	@echo "make coverage how much of parsers, checks and schemas their tests run; fails below the floor in pyproject.toml"
	@echo "make mutate switches functions off one by one and lists those that no test misses"
	@echo "make windows the folder for Windows: build/windows, a zip, an installer (docs/windows.md)"
	@echo "make release-formats  puts a release to the validators of its formats"
	@echo "make soak   long campaigns: fresh generated documents, fuzzing, kills"

$(STAMP): pyproject.toml constraints.txt
ifdef UV
	test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV)
	uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --group dev -e '.[pipeline,analysis]'
else
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev -e '.[pipeline,analysis]'
endif
	$(BIN)/python -m compileall -q schemas parsers checks flows gouji
	# Data files parsed and patterns compiled are kept beside the compiled modules: the first start is as fast as the second.
	-PYTHONDONTWRITEBYTECODE= $(BIN)/python -m gouji check data/samples >/dev/null 2>&1
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/python -m gouji ingest data/samples --home $(DEMO_HOME) || test $$? -eq 2
	@echo; echo "-- 各报告新收申请数与办理总数 · requests received and processed"
	@$(BIN)/python -m gouji query --home $(DEMO_HOME) "SELECT issuer, year, form, max(total) FILTER (WHERE row_code = 'new_received') AS new_received, max(total) FILTER (WHERE row_code = 'processed_total') AS processed FROM requests GROUP BY ALL ORDER BY year, issuer"
	@echo; echo "-- 找到的错误 · errors found"
	@$(BIN)/python -m gouji query --home $(DEMO_HOME) "SELECT r.issuer, r.year, f.rule, f.message FROM finding f JOIN report r USING (report_key) WHERE f.severity = 'error' ORDER BY ALL"
	@echo; echo "数据库 database: $(DEMO_HOME)/gouji.duckdb    导览 tour: $(BIN)/marimo edit notebooks/tour.py"

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The tests' compiled modules are kept too: to rewrite their assertions takes each process longer than to find the tests.
test: lint
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadgroup

bench: $(STAMP)
	$(BIN)/python -m benchmarks

coverage: $(STAMP)
	mkdir -p build/coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n auto --dist loadgroup tests/parsers tests/checks tests/schemas
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

mutate: $(STAMP)
	$(BIN)/python -m benchmarks.switch_off

soak: $(STAMP)
	$(BIN)/python -m benchmarks.soak
	$(BIN)/python -m benchmarks.wild --seed $$(date +%Y%m%d) --count 3000
	$(BIN)/python -m tests.flows.test_killed 100
	$(BIN)/python -m tests.flows.collecting.test_killed 100
	$(BIN)/python -m tests.gouji.round.test_killed 50
	$(BIN)/python -m benchmarks.known
	GOUJI_SOAK=1 $(BIN)/python -m pytest tests/benchmarks tests/flows/collecting/test_collect.py tests/flows/test_surroundings.py tests/flows/test_scale.py tests/parsers/readers/pdf/test_pdf.py tests/parsers/readers/test_text_shapes.py tests/schemas/test_labels.py tests/flows/test_publishing.py tests/flows/test_standing.py tests/flows/collecting/test_faults.py tests/flows/collecting/test_serving.py tests/flows/test_power_cut.py tests/hostile/test_hostile.py

# What the release says of itself, put to the validators of these formats.
release-formats: $(STAMP)
ifdef UV
	uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group release
else
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group release
endif
	$(BIN)/python -m pytest -q tests/flows/test_release_formats.py

samples: $(STAMP)
	$(BIN)/python data/make_samples.py

docs: $(STAMP)
	$(BIN)/python -m schemas.database.tables > docs/data-dictionary.md
	$(BIN)/python -m checks.handbook > docs/rules.md

windows: $(STAMP)
	$(BIN)/python -m windows $(ARGS)

clean:
	rm -rf $(VENV) $(DEMO_HOME) build *.egg-info

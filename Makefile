# The two commands of the README, `make demo` and `make test`, and the steps that they are made of.
BUILD := build
TOOLS := $(BUILD)/tools
KTX := $(BUILD)/bin/ktx
BENCH := --ktx $(KTX) --uv $(TOOLS)/venv/bin/uv --out $(BUILD)/bench
# Quiet, and every finding is an error.
SITE := --quiet --fail-on-warning --nitpicky --builder html -c docs/site -d $(BUILD)/docs/doctrees --fresh-env
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
# One test more than there are processors: many wait for a disk or a child.
TEST_JOBS ?= $(shell expr $(JOBS) + 1)
BEGAN := $(shell date +%s)
RUN_TESTS = $(TOOLS)/venv/bin/python tests/running/run.py --build $(BUILD) --since $(BEGAN) --parallel $(TEST_JOBS)
# Where the random searches of `make nightly` start: elsewhere each time.
SEED := $(or $(SEED),$(shell od -An -N3 -tu4 /dev/urandom | awk '{ print $$1 + 1 }'))

.DEFAULT_GOAL := build
.PHONY: demo test nightly tests build package prerequisites test-prerequisites tools test-tools pythons bench bench-build bench-docs bench-instructions docs site format lock clean

demo: tools ## a new user's first answer: prerequisites, build, runtime, three questions with rows
	@cmake --preset dev --log-level=WARNING
	@cmake --build $(BUILD) --parallel $(JOBS) --target first_answer
	@docs/demo/run.sh $(KTX) $(BUILD)/demo/shop $(CURDIR)/$(TOOLS)/venv/bin/uv
	@$(MAKE) --no-print-directory build

test: tests ## what a landing needs: C++, Python, end to end, sanitizers, packages, format and lint
	@$(RUN_TESTS) --label-exclude nightly

nightly: tests ## the rest: searches with new seeds, and what is the same in most changes
	@echo "Seed $(SEED): with make nightly SEED=$(SEED) the same is searched again"
	@KTX_SEED=$(SEED) $(RUN_TESTS) --label-regex nightly

build: tools pythons ## build/bin/ktx with its plugins and assets, runnable in place
	@cmake --preset dev --log-level=WARNING
	@cmake --build $(BUILD) --parallel $(JOBS) --target product

package: build ## npm packages, a wheel, a .deb and a tarball, in build/packages
	@cmake --build $(BUILD) --parallel $(JOBS) --target ktx_packages

tests: test-tools build ## the test programs and the packages too
	@cmake --build $(BUILD) --parallel $(JOBS)

prerequisites: ## the system packages that the build needs
	@cmake/prerequisites.sh

test-prerequisites: prerequisites ## those that the tests need too
	@cmake/prerequisites.sh tests

tools: prerequisites ## uv, pybind11 and what else the build needs of Python, at the locked versions
	@cmake/tools.sh $(CURDIR)/$(TOOLS)

test-tools: test-prerequisites ## those that the tests need too
	@cmake/tools.sh $(CURDIR)/$(TOOLS) tests

pythons: tools ## the Pythons of cmake/fetched-pythons.txt that this machine has not
	@cmake/fetch-pythons.sh $(CURDIR)/$(TOOLS)

bench: build ## every speed claim, as ratios in one run, into build/bench: a table, a chart and a page
	@cmake/locked-tools.sh $(TOOLS)/venv/bin bench $(BUILD)/bench/venv
	@$(BUILD)/bench/venv/bin/python tests/bench/bench.py $(BENCH) $(if $(SUITES),--only $(SUITES))

bench-build: tools ## what a cold build takes, by layer; BASE=<commit> measures that one beside it
	@$(TOOLS)/venv/bin/python tests/bench/build_times.py --out $(BUILD)/bench $(if $(BASE),--base $(BASE))

bench-docs: ## docs/performance.md of what the last `make bench` measured
	@$(TOOLS)/venv/bin/python tests/bench/document.py $(BUILD)/bench docs

bench-instructions: build ## the baseline of the instruction counts anew
	@$(TOOLS)/venv/bin/python tests/bench/instructions.py refresh $(BENCH)

docs: tools ## the documentation site, into build/site; broken links and anchors fail
	@cmake/locked-tools.sh $(TOOLS)/venv/bin docs $(BUILD)/docs/venv
	@$(MAKE) --no-print-directory site

site:
	@rm -rf $(BUILD)/site
	@$(BUILD)/docs/venv/bin/python -m sphinx $(SITE) . $(BUILD)/site

format: test-tools ## rewrite the sources in the project's format
	@git ls-files '*.cpp' '*.hpp' '*.h' | xargs clang-format-16 -i
	@cd python && ../$(TOOLS)/venv/bin/ruff check --quiet --fix . ../tests ../cmake ../docs/site
	@cd python && ../$(TOOLS)/venv/bin/ruff format --quiet . ../tests ../cmake ../docs/site

lock: tools ## resolve every lock file anew
	@cmake/lock.sh $(TOOLS)/venv/bin/uv

clean: ## remove what the build made
	rm -rf $(BUILD)

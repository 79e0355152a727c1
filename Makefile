# GRACE: every day's commands. `make` alone lists them.
# An environment that exists already may be used: make test VENV=/path/to/venv

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.grace-installed
NICE := nice -n 5
# Two processes, a module of tests in one of them: what is dear to make for a module is made once.
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder
FUZZ_SECONDS ?= 3600
FUZZ_CORPUS ?= build/fuzz

# A machine that forbids bytecode would compile every module again in each process that is started.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install demo test tests check lint types imports docs messages bench soak fuzz chromium programs clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## make .venv and install GRACE with what tests need

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(STAMP) ## a queue of invented referrals in your browser
	$(BIN)/grace demo

test: $(STAMP) chromium programs lint imports ## everything that must be green
	@$(MAKE) --no-print-directory -j2 types tests

tests: $(STAMP) # all tests but the long ones; types are checked beside them, since that uses one processor
	$(BIN)/python -m pytest $(TOGETHER) -q -m "not soak"

check: $(STAMP) lint types imports ## the fast subset: unit, property, architecture and law tests
	$(BIN)/python -m pytest $(TOGETHER) -q -m "not soak and not browser" src tests/architecture tests/law tests/property

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports --no-logo

docs: $(STAMP) ## write the generated pages of docs/reference and the tables of a fresh database
	$(BIN)/python -m tests.support.pages
	$(BIN)/python -m tests.support.tables

messages: $(STAMP) ## gather new texts for translation and compile what is translated (needs GNU gettext)
	cd src/grace && for language in locale/*; do \
	  $(abspath $(BIN))/python -m django makemessages -l $${language#locale/} --no-location --no-obsolete --no-wrap -e html,py && \
	  msgfmt -o $$language/LC_MESSAGES/django.mo $$language/LC_MESSAGES/django.po || exit 1; done

bench: $(STAMP) ## measure, beside the peers
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

soak: $(STAMP) ## the tests that take long, all of them
	$(NICE) $(BIN)/python -m pytest -q -m soak --timeout 3600
	$(MAKE) fuzz

fuzz: $(STAMP) ## broken documents into every way in, for FUZZ_SECONDS (3600); Python 3.11 to 3.13
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	$(NICE) $(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) --corpus $(FUZZ_CORPUS)

chromium: # the browser tests use it, best its headless shell, which needs half of the processor; where none can be installed they say that they did not run
	@command -v chromium-headless-shell >/dev/null \
	|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null; } \
	|| command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| echo "chromium is missing and could not be installed: the browser tests will be skipped"

programs: # exiftool and Tesseract with its scripts; where they cannot be installed, the tests that need them say that they did not run
	@{ command -v exiftool && command -v tesseract && tesseract --list-langs | grep -q Cyrillic; } >/dev/null 2>&1 \
	|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  libimage-exiftool-perl tesseract-ocr tesseract-ocr-script-latn tesseract-ocr-script-grek tesseract-ocr-script-cyrl fonts-dejavu-core >/dev/null; } \
	|| echo "exiftool or Tesseract is missing and could not be installed: the tests that need them will be skipped"

clean: ## remove what tests and builds left
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

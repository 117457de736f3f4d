# `make run` starts the help center, `make test` tests it. docs/ tells the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

export HOST PORT PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench faults lock messages clean

run: .venv/base.done
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/daphne -v 0 -b $(HOST) -p $(PORT) --websocket_timeout 14400 helpcenter.asgi:application

test: .venv/dev.done
	@$(BIN)/python -m tests

check: .venv/dev.done
	@$(BIN)/python -m tests.checks

bench: .venv/dev.done
	@$(BIN)/python -m bench

# Breaks a real deployment in every way there is; FAULTS="--backend sqlite --seed 7" chooses.
faults: .venv/dev.done
	@$(BIN)/python -m tests.faults $(FAULTS)

# Writes the catalogues of translations anew from the sources (needs GNU gettext).
messages: .venv/dev.done
	@for domain in django djangojs; do \
	  $(BIN)/python manage.py makemessages --domain $$domain --locale zh_Hans --locale en --no-location --no-obsolete \
	    --ignore .venv --ignore var --ignore staticfiles; done

# Resolves requirements/*.in anew; hashes only, no addresses.
lock: .venv/dev.done
	@for name in base dev; do \
	  $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host --no-header --resolver=backtracking -o requirements/$$name.txt requirements/$$name.in; done

.venv/base.done: requirements/base.txt
	@echo "Installing what the help center needs…"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev.done: requirements/dev.txt .venv/base.done
	@echo "Installing what the tests need…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf .venv staticfiles .pytest_cache .mypy_cache .ruff_cache

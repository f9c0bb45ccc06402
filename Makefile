# Needs make, a POSIX shell and Python 3.11 or newer; brings the rest into .venv.

PYTHON = python3
PORT = 8000
WORKERS = 2
BIN = .venv/bin
LOCK = --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)
DEMO_ENV = DEMO=1 DJANGO_SETTINGS_MODULE=config.settings
CHECK_ENV = DJANGO_SETTINGS_MODULE=config.production DATABASE_URL=sqlite://:memory: \
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") \
	FIELD_KEYS=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") \
	CHECKPOINT_KEY=$$($(BIN)/python -c "from audit.note import Signer; print(Signer.new('fundtrail.invalid'))") \
	CHECKPOINT_DIR=var/checkpoints \
	ALLOWED_HOSTS=fundtrail.invalid FILES_DIR=var/files STATIC_DIR=var/static \
	PUBLIC_URL=https://fundtrail.invalid

CATALOGUES = $(patsubst %.po,%.mo,$(wildcard config/locale/*/LC_MESSAGES/django.po))

.PHONY: help demo test bench lint law lock format doctor
.DELETE_ON_ERROR:

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile

demo: .venv/run $(CATALOGUES) ## The demo county on 127.0.0.1:8000; RESET=1 starts over
	@if [ -n "$(RESET)" ]; then \
		if [ -n "$$DATABASE_URL" ]; then \
			echo "RESET=1 starts over the demo's own file only; DATABASE_URL is set." >&2; exit 1; \
		fi; \
		rm -rf var/demo; \
	fi
	@$(DEMO_ENV) $(BIN)/python manage.py migrate --verbosity 0
	@$(DEMO_ENV) $(BIN)/python manage.py demo
	@echo "http://127.0.0.1:$(PORT)/"
	@export $(DEMO_ENV); \
	$(BIN)/python manage.py worker & worker=$$!; \
	$(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 \
		--log-level warning --no-control-socket & server=$$!; \
	trap 'kill $$server $$worker 2>/dev/null' INT TERM; \
	wait $$server; status=$$?; kill $$server $$worker 2>/dev/null; wait; exit $$status

test: .venv/dev $(CATALOGUES) ## Everything on SQLite, then on PostgreSQL whatever a database has a part in
	@echo "== SQLite"
	@case "$$DATABASE_URL" in postgres*) unset DATABASE_URL;; esac; $(PYTEST)
	@echo "== PostgreSQL"
	@$(BIN)/python -m tests.postgres -- $(PYTEST) --second-engine

bench: .venv/dev $(CATALOGUES) ## The same path beside its peers, on both databases; exit 1 where a promise is broken
	@mkdir -p var/bench && rm -f var/bench/*
	@DATABASE_URL=sqlite:///$(CURDIR)/var/bench/bench.sqlite3 $(BIN)/python -m benchmarks measure var/bench/sqlite.json $(ARGS)
	@case "$$DATABASE_URL" in postgres*) unset DATABASE_URL;; esac; \
		$(BIN)/python -m tests.postgres --fsync -- $(BIN)/python -m benchmarks measure var/bench/postgresql.json $(ARGS)
	@DATABASE_URL=sqlite:///$(CURDIR)/var/bench/balance.sqlite3 $(BIN)/python -m benchmarks.balance
	@case "$$DATABASE_URL" in postgres*) unset DATABASE_URL;; esac; \
		$(BIN)/python -m tests.postgres --fsync -- $(BIN)/python -m benchmarks.balance
	@DATABASE_URL=sqlite:///$(CURDIR)/var/bench/record.sqlite3 $(BIN)/python -m benchmarks.verify --entries 100000
	@$(BIN)/python -m benchmarks report var/bench/sqlite.json var/bench/postgresql.json

lint: .venv/dev $(CATALOGUES) ## Style, types, arrows between the rooms, migrations, deployment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy"
	@$(CHECK_ENV) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: .venv/dev ## Put the code into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

law: .venv/run $(CATALOGUES) ## Writes docs/law.md from the code
	$(BIN)/python manage.py law

lock: .venv/dev ## Writes the locks anew from requirements.in and requirements-dev.in
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile $(LOCK) $(UPGRADE) -o requirements.txt requirements.in
	$(BIN)/pip-compile $(LOCK) $(UPGRADE) -o requirements-dev.txt requirements-dev.in

doctor:
	@$(PYTHON) config/doctor.py

# Two depths, so that the demo need not fetch what only the tests use.
.venv/run: requirements.txt | doctor
	@echo "Setting up .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Setting up the tests' part of .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

%.mo: %.po .venv/run
	@$(BIN)/pybabel --quiet compile -D django -i $< -o $@ -l zh_Hans

# Thirdring. `make run` shows it at work, `make test` proves it; both install what they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help

APT_BASE := python3-venv python3-dev gcc libc6-dev portaudio19-dev mosquitto libpangoft2-1.0-0 fonts-wqy-microhei
APT_DEV  := $(APT_BASE) chromium espeak-ng gettext ngspice mtools fdisk
APT_HIL  := $(APT_DEV) qemu-system-x86 busybox-static kmod cpio alsa-utils xz-utils
APT_SOUND := sox libsox-fmt-base libspandsp-dev
BIN      := .venv/bin

.PHONY: help run test check hil prove board bundle drawings format bench soak accuracy tune pico-kills pico-day pico-week pico-candidates docs picture lock messages screens clean setup-run setup-dev

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup-run:
	@scripts/setup.sh run $(APT_BASE)

setup-dev:
	@scripts/setup.sh dev $(APT_DEV)
	@scripts/unpack.sh build/validators cloud-init netplan.io

run: setup-run ## The whole branch at work: broker, gateway, six simulated desks (SECONDS=60 ends by itself)
	@$(BIN)/thirdring-gateway demo $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

test: check ## Everything that decides green: check, then all tests
	@$(BIN)/pytest -n auto --dist loadgroup

check: setup-dev ## Format, lint, types, arrows of the house
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/mypy --config-file mypy-pico.ini
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports

hil: setup-dev ## The unit on a real kernel with GPIO and sound, in an emulated machine (eleven minutes)
	@scripts/setup.sh dev $(APT_HIL)
	@$(BIN)/python -m tests.hil

prove: setup-dev ## The line front end at every corner of tolerance, temperature and gain (ngspice, minutes)
	@$(BIN)/thirdring-bench prove

board: setup-dev ## Check the board against KiCad's symbols too, and write its netlist to build/hardware
	@scripts/setup.sh dev kicad-symbols
	@mkdir -p build/hardware
	@$(BIN)/thirdring-bench erc --symbols /usr/share/kicad/symbols --netlist build/hardware/board.net

bundle: setup-dev ## What a Raspberry Pi installs at its first boot without a network, into build/bundle (NEURAL=1: with the neural model)
	@scripts/bundle.sh build/bundle

drawings: setup-dev ## Schematic, wiring, enclosure and labels: SVG into docs, PNG and PDF into build/hardware
	@scripts/setup.sh dev librsvg2-bin
	@$(BIN)/thirdring-bench draw --out docs/hardware/drawings
	@$(BIN)/thirdring-bench draw --out build/hardware --png --pdf

format: setup-dev ## Put every file into the one format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: setup-dev ## The pages of docs/ that are tables in the code
	@$(BIN)/python scripts/make_docs.py

messages: setup-dev ## Collect what the pages say, and compile the translations
	@cd gateway/thirdring_gateway && DJANGO_SETTINGS_MODULE=thirdring_gateway.settings ../../$(BIN)/python -m django \
		makemessages -l zh_Hans --no-obsolete --no-wrap --add-location=never -v0
	@cd gateway/thirdring_gateway/locale/zh_Hans/LC_MESSAGES && msgfmt --check-format -o django.mo django.po

screens: setup-dev ## Pictures of every page in both languages, into docs/screens
	@$(BIN)/python tests/web/screens.py docs/screens

accuracy: setup-dev ## How well the ears hear, on recordings (THIRDRING_SOUND=folder): prints and writes docs/accuracy.md
	@scripts/setup.sh dev $(APT_DEV) $(APT_SOUND) $$($(BIN)/python -m tests.accuracy.packages)
	@$(BIN)/python -m tests.accuracy

tune: setup-dev ## Tune the ears anew, on the recordings that `make accuracy` does not use
	@scripts/setup.sh dev $(APT_DEV) $(APT_SOUND)
	@scripts/sounds.sh build/sounds $$($(BIN)/python -m tests.accuracy.debian)
	@THIRDRING_DEBIAN=build/sounds $(BIN)/python -m tests.accuracy.tune

pico-kills: setup-dev ## A thousand kills of a simulated Pico, its broker and its Wi-Fi (THIRDRING_SEED=n repeats a run)
	@THIRDRING_KILLS=$${THIRDRING_KILLS:-1000} $(BIN)/pytest tests/pico/test_kills.py -q

pico-day: setup-dev ## A day of 500 calls at a simulated Pico, with its live heap
	@THIRDRING_CALLS=500 $(BIN)/pytest tests/pico/test_day.py -q

pico-week: setup-dev ## A week of such days, with its live heap day by day
	@THIRDRING_CALLS=500 THIRDRING_DAYS=7 $(BIN)/pytest tests/pico/test_day.py -q

pico-candidates: setup-dev ## MQTT libraries for MicroPython, and our own client, through what a desk's link must stand (ten minutes)
	@scripts/candidates.sh build/candidates
	@$(BIN)/python -m tests.pico.candidates

picture: setup-dev ## The README's picture, from a run of the demonstration
	@$(BIN)/python scripts/make_picture.py

bench: setup-dev ## Figures against their budgets, each measured side by side in one run
	@for bench in tests/bench/*_bench.py; do $(BIN)/python $$bench || exit; done

soak: setup-dev ## A Pi unit through 24 hours of calls and sound at 144 times life (HOURS=3 PACE=100): memory and descriptors flat
	@$(BIN)/python tests/bench/unit_soak.py $(or $(HOURS),24) $(or $(PACE),144)

lock: setup-dev ## Renew the pinned, hashed requirements
	@scripts/lock.sh

clean: ## Remove what the other targets made
	rm -rf .venv build var .mypy_cache .ruff_cache .pytest_cache .hypothesis

#!/usr/bin/env bash
# Renews requirements/*.txt from pyproject.toml for every platform and Python from 3.11 on, with hashes and no index address.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command 'make lock' --upgrade "$@"
}
echo 'setuptools>=80' | compile - -o requirements/build.txt
compile pyproject.toml --extra unit --extra gateway -o requirements/run.txt
compile pyproject.toml --extra unit --extra pi --extra gateway --extra postgresql --extra bench --extra dev -o requirements/dev.txt
echo 'micropython-rp2-rpi_pico_w-stubs==1.29.*' | compile - -o requirements/typings.txt

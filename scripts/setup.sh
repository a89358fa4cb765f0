#!/usr/bin/env bash
# Installs what a Make target needs, and nothing twice: apt packages, .venv, pinned Python packages.
#   scripts/setup.sh run|dev [apt-package ...]
set -euo pipefail
cd "$(dirname "$0")/.."
profile=$1; shift
lock=requirements/$profile.txt
stamp=.venv/.installed-$profile

missing=()
for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if ((${#missing[@]})); then
    echo "setup: installing ${missing[*]}"
    as_root=()
    if ((EUID)); then
        command -v sudo >/dev/null || { echo "setup: not root and no sudo: ask an administrator to run: apt-get install ${missing[*]}" >&2; exit 2; }
        as_root=(sudo)
    fi
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

wanted=$(cat "$lock" requirements/build.txt requirements/typings.txt pyproject.toml scripts/setup.sh <(python3 --version) | sha256sum | cut -d' ' -f1)
if [[ -x .venv/bin/python && -f $stamp && $(<"$stamp") == "$wanted" ]]; then exit 0; fi

echo "setup: preparing .venv ($profile)"
[[ -x .venv/bin/python ]] || python3 -m venv .venv
pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
# Build tools first, so that a package without a wheel is built with pinned tools and not with what is newest today.
"${pip[@]}" --require-hashes -r requirements/build.txt
"${pip[@]}" --require-hashes --no-build-isolation -r "$lock"
"${pip[@]}" --no-deps --no-build-isolation --editable .
if [[ $profile == dev ]]; then  # MicroPython's modules as types, apart from CPython's
    rm -rf .venv/typings
    "${pip[@]}" --require-hashes --no-deps --target .venv/typings -r requirements/typings.txt
fi
echo "$wanted" > "$stamp"

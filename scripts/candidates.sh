#!/usr/bin/env bash
# Fetches the MQTT libraries that `make pico-candidates` tries into a folder: from PyPI, pinned by hash, never committed.
#   scripts/candidates.sh folder
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
[[ -f $folder/aiomqttc.py ]] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# umqtt is packed for a tool that is gone: pip checks its hash and unpacks it, and then finds nothing that it could build.
while read -r line; do
    echo "$line" > "$work/one.txt"
    TMPDIR=$work .venv/bin/pip download --quiet --no-clean --no-deps --no-build-isolation --no-binary :all: \
        --require-hashes -r "$work/one.txt" -d "$work" 2>> "$work/log" || true
done < <(grep -v "^#" requirements/candidates.txt)
mkdir -p "$folder/umqtt"
for module in umqtt/__init__.py umqtt/simple2.py umqtt/robust2.py aiomqttc.py; do
    found=$(find "$work" -path "*/$module" -print -quit)
    [[ $found ]] || { echo "candidates: $module could not be fetched:" >&2; cat "$work/log" >&2; exit 2; }
    cp "$found" "$folder/$module"
done

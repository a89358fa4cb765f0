#!/usr/bin/env bash
# Unpacks the sound of Debian's packages into a folder, without installing the games that they belong to.
#   scripts/sounds.sh FOLDER package ...
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd); shift
here=$(mktemp -d); chmod 755 "$here"; trap 'rm -rf "$here"' EXIT

for package in "$@"; do
    [[ -e $folder/.unpacked-$package ]] && continue
    echo "sounds: unpacking $package"
    (cd "$here" && apt-get download -qq "$package") ||
        { echo "sounds: $package cannot be had: run apt-get update, or look at the network" >&2; exit 2; }
    dpkg -x "$here"/"$package"_*.deb "$folder"
    rm "$here"/*.deb
    touch "$folder/.unpacked-$package"
done

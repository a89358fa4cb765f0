#!/usr/bin/env bash
# Unpacks Debian packages, with what they need and this system lacks, into a folder: tools that tests run and that no
# developer wants installed. Does nothing when the folder has them already.
#   scripts/unpack.sh FOLDER PACKAGE ...
set -euo pipefail
folder=$1; shift
stamp=$folder/.unpacked
if [[ -e $stamp && $(<"$stamp") == "$*" ]]; then exit 0; fi

echo "setup: unpacking $* into $folder"
rm -rf "$folder" && mkdir -p "$folder/packages"
missing=$(apt-get --simulate install --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
if [[ $missing ]]; then
    (cd "$folder/packages" && xargs apt-get download -qq <<<"$missing" 2>/dev/null) ||
        { echo "setup: cannot download $(tr '\n' ' ' <<<"$missing"): run apt-get update, or check the network" >&2; exit 2; }
    for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$folder"; done
fi
rm -rf "$folder/packages"
echo "$*" > "$stamp"

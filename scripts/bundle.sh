#!/usr/bin/env bash
# Gathers what a Raspberry Pi installs at its first boot without a network: the unit, its pinned wheels, and the
# system packages that Raspberry Pi OS Lite may lack. Nothing of it is installed here.
#   scripts/bundle.sh FOLDER     NEURAL=1: with the neural model
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
release=trixie python=3.13 machine=aarch64 architecture=arm64
# PyAudio has no wheel: Debian's package serves, which the unit's environment sees; so does lgpio, which Raspberry Pi OS has.
packages=(python3-pyaudio libportaudio2 libjack-jackd2-0 libdb5.3t64 libsamplerate0 libopus0 libasound2t64 libasound2-data)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bundle/wheels" "$work/bundle/packages"

.venv/bin/uv pip compile --quiet pyproject.toml --extra unit ${NEURAL:+--extra neural} \
	--constraint requirements/run.txt --no-emit-index-url \
	--python-version "$python" --python-platform "$machine-manylinux_2_28" --generate-hashes \
	--no-emit-package pyaudio --no-emit-package lgpio -o "$work/unit.txt" >/dev/null
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes -r "$work/unit.txt" \
	--only-binary=:all: --implementation cp --python-version "$python" --platform "manylinux_2_28_$machine" \
	--platform "manylinux_2_27_$machine" --platform "manylinux2014_$machine" --platform "manylinux_2_17_$machine" \
	--dest "$work/bundle/wheels" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
# pip itself comes along: it runs from its wheel, so that the machine needs no package of it.
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
	"pip==$(.venv/bin/python -c 'import pip; print(pip.__version__)')" --dest "$work/bundle/wheels"
.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation . -w "$work/bundle/wheels"

# An apt of its own, with nothing installed and the other machine's packages; signatures are checked as ever.
mkdir -p "$work"/apt/{lists/partial,cache/archives/partial} && touch "$work/apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 'Component: main' | head -n 1)
[ -n "$mirror" ] || { echo "bundle: apt knows no mirror of Debian here: run this on Debian, after apt-get update" >&2; exit 2; }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$work/apt/sources"
apt=(apt-get -qq -o "Dir::State=$work/apt" -o "Dir::State::status=$work/apt/status" -o "Dir::Cache=$work/apt/cache"
	-o "Dir::Etc::SourceList=$work/apt/sources" -o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root
	-o "APT::Architecture=$architecture" -o "APT::Architectures::=$architecture")
"${apt[@]}" update
(cd "$work/bundle/packages" && "${apt[@]}" download "${packages[@]}" >/dev/null)

(cd "$work/bundle" && find wheels packages -type f | sort | xargs sha256sum >SHA256SUMS)
printf 'release=%s\npython=%s\nmachine=%s\n' "$release" "$python" "$machine" >"$work/bundle/for"
rm -rf "$folder" && mkdir -p "$(dirname "$folder")" && cp -r "$work/bundle" "$folder"
echo "bundle: $(find "$folder" -type f | wc -l) files, $(du -sh "$folder" | cut -f1) in $folder"

#!/bin/sh
# First boot of a desk unit, run by cloud-init: installs it from the card's own folder, without a network, and takes its
# identity off the part of the card that every computer can read. Doing it twice does no harm.
set -eu
card=$(CDPATH='' cd "$(dirname "$0")" && pwd)
home=/opt/thirdring
settings=/etc/thirdring
state=/var/lib/thirdring-unit # the only folder that the unit may write to: it renews its certificate there

say() { echo "thirdring: $*"; }
fail() {
	say "$*" >&2
	exit 1
}

cd "$card"
sha256sum --quiet --check SHA256SUMS || fail "the card is damaged: write it anew"

say "installing"
id thirdring >/dev/null 2>&1 || useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin thirdring
DEBIAN_FRONTEND=noninteractive dpkg --install --skip-same-version --refuse-downgrade packages/*.deb
python3 -c 'import lgpio' || fail "python3-lgpio is missing: is this Raspberry Pi OS Lite (64-bit) of Debian 13?"
[ -x "$home/bin/python" ] || python3 -m venv --without-pip --system-site-packages "$home"
pip=$(echo wheels/pip-*.whl)
"$home/bin/python" "$pip/pip" install --quiet --no-index --no-deps --force-reinstall wheels/*.whl

say "setting up the desk"
install -d -m 0755 "$settings"
install -d -m 0700 -o thirdring -g thirdring "$state"
install -m 0644 unit.toml "$settings/unit.toml"
if [ -e identity.json ]; then
	install -m 0600 -o thirdring -g thirdring identity.json "$state/identity.json"
	sync "$state/identity.json"
	rm identity.json
	sync .
fi
[ -e "$state/identity.json" ] || fail "the identity is missing: enrol the unit and write the card anew"
for lesson in ringer.json hold-music.json; do
	[ ! -e "$lesson" ] || install -m 0600 -o thirdring -g thirdring "$lesson" "$state/$lesson"
done

service=$("$home/bin/python" -c 'from importlib.resources import files; print(files("thirdring_unit.pi") / "thirdring-unit.service")')
install -m 0644 "$service" /etc/systemd/system/thirdring-unit.service
systemctl daemon-reload
systemctl enable --now thirdring-unit.service
say "the desk is at work; thirdring-unit check tells how it is"

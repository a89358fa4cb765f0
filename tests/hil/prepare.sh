#!/bin/bash
# Debian's own kernel with gpio-sim, and a first file system for it: what the emulated desk boots.
# Nothing of it is installed: packages are unpacked into the folder given, where a second run finds everything ready.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$1
kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: linux-image-//p' | head -n 1)
[ -n "$kernel" ] || { echo "prepare.sh: apt knows no linux-image-amd64: run apt-get update" >&2; exit 2; }
series=$(cut -d. -f1-2 <<<"$kernel")
stamp="$kernel $(cat "$here/prepare.sh" "$here/init" | sha256sum | cut -c1-16)"
if [ -e "$work/ready" ] && [ "$(cat "$work/ready")" = "$stamp" ]; then exit 0; fi

# The modules that the emulated desk needs, beside gpio-sim; what they need themselves is found by modprobe's own rules.
modules="9p 9pnet_virtio overlay virtio_pci virtio_net snd-aloop configfs"

fetch() { # download packages and unpack them
	mkdir -p "$work/packages" "$work/unpacked"
	(cd "$work/packages" && apt-get download -q "$@" 2>/dev/null >/dev/null) ||
		{ echo "prepare.sh: cannot download $*: check apt's sources and the network" >&2; exit 2; }
}

unpack() {
	rm -rf "$work/unpacked" && mkdir -p "$work/unpacked"
	for package in "$work"/packages/linux-{image,headers,kbuild}*.deb; do dpkg -x "$package" "$work/unpacked"; done
}

build_gpio_sim() { # Debian's kernels leave it out: build it from Debian's own source, against Debian's headers
	local build=$work/gpio-sim usr=$work/unpacked/usr/src common
	common=$usr/linux-headers-${kernel%-amd64}-common
	rm -rf "$build" && mkdir -p "$build"
	dpkg --fsys-tarfile "$work"/packages/linux-source-*.deb | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ --strip-components=1 --wildcards -C "$build" \
			'*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c'
	cp "$build/drivers/gpio/gpio-sim.c" "$build/gpio-sim-main.c"
	cp "$build/drivers/gpio/gpiolib.h" "$build/"
	# irq_to_desc() is not there for modules; the same descriptor hangs on the interrupt's data
	sed 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/' "$build/kernel/irq/irq_sim.c" >"$build/irq_sim.c"
	printf 'obj-m := gpio-sim.o\ngpio-sim-y := gpio-sim-main.o irq_sim.o\n' >"$build/Makefile"
	sed -i "s#/usr/src/#$usr/#" "$usr/linux-headers-$kernel/Makefile"
	make -s -C "$usr/linux-headers-$kernel" M="$build" modules >"$work/build.log" 2>&1 ||
		{ echo "prepare.sh: gpio-sim cannot be built: see $work/build.log" >&2; exit 2; }
}

pack() { # the first file system: busybox, the modules, and init
	local root=$work/initramfs
	rm -rf "$root" && mkdir -p "$root"/{bin,proc,sys,dev,mnt,lib/modules}
	cp /bin/busybox "$root/bin/" && cp "$here/init" "$root/init" && chmod 755 "$root/init"
	local all=$work/unpacked/lib/modules/$kernel
	mkdir -p "$all/extra" && cp "$work/gpio-sim/gpio-sim.ko" "$all/extra/"
	depmod -b "$work/unpacked" "$kernel"
	for module in $modules gpio-sim; do
		modprobe -d "$work/unpacked" -S "$kernel" --show-depends "$module"
	done | awk '$1 == "insmod" {print $2}' | while read -r file; do
		mkdir -p "$root/$(dirname "${file#"$work"/unpacked/}")" && cp "$file" "$root/${file#"$work"/unpacked/}"
	done
	find "$root/lib/modules" -name '*.ko.xz' -exec xz -d {} +
	cp "$all"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$kernel/"
	depmod -b "$root" "$kernel"
	(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initramfs.cpio.gz"
	cp "$work/unpacked/boot/vmlinuz-$kernel" "$work/vmlinuz"
}

mkdir -p "$work" && rm -f "$work/ready"
fetch "linux-image-$kernel" "linux-headers-$kernel" "linux-headers-${kernel%-amd64}-common" "linux-kbuild-$series" "linux-source-$series"
unpack
build_gpio_sim
pack
rm -rf "$work/packages" "$work/unpacked"
echo "$stamp" >"$work/ready"

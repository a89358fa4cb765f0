"""Cuts the power at every operation of a flash while a certificate is renewed: `cert_cuts.py FOLDER` of old and new."""

import json
import sys

import vfs

sys.path.insert(0, __file__.rpartition("/")[0])
from blocks import PROGRAM_BYTES, Blocks, PowerCutError
from thirdring_unit.pico.credentials import KEPT, NEW, Credentials


def content(path: str) -> bytes:
    with open(path, "rb") as file:
        data: bytes = file.read()
    return data


def mount(blocks: Blocks) -> None:
    vfs.mount(vfs.VfsLfs2(blocks, progsize=PROGRAM_BYTES, readsize=PROGRAM_BYTES), "/flash")


def renew(payload: bytes) -> None:
    """Take a certificate, and know that the broker let the unit in with it."""
    credentials = Credentials("/flash/", secured=True, own=True)
    credentials.renew(payload)
    credentials.let_in()


def main(folder: str) -> None:
    old, new = content(folder + "/old"), content(folder + "/new")
    payload = json.dumps({"pem": content(folder + "/pem").decode()}).encode()
    fresh = Blocks(64)
    vfs.VfsLfs2.mkfs(fresh, progsize=PROGRAM_BYTES, readsize=PROGRAM_BYTES)
    mount(fresh)
    with open("/flash/" + KEPT, "wb") as file:
        file.write(old)
    vfs.umount("/flash")
    image = bytes(fresh.data)
    report = {"cuts": 0, "old": 0, "new": 0, "neither": 0}
    is_done = False
    while not is_done:
        report["cuts"] += 1
        blocks = Blocks(64)
        blocks.data[:] = image
        mount(blocks)
        blocks.left = report["cuts"]
        try:
            renew(payload)
            is_done = True
        except PowerCutError:
            pass
        vfs.umount("/flash")
        blocks.left = 1 << 29
        mount(blocks)
        kept = content("/flash/" + KEPT)
        report["old" if kept == old else "new" if kept == new else "neither"] += 1
        Credentials("/flash/", secured=True, own=True).renew(payload)  # it goes on
        report["neither"] += kept != new and content("/flash/" + NEW) != new
        vfs.umount("/flash")
    sys.stdout.write(json.dumps(report) + "\n")


main(sys.argv[1])

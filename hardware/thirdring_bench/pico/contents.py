"""What the file system of one desk's Pico holds (`docs/pico.md`): the program as bytecode, and who the unit is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from thirdring_unit.identity import Identity

from thirdring_bench.desks import demand_pair, parsed
from thirdring_bench.errors import BenchError
from thirdring_bench.mpy import compiled

MAIN = b'import sys\n\nsys.path.insert(0, "/lib")\nfrom thirdring_unit.pico.main import main\n\nmain()\n'
"""A program among the files goes before one in a ROM file system, which may be older."""
LIBRARY = "lib"


@dataclass(frozen=True, slots=True)
class Wireless:
    """A wireless network; an empty password is an open one."""

    ssid: str
    password: str


def contents(
    identity: Identity, settings: dict[str, Any], networks: Sequence[Wireless], country: str, now_s: int
) -> dict[str, bytes]:
    """Return the files of a unit by their paths; raises BenchError when they would not go together.

    `settings` are the tables of its unit.toml; `now_s` is what the unit, which has no clock, takes for the present.
    """
    found = parsed(settings, "the settings")
    demand_pair(found, identity, "the settings")
    if found.channels:
        raise BenchError("[sound]: a Pico has no microphone: leave its devices out, or take a Raspberry Pi")
    if not networks:
        raise BenchError("a Pico needs a wireless network: give --wifi")
    files = {
        "main.py": MAIN,
        "unit.json": _json(settings),
        "identity.json": _json(_who(identity, now_s)),
        "wifi.json": _json({"country": country, "networks": [_network(each) for each in networks]}),
        **_certificates(identity),
    }
    return {**files, **program()}


@cache
def program() -> Mapping[str, bytes]:
    """Return the program's files, which are the same for every desk."""
    with TemporaryDirectory(prefix="thirdring-mpy-") as folder:
        return {f"{LIBRARY}/{module.path}": module.code for module in compiled(Path(folder))}


def _who(identity: Identity, now_s: int) -> dict[str, Any]:
    who: dict[str, Any] = {
        "v": 1,
        "branch": identity.branch,
        "unit": identity.unit,
        "broker": identity.broker,
        "tls": identity.ca is not None,
        "since": now_s,
        "first_boot": identity.first_boot,
    }
    return who if identity.password is None else {**who, "password": identity.password}


def _certificates(identity: Identity) -> dict[str, bytes]:
    """Return authority, certificate and key as DER: MicroPython reads no PEM."""
    files = {}
    if identity.ca:
        files["ca.der"] = _certificate(identity.ca)
    if identity.cert and identity.key:
        files["cert.der"] = _certificate(identity.cert)
        key = load_pem_private_key(identity.key.encode(), None)
        files["key.der"] = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return files


def _certificate(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def _network(network: Wireless) -> dict[str, str]:
    return {"ssid": network.ssid, "password": network.password}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

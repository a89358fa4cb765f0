"""A unit's identity: the one file, made by `thirdring-gateway enrol`, with which it proves itself to its broker."""

import json
import os
import stat
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from thirdring_unit.core import wire
from thirdring_unit.errors import UserError, reading, whole_file

VERSION = 1
PRIVATE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO
FILE_BYTES_MAX = 65_536
TEXTS = ("branch", "unit", "broker", "ca", "cert", "key", "password")
AGAIN = "copy it again from where `thirdring-gateway enrol` put it"


class Identity(NamedTuple):
    """Who a unit is, where its broker is, and what both prove themselves with; texts of certificates are PEM.

    A unit has `cert` and `key`, or a `password` where it is too small for them. Without `ca` there is no TLS, which
    only a broker on the same machine may do without. `first_boot` is above every boot that the gateway knows of.
    """

    branch: str
    unit: str
    host: str
    port: int
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    password: str | None = None
    first_boot: int = 1

    @property
    def broker(self) -> str:
        """Return the broker's address as one text, `host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        """Return a text for logs, which holds no secret."""
        return f"<identity of {self.branch}/{self.unit} at {self.broker}>"


def read(path: Path) -> Identity:
    """Return the identity in `path`; raises UserError when it is none, is damaged, or others may read it too."""
    with reading(path), path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & OTHERS:
            raise UserError(f"{path}: others may read this secret: run `chmod 600 {path}`, and enrol anew if they did")
        text = file.read(FILE_BYTES_MAX).decode()
    try:
        return parsed(json.loads(text))
    except ValueError as error:
        raise UserError(f"{path}: is no identity of a unit ({_short(error)}): {AGAIN}") from error


def write(path: Path, identity: Identity) -> None:
    """Put `identity` into `path`, whole or not at all, readable by its owner alone; raises UserError."""
    with whole_file(path, PRIVATE) as file:
        file.write(text_of(identity).encode())


def text_of(identity: Identity) -> str:
    """Return the file's text: one JSON object, what there is not left out."""
    said = {"v": VERSION, **identity._asdict(), "broker": identity.broker}
    return json.dumps({name: said[name] for name in ("v", *TEXTS, "first_boot") if said[name] is not None}, indent=1)


def parsed(said: Any) -> Identity:
    """Return the identity that a file's JSON says; raises ValueError with a few words on what is wrong with it."""
    if not isinstance(said, dict) or said.get("v") != VERSION:
        raise ValueError(f"not of version {VERSION}")
    texts = {name: said[name] for name in TEXTS if name in said}
    if not all(isinstance(text, str) and text for text in texts.values()):
        raise ValueError("a field is no text")
    for name in ("branch", "unit"):
        if not wire.is_name(texts.get(name)):
            raise ValueError(f"`{name}` is missing or no name")
    host, port = address(texts.pop("broker", ""))
    first_boot = said.get("first_boot", 1)
    if type(first_boot) is not int or first_boot < 1:
        raise ValueError("`first_boot` is no number from 1")
    identity = Identity(host=host, port=port, first_boot=first_boot, **texts)
    _check_proof(identity)
    return identity


def _check_proof(identity: Identity) -> None:
    if (identity.cert is None) != (identity.key is None) or (identity.cert is None) == (identity.password is None):
        raise ValueError("either `cert` and `key`, or `password`")
    if identity.ca is None and (identity.cert or not is_here(identity.host)):
        raise ValueError("`ca` is missing")


def address(text: str) -> tuple[str, int]:
    """Return host and port of `host:port`; raises ValueError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError("the address of the broker is not host:port, such as 192.168.7.1:8883")
    return host.strip("[]"), int(port)


def is_here(host: str) -> bool:
    """Tell whether `host` is this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _short(error: ValueError) -> str:
    return "not JSON" if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)) else str(error)

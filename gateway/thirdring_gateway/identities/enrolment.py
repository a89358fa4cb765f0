"""Enrolling a unit and revoking it, as facilities do it: on the gateway's machine, recorded, whether it runs or not."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from thirdring_unit.core import wire
from thirdring_unit.identity import Identity, address, text_of

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.broker.access import OWN_USERS, hashed, new_secret
from thirdring_gateway.config import Config
from thirdring_gateway.files import PRIVATE, make_folder, write_whole
from thirdring_gateway.identities import registry
from thirdring_gateway.identities.models import Enrolment
from thirdring_gateway.identities.vault import open_authority
from thirdring_gateway.ledger.database import complaints_told, open_database
from thirdring_gateway.ledger.tables import Boot
from thirdring_gateway.trouble import Trouble

RELEASED_MS = 1_767_225_600_000  # 2026-01-01: a clock before it is wrong, and what it signs would have ended long ago
BOOTS_APART = 1_000  # boots that a broken disk may hold unheard of


def enrol(
    config: Config, state_dir: Path, unit: str, out: Path, now_ms: int, *, broker: str, by_password: bool, replace: bool
) -> Enrolment:
    """Give `unit` an identity and write it into the new file `out`; nothing has happened when that fails.

    `broker` is the address for it, empty for the settings'. With `replace` an identity that it has is revoked. Raises
    Trouble.
    """
    _check(config, unit, out, now_ms)
    host, port = _address(config, broker, by_password=by_password)
    branch = config.branch.branch
    with complaints_told(), _gone_if_it_fails(out), transaction.atomic():
        before = registry.enrolled(branch).filter(unit=unit).first()
        if before and not replace:
            raise Trouble(f"{unit} is enrolled already; --replace revokes what it has and makes it anew")
        if before:
            registry.revoke(branch, unit, now_ms)
        authority = open_authority(state_dir, branch, is_known=_is_known(branch))
        identity = Identity(branch, unit, host, port, authority.cert, first_boot=_first_boot(branch, unit))
        if by_password:
            identity = identity._replace(password=new_secret())
            found = hashed(state_dir, {unit: identity.password or ""})[unit]
            row = registry.add(branch, unit, None, found, now_ms)
        else:
            issued, key = authority.client(unit, now_ms + registry.VALID_MS)
            identity = identity._replace(cert=issued.cert, key=key)
            row = registry.add(branch, unit, issued, "", now_ms)
        _note(unit, "replaced" if before else "enrolled", now_ms)
        write_whole(out, text_of(identity).encode(), PRIVATE)
    return row


def revoke(config: Config, unit: str, now_ms: int) -> None:
    """Revoke the identity of `unit`; raises Trouble when it has none."""
    with complaints_told(), transaction.atomic():
        if registry.revoke(config.branch.branch, unit, now_ms) is None:
            raise Trouble(f"{unit} is not enrolled; `thirdring-gateway units` shows who is")
        _note(unit, "revoked", now_ms)


def open_registry(config: Config, state_dir: Path) -> None:
    """Open the ledger for the commands; raises Trouble.

    In another user's folder they would leave files that the gateway cannot read.
    """
    if make_folder(state_dir).stat().st_uid != os.geteuid():
        owner = state_dir.owner()
        raise Trouble(f"state folder {state_dir} belongs to {owner}; run this as that user: sudo -u {owner} ...")
    open_database(config.ledger(state_dir))


@contextmanager
def _gone_if_it_fails(out: Path) -> Iterator[None]:
    """Remove the file when the registry could not be written after all: its identity could never be revoked."""
    try:
        yield
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _check(config: Config, unit: str, out: Path, now_ms: int) -> None:
    if not wire.is_name(unit) or unit in OWN_USERS:
        raise Trouble(f"unit {unit!r:.60}: a name has 1 to 32 of a-z, 0-9 and hyphen, and is not the gateway's")
    if config.external:
        raise Trouble("the broker is an external one: whoever runs it gives out the identities")
    if out.exists():
        raise Trouble(f"{out} exists already; remove it or name another file with --out")
    if now_ms < RELEASED_MS:
        raise Trouble("this machine's clock is years behind; set it first, or the identity would end too early")


def _address(config: Config, broker: str, *, by_password: bool) -> tuple[str, int]:
    ports = config.listeners
    port = ports.password_port if by_password else ports.port
    if not port:
        name = "password_port" if by_password else "port"
        raise Trouble(
            f"the broker takes no such units; set `{name}` in [broker], such as 8884, and restart the gateway"
        )
    host = broker or config.broker_name or ("" if ports.is_everywhere else ports.host)
    if not host:
        raise Trouble("by which name or address do desks reach this machine? set `name` in [broker] or give --broker")
    try:
        return address(host if host.rpartition(":")[2].isdecimal() and host.count(":") == 1 else f"{host}:{port}")
    except ValueError:
        raise Trouble(f"--broker is {host!r:.60}; give a name or an address, such as 192.168.7.1") from None


def _is_known(branch: str) -> bool:
    return registry.enrolled(branch).exists()


def _first_boot(branch: str, unit: str) -> int:
    """Return a number for the first boot of an empty disk, above every boot that this unit may have had."""
    latest = Boot.objects.filter(unit__branch=branch, unit__name=unit).aggregate(latest=Max("number"))["latest"]
    return 1 if latest is None else (latest // BOOTS_APART + 1) * BOOTS_APART


def _note(unit: str, what: str, now_ms: int) -> None:
    note_change(None, f"identity {unit}", None, {"identity": what, "by": getpass.getuser()}, now_ms)

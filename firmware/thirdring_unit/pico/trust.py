"""TLS by the branch's own authority: whom the unit believes, and how it shows who it is.

MicroPython reads DER only: `ca.der`, and with a client certificate `cert.der` and `key.der`.
"""

from time import gmtime, time

from machine import RTC
from tls import CERT_REQUIRED, PROTOCOL_TLS_CLIENT, SSLContext

from thirdring_unit.pico.setup import Setup, SetupError


def context(setup: Setup) -> SSLContext:
    """Return what connections are secured with, and set the date; raises SetupError when a file is missing or wrong."""
    _set_date(setup.identity.since)
    made = SSLContext(PROTOCOL_TLS_CLIENT)
    made.verify_mode = CERT_REQUIRED  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        made.load_verify_locations(_der(setup, "ca.der"))
        if setup.identity.password is None:
            made.load_cert_chain(_der(setup, "cert.der"), _der(setup, "key.der"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{setup.folder}*.der: {error}: flash this unit again") from None
    return made


def _set_date(since: int) -> None:
    """Take `since` (seconds since 1970) as the date if the clock says that it is earlier, as it does after power-on."""
    if time() < since:
        year, month, day, hour, minute, second, weekday, _ = gmtime(since)
        RTC().datetime((year, month, day, weekday, hour, minute, second, 0))


def _der(setup: Setup, name: str) -> bytes:
    with open(setup.folder + name, "rb") as file:
        data: bytes = file.read()
    return data

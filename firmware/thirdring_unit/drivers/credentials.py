"""What a unit proves itself with at its broker: its identity file, kept up to date, as a TLS context.

Certificates of the broker are not judged by time or name: a Pi without a clock of its own starts in 1970, and a branch
moves its gateway to another address. That it bears the authority's signature *as a server* is enough, since a branch's
own authority signs one broker only, and desks as clients.
"""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thirdring_unit.core.settings import Settings
from thirdring_unit.errors import UserError
from thirdring_unit.identity import AGAIN, Identity, read, write

NO_CHECK_TIME = 0x20_0000  # X509_V_FLAG_NO_CHECK_TIME, which Python's ssl has no name for
ALERTS = (
    ("CERTIFICATE_EXPIRED", "its certificate has ended (or the gateway's clock is wrong): enrol it anew"),
    ("CERTIFICATE_REVOKED", "its certificate is revoked: enrol it anew"),
    ("UNKNOWN_CA", "its certificate is of another authority: enrol it anew"),
    ("EOF_OCCURRED", "the broker ended the connection: is this unit still enrolled there?"),
    ("CERTIFICATE_VERIFY_FAILED", "the broker is not this branch's, or its authority is new: enrol the unit anew"),
)


def credentials_of(settings: Settings, state: Path, given: Path | None = None) -> "Credentials":
    """Return those in the file `given`, or in the one that the unit's settings name, in its folder `state`.

    The unit's boots are numbered from where the gateway says from now on. Raises UserError.
    """
    found = Credentials(given or state / settings.identity_file, settings)
    settings.first_boot = max(settings.first_boot, found.identity.first_boot)
    return found


class Credentials:
    """The identity in the file at `path`, which must be that of the unit that `settings` name; raises UserError.

    `context` is what TLS connections are made with, None for a broker on this machine that has none.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self.identity = read(path)
        named, needed = (self.identity.branch, self.identity.unit), (settings.branch, settings.unit)
        if named != needed:
            raise UserError(f"{path}: is the identity of {'/'.join(named)}, but this is {'/'.join(needed)}: mix-up?")
        with self._naming():
            self.context = tls(self.identity) if self.identity.ca else None

    def renew(self, cert: str) -> bool:
        """Take a new certificate for the same key, from the next connection on; tell whether it is new.

        Raises UserError when it does not belong to this unit's key or cannot be kept; the old one stays then.
        """
        if self.context is None or self.identity.key is None or cert == self.identity.cert:
            return False
        renewed = self.identity._replace(cert=cert)
        with self._naming():
            tls(renewed)
            write(self._path, renewed)
            _show(self.context, renewed)
        self.identity = renewed
        return True

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except UserError:
            raise
        except ValueError as error:
            raise UserError(f"{self._path}: {error}: {AGAIN}") from error


def tls(identity: Identity) -> ssl.SSLContext:
    """Return what TLS connections with this identity are made with; raises ValueError with a few words."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_flags |= NO_CHECK_TIME
    try:
        context.load_verify_locations(cadata=identity.ca)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError("`ca` is no certificate") from error
    if identity.cert is not None:
        _show(context, identity)
    return context


def _show(context: ssl.SSLContext, identity: Identity) -> None:
    """Let `context` show the unit's certificate; raises ValueError when the key does not belong to it.

    OpenSSL reads certificates from files only: this one is in memory, so that no copy of the key touches a disk.
    """
    descriptor = os.memfd_create("identity")
    try:
        os.write(descriptor, f"{identity.cert}\n{identity.key}\n".encode())
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password=_no_password)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError("`cert` and `key` do not belong together") from error
    finally:
        os.close(descriptor)


def _no_password() -> str:
    """Keep OpenSSL from asking at the terminal when the key is encrypted."""
    return ""


def why_refused(error: str) -> str:
    """Return what a failed connection's error means for the one who can mend it, or the error itself."""
    return next((words for alert, words in ALERTS if alert in error.upper().replace(" ", "_")), error)

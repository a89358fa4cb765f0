"""What the unit proves itself with at its broker, kept up to date: its own certificate, old or renewed.

A renewed one lies beside the one in use until the broker has let the unit in with it, and only then takes its place,
in one step of littlefs. Until then attempts show the two in turn: one that is refused locks nobody out.
"""

import os
from binascii import b2a_base64

from tls import SSLContext

KEPT, NEW = "cert.der", "cert.new"
NEWLINE = b"\\u000a"  # as `wire` writes it


class Credentials:
    """The files in `folder`, which ends in a slash: none unless `secured`, and a certificate of its `own` or none.

    `trouble` is why a renewed certificate is not used, "" while there is none or nothing is wrong with it.
    """

    def __init__(self, folder: str, *, secured: bool, own: bool) -> None:
        self.is_renewable = secured and own
        self.trouble = ""
        self._is_secured = secured
        self._folder = folder
        self._shown = [KEPT, NEW] if NEW in os.listdir(folder) else [KEPT]  # the first one is for the next attempt
        self._context: SSLContext | None = None

    def context(self) -> SSLContext | None:
        """Return what the next connection is made with, None for a plain one; raises OSError and ValueError."""
        if self._context is None and self._is_secured:
            from thirdring_unit.pico.certificates import context  # noqa: PLC0415 -- forgotten once it is done

            self._context = context(self._folder, self._shown[0] if self.is_renewable else None)
        return self._context

    def renew(self, payload: bytes) -> None:
        """Take what the gateway says on the topic `cert`, for the next connection, if it is new and this unit's own."""
        with open(self._folder + KEPT, "rb") as file:
            kept = file.read()
        if payload and b2a_base64(kept)[:-1] not in payload.replace(NEWLINE, b""):  # it is said at every connection
            try:
                self._take(kept, payload)
            except (OSError, ValueError) as error:
                self._complain(error)

    def let_in(self) -> None:
        """Know that the broker took what was shown: a renewed certificate is now the one to keep."""
        if self._shown[0] == NEW:
            try:
                os.rename(self._folder + NEW, self._folder + KEPT)
                self._shown = [KEPT]
                self.trouble = ""
            except OSError as error:  # it is still there, and tried first the next time
                self._complain(error)

    def failed(self) -> None:
        """Know that it did not: show the other certificate next time, if there are two."""
        if NEW in self._shown:
            if self._shown[0] == NEW:
                self._complain("the broker does not take it")
            self._show(self._shown[::-1])

    def _take(self, kept: bytes, payload: bytes) -> None:
        from thirdring_unit.pico.certificates import renewed  # noqa: PLC0415 -- forgotten once it is done

        cert = renewed(kept, payload)
        if cert != kept:
            with open(self._folder + NEW, "wb") as file:
                file.write(cert)
            self._show([NEW, KEPT])

    def _show(self, names: "list[str]") -> None:
        self._shown = names
        self._context = None

    def _complain(self, why: "Exception | str") -> None:
        self.trouble = f"the renewed certificate is not used: {why}"

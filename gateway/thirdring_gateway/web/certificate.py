"""HTTPS for the pages: the files that it takes."""

import ssl
from pathlib import Path
from typing import NamedTuple

from thirdring_gateway.trouble import Trouble


class Certificate(NamedTuple):
    """The pages' certificate with its chain, and its private key, as PEM files."""

    certificate: Path
    key: Path

    def check(self) -> None:
        """Raise Trouble when they cannot be read, or do not belong together."""
        for path in self:
            try:
                path.read_bytes()
            except OSError as error:
                raise Trouble(f"[web] {path}: {error.strerror}; name a PEM file that the gateway may read") from error
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*self, password=lambda: "")
        except (ssl.SSLError, ValueError) as error:
            pair = f"{self.certificate} and {self.key}"
            raise Trouble(f"[web] {pair} are no PEM certificate with its unencrypted key; name another pair") from error

"""Reads certificates, and tells whether one is this unit's own, renewed; needed only at the start and when one is new.

MicroPython compares no certificate with a key. A renewed one bears the old one's name and public key, which is to be
seen in its bytes (X.690, RFC 5280); its signature is for the broker to judge.
"""

from binascii import a2b_base64

from tls import CERT_REQUIRED, PROTOCOL_TLS_CLIENT, SSLContext

from thirdring_unit.core import wire

_LONG = 0x80  # of a length: the number of bytes that hold it follows
_BEFORE = 5  # elements: version, serial number, algorithm, issuer, validity
_OWNERS = 2  # subject and public key


def read(path: str) -> bytes:
    """Return the bytes of a file; raises OSError."""
    with open(path, "rb") as file:
        data: bytes = file.read()
    return data


def context(folder: str, own: str | None) -> SSLContext:
    """Return what TLS connections are made with: the branch's authority, and the file `own` with the unit's key.

    Raises OSError when a file is missing, and ValueError when it is none of its kind.
    """
    made = SSLContext(PROTOCOL_TLS_CLIENT)
    made.verify_mode = CERT_REQUIRED  # type: ignore[attr-defined]  # the stubs do not know it
    made.load_verify_locations(read(folder + "ca.der"))
    if own is not None:
        made.load_cert_chain(read(folder + own), read(folder + "key.der"))
    return made


def renewed(kept: bytes, payload: bytes) -> bytes:
    """Return the certificate in a message on the topic `cert`, as DER.

    Raises ValueError unless it is of the same name and key as `kept`.
    """
    parts = wire.decode("cert", payload)["pem"].split("-----")
    cert = a2b_base64(parts[2]) if len(parts) > 2 else b""  # noqa: PLR2004 -- the text between its marks
    try:
        is_ours = _owner(cert) == _owner(kept)
    except IndexError:
        is_ours = False
    if not is_ours:
        raise ValueError("it is not of this unit and its key")
    return cert


def _owner(cert: bytes) -> bytes:
    """Return name and public key in a certificate as they stand there; raises IndexError when it is none."""
    place, end = _element(cert, 0)  # the certificate
    if end != len(cert):
        raise IndexError
    place, _ = _element(cert, place)  # the signed part of it
    start = _after(cert, place, _BEFORE)
    return cert[start : _after(cert, start, _OWNERS)]


def _after(data: bytes, place: int, count: int) -> int:
    for _ in range(count):
        _, place = _element(data, place)
    return place


def _element(data: bytes, place: int) -> "tuple[int, int]":
    """Return where the content of the element at `place` begins and ends."""
    length = data[place + 1]
    start = place + 2
    if length & _LONG:
        start += length - _LONG
        length = int.from_bytes(data[place + 2 : start], "big")
    return start, start + length

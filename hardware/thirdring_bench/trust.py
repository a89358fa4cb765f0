"""Whether what an identity proves itself with would be let in: better refused at the bench than behind a counter."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID
from thirdring_unit.identity import Identity

from thirdring_bench.errors import BenchError

AGAIN = "enrol the unit again (`thirdring-gateway enrol --replace`)"


def demand_trust(who: Identity, now_s: int) -> None:
    """Raise BenchError unless authority, certificate and key belong together and to the unit, and have not ended."""
    try:
        authority = x509.load_pem_x509_certificate(who.ca.encode()) if who.ca else None
        cert = x509.load_pem_x509_certificate(who.cert.encode()) if who.cert else None
        key = load_pem_private_key(who.key.encode(), None) if who.key else None
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BenchError(f"the identity holds a certificate or key that is damaged: {AGAIN}") from error
    if cert is None:
        return
    if key is None or key.public_key() != cert.public_key():
        raise BenchError(f"the identity's certificate is not of its key: {AGAIN}")
    if authority is None or not _is_signed_by(cert, authority):
        raise BenchError(f"the identity's certificate is not of its authority: {AGAIN}")
    names = [name.value for name in cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if names != [who.unit]:
        raise BenchError(f"the identity of {who.unit} has the certificate of {names}: {AGAIN}")
    if cert.not_valid_after_utc <= datetime.fromtimestamp(now_s, UTC):
        raise BenchError(f"the identity's certificate ended on {cert.not_valid_after_utc:%Y-%m-%d}: {AGAIN}")


def _is_signed_by(cert: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        cert.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True

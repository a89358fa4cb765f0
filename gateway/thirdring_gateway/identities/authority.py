"""The branch's own certificate authority: signs one broker as a server, and units as clients.

Nothing here depends on a right clock where a wrong one would lock somebody out: authority, broker and revocation list
are valid from 1970 without an end. Only units' certificates end, by the gateway's clock, and they are renewed early.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280's "no well-defined end"
MS_PER_S = 1000


class Pair(NamedTuple):
    """A certificate and its private key, both PEM."""

    cert: str
    key: str

    def __repr__(self) -> str:
        """Return a text for logs, which holds no secret."""
        return "<a certificate and its key>"


class Issued(NamedTuple):
    """A unit's certificate as PEM, its serial number and its end."""

    cert: str
    serial: int
    ends_ms: int


def new_authority(branch: str) -> Pair:
    """Return a new authority for `branch`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Thirdring authority of {branch}")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    builder = (
        _builder(name, name, key.public_key(), NEVER)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return Pair(_pem(builder.sign(key, hashes.SHA256())), _key_pem(key))


class Authority:
    """What `pair` signs; raises ValueError when it is no certificate with its own key."""

    def __init__(self, pair: Pair) -> None:
        self.cert = pair.cert
        self._cert = x509.load_pem_x509_certificate(pair.cert.encode())
        key = serialization.load_pem_private_key(pair.key.encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != self._cert.public_key():
            raise ValueError("key and certificate do not belong together")
        self._key = key

    def server(self, name: str) -> Pair:
        """Return a certificate without an end, with a new key, for the broker called `name`."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._leaf(name, key.public_key(), NEVER, ExtendedKeyUsageOID.SERVER_AUTH)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        return Pair(_pem(builder.sign(self._key, hashes.SHA256())), _key_pem(key))

    def client(self, unit: str, ends_ms: int) -> tuple[Issued, str]:
        """Return a certificate for `unit`, and its new private key, which nobody else ever sees."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._issued(unit, key.public_key(), ends_ms), _key_pem(key)

    def renewed(self, cert: str, ends_ms: int) -> Issued:
        """Return a certificate for the same unit and the same key as `cert`, with another end."""
        old = x509.load_pem_x509_certificate(cert.encode())
        (common_name,) = old.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        key = old.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise TypeError("not a certificate of ours")
        return self._issued(str(common_name.value), key, ends_ms)

    def revocations(self, serials: Collection[int]) -> str:
        """Return the list of revoked certificates as PEM."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._cert.subject)
            .last_update(EPOCH)
            .next_update(NEVER)
            .add_extension(x509.CRLNumber(len(serials)), critical=False)
        )
        for serial in serials:
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(EPOCH).build()
            builder = builder.add_revoked_certificate(revoked)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def _issued(self, unit: str, key: ec.EllipticCurvePublicKey, ends_ms: int) -> Issued:
        ends = datetime.fromtimestamp(ends_ms // MS_PER_S, UTC)
        cert = self._leaf(unit, key, ends, ExtendedKeyUsageOID.CLIENT_AUTH).sign(self._key, hashes.SHA256())
        return Issued(_pem(cert), cert.serial_number, ends_ms // MS_PER_S * MS_PER_S)

    def _leaf(
        self, name: str, key: ec.EllipticCurvePublicKey, ends: datetime, use: x509.ObjectIdentifier
    ) -> x509.CertificateBuilder:
        return (
            _builder(_named(name), self._cert.subject, key, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(EPOCH)
        .not_valid_after(ends)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(**may: bool) -> x509.KeyUsage:
    uses = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{use: may.get(use, False) for use in uses})


def _pem(cert: x509.Certificate) -> str:
    return cert.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """Return the key as SEC1 ("EC PRIVATE KEY"), which mbedTLS reads too."""
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain).decode()

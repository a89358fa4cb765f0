"""A Pico's certificate is renewed by a real gateway: taken when it is its own, used when it is let in, never a trap."""

import base64
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from thirdring_gateway.demo.desks import identity_file
from thirdring_gateway.identities import registry
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_gateway.identities.vault import open_authority
from thirdring_unit.identity import Identity, read

from tests.pico.bench import BRANCH, Gateway, Pico, until
from tests.pico.test_flash import run
from tests.pico.test_tls import flash

pytestmark = [pytest.mark.system, pytest.mark.slow]

UNIT = "desk-08"  # which has a certificate
END_MS = (int(time.time()) + 86_400) * 1_000
SOON_S = 15


def der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def told(gateway: Gateway, kind: str) -> list[dict[str, object]]:
    facts = [json.loads(body) for _, body in sorted(gateway.facts(UNIT).items())]
    return [fact for fact in facts if fact["kind"] == kind]


class Branch:
    """A Pico at its gateway, which presses a button twice a second and says how its link fares."""

    def __init__(self, folder: Path, program: Path, gateway: Gateway) -> None:
        self.gateway = gateway
        self.authority = open_authority(gateway.state, BRANCH, is_known=True)
        self.identity = read(identity_file(gateway.state, UNIT))
        self.pico = Pico(folder, program, UNIT)

    @property
    def own(self) -> str:
        assert self.identity.cert
        return self.identity.cert

    def start(self, identity: Identity, **world: object) -> None:
        flash(self.pico, identity)
        presses = [(500 * half + at_ms, "serve", on) for half in range(1_000) for at_ms, on in ((0, 1), (200, 0))]
        self.pico.world(presses, **world)
        self.pico.start()
        until(lambda: bool(self.gateway.facts(UNIT)), "it does not come in")

    def publish(self, pem: str) -> None:
        """Let the gateway say that this is the unit's newest certificate."""
        row = registry.enrolled(BRANCH).get(unit=UNIT)
        row.cert, row.revision = pem, registry.revision() + 1
        row.save()

    def reconnect(self) -> None:
        """Break the link, and wait until facts come again by a new one."""
        self.gateway.kill_broker()
        before = len(self.gateway.facts(UNIT))
        until(lambda: len(self.gateway.facts(UNIT)) > before + 12, "it does not come back")  # more than were under way

    def on_flash(self, name: str) -> bytes:
        path = self.pico.folder / name
        return path.read_bytes() if path.exists() else b""


@pytest.fixture
def branch(tmp_path: Path, program: Path, gateway: Gateway) -> Iterator[Branch]:
    made = Branch(tmp_path / "pico", program, gateway)
    yield made
    made.pico.kill()


def test_a_renewed_certificate_is_used_at_the_next_connection_and_outlives_the_old_one(branch: Branch) -> None:
    ends_s = int(time.time()) + SOON_S
    branch.start(branch.identity._replace(cert=branch.authority.renewed(branch.own, ends_s * 1_000).cert))
    until(
        lambda: branch.on_flash("cert.new") == der(branch.own), "the gateway's certificate does not come to the flash"
    )
    until(lambda: time.time() > ends_s, "never")
    branch.reconnect()  # the broker takes the old one no more
    assert branch.on_flash("cert.der") == der(branch.own)
    assert not branch.on_flash("cert.new")
    branch.pico.kill()
    before = len(branch.gateway.facts(UNIT))
    branch.pico.start()
    until(lambda: len(branch.gateway.facts(UNIT)) > before, "it does not come in after a power cut")
    assert not told(branch.gateway, "fault")


def test_a_certificate_that_the_broker_refuses_is_told_and_the_old_one_used_until_a_better_one_comes(
    branch: Branch,
) -> None:
    branch.start(branch.identity, hop_ms=500)
    branch.publish(Authority(new_authority(BRANCH)).renewed(branch.own, END_MS).cert)
    until(lambda: bool(branch.on_flash("cert.new")), "it is not tried")
    branch.reconnect()
    assert branch.on_flash("cert.der") == der(branch.own)
    until(lambda: bool(told(branch.gateway, "fault")), "nobody is told")
    fault = told(branch.gateway, "fault")[-1]
    assert (fault["what"], fault["on"]) == ("identity", True)
    assert fault["why"] == "the renewed certificate is not used: the broker does not take it"
    better = branch.authority.renewed(branch.own, END_MS).cert
    branch.publish(better)
    until(lambda: branch.on_flash("cert.new") == der(better), "the better one does not come")
    branch.reconnect()
    assert branch.on_flash("cert.der") == der(better)
    until(lambda: told(branch.gateway, "fault")[-1]["on"] is False, "nobody is told that it is well again")


def test_a_certificate_that_is_not_this_units_is_not_taken_and_somebody_is_told(branch: Branch) -> None:
    branch.start(branch.identity, hop_ms=500)
    branch.publish(branch.authority.client(UNIT, END_MS)[0].cert)  # of another key
    until(lambda: bool(told(branch.gateway, "fault")), "nobody is told")
    assert "it is not of this unit and its key" in str(told(branch.gateway, "fault")[-1]["why"])
    assert branch.on_flash("cert.der") == der(branch.own)
    assert not branch.on_flash("cert.new")


def test_a_certificate_is_this_units_only_with_its_name_and_its_key(tmp_path: Path, program: Path) -> None:
    authority = Authority(new_authority(BRANCH))
    ours, key = authority.client(UNIT, END_MS)
    again, another_key = authority.renewed(ours.cert, 2 * END_MS).cert, authority.client(UNIT, END_MS)[0].cert
    another_unit = certificate("desk-09", key)
    whole = base64.b64encode(der(again)).decode()
    cut = [f"-----BEGIN-----{whole[:length]}-----END-----" for length in range(0, len(whole), 4)]
    strange = [another_key, another_unit, "", "garbage", "-----a-----b", "-----BEGIN-----?\u4e2d-----END-----", *cut]
    pems = [ours.cert, again, again.replace("\n", "\r\n"), *strange]
    sent = [*(json.dumps({"pem": pem}) for pem in pems), "{}", "[", '{"pem":1}']
    (tmp_path / "told").write_text(json.dumps({"kept": der(ours.cert).hex(), "sent": sent}))
    said = run(program, "whose.py", str(tmp_path / "told"))
    assert said[:3] == [""] * 3
    assert said[3:5] == ["it is not of this unit and its key"] * 2
    assert all(said[3:])


def certificate(name: str, key: str) -> str:
    """Return a certificate of another name for the same key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    private = load_pem_private_key(key.encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(subject, subject, private.public_key(), 7, begin, end)
    return builder.sign(private, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def test_a_power_cut_while_a_certificate_is_taken_leaves_the_old_one_or_the_new_one(
    tmp_path: Path, program: Path
) -> None:
    authority = Authority(new_authority(BRANCH))
    issued, _ = authority.client(UNIT, END_MS)
    renewed = authority.renewed(issued.cert, 2 * END_MS).cert
    for name, content in (("old", der(issued.cert)), ("new", der(renewed)), ("pem", renewed.encode())):
        (tmp_path / name).write_bytes(content)
    report = run(program, "cert_cuts.py", str(tmp_path))
    assert report["cuts"] > 2
    assert report["old"] > 0
    assert report["new"] > 0
    assert report["neither"] == 0

"""Enrolling, renewing, revoking: what facilities do at the gateway, and what years do to certificates."""

import json
import os
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from django.db import OperationalError
from thirdring_gateway.accounts.models import Change
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.cli import main
from thirdring_gateway.files import write_whole
from thirdring_gateway.identities import enrolment, registry
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_gateway.identities.enrolment import RELEASED_MS, enrol, revoke
from thirdring_gateway.identities.models import Enrolment
from thirdring_gateway.identities.vault import open_authority
from thirdring_gateway.ledger.append import Appender, Batch
from thirdring_gateway.trouble import Trouble
from thirdring_unit.core import wire
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit
from thirdring_unit.drivers.broker import BrokerLink
from thirdring_unit.drivers.credentials import Credentials, tls
from thirdring_unit.errors import UserError
from thirdring_unit.identity import Identity, read
from thirdring_unit.runtime import Clock, Inbox
from thirdring_unit.settings_help import parse

from tests.gateway.guarded import BRANCH, WAIT_S, Caller, GuardedBroker, now_ms

DAY_MS = 86_400_000
SETTINGS = parse({"unit": {"branch": BRANCH, "id": "desk-07"}, "line": {"country": "CN"}})


@pytest.fixture
def branch(tmp_path: Path, ledger: Path) -> GuardedBroker:
    assert ledger.exists()
    return GuardedBroker(tmp_path)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gateway.toml").write_text('[branch]\nname = "b12"\n[broker]\nname = "gateway.b12"\n')
    before = os.umask(0)  # so that nothing is private by chance
    yield tmp_path
    os.umask(before)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def one_line(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("thirdring-gateway: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


# ---- the commands


def test_an_identity_is_one_private_file_and_is_listed_until_it_is_revoked(workplace: Path) -> None:
    made = run("enrol", "desk-07")
    assert made.exit_code == 0, made.stderr
    identity = read(workplace / "desk-07.json")
    assert (identity.branch, identity.unit, identity.host, identity.port) == ("b12", "desk-07", "gateway.b12", 8883)
    assert "enrolled" in run("units").stdout
    assert run("revoke", "desk-07").exit_code == 0
    assert "revoked" in run("units").stdout
    assert "not enrolled" in one_line(run("revoke", "desk-07"))


def test_no_secret_is_printed_or_readable_by_others(workplace: Path) -> None:
    (workplace / "gateway.toml").write_text('[broker]\nname = "gw"\npassword_port = 8884\n')
    shown = [run("enrol", "desk-07"), run("enrol", "desk-08", "--password"), run("units"), run("revoke", "desk-08")]
    secrets = [json.loads((workplace / f"{unit}.json").read_text()) for unit in ("desk-07", "desk-08")]
    kept = [path.read_bytes() for path in (workplace / "var").rglob("*") if path.is_file()]
    for secret in (secrets[0]["key"], secrets[1]["password"]):
        assert not any(secret in result.output for result in shown)
        assert not any(secret.encode() in content for content in kept)  # the gateway needs neither
    for path in (workplace / "desk-07.json", workplace / "desk-08.json", workplace / "var/authority.pem"):
        assert path.stat().st_mode & 0o777 == 0o600, path


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["Desk 7"], "a name has 1 to 32"),
        (["gateway"], "is not the gateway's"),
        (["gateway-lights"], "is not the gateway's"),
        (["desk-07", "--password"], "`password_port` in [broker]"),
        (["desk-07", "--out", "gateway.toml"], "exists already"),
        (["desk-07", "--out", "nowhere/x.json"], "nowhere/x.json"),
        (["desk-07", "--broker", "gw:99999"], "--broker"),
    ],
)
def test_what_cannot_be_enrolled_is_told_in_one_line_and_changes_nothing(
    workplace: Path, arguments: list[str], complaint: str
) -> None:
    assert complaint in one_line(run("enrol", *arguments))
    assert "nobody is enrolled" in run("units").stdout
    assert not (workplace / "desk-07.json").exists()


def test_an_address_must_be_known(workplace: Path) -> None:
    (workplace / "gateway.toml").write_text('[branch]\nname = "b12"\n')
    assert "set `name` in [broker] or give --broker" in one_line(run("enrol", "desk-07"))
    assert run("enrol", "desk-07", "--broker", "192.168.7.1").exit_code == 0
    assert run("enrol", "desk-08", "--broker", "gw:9000").exit_code == 0
    assert [read(workplace / f"desk-0{n}.json").port for n in (7, 8)] == [8883, 9000]


def test_a_unit_has_one_identity_unless_it_is_replaced(workplace: Path) -> None:
    run("enrol", "desk-07")
    assert "--replace" in one_line(run("enrol", "desk-07", "--out", "again.json"))
    assert run("enrol", "desk-07", "--out", "again.json", "--replace").exit_code == 0
    assert read(workplace / "again.json").cert != read(workplace / "desk-07.json").cert


def test_another_users_state_folder_is_left_alone(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("units")
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    assert "run this as that user" in one_line(run("enrol", "desk-07"))
    assert not (workplace / "desk-07.json").exists()


# ---- what stands behind them


def test_enrolling_and_revoking_are_recorded(branch: GuardedBroker) -> None:
    branch.enrol("desk-07")
    revoke(branch.config, "desk-07", now_ms())
    rows = [(row.person, row.what, row.new["identity"]) for row in Change.objects.order_by("pk")]
    assert rows == [(None, "identity desk-07", "enrolled"), (None, "identity desk-07", "revoked")]


def test_a_replaced_disk_numbers_its_boots_above_all_that_the_gateway_knows(branch: GuardedBroker) -> None:
    assert branch.enrol("desk-08").first_boot == 1
    fact = {"v": 1, "branch": BRANCH, "unit": "desk-07", "boot": 1017, "seq": 1, "up_ms": 5, "kind": "boot"}
    batch = Batch(now_ms())
    batch.facts.append((fact, wire.encode_fact(fact).decode()))
    Appender().append(batch)
    assert branch.enrol("desk-07").first_boot == 2000


def test_a_clock_that_is_years_behind_signs_nothing(branch: GuardedBroker) -> None:
    out = branch.folder / "x.json"
    with pytest.raises(Trouble, match="clock"):
        enrol(branch.config, branch.state_dir, "desk-07", out, 0, broker="", by_password=False, replace=False)
    assert not out.exists()
    assert now_ms() > RELEASED_MS


def test_a_failure_leaves_neither_a_file_nor_a_row(branch: GuardedBroker) -> None:
    out = branch.folder / "nowhere" / "x.json"
    with pytest.raises(Trouble, match="nowhere"):
        enrol(branch.config, branch.state_dir, "desk-07", out, now_ms(), broker="", by_password=False, replace=False)
    assert not Enrolment.objects.exists()
    assert not Change.objects.exists()


def test_an_identity_that_could_not_be_registered_is_not_left_behind(
    branch: GuardedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(path: Path, content: bytes, mode: int) -> None:
        write_whole(path, content, mode)
        raise OperationalError("disk full")

    monkeypatch.setattr(enrolment, "write_whole", disk_full)
    out = branch.folder / "x.json"
    with pytest.raises(Trouble, match="disk full"):
        enrol(branch.config, branch.state_dir, "desk-07", out, now_ms(), broker="", by_password=False, replace=False)
    assert not out.exists()  # it could never be revoked
    assert not Enrolment.objects.exists()


def test_a_certificate_is_renewed_early_for_the_same_key_and_can_still_be_revoked(branch: GuardedBroker) -> None:
    first = branch.enrol("desk-07")
    began = now_ms()
    assert registry.renew(branch.authority, BRANCH, began + 364 * DAY_MS) == []
    assert registry.renew(branch.authority, BRANCH, began + 366 * DAY_MS) == ["desk-07"]
    row = registry.enrolled(BRANCH).get()
    assert row.ends_ms is not None
    assert row.ends_ms > began + 1000 * DAY_MS
    assert first.cert
    old, new = (x509.load_pem_x509_certificate(cert.encode()) for cert in (first.cert, row.cert))
    assert old.public_key() == new.public_key()
    assert old.subject == new.subject
    revoke(branch.config, "desk-07", now_ms())
    assert set(registry.access(BRANCH).revoked) == {old.serial_number, new.serial_number}


def test_fifty_unattended_years_keep_every_unit_enrolled(branch: GuardedBroker) -> None:
    branch.enrol("desk-07")
    began = now_ms()
    for day in range(0, 50 * 365, 90):
        at_ms = began + day * DAY_MS
        registry.renew(branch.authority, BRANCH, at_ms)
        row = registry.enrolled(BRANCH).get()
        assert row.ends_ms is not None
        assert row.ends_ms > at_ms + 364 * DAY_MS
    assert len(row.serials) < 60


def test_the_unit_takes_a_renewed_certificate_and_no_other(branch: GuardedBroker) -> None:
    identity = branch.enrol("desk-07")
    path = next(branch.folder.glob("desk-07.*.json"))
    credentials = Credentials(path, SETTINGS)
    assert identity.cert
    assert not credentials.renew(identity.cert)
    renewed = branch.authority.renewed(identity.cert, now_ms() + 1000 * DAY_MS)
    assert credentials.renew(renewed.cert)
    assert read(path) == identity._replace(cert=renewed.cert)
    assert path.stat().st_mode & 0o777 == 0o600
    foreign, _ = branch.authority.client("desk-07", now_ms() + DAY_MS)
    for wrong in (foreign.cert, "nonsense", ""):
        with pytest.raises(UserError, match="do not belong together"):
            credentials.renew(wrong)
    assert read(path).cert == renewed.cert


@pytest.mark.system
def test_a_renewed_certificate_reaches_the_unit_over_its_own_topic_and_opens_the_door(door: GuardedBroker) -> None:
    first = door.enrol("desk-07")
    path = next(door.folder.glob("desk-07.*.json"))
    unit = Unit(SETTINGS, Journal(Storage(), SETTINGS.limit_bytes), "power")
    link = BrokerLink(Credentials(path, SETTINGS), unit, Inbox(Clock()))
    link.connect()
    gateway = door.gateway()
    assert door.doors.look(now_ms() + 400 * DAY_MS)
    for message in door.doors.certificates():
        gateway.say(message.topic, message.payload, retain=True)
    pause, until = threading.Event(), time.monotonic() + WAIT_S
    while read(path).cert == first.cert:
        assert time.monotonic() < until
        pause.wait(0.05)
    renewed = read(path)
    assert renewed == first._replace(cert=renewed.cert)
    link.close(unit.will())
    again = Caller(renewed)
    assert again.is_in()
    again.leave()
    gateway.leave()


@pytest.mark.system
def test_a_certificate_that_the_unit_cannot_take_is_a_fact(door: GuardedBroker) -> None:
    door.enrol("desk-07")
    unit = Unit(SETTINGS, Journal(Storage(), SETTINGS.limit_bytes), "power")
    inbox = Inbox(Clock())
    link = BrokerLink(Credentials(next(door.folder.glob("desk-07.*.json")), SETTINGS), unit, inbox)
    link.connect()
    gateway = door.gateway()
    foreign, _ = door.authority.client("desk-07", now_ms() + DAY_MS)
    topic = wire.topic(BRANCH, "desk-07", "cert")
    gateway.say(topic, wire.encode("cert", {"pem": foreign.cert}), retain=True)
    faults: list[bytes] = []
    until = time.monotonic() + WAIT_S
    while not faults:
        assert time.monotonic() < until
        for up_ms, event in inbox.take(0.05):
            event(unit, up_ms)
            faults += [said.payload for said in unit.outgoing(up_ms) if b'"fault"' in said.payload]
    fault = wire.decode_fact(faults[0])
    assert (fault["what"], fault["on"]) == ("identity", True)
    assert "do not belong together" in fault["why"]
    link.close(unit.will())
    gateway.leave()


# ---- clocks and the authority's file


def handshake(identity: Identity, server: ssl.SSLContext) -> None:
    """Let a unit and a broker shake hands in memory; raises ssl.SSLError."""
    to_server, from_server, to_unit, from_unit = (ssl.MemoryBIO() for _ in range(4))
    ends = [tls(identity).wrap_bio(to_unit, from_unit), server.wrap_bio(to_server, from_server, server_side=True)]
    done: set[int] = set()
    while len(done) < 2:
        for place, end in enumerate(ends):
            try:
                end.do_handshake()
                done.add(place)
            except ssl.SSLWantReadError:
                pass
            to_server.write(from_unit.read())
            to_unit.write(from_server.read())


def test_a_unit_trusts_the_broker_whatever_its_own_clock_says(branch: GuardedBroker) -> None:
    pair = branch.authority.server("thirdring-b12")
    for pem in (pair.cert, branch.authority.cert):
        cert = x509.load_pem_x509_certificate(pem.encode())
        assert (cert.not_valid_before_utc.year, cert.not_valid_after_utc.year) == (1970, 9999)
    unit = x509.load_pem_x509_certificate((branch.enrol("desk-07").cert or "").encode())
    assert unit.not_valid_before_utc.year == 1970  # a gateway that wakes up in 1970 lets it in


def test_a_unit_shakes_hands_with_its_broker_and_not_with_another_branchs(branch: GuardedBroker) -> None:
    identity = branch.enrol("desk-07")
    for authority, trusted in ((branch.authority, True), (Authority(new_authority(BRANCH)), False)):
        pair = authority.server("thirdring-b12")
        pem = branch.folder / "server.pem"
        pem.write_text(pair.cert + pair.key)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(pem)
        if trusted:
            handshake(identity, server)
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                handshake(identity, server)


def test_the_authority_is_made_once_and_missed_when_it_is_gone(tmp_path: Path) -> None:
    first = open_authority(tmp_path, BRANCH, is_known=False)
    assert open_authority(tmp_path, BRANCH, is_known=True).cert == first.cert
    (tmp_path / "authority.pem").rename(tmp_path / "lost")
    with pytest.raises(Trouble, match="bring it back from the backup"):
        open_authority(tmp_path, BRANCH, is_known=True)
    (tmp_path / "authority.pem").write_bytes((tmp_path / "lost").read_bytes()[:-40])
    (tmp_path / "authority.pem").chmod(0o600)
    with pytest.raises(Trouble, match="damaged"):
        open_authority(tmp_path, BRANCH, is_known=True)
    (tmp_path / "authority.pem").chmod(0o640)
    with pytest.raises(Trouble, match="chmod 600"):
        open_authority(tmp_path, BRANCH, is_known=True)


def test_identities_for_an_external_broker_are_not_ours_to_give(branch: GuardedBroker) -> None:
    config = replace(branch.config, external=branch.config.address, listeners=Listeners())
    with pytest.raises(Trouble, match="external"):
        enrol(
            config,
            branch.state_dir,
            "desk-07",
            branch.folder / "x",
            now_ms(),
            broker="",
            by_password=False,
            replace=False,
        )


def test_no_key_is_shown_by_what_a_log_or_a_traceback_prints() -> None:
    pair = new_authority(BRANCH)
    assert pair.key not in repr(pair)

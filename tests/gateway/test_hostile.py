"""Hostile clients at the real broker: who has no identity, or another unit's, gets nothing and changes nothing."""

import socket
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from thirdring_gateway.broker.configuration import CERTIFIED_MAX
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_unit.drivers.credentials import tls
from thirdring_unit.identity import Identity

from tests.gateway.guarded import BRANCH, WAIT_S, Caller, GuardedBroker, now_ms

pytestmark = pytest.mark.system
MINE, OTHERS = f"thirdring/1/{BRANCH}/desk-07", f"thirdring/1/{BRANCH}/desk-08"
HOUR_MS = 3_600_000


def anonymous(identity: Identity) -> Identity:
    return identity._replace(cert=None, key=None)


def refused(identity: Identity, context: ssl.SSLContext | None = None) -> None:
    caller = Caller(identity, context)
    assert not caller.is_in()
    caller.leave()


def test_an_enrolled_unit_comes_in_without_a_restart_and_hears_and_is_heard(door: GuardedBroker) -> None:
    pid = door.mosquitto.pid
    gateway, desk = door.gateway(), Caller(door.enrol("desk-07"))
    assert desk.is_in()
    gateway.listen("thirdring/1/#")
    desk.listen(f"{MINE}/ack")
    desk.say(f"{MINE}/fact", b"one")
    assert gateway.until(bool) == [(f"{MINE}/fact", b"one")]
    gateway.say(f"{MINE}/ack", b"two")
    assert desk.until(bool) == [(f"{MINE}/ack", b"two")]
    assert door.mosquitto.pid == pid
    desk.leave()
    gateway.leave()


def test_nobody_comes_in_without_a_certificate_of_the_branch(door: GuardedBroker) -> None:
    identity = door.enrol("desk-07")
    refused(anonymous(identity))
    foreign = Authority(new_authority(BRANCH))  # of the same name
    issued, key = foreign.client("desk-07", now_ms() + HOUR_MS)
    refused(identity._replace(cert=issued.cert, key=key))
    server = foreign.server("desk-07")  # signed by nobody that the broker knows, for another use
    refused(identity._replace(cert=server.cert, key=server.key))


def test_a_certificate_that_has_ended_opens_nothing(door: GuardedBroker) -> None:
    identity = door.enrol("desk-07")
    issued, key = door.authority.client("desk-07", now_ms() - HOUR_MS)
    refused(identity._replace(cert=issued.cert, key=key))


def test_a_unit_neither_hears_nor_speaks_nor_leaves_a_will_nor_poisons_on_anothers_topics(door: GuardedBroker) -> None:
    thief = Caller(door.enrol("desk-08"), client_id="desk-07", will=(f"{MINE}/state", b"lost"))
    desk, gateway = Caller(door.enrol("desk-07")), door.gateway()
    gateway.listen("thirdring/1/#")
    for wildcard in ("#", "+/+/+/+/+", f"{MINE}/#", f"thirdring/1/{BRANCH}/+/ack", "$SYS/#", f"{MINE}/config"):
        thief.listen(wildcard)
    for tail in ("fact", "state", "light/set", "config", "cert", "ack"):
        thief.say(f"{MINE}/{tail}", b"poison", retain=True)
        thief.say(f"{OTHERS}/{tail}", b"own", retain=tail == "state")
    gateway.say(f"{MINE}/ack", b"for 7")
    gateway.say(f"{OTHERS}/ack", b"for 8")
    assert thief.until(bool) == [(f"{OTHERS}/ack", b"for 8")]
    thief.vanish()
    late = door.gateway()
    late.listen("thirdring/1/#")
    late.say(f"{MINE}/ack", b"last")
    assert (f"{MINE}/ack", b"last") in late.until(lambda got: (f"{MINE}/ack", b"last") in got)
    assert not [topic for topic, payload in (*gateway.got, *late.got) if payload in (b"poison", b"lost")]
    assert desk.is_in()
    for each in (thief, desk, gateway, late):
        each.leave()


def test_a_unit_cannot_take_the_place_of_another_by_its_client_id(door: GuardedBroker) -> None:
    identities = door.enrol("desk-07"), door.enrol("desk-08"), door.enrol("desk-09", by_password=True)
    desk = Caller(identities[0])
    assert desk.is_in()
    thief, small = (Caller(identity, client_id="desk-07") for identity in identities[1:])
    assert thief.is_in()
    assert small.is_in()
    gateway = door.gateway()
    gateway.listen(f"{MINE}/fact")
    desk.say(f"{MINE}/fact", b"still here")
    assert gateway.until(bool)
    assert desk.is_in()
    for each in (desk, thief, small, gateway):
        each.leave()


def test_a_revoked_unit_is_cut_off_at_once_and_stays_out(door: GuardedBroker) -> None:
    identity = door.enrol("desk-07")
    desk, other = Caller(identity), door.enrol("desk-08")
    assert desk.is_in()
    door.revoke("desk-07")
    desk.until_out()
    refused(identity)
    still = Caller(other)
    assert still.is_in()
    desk.leave()
    still.leave()


def test_a_resumed_tls_session_does_not_bring_a_revoked_unit_back(door: GuardedBroker) -> None:
    identity = door.enrol("desk-07")
    context = tls(identity)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # where a session is known as soon as the handshake is over

    def shaken(session: ssl.SSLSession | None) -> ssl.SSLSession | None:
        plain = socket.create_connection((identity.host, identity.port), WAIT_S)
        with context.wrap_socket(plain, session=session) as secured:
            return secured.session

    session = shaken(None)
    door.revoke("desk-07")
    with pytest.raises(OSError, match=r"alert|reset|EOF"):
        shaken(session)


def test_a_replaced_units_old_identity_is_worth_nothing(door: GuardedBroker) -> None:
    old = door.enrol("desk-07")
    stolen = Caller(old)
    assert stolen.is_in()
    new = Caller(door.enrol("desk-07", replace=True))
    assert new.is_in()
    stolen.until_out()
    refused(old)
    assert new.is_in()
    new.leave()
    stolen.leave()


def test_a_password_opens_its_own_door_only_and_only_when_it_is_right(door: GuardedBroker) -> None:
    small, big = door.enrol("desk-09", by_password=True), door.enrol("desk-07")
    desk = Caller(small)
    assert desk.is_in()
    refused(small._replace(password="guess"))
    refused(small._replace(unit="desk-07"))  # a unit with a certificate has no password, not even an empty one
    refused(small._replace(port=big.port))
    refused(small._replace(password=None))
    door.revoke("desk-09")
    desk.until_out()
    refused(small)
    desk.leave()


def test_the_ports_of_the_network_speak_tls_only(door: GuardedBroker) -> None:
    ports = door.config.listeners
    for port in (ports.port, ports.password_port):
        with socket.create_connection(("127.0.0.1", port), WAIT_S) as plain:
            plain.sendall(bytes.fromhex("100c00044d5154540402003c0000"))
            with suppress(ConnectionResetError):
                assert not plain.recv(4).startswith(b"\x20\x02\x00\x00")  # no CONNACK that says welcome


def test_a_desks_certificate_cannot_pose_as_the_broker(door: GuardedBroker) -> None:
    thief, victim = door.enrol("desk-08"), door.enrol("desk-07")
    posing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pem = door.folder / "thief.pem"
    pem.write_text(f"{thief.cert}{thief.key}")
    posing.load_cert_chain(pem)
    to_broker, broker_says, to_desk, desk_says = (ssl.MemoryBIO() for _ in range(4))
    broker = posing.wrap_bio(to_broker, broker_says, server_side=True)
    desk = tls(victim).wrap_bio(to_desk, desk_says)
    with suppress(ssl.SSLWantReadError):
        desk.do_handshake()
    to_broker.write(desk_says.read())
    with suppress(ssl.SSLWantReadError):
        broker.do_handshake()
    to_desk.write(broker_says.read())
    with pytest.raises(ssl.SSLCertVerificationError, match="unsuitable certificate purpose"):
        desk.do_handshake()


def test_what_is_too_long_is_dropped_and_harms_nobody(door: GuardedBroker) -> None:
    desk, gateway = Caller(door.enrol("desk-07")), door.gateway()
    gateway.listen(f"{MINE}/fact")
    desk.say(f"{MINE}/fact", b"x" * 17_000)  # beyond the longest message
    desk.say(f"{MINE}/fact", b"fine")
    assert gateway.until(bool) == [(f"{MINE}/fact", b"fine")]
    desk.client.publish(f"{MINE}/fact", b"x" * 1_000_000)  # beyond the longest packet
    desk.until_out()
    again = Caller(door.enrol("desk-08"))
    assert again.is_in()
    assert gateway.is_in()
    for each in (desk, gateway, again):
        each.leave()


@pytest.mark.slow
def test_a_flood_of_connections_is_bounded_and_takes_nothing_from_those_who_are_in(door: GuardedBroker) -> None:
    desk, gateway = Caller(door.enrol("desk-07")), door.gateway()
    assert desk.is_in()
    address = "127.0.0.1", door.config.listeners.port
    flood = []
    try:
        for _ in range(CERTIFIED_MAX + 100):
            with suppress(OSError):
                flood.append(socket.create_connection(address, WAIT_S))
        gateway.listen(f"{MINE}/fact")
        desk.say(f"{MINE}/fact", b"still here")
        assert gateway.until(bool) == [(f"{MINE}/fact", b"still here")]
        second = door.gateway()
        assert second.is_in()
        second.leave()
        fds = len(list(Path(f"/proc/{door.mosquitto.pid}/fd").iterdir()))
        assert fds < CERTIFIED_MAX + 100
    finally:
        for each in flood:
            each.close()
    again = Caller(door.enrol("desk-08"))  # once they are gone, there is room again
    assert again.is_in()
    for caller in (desk, gateway, again):
        caller.leave()

"""A Pico as `enrol` and the flasher set it up comes to the gateway by TLS, and tells nobody else anything."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from thirdring_bench.pico.contents import LIBRARY, Wireless, contents
from thirdring_gateway.demo.desks import identity_file
from thirdring_gateway.identities.authority import Authority, Pair, new_authority
from thirdring_unit.core.wire import broker_name
from thirdring_unit.identity import Identity, read

from tests.pico.bench import BRANCH, Gateway, Pico, until
from tests.pico.broker import Broker

pytestmark = [pytest.mark.system, pytest.mark.slow]

WINDOW = 8  # of facts on their way, as a Pico is set
YEARS_MS = 10**11


def flash(pico: Pico, identity: Identity) -> None:
    """Write what the flasher writes; the program itself is there already, with its stand-ins."""
    settings = {"unit": {"branch": identity.branch, "id": identity.unit}, "line": {"country": "CN"}}
    for path, data in contents(identity, settings, [Wireless("branch", "made up")], "CN", int(time.time())).items():
        if not path.startswith(LIBRARY):
            (pico.folder / path).write_bytes(data)


@pytest.mark.parametrize("unit", ["desk-07", "desk-08"], ids=["by password", "by certificate"])
def test_an_enrolled_and_flashed_unit_delivers_its_facts_by_tls(
    tmp_path: Path, program: Path, gateway: Gateway, unit: str
) -> None:
    pico, identity = Pico(tmp_path / "pico", program, unit), read(identity_file(gateway.state, unit))
    assert identity.port != gateway.port  # which is the one without TLS
    assert (identity.password is None) == (unit == "desk-08")
    flash(pico, identity)
    presses = range(WINDOW + 2)  # more than may be on their way without an acknowledgement that comes back
    pico.world([(6_000 + 500 * press + 200 * up, "serve", 1 - up) for press in presses for up in (0, 1)])
    pico.start()
    try:
        until(lambda: len(gateway.facts(unit)) == 1 + len(presses), "its boot and the presses do not all arrive")
    finally:
        pico.kill()


def another_desk(ours: Authority, name: str = "desk-08") -> Pair:
    issued, key = ours.client(name, time.time_ns() // 1_000_000 + YEARS_MS)
    return Pair(issued.cert, key)


def a_desk_of_the_brokers_name(ours: Authority) -> Pair:
    return another_desk(ours, broker_name(BRANCH))


def another_authority(_: Authority) -> Pair:
    return Authority(new_authority(BRANCH)).server(broker_name(BRANCH))


def another_branch(ours: Authority) -> Pair:
    return ours.server(broker_name("b13"))


@pytest.mark.parametrize(
    "impostor",
    [another_desk, a_desk_of_the_brokers_name, another_authority, another_branch],
    ids=lambda each: each.__name__,
)
def test_whoever_poses_as_the_broker_learns_nothing_of_the_unit(
    tmp_path: Path, program: Path, impostor: Callable[[Authority], Pair]
) -> None:
    ours = Authority(new_authority(BRANCH))
    with Broker(tmp_path, impostor(ours)) as broker:
        pico = Pico(tmp_path / "pico", program)
        flash(pico, Identity(BRANCH, pico.unit, "127.0.0.1", broker.tls_port, ours.cert, password="made up"))
        pico.world()
        pico.start()
        try:
            until(lambda: broker.log.read_text().count(" alert ") > 1, "it does not try, and try again")
        finally:
            pico.kill()
        assert "desk-07" not in broker.log.read_text()
        assert "Traceback" not in pico.log

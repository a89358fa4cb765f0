"""The measurements: each check runs ngspice at one corner and says what it found."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from thirdring_bench.circuit import Circuit
from thirdring_bench.proof import outside
from thirdring_bench.proof.requirement import Measurement
from thirdring_bench.spice.corner import Corner
from thirdring_bench.spice.deck import deck
from thirdring_bench.spice.models import VARISTOR_EXPONENT
from thirdring_bench.spice.run import Waves, run
from thirdring_bench.spice.waves import edges_s, integral, rms, within
from thirdring_bench.units import quantity

Check = Callable[[Circuit, Corner], Iterator[Measurement]]

RINGING = ((40, 15), (40, 25), (40, 60), (75, 20), (90, 25), (105, 15), (105, 60))
BURST = (0.1, 1.1)
SETTLED_S = 0.5
SPEECH_BAND_HZ = (300, 3400)


def _transient(
    circuit: Circuit, corner: Corner, around: tuple[str, ...], save: str, *, end_s: float, step: str
) -> Waves:
    return run(deck(circuit, corner, around, (f".save {save}", f".tran {step} {end_s:g} 0 {step}")))


def ringing(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """Every ringing voltage and frequency is one clean low, soon after it begins and ends."""
    for vrms, hertz in RINGING:
        around = (*outside.ringing(vrms, hertz, [BURST]), *outside.PHONE_ON_HOOK)
        waves = _transient(circuit, corner, around, "v(ring) v(ring_n) v(sound)", end_s=1.8, step="0.5m")
        stimulus = f"{vrms} V {hertz} Hz"
        edges = edges_s(waves, "v(ring)")
        lows = [at for at, active in edges if active]
        highs = [at for at, active in edges if not active]
        yield Measurement("RING-SEEN", corner.name, stimulus, len(lows))
        if lows and highs:
            yield Measurement("RING-LATENCY", corner.name, stimulus, 1000 * (lows[0] - BURST[0]))
            yield Measurement("RING-RELEASE", corner.name, stimulus, 1000 * (highs[-1] - BURST[1]))
        node = within(waves, "v(ring_n)", BURST[0] + SETTLED_S, BURST[1])
        yield Measurement("RING-NODE", corner.name, stimulus, float(node.max()))
        yield Measurement("TAP-RING", corner.name, stimulus, float(np.abs(waves["v(sound)"]).max()))


def quiet_signals(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """Speech, tones and metering leave the ring detector alone."""
    dbm0_peak = 0.775 * 2**0.5
    for name, end_s, step, parts in (
        ("SPEECH", 0.4, "0.2m", ((3.0, 170.0), (2.0, 510.0))),
        ("DTMF", 0.3, "0.1m", ((dbm0_peak, 697.0), (dbm0_peak, 1209.0))),
        ("FSK", 0.3, "0.1m", ((dbm0_peak, 1200.0),)),
        ("METERING", 0.03, "5u", ((10 * 2**0.5, 16000.0),)),
    ):
        waves = _transient(circuit, corner, outside.tones(*parts), "v(ring_n)", end_s=end_s, step=step)
        yield Measurement(f"DEAF-{name}", corner.name, name.lower(), float(waves["v(ring_n)"].min()))


def hook_and_pulses(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """Dialling, lifting, flashing, hanging up and reversals leave it alone, and LOOP follows the pulses."""
    talking = [(0.2, 0.6), (0.7, 1.1), (1.4, 1.7)]
    around = (*outside.exchange(), *outside.phone(talking))
    waves = _transient(circuit, corner, around, "v(ring_n)", end_s=2.2, step="0.5m")
    yield Measurement("DEAF-HOOK", corner.name, "lift, flash, hang up", float(waves["v(ring_n)"].min()))

    pulses = outside.dialled_zeros()
    around = (*outside.exchange(), *outside.phone(pulses))
    waves = _transient(circuit, corner, around, "v(ring_n) v(loop)", end_s=pulses[-1][1] + 0.1, step="0.5m")
    yield Measurement("DEAF-DIAL", corner.name, "two zeros", float(waves["v(ring_n)"].min()))
    edges = edges_s(waves, "v(loop)")
    breaks_ms = [1000 * (on - off) for (off, was), (on, now) in pairwise(edges) if now and not was]
    short_ms = breaks_ms[-10:]  # the second zero
    for length_ms in (min(short_ms), max(short_ms)) if len(breaks_ms) == 2 * 10 else (0.0,):
        yield Measurement("LOOP-PULSES", corner.name, f"{len(breaks_ms)} breaks", length_ms)

    flips = " ".join(
        f"{at:.3f} {before} {at + 0.001:.3f} {-before}" for at, before in ((0.3, 56), (0.6, -56), (0.7, 56))
    )
    around = (f"Vexchange exchange line_b pwl(0 56 {flips})", "Rexchange exchange line_a 400", *outside.PHONE_ON_HOOK)
    waves = _transient(circuit, corner, around, "v(ring_n)", end_s=1.0, step="0.5m")
    yield Measurement("DEAF-REVERSAL", corner.name, "three reversals", float(waves["v(ring_n)"].min()))


def loop(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """The loop current is seen from 10 mA, leakage is not, and little voltage is lost."""
    for sign in (1, -1):
        for milliamps, requirement in ((0.1, "LOOP-DEAF"), (10, "LOOP-SEEN"), (120, "LOOP-SEEN")):
            around = (f"Iset phone_a line_b {sign * milliamps / 1000:g}", f"Vexchange line_a line_b {sign * 48}")
            waves = _transient(circuit, corner, around, "v(loop_n) v(line_a) v(phone_a)", end_s=0.05, step="1m")
            stimulus = f"{sign * milliamps:+g} mA"
            yield Measurement(requirement, corner.name, stimulus, float(waves["v(loop_n)"][-1]))
            if requirement == "LOOP-SEEN":
                drop_v = float(abs(waves["v(line_a)"][-1] - waves["v(phone_a)"][-1]))
                yield Measurement(f"LOOP-DROP-{milliamps}", corner.name, stimulus, drop_v)


def line_load(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """On-hook the board is next to nothing on the pair."""
    around = ("Vexchange exchange line_b 100", "Rexchange exchange line_a 1", "Rset phone_a line_b 100g")
    waves = run(deck(circuit, corner, around, (".save i(vexchange)", ".op")))
    amps = float(abs(waves["i(vexchange)"][-1]))
    yield Measurement("LINE-LEAK", corner.name, "100 V", 100 / amps / 1e6)

    ringing_v = (
        "Vexchange exchange line_b sin(52 127.3 25)",
        "Rexchange exchange line_a 1",
        "Rset phone_a line_b 100g",
    )
    waves = _transient(circuit, corner, ringing_v, "i(vexchange)", end_s=0.44, step="0.5m")
    ohm = 90 / rms(waves, "i(vexchange)", 0.2, 0.44)
    yield Measurement("LINE-LOAD", corner.name, "90 V 25 Hz", 7000 / ohm)

    for_ever = (*outside.ringing(105, 60, [(0.01, 1.0)]), *outside.PHONE_ON_HOOK)
    waves = _transient(circuit, corner, for_ever, "v(ring_1) v(ring_2)", end_s=0.4, step="0.2m")
    across = Waves(waves.at, {"r1": waves["v(ring_1)"] - waves["v(ring_2)"]})
    watts = rms(across, "r1", 0.2, 0.4) ** 2 / quantity(circuit["R1"].item.value)
    yield Measurement("HEAT-RESISTOR", corner.name, "105 V 60 Hz", watts)


def speech(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """Off-hook at 20 mA: what speech loses on the way to the phone, and what reaches the sound input."""
    feed = ("Iset phone_a line_b 20m", "Lfeed battery line_a 50", "Vbattery battery line_b 48")
    around = (*feed, "Vspeech speech line_b ac 1", "Cspeech speech source 1", "Rsource source line_a 600")
    ends = ("Cset phone_a set 1", "Rset set line_b 600")
    low_hz, high_hz = SPEECH_BAND_HZ
    analysis = (".save v(set) v(line_b) v(sound) v(line_a)", f".ac dec 20 {low_hz} {high_hz}")
    waves = run(deck(circuit, corner, (*around, *ends), analysis))
    yield Measurement("LINE-LOSS", corner.name, "20 mA", float((-20 * np.log10(2 * waves["v(set)"])).max()))
    tap_db = 20 * np.log10(waves["v(sound)"] / waves["v(line_a)"])
    yield Measurement("TAP-LEVEL", corner.name, "1 kHz", float(np.interp(1000, waves.at, tap_db)))
    yield Measurement("TAP-FLAT", corner.name, "300–3400 Hz", float(tap_db.max() - tap_db.min()))


def surges(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """Surges of 1 and 4 kV of either polarity leave every part within its rating."""
    varistor_v = quantity(circuit["RV1"].item.value) * corner.factor(circuit["RV1"].item)
    r1_ohm = quantity(circuit["R1"].item.value) * corner.factor(circuit["R1"].item)
    for volts in (1000, 4000, -4000):
        for phone_ohm, state in ((1e6, "on-hook"), (5, "phone shorted")):
            save = "i(vu1led) i(vu2led) v(a) v(line_b) v(ring_1) v(ring_2) v(tap_1) v(phone_a)"
            waves = _transient(circuit, corner, outside.surge(volts, phone_ohm), save, end_s=0.006, step="5u")
            stimulus = f"{volts:+d} V, {state}"
            led_a = max(float(np.abs(waves[name]).max()) for name in ("i(vu1led)", "i(vu2led)"))
            yield Measurement("SURGE-LED", corner.name, stimulus, led_a)
            pair_v = waves["v(a)"] - waves["v(line_b)"]
            varistor_a = 1e-3 * (np.abs(pair_v) / varistor_v) ** VARISTOR_EXPONENT
            yield Measurement("SURGE-VARISTOR", corner.name, stimulus, integral(waves, np.abs(pair_v) * varistor_a))
            r1_w = (waves["v(ring_1)"] - waves["v(ring_2)"]) ** 2 / r1_ohm
            yield Measurement("SURGE-RESISTOR", corner.name, stimulus, integral(waves, r1_w))
            for end in ("v(ring_1)", "v(tap_1)"):
                volts_across = float(np.abs(waves["v(a)"] - waves[end]).max())
                yield Measurement("SURGE-CAPACITOR", corner.name, stimulus, volts_across)
            loop_a = float((np.abs(waves["v(phone_a)"] - waves["v(line_b)"]) / phone_ohm).max())
            yield Measurement("SURGE-DIODE", corner.name, stimulus, loop_a)


CHECKS: tuple[Check, ...] = (ringing, quiet_signals, hook_and_pulses, loop, line_load, speech, surges)

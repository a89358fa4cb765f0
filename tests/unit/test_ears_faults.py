"""Hum, swapped plugs, one source on two inputs, a room's microphone on the line (R12): faults, in plain words."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.block import Block, past_samples
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.hum import hums
from thirdring_unit.ears.wiring import Wiring

RATE_HZ = 8000
FRAME = RATE_HZ // 50
MINUTE = 60 * RATE_HZ
RNG = np.random.default_rng(20261102)


def hum(
    samples: int, mains_hz: float, peak: float = 300, parts: Sequence[float] = (1, 0.2, 0.6, 0.1, 0.3)
) -> np.ndarray:
    at_s = np.arange(samples) / RATE_HZ
    waves = [part * np.sin(2 * np.pi * mains_hz * (n + 1) * at_s) for n, part in enumerate(parts)]
    total: np.ndarray = peak * np.sum(waves, axis=0)
    return total


def noise(samples: int, rms: float = 20) -> np.ndarray:
    return RNG.normal(0, rms, samples)


def speech_like(samples: int, rms: float = 1500) -> np.ndarray:
    """Noise in syllables of a tenth to a third of a second, with pauses: as lively as speech."""
    edges = np.cumsum(RNG.integers(800, 2600, samples // 800))
    loud = np.searchsorted(edges, np.arange(samples)) % 2 == 0
    return np.where(loud, RNG.normal(0, rms, samples), 0.0)


def tone(samples: int, hz: float = 450) -> np.ndarray:
    at_s = np.arange(samples) / RATE_HZ
    return 3000 * np.sin(2 * np.pi * hz * at_s) * (at_s * 1000 % 700 < 350)


def listen(ears: Ears, sounds: dict[str, np.ndarray], from_ms: int = 0) -> list[Signal]:
    pcm = {name: np.clip(sound, -32768, 32767).astype(np.int16) for name, sound in sounds.items()}
    return [
        signal
        for number in range(min(map(len, pcm.values())) // FRAME)
        for name, sound in pcm.items()
        for signal in ears.feed(name, sound[number * FRAME : (number + 1) * FRAME], from_ms + number * 20)
    ]


def faults(signals: list[Signal]) -> list[Signal]:
    return [signal for signal in signals if signal.what in ("fault", "hum")]


def block_of(sound: np.ndarray) -> Block:
    frames = [frame.astype(np.int16).tobytes() for frame in sound[: 32 * FRAME].reshape(-1, FRAME)]
    return Block(frames, [number * 20 for number in range(32)], np.zeros(past_samples(RATE_HZ), np.int16), RATE_HZ)


@pytest.mark.parametrize("mains_hz", [49.8, 50, 50.2, 59.9, 60.1])
def test_mains_hum_of_either_network_is_known_beside_the_noise_of_a_room(mains_hz: float) -> None:
    assert hums(block_of(hum(32 * FRAME, mains_hz) + noise(32 * FRAME, 50)))


@pytest.mark.parametrize(
    "sound",
    [
        noise(32 * FRAME, 300),
        hum(32 * FRAME, 50, peak=3) + noise(32 * FRAME, 1),
        tone(32 * FRAME, 450),
        sum((tone(32 * FRAME, hz) for hz in (350, 440)), np.zeros(32 * FRAME)),
        sum((tone(32 * FRAME, hz) for hz in (480, 620)), np.zeros(32 * FRAME)),
        hum(32 * FRAME, 110.0, parts=(1, 0.8, 0.6, 0.4, 0.2)),
        hum(32 * FRAME, 50) + noise(32 * FRAME, 600),
    ],
    ids=["noise", "too faint to matter", "450 Hz", "dial tone", "busy tone", "a low voice's note", "drowned in noise"],
)
def test_what_is_no_hum_is_not_taken_for_it(sound: np.ndarray) -> None:
    assert not hums(block_of(sound))


def test_hum_that_stays_is_a_fault_from_its_first_second_until_it_is_mended() -> None:
    ears = Ears("CN", ["room"])
    quiet, humming = noise(2 * MINUTE), hum(9 * MINUTE, 50) + noise(9 * MINUTE)
    found = faults(listen(ears, {"room": np.concatenate((quiet, humming, noise(11 * MINUTE)))}))
    assert [(fault.on, fault.channel) for fault in found] == [(True, "room"), (False, "room")]
    assert found[0].at_ms == pytest.approx(120_000, abs=11_000)
    assert "hum" in str(found[0].detail)


def test_one_source_on_two_inputs_is_a_fault_until_it_is_mended() -> None:
    ears, both = Ears("CN", ["agent", "line"]), speech_like(3 * MINUTE)
    found = faults(listen(ears, {"agent": both * 0.5 + noise(len(both), 5), "line": both}))
    assert [(fault.on, fault.channel) for fault in found] == [(True, "agent")]
    assert "same sound as the line" in str(found[0].detail)
    apart = {"agent": speech_like(3 * MINUTE), "line": speech_like(3 * MINUTE)}
    assert [fault.on for fault in faults(listen(ears, apart, 180_000))] == [False]


def test_a_line_that_carries_the_agent_s_voice_too_is_wired_right() -> None:
    agent, caller = speech_like(4 * MINUTE), speech_like(4 * MINUTE)
    turns = np.arange(4 * MINUTE) // (4 * RATE_HZ) % 2 == 0
    sounds = {"agent": agent * turns + noise(4 * MINUTE), "line": agent * turns * 0.4 + caller * ~turns}
    assert faults(listen(Ears("CN", ["agent", "line"]), sounds)) == []


def test_two_quiet_inputs_are_not_taken_for_one() -> None:
    sounds = {"agent": noise(3 * MINUTE), "line": noise(3 * MINUTE)}
    assert faults(listen(Ears("CN", ["agent", "line"]), sounds)) == []


def busy_calls(count: int) -> np.ndarray:
    return np.concatenate([np.concatenate((noise(10 * RATE_HZ, 5), tone(6 * RATE_HZ))) for _ in range(count)])


def test_tones_of_the_network_on_the_agent_s_input_alone_tell_that_the_plugs_are_swapped() -> None:
    ears, calls = Ears("CN", ["agent", "line"]), busy_calls(4)
    (fault,) = faults(listen(ears, {"agent": calls, "line": noise(len(calls), 30)}))
    assert (fault.on, fault.channel) == (True, "line")
    assert "swapped" in str(fault.detail)
    mended = faults(listen(ears, {"agent": noise(len(calls), 30), "line": calls}, 100_000))
    assert [one.on for one in mended] == [False]


def test_tones_that_leak_from_the_line_into_the_agent_s_microphone_are_no_fault() -> None:
    calls = busy_calls(5)
    assert faults(listen(Ears("CN", ["agent", "line"]), {"agent": calls * 0.2, "line": calls})) == []


@pytest.fixture
def talk() -> Callable[[int, int], list[Signal]]:
    """Two minutes of speech on the line, as the ears tell it."""

    def signals(from_ms: int, count: int) -> list[Signal]:
        return [Signal("voice", "line", number % 2 == 0, from_ms + number * 3000) for number in range(2 * count)]

    return signals


def test_speech_on_the_line_while_the_handset_lies_tells_of_a_room_s_microphone(
    talk: Callable[[int, int], list[Signal]],
) -> None:
    wiring = Wiring(["line"])
    assert wiring.heard(talk(0, 40)) == [], "before the first call nobody knows whether the handset lies"
    wiring.hook(closed=True)
    assert wiring.heard(talk(300_000, 40)) == [], "in a call people speak"
    wiring.hook(closed=False)
    (fault,) = wiring.heard(talk(600_000, 40))
    assert (fault.on, fault.channel) == (True, "line")
    assert "handset lies" in str(fault.detail)
    (mended,) = wiring.heard([Signal("tone", "line", True, 900_000, "dial")])
    assert not mended.on

"""Every country's tones are heard in time, and nothing else is taken for one."""

import csv
import secrets
from pathlib import Path

import numpy as np
import pytest
from thirdring_unit.core.countries import codes
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.plans import BASICS, EXTRAS, Tone, tones_of

RATE_HZ = 8000
TONES = [(country, tone) for country in codes() for tone in tones_of(country)]


def play(hz: tuple[float, ...], cadence_ms: tuple[int, ...], lasting_ms: int, peak: float = 3000) -> np.ndarray:
    at_ms = np.arange(lasting_ms * RATE_HZ // 1000) * 1000 / RATE_HZ
    sound = sum(np.sin(2 * np.pi * one * at_ms / 1000 + one) for one in hz) * peak / len(hz)
    if not cadence_ms:
        return np.asarray(sound)
    edges = np.cumsum(cadence_ms)
    place = np.searchsorted(edges, at_ms % edges[-1], side="right")
    return np.where(place % 2 == 0, sound, 0.0)


def with_silence(sound: np.ndarray) -> np.ndarray:
    return np.concatenate((np.zeros(RATE_HZ), sound, np.zeros(RATE_HZ)))


def with_noise(sound: np.ndarray, snr_db: float, seed: int) -> np.ndarray:
    loud = np.sqrt(np.mean(np.square(sound[np.abs(sound) > 0])))
    return sound + np.random.default_rng(seed).normal(0, loud * 10 ** (-snr_db / 20), len(sound))


def hear(sound: np.ndarray, country: str, *, hook: bool = False) -> list[Signal]:
    ears = Ears(country, ["line"])
    pcm = np.clip(sound, -32768, 32767).astype(np.int16)
    cells = pcm[: len(pcm) // 160 * 160].reshape(-1, 160)
    signals = [signal for i, frame in enumerate(cells) for signal in ears.feed("line", frame, i * 20)]
    signals += ears.on_hook() if hook else []
    return signals + ears.flush()


def tones(signals: list[Signal]) -> list[tuple[str, bool, int]]:
    return [(str(signal.detail), signal.on, signal.at_ms) for signal in signals if signal.what == "tone"]


@pytest.mark.parametrize(("country", "tone"), TONES, ids=[f"{country}-{tone.name}" for country, tone in TONES])
def test_a_tone_is_heard_by_name_from_its_start_to_its_end(country: str, tone: Tone) -> None:
    seed = secrets.randbelow(10**6)
    drift_hz = np.random.default_rng(seed).uniform(-8, 8)
    lasting_ms = max(4, -(-6000 // sum(tone.cadence_ms))) * sum(tone.cadence_ms) if tone.cadence_ms else 6000
    sound = play(tuple(hz + drift_hz for hz in tone.hz), tone.cadence_ms, lasting_ms)
    last_sound_ms = 1000 + int(np.flatnonzero(sound)[-1]) * 1000 // RATE_HZ
    found = tones(hear(with_noise(with_silence(sound), 12, seed), country))
    assert [one[:2] for one in found] == [(tone.name, True), (tone.name, False)], f"seed {seed}"
    assert [at_ms for *_, at_ms in found] == pytest.approx([1000, last_sound_ms], abs=60), f"seed {seed}"


def test_every_country_of_the_core_has_its_tones() -> None:
    assert set(BASICS) == set(EXTRAS) == set(codes())


def test_dial_busy_and_congestion_tones_are_those_of_the_table() -> None:
    with (Path(__file__).parents[1] / "core/tones.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            frequencies = [row["dial_hz"].split("*")[0], row["busy_hz"], row["congestion_hz"]]
            cadences = [row["busy_on_off_ms"], row["congestion_on_off_ms"]]
            dial, busy, congestion = (tuple(int(each) for each in text.split("+")) for text in frequencies)
            busy_ms, congestion_ms = (tuple(int(each) for each in text.split("/")) for text in cadences)
            assert BASICS[row["country"]] == (dial, busy, busy_ms, congestion, congestion_ms), row["country"]


def test_two_cycles_of_busy_tone_are_enough_when_the_line_goes_on_hook() -> None:
    two_cycles = with_silence(play((450,), (350, 350), 1400))
    assert tones(hear(two_cycles, "CN")) == []
    assert [name for name, _, _ in tones(hear(two_cycles, "CN", hook=True))] == ["busy", "busy"]


def test_faint_hum_at_the_tone_s_pitch_in_its_pauses_does_not_hide_it() -> None:
    busy = play((450,), (350, 350), 7000)
    hum = play((452,), (), 7000, peak=150)
    assert [name for name, _, _ in tones(hear(with_silence(busy + hum), "CN"))] == ["busy", "busy"]


def test_one_burst_is_no_tone_even_on_hook() -> None:
    assert tones(hear(with_silence(play((450,), (350, 350), 350)), "CN", hook=True)) == []


KEYS_HZ = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477, 1633)]


@pytest.mark.parametrize("country", codes())
def test_dtmf_at_the_tempo_of_any_tone_is_only_dialling(country: str) -> None:
    for cadence_ms in {tone.cadence_ms for tone in tones_of(country) if sum(tone.cadence_ms) <= 2000}:
        sound = np.concatenate([play(key_hz, cadence_ms, 6 * sum(cadence_ms)) for key_hz in KEYS_HZ[::5]])
        assert {name for name, _, _ in tones(hear(sound, country, hook=True))} <= {"dtmf"}, cadence_ms


@pytest.mark.parametrize("key_hz", KEYS_HZ, ids=str)
def test_every_key_is_dialling_from_first_to_last_and_no_voice(key_hz: tuple[int, int]) -> None:
    seed = secrets.randbelow(10**6)
    off = 1 + np.random.default_rng(seed).uniform(-0.014, 0.014)
    sound = with_noise(with_silence(play((key_hz[0] * off, key_hz[1] * off), (100, 100), 1600)), 15, seed)
    signals = hear(sound, "CN")
    assert [one[:2] for one in tones(signals)] == [("dtmf", True), ("dtmf", False)], f"seed {seed}"
    assert [at_ms for *_, at_ms in tones(signals)] == pytest.approx([1000, 2500], abs=60), f"seed {seed}"
    assert [signal for signal in signals if signal.what == "voice"] == []


def test_a_key_that_ends_with_a_block_of_sound_leaves_no_voice_in_the_next() -> None:
    seed = 17  # with it a key's end and the noise after it fell into two blocks
    off = 1 + np.random.default_rng(seed).uniform(-0.014, 0.014)
    sound = with_noise(with_silence(play((941 * off, 1633 * off), (100, 100), 1600)), 15, seed)
    assert [signal for signal in hear(sound, "CN") if signal.what == "voice"] == []


def test_which_keys_were_pressed_is_not_told_and_not_kept() -> None:
    dialled, other = (
        with_silence(np.concatenate([play(KEYS_HZ[key], (100, 100), 200) for key in keys]))
        for keys in ((0, 5, 9, 2), (3, 12, 7, 7))
    )
    assert [repr(signal) for signal in hear(dialled, "CN")] == [repr(signal) for signal in hear(other, "CN")]


def test_a_note_that_swells_at_the_busy_tempo_is_no_busy_tone() -> None:
    sound = play((450,), (350, 350), 7000)
    swell = 1 + 0.9 * np.sin(2 * np.pi * np.arange(len(sound)) / (0.35 * RATE_HZ))
    assert tones(hear(sound * swell, "CN")) == []


def test_a_chord_with_the_busy_pitch_in_it_is_no_busy_tone() -> None:
    assert tones(hear(play((450, 680, 1010), (350, 350), 7000), "CN")) == []


def test_two_frequencies_around_a_tone_s_pitch_are_not_that_tone() -> None:
    assert tones(hear(play((350, 440), (375, 375), 7500), "GB", hook=True)) == []


def test_clicks_and_coughs_over_a_tone_do_not_hide_it() -> None:
    seed = secrets.randbelow(10**6)
    rng = np.random.default_rng(seed)
    for country in ("CN", "US", "GB", "BR"):
        tone = next(tone for tone in tones_of(country) if tone.name == "busy")
        sound = with_silence(play(tone.hz, tone.cadence_ms, 8 * sum(tone.cadence_ms)))
        for burst in range(0, 8, 2):  # every other burst is hit in its middle by a cough as loud as the tone
            at = RATE_HZ + (burst * sum(tone.cadence_ms) + tone.cadence_ms[0] // 3) * RATE_HZ // 1000
            sound[at : at + 800] += rng.normal(0, 1500, 800) * np.hanning(800)
        for at in range(RATE_HZ, len(sound) - 16, RATE_HZ // 3):
            sound[at : at + 16] += rng.normal(0, 9000, 16)
        found = tones(hear(sound, country))
        assert [one[:2] for one in found] == [("busy", True), ("busy", False)], f"{country}, seed {seed}"
        assert found[0][2] == pytest.approx(1000, abs=100), f"{country}, seed {seed}"


def test_noise_at_the_tone_s_pitch_between_its_bursts_does_not_hide_it_on_hook() -> None:
    sound = with_silence(play((450,), (700, 700), 2 * 1400 + 300))[:-RATE_HZ]
    for from_ms, to_ms in ((1800, 1900), (2000, 2060), (3200, 3300), (3400, 3440)):
        first, last = from_ms * RATE_HZ // 1000, to_ms * RATE_HZ // 1000
        sound[first:last] += play((455,), (), to_ms - from_ms, peak=120)[: last - first]
    assert [name for name, _, _ in tones(hear(sound, "CN", hook=True))] == ["congestion", "congestion"]


def test_two_cycles_of_a_tone_that_does_not_tell_of_a_hang_up_prove_nothing() -> None:
    waiting = next(tone for tone in tones_of("GB") if tone.name == "waiting")
    assert tones(hear(with_silence(play(waiting.hz, waiting.cadence_ms, 4200)), "GB", hook=True)) == []


def test_fax_calls_and_another_country_s_pitch_are_no_tones() -> None:
    for hz, cadence_ms in (((1100,), (500, 3000)), ((2100,), ()), ((400,), (350, 350)), ((500,), (350, 350))):
        assert tones(hear(play(hz, cadence_ms, 12000), "CN")) == []


@pytest.mark.parametrize("country", codes())
def test_a_modem_near_a_tone_s_pitch_is_no_tone(country: str) -> None:
    seed = secrets.randbelow(10**6)
    mark_hz, space_hz, baud = 390, 450, 75  # V.23's backward channel: the one modem that keys among networks' tones
    data = np.random.default_rng(seed).integers(0, 2, 20 * baud)
    flags = np.resize((0, 1, 1, 1, 1, 1, 1, 0), 20 * baud)
    idle = np.ones(20 * baud)
    for bits in (data, flags, idle):
        hz = np.where(np.repeat(bits, RATE_HZ // baud), mark_hz, space_hz)
        sound = 3000 * np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ)
        assert tones(hear(sound, country)) == [], f"seed {seed}"


def test_a_tone_is_not_a_voice() -> None:
    signals = hear(with_silence(play((450,), (350, 350), 7000)), "CN")
    assert [signal for signal in signals if signal.what == "voice"] == []

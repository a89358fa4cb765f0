"""Sound cards of a Pi: real PortAudio and real ALSA, whose `file` plugin stands where a card would be."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_unit import settings_help
from thirdring_unit.core.settings import Settings, SettingsError
from thirdring_unit.pi import microphones
from thirdring_unit.pi.frames import FRAME_MS, ChunkClock, Framer
from thirdring_unit.pi.framing import CHUNK_MS
from thirdring_unit.pi.recorder import RecorderError, find
from thirdring_unit.pi.soundcard import SoundCard, SoundCardError

from tests.unit import alsa

CARDS = [(0, "USB Audio Device: - (hw:1,0)"), (1, "USB Audio Device: - (hw:2,0)"), (2, "room_mic")]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    sound = np.random.default_rng(1).integers(-32768, 32768, 8_000 * 4, dtype=np.int16).tobytes()
    (tmp_path / "sound.raw").write_bytes(sound)
    for key, value in alsa.configure(tmp_path, [("phone_line", tmp_path / "sound.raw")]).items():
        monkeypatch.setenv(key, value)
    return sound


def test_every_sample_of_a_card_arrives_as_it_is(recorded: bytes) -> None:
    with SoundCard("phone_line", 8_000, 1) as card:
        assert card.rate_hz() == 8_000
        assert b"".join(chunk.samples for chunk in islice(card.chunks(), 40)) == recorded


def test_a_stereo_card_gives_both_sides_interleaved(recorded: bytes) -> None:
    with SoundCard("phone_line", 16_000, 2) as card:
        assert card.rate_hz() == 16_000
        chunk = next(card.chunks())
    assert len(chunk.samples) == 1_600 * 2 * 2
    assert recorded.startswith(chunk.samples)


@pytest.mark.usefixtures("recorded")
def test_a_card_that_is_not_there_is_named_in_one_line_with_those_that_are() -> None:
    with (
        SoundCard("USB", 8_000, 1) as card,
        pytest.raises(SoundCardError, match="no sound card is called 'USB'; there") as told,
    ):
        card.rate_hz()
    assert "phone_line" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_card_is_found_by_its_name_or_a_part_that_only_it_has() -> None:
    assert find("room_mic", CARDS) == 2
    assert find("ROOM", CARDS) == 2
    assert find("hw:2", CARDS) == 1
    with pytest.raises(RecorderError, match="several sound cards are called 'USB'"):
        find("USB", CARDS)
    with pytest.raises(RecorderError, match="there are none"):
        find("USB", [])


def test_a_card_named_for_two_channels_is_stereo_with_the_line_on_the_left() -> None:
    sound = {"agent_device": "codec", "line_device": "codec", "room_device": "mic"}
    settings = settings_help.parse({"unit": {"branch": "b", "id": "u"}, "line": {"country": "CN"}, "sound": sound})
    assert microphones.cards(settings) == {"codec": ["line", "agent"], "mic": ["room"]}
    assert microphones.rates_hz(settings) == {"line": 8_000, "agent": 8_000, "room": 16_000}


def desk(**sound: object) -> Settings:
    return settings_help.parse({"unit": {"branch": "b", "id": "u"}, "line": {"country": "CN"}, "sound": sound})


def test_two_microphones_of_a_room_have_a_card_of_their_own() -> None:
    assert microphones.cards(desk(room_device="mic", room_channels=2)) == {"mic": ["room", "room"]}
    with pytest.raises(SettingsError, match="`room_device` needs a sound card of its own"):
        desk(room_device="codec", line_device="codec", room_channels=2)


@pytest.mark.parametrize("from_hz", [16_000, 48_000])
def test_what_two_microphones_hear_stays_together(from_hz: int) -> None:
    framer, at_s = Framer(from_hz, 16_000, 2), np.arange(from_hz) / from_hz
    both = [(level * np.sin(2 * np.pi * 440 * at_s)).astype(np.int16) for level in (10_000, -5_000)]
    chunks = np.stack(both, axis=1).reshape(10, -1)
    ((_, rows),) = microphones.sides(["room", "room"], chunks.tobytes())
    frames = [frame for one in np.split(rows, 10, axis=1) for _, frame in framer.frames(one, 0)]
    assert {len(frame) for frame in frames} == {640}
    first, second = np.concatenate(frames).reshape(-1, 2).astype(float).T
    assert np.abs(first + 2 * second)[200:].max() < 10


@pytest.mark.parametrize("from_hz", [8_000, 16_000, 32_000, 44_100, 48_000])
def test_any_rate_of_a_card_becomes_whole_frames_of_the_same_sound_in_step(from_hz: int) -> None:
    framer = Framer(from_hz, 8_000)
    at_s = np.arange(from_hz) / from_hz
    chunks = (10_000 * np.sin(2 * np.pi * 440 * at_s)).astype(np.int16).reshape(10, -1)
    frames = [one for number, chunk in enumerate(chunks) for one in framer.frames(chunk, 5_000 + number * CHUNK_MS)]
    assert {len(frame) for _, frame in frames} == {160}
    assert len(frames) >= 49
    assert all(abs(began_ms - 5_000 - number * FRAME_MS) <= 5 for number, (began_ms, _) in enumerate(frames))
    heard = np.concatenate([frame for _, frame in frames])
    expected = 10_000 * np.sin(2 * np.pi * 440 * np.arange(len(heard)) / 8_000)
    assert np.abs(heard - expected)[200:].max() < 150


@given(
    jitter_ms=st.lists(st.integers(0, 300), min_size=200, max_size=200),
    drift=st.sampled_from([-300, -100, 0, 100, 300]),  # ppm: what crystals do
)
def test_chunks_are_timed_by_their_number_however_late_they_are_read(jitter_ms: list[int], drift: int) -> None:
    clock = ChunkClock()
    for number, some_ms in enumerate(jitter_ms):
        true_ms = 1_000 + number * CHUNK_MS + number * CHUNK_MS * drift // 1_000_000
        late_ms = 0 if number % 4 == 3 else some_ms  # one of four is read at once
        began_ms = clock.began_ms(true_ms + CHUNK_MS + late_ms)
        if number > 130:
            assert abs(began_ms - true_ms) <= 3, number
    assert clock.lost_ms == 0


def test_sound_that_is_missing_is_counted_and_what_follows_is_timed_anew() -> None:
    clock = ChunkClock()
    read_ms = [100 * number for number in range(1, 41)] + [500 + 100 * number for number in range(41, 81)]
    began_ms = [clock.began_ms(at_ms) for at_ms in read_ms]
    assert began_ms[39] == 3_900
    assert began_ms[79] == 8_400
    assert clock.lost_ms == 500
    assert began_ms == sorted(began_ms)

"""Sound made by the program itself: speech, hold music, tones and a phone's ringer, as 8 kHz samples from -1 to 1.

No recording is shipped. Speech comes from espeak-ng where it is installed, and is otherwise built from a gliding
voice pitch under moving formants, which a voice detector takes for speech.
"""

import io
import shutil
import subprocess
import wave
from functools import cache
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
_Sample = TypeVar("_Sample", np.float32, np.int16)

RATE_HZ = 8_000
_ESPEAK_TIMEOUT_S = 20
_SENTENCES = {
    "agent": "Good morning, this is the service desk. Thank you for calling. Let me look at your contract right now. "
    "I can change that for you today, and you will get a message when it is done. Is there anything else?",
    "caller": "Hello, I have a question about my bill of last month. It is higher than it was, and I do not know why. "
    "My number ends in seven three one. Yes, please do that, that would be very kind of you. Thank you.",
}
_ESPEAK_VOICE = {"agent": ("en-us+f3", "165"), "caller": ("en-gb+m2", "155")}
_PITCH_HZ = {"agent": 205, "caller": 118}
_VOWELS_HZ = ((730, 1_090, 2_440), (270, 2_290, 3_010), (530, 1_840, 2_480), (570, 840, 2_410), (300, 870, 2_240))
_FORMANT_WIDTH_HZ = (90, 110, 170)
_FORMANT_LEVEL = (1.0, 0.5, 0.25)
_SPEECH_LEVEL = 0.25
_PAUSE_SHARE = 0.05  # of the loudest moment; what is softer is a pause
_MELODY = (0, 4, 7, 12, 9, 7, 4, 2, 5, 9, 12, 14, 7, 5, 4, 2)  # semitones over the lowest note
_CHORDS = ((-12, -8, -5), (-7, -3, 0))  # under four notes each
_LOWEST_NOTE_HZ = 262
_LINE_HZ_MAX = 3_400  # what a telephone line carries
_PLUCK_S = 0.004
_NOTE_MS = 320


@cache
def speech(who: Literal["agent", "caller"]) -> Samples:
    """Give some seconds of one person's speech, to be repeated."""
    spoken = _espeak(who) if shutil.which("espeak-ng") else None
    return _synthetic_speech(who) if spoken is None else spoken


@cache
def music() -> Samples:
    """Give some seconds of hold music, to be repeated: a plain tune over chords, plucked on strings that ring on."""
    note = _NOTE_MS * RATE_HZ // 1_000
    tune = np.zeros(note * len(_MELODY))
    for place, semitone in enumerate(_MELODY):
        ringing = (place * note + np.arange(RATE_HZ)) % len(tune)
        tune[ringing] += 0.5 * _string(semitone)
        for step in _CHORDS[place // 4 % 2]:
            tune[ringing] += 0.15 * _string(step)
    levelled: Samples = (0.4 * tune / np.abs(tune).max()).astype(np.float32)
    return levelled


@cache
def _string(semitone: int) -> NDArray[np.float64]:
    """Give a second of a plucked string; without overtones it would be a tone of the exchange, and not music."""
    time_s, lowest_hz = _seconds(1_000), _LOWEST_NOTE_HZ * 2 ** (semitone / 12)
    overtones = [number for number in range(1, 9) if number * lowest_hz < _LINE_HZ_MAX]
    sound = sum(
        np.sin(2 * np.pi * number * lowest_hz * time_s) * np.exp(-(2.5 + number / 2) * time_s) / number
        for number in overtones
    )
    return np.asarray(sound) * np.minimum(1, time_s / _PLUCK_S)


@cache
def ringer() -> Samples:
    """Give one second of an electronic desk phone's ringer: two notes in quick turns."""
    time_s = _seconds(1_000)
    note_hz = np.where((time_s * 25).astype(int) % 2, 1_600, 1_300)
    phase = 2 * np.pi * np.cumsum(note_hz) / RATE_HZ
    return (0.3 * np.sin(phase) + 0.1 * np.sin(2 * phase)).astype(np.float32)


def tone(hz: tuple[int, ...], first: int, count: int) -> Samples:
    """Give `count` samples, from sample `first` on, of frequencies that sound together."""
    time_s = np.arange(first, first + count) / RATE_HZ
    together = sum((np.sin(2 * np.pi * one * time_s) for one in hz), np.zeros(count))
    return (0.16 * together / max(1, len(hz))).astype(np.float32)


def repeated(clip: NDArray[_Sample], first: int, count: int) -> NDArray[_Sample]:
    """Give `count` samples, from sample `first` on, of a clip that is played again and again."""
    return clip[np.arange(first, first + count) % len(clip)]


def _seconds(length_ms: int) -> NDArray[np.float64]:
    return np.arange(length_ms * RATE_HZ // 1_000) / RATE_HZ


def _espeak(who: str) -> Samples | None:
    """Let espeak-ng speak; None when it fails, because the day must go on without it."""
    voice, words_per_minute = _ESPEAK_VOICE[who]
    command = ["espeak-ng", "-v", voice, "-s", words_per_minute, "--stdout", _SENTENCES[who]]
    try:
        spoken = subprocess.run(command, capture_output=True, check=True, timeout=_ESPEAK_TIMEOUT_S).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    with wave.open(io.BytesIO(spoken)) as file:
        # espeak-ng streams, so its header promises more than there is
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
        rate_hz = file.getframerate()
    return _to_level(_without_pauses(_resampled(samples, rate_hz)))


def _resampled(samples: Samples, rate_hz: int) -> Samples:
    """Bring sound to 8 kHz: a moving average keeps most of what 8 kHz cannot carry from folding back."""
    width = max(1, rate_hz // RATE_HZ)
    smooth = np.convolve(samples, np.ones(width) / width, "same")
    moments = np.arange(len(samples) * RATE_HZ // rate_hz) * rate_hz / RATE_HZ
    resampled: Samples = np.interp(moments, np.arange(len(samples)), smooth).astype(np.float32)
    return resampled


def _without_pauses(samples: Samples) -> Samples:
    """Cut the pauses between sentences: who speaks, speaks; the story makes the pauses."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    loudness = np.sqrt(np.mean(frames**2, axis=1))
    spoken: Samples = frames[loudness > _PAUSE_SHARE * loudness.max()].reshape(-1)
    return spoken


def _to_level(samples: Samples) -> Samples:
    loudness = float(np.sqrt(np.mean(samples**2)))
    levelled: Samples = np.clip(samples * (_SPEECH_LEVEL / 2 / loudness), -0.95, 0.95).astype(np.float32)
    return levelled


def _synthetic_speech(who: str) -> Samples:
    """Build nine seconds of syllables: harmonics of a gliding pitch, weighted by formants that move between vowels."""
    time_s = _seconds(9_000)
    syllable = time_s * 4.5
    pitch_hz = _PITCH_HZ[who] * (1 + 0.12 * np.sin(2 * np.pi * 0.6 * time_s) + 0.03 * np.sin(2 * np.pi * 2.3 * time_s))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    vowels = np.array(_VOWELS_HZ, dtype=np.float64)
    places = np.arange(len(vowels) + 1)
    formants_hz = [np.interp(syllable % len(vowels), places, np.append(row, row[0])) for row in vowels.T]
    voiced = np.zeros_like(time_s)
    for number in range(1, RATE_HZ // 2 // (2 * _PITCH_HZ[who])):
        harmonic_hz = number * pitch_hz
        weight = sum(
            level / (1 + ((harmonic_hz - formant_hz) / width_hz) ** 2)
            for formant_hz, width_hz, level in zip(formants_hz, _FORMANT_WIDTH_HZ, _FORMANT_LEVEL, strict=True)
        )
        voiced += weight * np.sin(number * phase)
    hiss = np.random.default_rng(len(who)).normal(size=len(time_s)) * np.clip(np.cos(2 * np.pi * syllable), 0, 1) ** 8
    envelope = 0.35 + 0.65 * np.sin(np.pi * (syllable % 1)) ** 2
    return _to_level((voiced * envelope + 0.1 * hiss).astype(np.float32))

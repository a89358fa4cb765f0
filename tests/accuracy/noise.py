"""Makes noise as rooms have it: where no recordings of it are at hand, and beside them."""

import numpy as np
import numpy.typing as npt


def made_noise(rng: np.random.Generator, seconds: float, rate_hz: int) -> npt.NDArray[np.float32]:
    """White to brown noise, sometimes with hum or taps: what rooms have and recordings of them lack."""
    count = round(seconds * rate_hz)
    bins = np.fft.rfft(rng.normal(0, 1, count))
    hz = np.fft.rfftfreq(count, 1 / rate_hz)
    bins /= np.maximum(hz, 60) ** rng.uniform(0, 1.2)
    sound = np.fft.irfft(bins, count)
    sound /= np.std(sound)
    if rng.random() < 0.5:
        knots = rng.uniform(0, 1, round(seconds * rng.uniform(0.5, 10)) + 2) ** rng.uniform(0.3, 3)
        sound *= np.interp(np.arange(count), np.linspace(0, count, len(knots)), knots)
    if rng.random() < 0.3:
        base = rng.choice([50, 60, 100, 120])
        at_s = np.arange(count) / rate_hz
        sound += sum(np.sin(2 * np.pi * base * n * at_s) / n for n in range(1, 12)) * rng.uniform(0.2, 2)
    if rng.random() < 0.3:
        for at in rng.integers(0, count - rate_hz // 5, int(seconds * rng.uniform(0.5, 6))):
            tap = rng.normal(0, 1, rate_hz // 10) * np.exp(-np.arange(rate_hz // 10) / rng.uniform(20, 400))
            sound[at : at + len(tap)] += tap * rng.uniform(2, 15)
    return np.asarray(sound, np.float32)

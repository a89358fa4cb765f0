"""Numbers out of waveforms, and edges for the core."""

import numpy as np

from thirdring_bench.spice.run import Samples, Waves

GPIO_LOW_V = 1.65


def edges_s(waves: Waves, name: str) -> list[tuple[float, bool]]:
    """When the voltage `name` passes half of 3.3 V, in seconds, and whether the input is active (low) from then on."""
    volts = waves[name]
    low = volts < GPIO_LOW_V
    after = np.flatnonzero(np.diff(low)) + 1
    share = (GPIO_LOW_V - volts[after - 1]) / (volts[after] - volts[after - 1])
    times = waves.at[after - 1] + share * (waves.at[after] - waves.at[after - 1])
    return list(zip(times.tolist(), low[after].tolist(), strict=True))


def within(waves: Waves, name: str, start_s: float, end_s: float) -> Samples:
    """The samples of `name` from `start_s` to `end_s`."""
    return waves[name][(waves.at >= start_s) & (waves.at <= end_s)]


def rms(waves: Waves, name: str, start_s: float, end_s: float) -> float:
    """Root mean square over a stretch of unevenly spaced samples."""
    inside = (waves.at >= start_s) & (waves.at <= end_s)
    at, squares = waves.at[inside], waves[name][inside] ** 2
    return float(np.sqrt(np.trapezoid(squares, at) / (at[-1] - at[0])))


def integral(waves: Waves, samples: Samples) -> float:
    """The integral of `samples` over the whole run."""
    return float(np.trapezoid(samples, waves.at))

"""Tells on the line the agent's own voice, which the phone's side tone puts there, from the caller's."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .samples import NO_FLAGS, Flags, Reals

BEFORE, AFTER = 20, 1  # frames of the agent's that one of the line's may be an echo of, or the pause within
NOW = 7  # of them: as early and as late as an echo itself can be
FALL_DB = 0.7  # a frame: so fast does an echo fade
LOUD = 0.05  # of the agent's loudest: softer speech tells little of the leak
LOUDEST_POWER = 3e5  # at least, -35 dB of full scale: noise on the agent's channel is no speech
FADE = 0.999  # of the loudest, a frame: people and headsets change
LOWEST_DB, HIGHEST_DB = -80, 30  # of the line below the agent
USUAL = 0.5  # of the frames in which the agent is loud: at least so many have no caller in them
FIRST_DB = -11.0  # is usual until the phone's own is known
SPREAD_DB = 8  # what an echo is at most louder than usual
PROOF, FORGET = 25, 20_000  # frames
EVEN = 1.0  # power: no logarithm of nothing

AROUND = np.arange(-BEFORE, AFTER + 1)
FALL: Reals = (10 ** (-FALL_DB / 10 * np.maximum(0, -AROUND))).astype(np.float32)

Times = NDArray[np.int64]

NO_TIMES: Times = np.zeros(0, np.int64)
NO_POWERS: Reals = np.zeros(0, np.float32)


class Sounding(NamedTuple):
    """The power of the agent's latest frames, and when they began."""

    at_ms: Times
    power: Reals


class Leak:
    """Learns how much softer than on the agent's channel the agent is on the line."""

    def __init__(self) -> None:
        self._ratios = np.zeros(HIGHEST_DB - LOWEST_DB + 1, np.int64)  # frames at each whole decibel
        self._loudest = LOUDEST_POWER

    def hides(self, at_ms: list[int], power: Reals, agent: Sounding) -> Flags:
        """Marks the frames of the line that are no louder than the agent's echo."""
        if not at_ms:
            return NO_FLAGS
        if not len(agent.at_ms):
            return np.zeros(len(at_ms), np.bool_)
        place = np.searchsorted(agent.at_ms, at_ms, side="right") - 1
        near = np.clip(place[:, None] + AROUND, 0, len(agent.at_ms) - 1)
        echoed = agent.power[near]
        now, source = echoed[:, -NOW:].max(axis=1), (echoed * FALL).max(axis=1)
        self._loudest = max(self._loudest * FADE ** len(at_ms), float(now.max()), LOUDEST_POWER)
        loud = now > LOUD * self._loudest
        self._learn(_below_db(power[loud], now[loud]))
        hidden: Flags = _below_db(power, source) < self._usual_db() + SPREAD_DB
        hidden &= source > LOUD * LOUD * self._loudest
        return hidden

    def _learn(self, ratio_db: Reals) -> None:
        whole = np.clip(np.rint(ratio_db), LOWEST_DB, HIGHEST_DB).astype(np.intp) - LOWEST_DB
        self._ratios += np.bincount(whole, minlength=len(self._ratios))
        if self._ratios.sum() > FORGET:
            self._ratios //= 2

    def _usual_db(self) -> float:
        sums = self._ratios.cumsum()
        if sums[-1] < PROOF:
            return FIRST_DB
        return float(np.searchsorted(sums, USUAL * sums[-1])) + LOWEST_DB


def _below_db(line: Reals, agent: Reals) -> Reals:
    ratio_db: Reals = 10 * np.log10((line + EVEN) / (agent + EVEN))
    return ratio_db

"""Judges from traits whether a frame is speech, music or something else, with the numbers of tuned.json."""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from .samples import Flags, Reals


class Margins(NamedTuple):
    """By how much the score of speech must exceed those of other sound and of music."""

    other: float
    music: float


class Tuned(NamedTuple):
    """The layers from traits to the scores of other sound, speech and music, and when a score is enough."""

    layers: tuple[tuple[Reals, Reals], ...]
    likely: Margins
    sure: Margins


class Verdict(NamedTuple):
    """For each row of traits: speech that may go on, speech for sure, music, and the log odds of speech."""

    likely: Flags
    sure: Flags
    music: Flags
    odds: Reals


def judge(traits: Reals) -> Verdict:
    """Judges each row of traits."""
    tuned = load_tuned()
    for weights, offsets in tuned.layers[:-1]:
        traits = np.maximum(traits @ weights + offsets, 0)
    weights, offsets = tuned.layers[-1]
    other, speech, music = (traits @ weights + offsets).T
    over_other, over_music = speech - other, speech - music
    likely, sure = (
        (over_other > margins.other) & (over_music > margins.music) for margins in (tuned.likely, tuned.sure)
    )
    return Verdict(likely, sure, music > np.maximum(other, speech), speech - np.logaddexp(other, music))


@cache
def load_tuned() -> Tuned:
    """Loads the numbers that ship with the ears."""
    stored = json.loads(files(__package__).joinpath("tuned.json").read_text(encoding="utf-8"))["judge"]
    layers = [(np.array(weights, np.float32), np.array(offsets, np.float32)) for weights, offsets in stored["layers"]]
    return Tuned(tuple(layers), Margins(**stored["likely"]), Margins(**stored["sure"]))

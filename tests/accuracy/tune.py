"""Tunes the judge of speech, music and other sound: `make tune` writes ears/tuned.json anew.

Only the tuning half of the corpus is used. What the numbers come from and how is written into the file itself.
"""

import json
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import thirdring_unit.ears.judge
import webrtcvad
from thirdring_unit.ears.block import Block, past_samples
from thirdring_unit.ears.ears import BLOCK_FRAMES
from thirdring_unit.ears.phone import VAD_MODE
from thirdring_unit.ears.traits import COUNT, STEP, Traits

from tests.accuracy.compose import MUSIC, PAUSE, SPEECH
from tests.accuracy.corpus import Sound, chosen
from tests.accuracy.listen import frames_of
from tests.accuracy.scenes import CATEGORIES, RATE_HZ, SCENE_S, SHARES, VARY, scenes

SEED = 20261102
CHUNKS, CHUNK_SCENES = 30, 80
HIDDEN = (48, 24)
EPOCHS, BATCH, RATE = 7, 512, 2e-3
UNREST = 0.3  # of a trait's spread, added to every example anew: no recording is to be learned by heart
MEAN_KEPT, SQUARE_KEPT, SHRINK, TINY = 0.9, 0.999, 1e-2, 1e-8  # Adam with weight decay, its usual numbers
MARGINS = {"likely": {"other": -3.5, "music": 0.5}, "sure": {"other": 2.0, "music": 2.5}}
MARGINS_FROM = (
    "margins: of 21 combinations, on recordings of 38 origins of the tuning half that an earlier tuning was not given, "
    "the one with most speech found, clean and at 10 dB, that called less than 1 % of noise and 3 % of music speech"
)
DECIMALS = 3
FLAT = 1e-3

Kinds = npt.NDArray[np.int64]
Layer = list[Sound]


def traits_of(sound: Sound) -> Sound:
    """The traits of every second frame, made exactly as on a unit."""
    traits, vad, past = Traits(), webrtcvad.Vad(VAD_MODE), np.zeros(past_samples(RATE_HZ), np.int16)
    frames = frames_of(sound, RATE_HZ)
    rows = []
    for first in range(0, len(frames), BLOCK_FRAMES):
        some = frames[first : first + BLOCK_FRAMES]
        block = Block(some, list(range(len(some))), past, RATE_HZ)
        past = block.tail
        rows.append(traits.step(block, np.array([vad.is_speech(frame, RATE_HZ) for frame in some]))[1])
    return np.concatenate([*rows, traits.rest()[1]])


def examples(seed: int) -> tuple[Sound, Kinds]:
    """Traits and kinds (0 other, 1 speech, 2 music) of all frames of a chunk of scenes that have a clear label."""
    rows, kinds = [], []
    for scene in scenes(CHUNK_SCENES, seed):
        labels = scene.labels[::STEP]
        clear = labels != PAUSE
        rows.append(traits_of(scene.sound)[clear])
        kinds.append(np.select([labels == SPEECH, labels == MUSIC], [1, 2], 0)[clear])
    return np.concatenate(rows), np.concatenate(kinds)


def forward(layers: list[Layer], rows: Sound) -> list[Sound]:
    """The rows before and after each layer."""
    values = [rows]
    for weights, offsets in layers[:-1]:
        values.append(np.maximum(values[-1] @ weights + offsets, 0))
    return [*values, values[-1] @ layers[-1][0] + layers[-1][1]]


def slopes(layers: list[Layer], rows: Sound, wanted: Sound) -> list[Layer]:
    """How the cross entropy changes with every number of the layers."""
    values = forward(layers, rows)
    likely = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
    slope = (likely / likely.sum(axis=1, keepdims=True) - wanted) / len(rows)
    found: list[Layer] = []
    for before, (weights, _) in zip(values[-2::-1], layers[::-1], strict=True):
        found.append([before.T @ slope, slope.sum(axis=0)])
        slope = (slope @ weights.T) * (before > 0)
    return found[::-1]


def train(rows: Sound, kinds: Kinds) -> list[Layer]:
    """Fits the layers by Adam, with a learning rate that fades to nothing."""
    rng = np.random.default_rng(SEED)
    sizes = (COUNT, *HIDDEN, 3)
    layers: list[Layer] = [
        [rng.normal(0, np.sqrt(2 / wide), (wide, narrow)).astype(np.float32), np.zeros(narrow, np.float32)]
        for wide, narrow in pairwise(sizes)
    ]
    numbers = [number for layer in layers for number in layer]
    means, squares = ([np.zeros_like(number) for number in numbers] for _ in range(2))
    wanted = np.eye(3, dtype=np.float32)[kinds]
    steps = EPOCHS * (len(rows) // BATCH)
    for step in range(1, steps + 1):
        some = rng.integers(0, len(rows), BATCH)
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
        shaken = rows[some] + UNREST * rng.standard_normal((BATCH, COUNT), dtype=np.float32)
        changes = [change for layer in slopes(layers, shaken, wanted[some]) for change in layer]
        for number, mean, square, change in zip(numbers, means, squares, changes, strict=True):
            mean[...] += (1 - MEAN_KEPT) * (change - mean)
            square[...] += (1 - SQUARE_KEPT) * (change * change - square)
            scale = np.sqrt(square / (1 - SQUARE_KEPT**step)) + TINY
            number[...] -= rate * (mean / (1 - MEAN_KEPT**step) / scale + SHRINK * number)
        if step % (steps // 10) == 0:
            print(f"tune: {step * 100 // steps} %", file=sys.stderr)
    return layers


def main() -> None:
    """Composes, trains and writes."""
    with ProcessPoolExecutor() as workers:
        parts = list(workers.map(examples, range(SEED, SEED + CHUNKS)))
    rows, kinds = (np.concatenate(part) for part in zip(*parts, strict=True))
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + FLAT
    rows = (rows - middle) / spread
    layers = train(rows, kinds)
    right = np.mean(forward(layers, rows[::10])[-1].argmax(axis=1) == kinds[::10])
    layers[0] = [layers[0][0] / spread[:, None], layers[0][1] - (middle / spread) @ layers[0][0]]
    page = {"from": _from(len(rows)), "how": _how(float(right)), "judge": {"layers": _rounded(layers), **MARGINS}}
    Path(thirdring_unit.ears.judge.__file__).with_name("tuned.json").write_text(_page(page))


def _page(page: Mapping[str, object]) -> str:
    """JSON with one line for each thing to read."""
    return "{\n" + ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in page.items()) + "\n}\n"


def _from(count: int) -> dict[str, object]:
    groups = {name: sorted({clip.group for clip in chosen(name, tuning=True)}) for name in CATEGORIES}
    return {"frames": count, "scenes": CHUNKS * CHUNK_SCENES, "scene_s": SCENE_S, "shares": SHARES, "groups": groups}


def _how(right: float) -> str:
    return (
        f"tests/accuracy/tune.py, seed {SEED}: layers of {COUNT}, {HIDDEN[0]}, {HIDDEN[1]} and 3 numbers, rectified, "
        f"fitted to the cross entropy by Adam with weight decay, {EPOCHS} epochs, "
        f"every trait shaken by {UNREST} of its spread; recordings played up to {VARY:.0%} faster or slower, "
        f"with noise, tilt, level and mu-law; {right:.2%} of the frames it was fitted to are right. {MARGINS_FROM}"
    )


def _rounded(layers: list[Layer]) -> list[list[object]]:
    return [[np.round(part.astype(float), DECIMALS).tolist() for part in layer] for layer in layers]


if __name__ == "__main__":
    main()

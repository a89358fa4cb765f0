"""How often something else is taken for a tone: music, speech, machines, and keys in a tone's tempo; all countries."""

from collections.abc import Iterator

import numpy as np
from thirdring_unit.core.countries import codes
from thirdring_unit.ears.block import Block, past_samples
from thirdring_unit.ears.ears import BLOCK_FRAMES
from thirdring_unit.ears.plans import tones_of
from thirdring_unit.ears.tones import CLEARING, Tones

from tests.accuracy import compose, listen, machines, spandsp
from tests.accuracy.compose import MUSIC
from tests.accuracy.corpus import Sound, chosen
from tests.accuracy.report import Row

RATE_HZ = machines.RATE_HZ
SCENE_S = 120.0
HOURS = {"music": 2.0, "speech": 2.0, "machines": 1.0, "dialling": 1.0}
NAMES = {
    "music": "music, up to 12 % faster or slower",
    "speech": "speech",
    "machines": "fax, modems, information tones",
    "dialling": "DTMF in the tempo of busy and congestion",
}
VARY = 0.12
NONE_SEEN_HOURS = 3.0  # nothing in n hours proves, at 95 %, fewer than 3 in n hours
RIVAL_EVERY = 10  # spandsp hears every tenth scene


def measure() -> Iterator[Row]:
    """Yields one row for each kind of sound."""
    for number, (kind, hours) in enumerate(HOURS.items()):
        rng = np.random.default_rng([5, number])
        ours, theirs, rival_scenes = 0, 0, 0
        scenes = round(hours * 3600 / SCENE_S)
        for scene in range(scenes):
            sound = _on_the_line(rng, _sound(rng, kind))
            ours += sum(1 for name in _tones(sound) if name != "dtmf" or kind in {"music", "speech"})
            if scene % RIVAL_EVERY == 0 and spandsp.library():
                rival_scenes += 1
                theirs += sum(len(spandsp.tones(sound, code) or []) for code in codes())
        yield _row(kind, ours, hours, theirs, rival_scenes * SCENE_S / 3600)


def _row(kind: str, ours: int, hours: float, theirs: int, rival_hours: float) -> Row:
    return Row(
        what="false tones",
        condition=f"{NAMES[kind]}; each by {len(codes())} countries' ears",
        count=f"{ours} in {hours:g} h",
        share=f"{ours / hours:.1f} an hour",
        interval=f"below {NONE_SEEN_HOURS / hours:.1f} an hour" if not ours else "",
        target="none",
        reached=not ours,
        others=f"spandsp {theirs} in {rival_hours:.1f} h" if rival_hours else "",
    )


def _sound(rng: np.random.Generator, kind: str) -> Sound:
    if kind == "music":
        return compose.steady(rng, chosen("music", tuning=False), SCENE_S, RATE_HZ, label=MUSIC, vary=VARY).sound
    if kind == "speech":
        return compose.speech(rng, chosen("speech", tuning=False), SCENE_S, RATE_HZ, VARY).sound
    if kind == "machines":
        makers = rng.choice(len(machines.MACHINES), 6)
        parts = [compose.levelled(machines.MACHINES[maker](rng, SCENE_S / len(makers))) for maker in makers]
        return np.concatenate(parts)
    tones = [tone for code in codes() for tone in tones_of(code) if tone.name in CLEARING and tone.cadence_ms]
    cadences = sorted({tone.cadence_ms for tone in tones})
    parts = [machines.dialling(rng, SCENE_S / 4, cadences[rng.integers(len(cadences))]) for _ in range(4)]
    return compose.levelled(np.concatenate(parts))


def _on_the_line(rng: np.random.Generator, sound: Sound) -> Sound:
    return compose.over_telephone(sound * 10 ** (rng.uniform(-20, 6) / 20), RATE_HZ)


def _tones(sound: Sound) -> list[str]:
    """The tones that ears for any country hear, each with the others' spectra: that of a block is the same for all."""
    ears = [Tones("line", tones_of(code), RATE_HZ) for code in codes()]
    past = np.zeros(past_samples(RATE_HZ), np.int16)
    frames = listen.frames_of(sound, RATE_HZ)
    names: list[str] = []
    for first in range(0, len(frames), BLOCK_FRAMES):
        some = frames[first : first + BLOCK_FRAMES]
        block = Block(some, [(first + place) * listen.FRAME_MS for place in range(len(some))], past, RATE_HZ)
        past = block.tail
        names += [str(signal.detail) for tones in ears for signal in tones.step(block) if signal.on]
    return names

"""The room as its microphone hears it now, for teaching a unit its phone's ringer."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from thirdring_unit.core.settings import Settings
from thirdring_unit.ears.samples import Samples
from thirdring_unit.errors import UserError
from thirdring_unit.pi.frames import Framer
from thirdring_unit.pi.framing import CHUNK_MS
from thirdring_unit.pi.microphones import ROOM_HZ, cards
from thirdring_unit.pi.soundcard import SoundCard, SoundCardError


def frames(settings: Settings, seconds: int) -> Iterator[Samples]:
    """Yield so many seconds of the room, in frames of 20 ms at 16 kHz; Ctrl-C ends it earlier. Raises UserError."""
    if not settings.room_device:
        raise UserError('no microphone hears the room: name it in [sound], room_device = "..."')
    channels = cards(settings)[settings.room_device]
    try:
        with SoundCard(settings.room_device, ROOM_HZ, len(channels)) as card:
            framer = Framer(card.rate_hz(), ROOM_HZ)
            for chunk in islice(card.chunks(), seconds * 1_000 // CHUNK_MS):
                sides = np.frombuffer(chunk.samples, np.int16).reshape(-1, len(channels)).T
                for _, frame in framer.frames(sides[channels.index("room")], 0):
                    yield frame
    except SoundCardError as error:
        raise UserError(f"the room cannot be heard: {error}") from error
    except KeyboardInterrupt:
        return

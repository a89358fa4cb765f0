"""The room as its microphone hears it now, for teaching a unit its phone's ringer."""

from collections.abc import Iterator
from itertools import islice

from thirdring_unit.core.settings import Settings
from thirdring_unit.ears.samples import Samples
from thirdring_unit.errors import UserError
from thirdring_unit.pi.frames import Framer
from thirdring_unit.pi.framing import CHUNK_MS
from thirdring_unit.pi.microphones import ROOM_HZ, cards, sides
from thirdring_unit.pi.soundcard import SoundCard, SoundCardError


def frames(settings: Settings, seconds: int) -> Iterator[Samples]:
    """Yield so many seconds of the room, as `wav.frames` gives those of a file; Ctrl-C ends it earlier.

    Raises UserError.
    """
    if not settings.room_device:
        raise UserError('no microphone hears the room: name it in [sound], room_device = "..."')
    channels = cards(settings)[settings.room_device]
    try:
        with SoundCard(settings.room_device, ROOM_HZ, len(channels)) as card:
            framer = Framer(card.rate_hz(), ROOM_HZ, settings.room_channels)
            for chunk in islice(card.chunks(), seconds * 1_000 // CHUNK_MS):
                for _, frame in framer.frames(dict(sides(channels, chunk.samples))["room"], 0):
                    yield frame
    except SoundCardError as error:
        raise UserError(f"the room cannot be heard: {error}") from error
    except KeyboardInterrupt:
        return

"""Recordings in Debian's packages: where they are, and what is of one origin. As a program, prints the packages."""

import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple

DEBIAN = Path(os.environ.get("THIRDRING_DEBIAN", "/"))
GAMES = "usr/share/games"
WHOLE = r"()"  # the package is one origin
FOLDER_NAME = r"^([^/]+)/"  # each language is
MADE_BY = r"([^/\d-]+)[^/]*$"  # each thing that makes the noise is
LANGUAGE = r"^(?:\d|.*_desc)_(\w+)\.ogg$"
SPEAKER = r"(\d)\.ogg$"
PIECE = r"([^/]+)\.\w+$"
MOST_OF_AN_ORIGIN = 40  # recordings: a package of thousands counts no more than its variety
CROWDS = ("Commune", "Market", "School", "Shanty", "SportsCroud", "University")

Found = tuple[Path, str, str, str]


class Place(NamedTuple):
    """Where a package has sound, and what in a file's name tells whose it is."""

    package: str
    folder: str
    files: str
    origin: str
    category: str


PLACES = (
    Place("asterisk-core-sounds-en-wav", "usr/share/asterisk/sounds/en_US_f_Allison", "**/*.wav", WHOLE, "speech"),
    Place("asterisk-core-sounds-fr-wav", "usr/share/asterisk/sounds/fr_CA_f_June", "**/*.wav", WHOLE, "speech"),
    Place("asterisk-core-sounds-ru-wav", "usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU", "**/*.wav", WHOLE, "speech"),
    Place("asterisk-prompt-es-co", "usr/share/asterisk/sounds/es", "**/*.gsm", WHOLE, "speech"),
    Place("asterisk-prompt-fr-armelle", "usr/share/asterisk/sounds/fr", "**/*.gsm", WHOLE, "speech"),
    Place("gcin-voice", "usr/share/gcin-voice/ogg", "**/*.ogg", SPEAKER, "words"),
    Place("klettres-data", "usr/share/klettres", "**/*.ogg", FOLDER_NAME, "words"),
    Place("ktuberling-data", "usr/share/ktuberling/sounds", "*/*.wav", FOLDER_NAME, "words"),
    Place("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps", "**/*_desc_*.ogg", LANGUAGE, "words"),
    Place("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps/symbols/math", "*_*.ogg", LANGUAGE, "words"),
    Place("colobot-common-sounds", f"{GAMES}/colobot/music", "*.ogg", WHOLE, "music"),
    Place("drascula-music", "usr/share/scummvm/drascula/audio", "*.ogg", WHOLE, "music"),
    Place("fretsonfire-songs-sectoid", f"{GAMES}/fretsonfire/data/songs", "**/*.ogg", WHOLE, "music"),
    Place("hyperrogue-music", "usr/share/hyperrogue/music", "*.ogg", WHOLE, "music"),
    Place("lincity-ng-data", f"{GAMES}/lincity-ng/music", "**/*.ogg", WHOLE, "music"),
    Place("planetblupi-music-ogg", "usr/share/planetblupi/music", "*.ogg", WHOLE, "music"),
    Place("supertux-data", f"{GAMES}/supertux2/music", "**/*.ogg", WHOLE, "music"),
    Place("wesnoth-1.16-music", f"{GAMES}/wesnoth/1.16/data/core/music", "*.ogg", WHOLE, "music"),
    Place("lincity-ng-data", f"{GAMES}/lincity-ng/sounds", "*.wav", MADE_BY, "noise"),
    Place("tuxfootball", f"{GAMES}/tuxfootball/sound", "crowd*.wav", MADE_BY, "crowd"),
    *(Place("lincity-ng-data", f"{GAMES}/lincity-ng/sounds", f"{crowd}*.wav", MADE_BY, "crowd") for crowd in CROWDS),
)
FALLBACK_PLACES = (  # only without the folder of recordings, which may have some of the same
    Place("asterisk-core-sounds-es-wav", "usr/share/asterisk/sounds/es_MX_f_Allison", "**/*.wav", WHOLE, "speech"),
    Place("asterisk-core-sounds-it-wav", "usr/share/asterisk/sounds/it_IT_m_Carlo", "**/*.wav", WHOLE, "speech"),
    Place("asterisk-moh-opsound-wav", "usr/share/asterisk/moh", "**/*.wav", PIECE, "music"),
    Place("lomiri-sounds", "usr/share/sounds/lomiri/ringtones", "**/*.og[ag]", PIECE, "ringtone"),
)
FALLBACK_PACKAGES = (
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-fr-wav",
    *(place.package for place in FALLBACK_PLACES),
)


def recordings(places: tuple[Place, ...]) -> list[Found]:
    """Lists what is there of some places: path, category, kind and origin."""
    found: dict[tuple[str, str], list[Path]] = {}
    for place in places:
        folder = DEBIAN / place.folder
        for path in folder.glob(place.files):
            told = re.search(place.origin, path.relative_to(folder).as_posix())
            if told and "silence" not in path.parts:
                found.setdefault((f"{place.package}:{told[1]}".rstrip(":"), place.category), []).append(path)
    return [
        (path, category, "debian", origin)
        for (origin, category), paths in sorted(found.items())
        for path in sorted(paths, key=_shuffled)[:MOST_OF_AN_ORIGIN]
    ]


def _shuffled(path: Path) -> bytes:
    return hashlib.sha256(path.name.encode()).digest()


if __name__ == "__main__":
    print(*sorted({place.package for place in PLACES}))

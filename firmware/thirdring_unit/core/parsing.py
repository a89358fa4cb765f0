"""Every setting of a desk unit: one table, checked by name, with a default for everything but who the unit is.

A Pico needs this at its start and when settings are pushed, and lets go of it in between.
"""

from thirdring_unit.core.countries import Country, codes
from thirdring_unit.core.events import INPUTS
from thirdring_unit.core.settings import Settings, SettingsError, UnknownNameError

NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
NAME_LENGTH_MAX = 32
TIER_MAX = 9
SHOWN_MAX = 60  # letters of a wrong value that an error repeats
SECOND, HOUR = 1000, 3_600_000

COUNTRY = -1  # a default that the country decides

# By section, in each line: key, what is allowed, default. Allowed is a range of numbers, `name` for a topic level,
# names from a list, `tiers` for limits by VIP tier, or - for any text and for true and false. A default of `must` has
# to be given. It is text because a Pico would need three times the memory for the same as tuples; what each is for
# stands in `settings_help`, which no Pico holds.
TABLE = {
    "unit": """
branch            name              must
id                name              must
inputs            inputs            all
first_boot        1..1073741824     1
""",
    "line": """
country           countries         must
ring_cycle_ms     1500..15000       country
ring_on_ms        200..5000         country
ring_alert_max_ms 0..2000           country
ring_min_ms       100..1000         300
ring_gap_ms       300..1500         1000
ring_hang_ms      40..500           80
ring_stuck_ms     5000..60000       10000
boot_blind_ms     0..15000          6000
loop_debounce_ms  1..16             15
answer_ms         100..500          200
flash_min_ms      30..1500          country
flash_max_ms      50..1500          country
pulse_max_ms      0..100            75
open_loop_min_ms  100..2000         250
open_loop_max_ms  100..2000         900
open_loop         -                 false
far_end_tone      -                 true
loop_stuck_ms     60000..86400000   14400000
""",
    "hold": """
key_press_max_ms  0..60000          2000
key_stuck_ms      60000..86400000   1800000
flash_holds       -                 true
flash_quiet_ms    500..30000        2000
quiet_ms          5000..600000      20000
voice_ms          0..5000           500
limit_ms          1000..3600000     60000
interrupt_ms      100..5000         500
""",
    "vip": """
tiers             tiers             1=600000,2=300000
near_percent      1..100            80
long_press_ms     300..10000        1000
""",
    "light": """
late_prompt_ms    0..60000          5000
return_prompt_ms  0..60000          5000
hold_near_percent 1..100            75
rings_limit       1..20             3
rating_pause_ms   0..60000          5000
rating_window_ms  0..3600000        120000
""",
    "sound": """
line_device       -                 ""
agent_device      -                 ""
room_device       -                 ""
room_channels     1..2              1
ringer_file       -                 ""
hold_music_file   -                 ""
sample_hz         8000..16000       8000
""",
    "pins": """
chip              -                 ""
""",
    "outbox": """
limit_bytes       20000..1000000000 8000000
window            1..1000           32
resend_ms         500..600000       5000
""",
    "link": """
identity_file     -                 "identity.json"
keepalive_ms      5000..600000      15000
beat_ms           1000..600000      10000
""",
}
_DEFAULTS: dict[str, object] = {"must": None, "country": COUNTRY, "true": True, "false": False, "all": INPUTS}


def rows(section: str) -> "list[tuple[str, object, object]]":
    """Key, default and rule of every setting in a section, in the order of the table.

    The default's type is the setting's type; None means that it must be given, COUNTRY that the country decides. The
    rule is a pair of numbers, a tuple of names, "name", "tiers", or None.
    """
    lines = [line.split() for line in TABLE[section].strip().split("\n")]
    return [(key, _default(default), _rule(rule)) for key, rule, default in lines]


def _default(text: str) -> object:
    if text in _DEFAULTS:
        return _DEFAULTS[text]
    if text.startswith('"'):
        return text.strip('"')
    if "=" in text:
        pairs = [pair.split("=") for pair in text.split(",")]
        return {int(tier): int(limit_ms) for tier, limit_ms in pairs}
    return int(text)


def _rule(text: str) -> object:
    if ".." in text:
        lowest, highest = text.split("..")
        return int(lowest), int(highest)
    if text == "inputs":
        return INPUTS
    if text == "countries":
        return tuple(sorted(codes()))
    return None if text == "-" else text


def parse(mapping: object) -> Settings:
    """Settings from a mapping of sections, as read from `unit.toml` or received from the gateway.

    Raises SettingsError with one line that names the wrong key and says how to mend it.
    """
    sections = _sections(mapping)
    settings = Settings()
    settings.given = sections
    for section in TABLE:
        _read(settings, section, sections.get(section, {}))
    _fill_from_country(settings)
    _check_together(settings)
    return settings


def copy(settings: Settings, into: Settings) -> None:
    """Put every setting of the table in place of another object's."""
    for section in TABLE:
        for key, _, _ in rows(section):
            name = attribute(section, key)
            setattr(into, name, getattr(settings, name))


def _read(settings: Settings, section: str, content: "dict[str, object]") -> None:
    for key, default, rule in rows(section):
        value = content.get(key, default)
        where = f"`{key}` in [{section}]"
        if value is None:
            raise SettingsError(f"{where} is missing; {_wanted(default, rule)}")
        if value is not default:
            value = _checked(value, default, rule, where)
        setattr(settings, attribute(section, key), value)


def attribute(section: str, key: str) -> str:
    """Name under which Settings holds a key."""
    return section if key == "id" else key


def _sections(mapping: object) -> "dict[str, dict[str, object]]":
    if not isinstance(mapping, dict):
        raise SettingsError("settings must be sections of keys, such as [unit] and [line]")
    for section, content in mapping.items():
        if section not in TABLE:
            raise UnknownNameError(f"unknown section [{_name(section)}]", "section", section, sorted(TABLE))
        if not isinstance(content, dict):
            raise SettingsError(f"[{section}] must be a section of keys")
        known = [key for key, _, _ in rows(section)]
        for key in content:
            if key not in known:
                raise UnknownNameError(f"unknown key `{_name(key)}` in [{section}]", "key", key, known)
    return mapping


def _checked(value: object, default: object, rule: object, where: str) -> object:
    """The value in its own type, or SettingsError when the rule of the table refuses it."""
    if rule == "tiers":
        return _tiers(value, where)
    if isinstance(default, tuple):
        return _members(value, rule, where)
    if not _fits(value, default, rule):
        raise SettingsError(f"{where} is {_shown(value)}; {_wanted(default, rule)}")
    return value


def _fits(value: object, default: object, rule: object) -> bool:
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int) and isinstance(rule, tuple):
        return isinstance(value, int) and not isinstance(value, bool) and rule[0] <= value <= rule[1]
    if not isinstance(value, str):
        return False
    if rule == "name":
        return 0 < len(value) <= NAME_LENGTH_MAX and all(letter in NAME_CHARACTERS for letter in value)
    return not isinstance(rule, tuple) or value in rule


def _name(word: object) -> str:
    """A name that somebody typed, as far as one line can hold it."""
    return str(word)[:SHOWN_MAX].replace("\n", " ")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 3] + "..."


def _wanted(default: object, rule: object) -> str:
    if rule == "name":
        return "give 1 to 32 of the characters a-z, 0-9 and -"
    if isinstance(default, bool):
        return "give true or false"
    if isinstance(default, int) and isinstance(rule, tuple):
        return f"give a whole number from {rule[0]} to {rule[1]}"
    if isinstance(rule, tuple):
        return "give one of " + ", ".join(rule)
    return "give a text"


def _members(value: object, rule: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not isinstance(rule, tuple):
        raise SettingsError(f"{where} must be a list of names")
    for name in value:
        if name not in rule:
            raise UnknownNameError(f"{where} names {_shown(name)}", "input", name, rule)
    return tuple(name for name in rule if name in value)


def _tiers(value: object, where: str) -> dict[int, int]:
    if not isinstance(value, dict) or not value:
        raise SettingsError(f"{where} must map tiers to milliseconds, such as {{1 = 600000, 2 = 300000}}")
    tiers = {}
    for tier, limit_ms in value.items():
        text = str(tier)
        if not (text.isdigit() and 1 <= int(text) <= TIER_MAX):
            raise SettingsError(f"{where} names tier {text!r}; tiers are the numbers 1 to {TIER_MAX}")
        if not isinstance(limit_ms, int) or isinstance(limit_ms, bool) or not SECOND <= limit_ms <= 24 * HOUR:
            raise SettingsError(f"{where}, tier {text}: give milliseconds from {SECOND} to {24 * HOUR}")
        tiers[int(text)] = limit_ms
    return tiers


def _fill_from_country(settings: Settings) -> None:
    country = Country(settings.country)
    for key, default in (
        ("ring_cycle_ms", country.ring_cycle_ms),
        ("ring_on_ms", country.ring_on_ms),
        ("ring_alert_max_ms", country.alert_max_ms),
        ("flash_min_ms", country.flash_ms[0]),
        ("flash_max_ms", country.flash_ms[1]),
    ):
        if getattr(settings, key) == COUNTRY:
            setattr(settings, key, default)


def _check_together(settings: Settings) -> None:
    if settings.flash_min_ms > settings.flash_max_ms:
        raise SettingsError("`flash_min_ms` in [line] exceeds `flash_max_ms`; make it the smaller one")
    if settings.open_loop_min_ms > settings.open_loop_max_ms:
        raise SettingsError("`open_loop_min_ms` in [line] exceeds `open_loop_max_ms`; make it the smaller one")
    if settings.ring_on_ms >= settings.ring_cycle_ms:
        raise SettingsError("`ring_on_ms` in [line] must be shorter than `ring_cycle_ms`")
    if settings.room_channels > 1 and settings.room_device in {settings.line_device, settings.agent_device} - {""}:
        raise SettingsError("`room_channels` in [sound] is 2, so `room_device` needs a sound card of its own")

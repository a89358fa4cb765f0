"""Every setting of a desk unit: one table, checked by name, with a default for everything but who the unit is."""

from thirdring_unit.core.countries import COUNTRIES
from thirdring_unit.core.events import INPUTS

NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
NAME_LENGTH_MAX = 32
TIER_MAX = 9
SHOWN_MAX = 60  # letters of a wrong value that an error repeats
SECOND, HOUR = 1000, 3_600_000

COUNTRY = -1  # a default that the country decides

# Each line: key, default, what is allowed, what it is for. A default of `must` has to be given. Allowed is a range of
# numbers, `name` for a topic level, names from a list, `tiers` for limits by VIP tier, or - for any text and for true
# and false. It is text because a Pico would need three times the memory for the same as tuples.
TABLE = """
[unit]
branch             must              name               the branch: a topic level
id                 must              name               this desk: a topic level
inputs             all               inputs             the inputs that are wired
first_boot         1                 1..1073741824      number of the first start; a replaced disk: above any before
[line]
country            must              countries          whose cadences, tones and flash window apply
ring_cycle_ms      country           1500..15000        length of one ring with its silence, until learned
ring_on_ms         country           200..5000          length of one ring from first to last sound, until learned
ring_alert_max_ms  country           0..2000            a lone first burst up to this carries caller ID; 0: none
ring_min_ms        300               100..1000          shorter bursts alone are no rings
ring_gap_ms        1000              300..1500          bursts closer than this are one ring
ring_hang_ms       80                40..500            the ringing current may pause so long between half-cycles
ring_stuck_ms      10000             5000..60000        no ring sounds so long: the input is stuck
boot_blind_ms      6000              0..15000           rings this soon after the start may not be the first
loop_debounce_ms   15                1..16              shorter changes of the loop are noise; dial pulses make for 17
answer_ms          200               100..500           loop current for so long, without ringing, is off-hook
flash_min_ms       country           30..1500           shortest loop break that is a flash
flash_max_ms       country           50..1500           longest loop break that is a flash
pulse_max_ms       75                0..100             longest break of a dial pulse; 0: nobody dials by pulses
open_loop_min_ms   250               100..2000          shortest open loop that tells that the far end cleared
open_loop_max_ms   900               100..2000          longest open loop that tells that the far end cleared
open_loop          false             -                  the exchange always opens the loop when the far end clears
far_end_tone       true              -                  the exchange always sends busy tone when the far end clears
loop_stuck_ms      14400000          60000..86400000    off-hook for so long is reported as a fault
[hold]
key_press_max_ms   2000              0..60000           hold key: a shorter press latches, a longer one lasts
key_stuck_ms       1800000           60000..86400000    a hold key pressed for so long is reported
flash_holds        true              -                  without an agent's microphone, a flash puts the caller on hold
flash_quiet_ms     2000              500..30000         flash without the agent's voice for so long is a hold
quiet_ms           20000             5000..600000       two-way silence for so long is a hold
voice_ms           500               0..5000            speech for so long ends a hold
limit_ms           60000             1000..3600000      the caller waits no longer than this (R04)
interrupt_ms       500               100..5000          speaking into the caller's words for so long interrupts (R08)
[vip]
tiers              1=600000,2=300000 tiers              VIP tier: waiting limit in milliseconds (R16)
near_percent       80                1..100             the light warns from this share of the limit
long_press_ms      1000              300..10000         a VIP button pressed so long means tier 2
[light]
late_prompt_ms     5000              0..60000           prompt light after a late answer (R03)
return_prompt_ms   5000              0..60000           prompt light after a hold over the limit (R06)
hold_near_percent  75                1..100             prompt light from this share of the hold limit (R04)
rings_limit        3                 1..20              answer within so many rings (R01)
rating_pause_ms    5000              0..60000           rating presses within this are one, the last (R19)
rating_window_ms   120000            0..3600000         a rating belongs to the call that ended no longer ago
[sound]
line_device        ""                -                  sound device on the phone line, by name; empty: none
agent_device       ""                -                  sound device of the agent's microphone; empty: none
room_device        ""                -                  sound device that hears the room; empty: none
sample_hz          8000              8000..16000        rate at which the ears listen
[outbox]
limit_bytes        8000000           20000..1000000000  room for facts that wait for the gateway
window             32                1..1000            facts on their way at the same time
resend_ms          5000              500..600000        without progress for so long, facts are sent again
[link]
host               "127.0.0.1"       -                  the gateway's broker
port               1883              1..65535           the broker's port
secret_file        ""                -                  file with the unit's password; empty: none
ca_file            ""                -                  certificate of the gateway's authority; empty: no TLS
keepalive_ms       15000             5000..600000       the broker takes the unit for lost after 1.5 times this
beat_ms            10000             1000..600000       time between two signs of life
"""
_DEFAULTS: dict[str, object] = {"must": None, "country": COUNTRY, "true": True, "false": False, "all": INPUTS}


def rows() -> "list[tuple[str, str, object, object, str]]":
    """Section, key, default, rule and purpose of every setting, in the order of the table.

    The default's type is the setting's type; None means that it must be given, COUNTRY that the country decides. The
    rule is a pair of numbers, a tuple of names, "name", "tiers", or None.
    """
    found = []
    section = ""
    for line in TABLE.strip().split("\n"):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            key, default, rule, purpose = line.split(None, 3)
            found.append((section, key, _default(default), _rule(rule), purpose))
    return found


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
    names = {"-": None, "inputs": INPUTS, "countries": tuple(sorted(COUNTRIES))}
    return names.get(text, text)


class SettingsError(ValueError):
    """A setting is wrong; the message is one line that names it and says how to mend it."""


class Settings:
    """A unit's settings, each by its key as an attribute (`[unit] id` is `unit`); made by `parse`.

    `given` is the mapping that it was made from: what the gateway pushes goes over it.
    """

    given: "dict[str, dict[str, object]]"
    branch: str
    unit: str
    inputs: tuple[str, ...]
    first_boot: int
    country: str
    ring_cycle_ms: int
    ring_on_ms: int
    ring_alert_max_ms: int
    ring_min_ms: int
    ring_gap_ms: int
    ring_hang_ms: int
    ring_stuck_ms: int
    boot_blind_ms: int
    loop_debounce_ms: int
    answer_ms: int
    flash_min_ms: int
    flash_max_ms: int
    pulse_max_ms: int
    open_loop_min_ms: int
    open_loop_max_ms: int
    open_loop: bool
    far_end_tone: bool
    loop_stuck_ms: int
    key_press_max_ms: int
    key_stuck_ms: int
    flash_holds: bool
    flash_quiet_ms: int
    quiet_ms: int
    voice_ms: int
    limit_ms: int
    interrupt_ms: int
    tiers: dict[int, int]
    near_percent: int
    long_press_ms: int
    late_prompt_ms: int
    return_prompt_ms: int
    hold_near_percent: int
    rings_limit: int
    rating_pause_ms: int
    rating_window_ms: int
    line_device: str
    agent_device: str
    room_device: str
    sample_hz: int
    limit_bytes: int
    window: int
    resend_ms: int
    host: str
    port: int
    secret_file: str
    ca_file: str
    keepalive_ms: int
    beat_ms: int

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that have a sound device."""
        devices = (("agent", self.agent_device), ("line", self.line_device), ("room", self.room_device))
        return tuple(channel for channel, device in devices if device)

    @property
    def can(self) -> tuple[str, ...]:
        """What this installation senses; what is not here is not monitored.

        `rings` and `answers` by wire (`rings` also by ear), `open_loop` when the exchange signals clearing so,
        `tones`/`quiet` with an ear on the line, `turns` (who speaks) with one on the agent too, `level` of the room.
        """
        heard = self.channels
        senses = (
            ("rings", "ring" in self.inputs or "room" in heard),
            ("answers", "loop" in self.inputs),
            ("flash", "loop" in self.inputs),
            ("hold_key", "hold_key" in self.inputs),
            ("open_loop", "loop" in self.inputs and self.open_loop),
            ("tones", "line" in heard),
            ("quiet", "line" in heard),
            ("turns", "line" in heard and "agent" in heard),
            ("greeting", "agent" in heard),
            ("level", "agent" in heard or "room" in heard),
            ("vip", "vip_in" in self.inputs),
            ("ratings", "rate_1" in self.inputs),
        )
        return tuple(name for name, sensed in senses if sensed)


def parse(mapping: object) -> Settings:
    """Settings from a mapping of sections, as read from `unit.toml` or received from the gateway.

    Raises SettingsError with one line that names the wrong key and says how to mend it.
    """
    sections = _sections(mapping)
    settings = Settings()
    settings.given = sections
    for section, key, default, rule, _ in rows():
        value = sections.get(section, {}).get(key, default)
        where = f"`{key}` in [{section}]"
        if value is None:
            raise SettingsError(f"{where} is missing; {_wanted(default, rule)}")
        if value is not default:
            value = _checked(value, default, rule, where)
        setattr(settings, attribute(section, key), value)
    _fill_from_country(settings)
    _check_together(settings)
    return settings


def attribute(section: str, key: str) -> str:
    """Name under which Settings holds a key."""
    return section if key == "id" else key


def _sections(mapping: object) -> "dict[str, dict[str, object]]":
    if not isinstance(mapping, dict):
        raise SettingsError("settings must be sections of keys, such as [unit] and [line]")
    keys = [(section, key) for section, key, _, _, _ in rows()]
    known = []
    for section, _ in keys:
        if section not in known:
            known.append(section)
    for section, content in mapping.items():
        if section not in known:
            raise SettingsError(f"unknown section [{_name(section)}]; {_suggestion(section, known, '[%s]')}")
        if not isinstance(content, dict):
            raise SettingsError(f"[{section}] must be a section of keys")
        for key in content:
            if (section, key) not in keys:
                raise SettingsError(f"unknown key `{_name(key)}` in [{section}]; {_key_suggestion(key, section, keys)}")
    return mapping


def _key_suggestion(key: object, section: str, keys: "list[tuple[str, str]]") -> str:
    for other, name in keys:
        if name == key:
            return f"it belongs in [{other}]"
    return _suggestion(key, [name for home, name in keys if home == section], "`%s`")


def _suggestion(word: object, known: "list[str]", form: str) -> str:
    nearest = min(known, key=lambda name: distance(_name(word), name))
    if distance(_name(word), nearest) <= max(2, len(nearest) // 3):
        return f"did you mean {form % nearest}?"
    return "known are " + ", ".join(form % name for name in known)


def distance(one: str, other: str) -> int:
    """Number of letters to insert, delete or change to make one word the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            change = diagonal + (letter != wanted)
            diagonal, row[j] = row[j], min(change, row[j] + 1, row[j - 1] + 1)
    return row[-1]


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
            raise SettingsError(f"{where} names {name!r}; {_suggestion(name, list(rule), '`%s`')}")
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
    country = COUNTRIES[settings.country]
    defaults = {
        "ring_cycle_ms": country.ring_cycle_ms,
        "ring_on_ms": country.ring_on_ms,
        "ring_alert_max_ms": country.alert_max_ms,
        "flash_min_ms": country.flash_ms[0],
        "flash_max_ms": country.flash_ms[1],
    }
    for key, default in defaults.items():
        if getattr(settings, key) == COUNTRY:
            setattr(settings, key, default)


def _check_together(settings: Settings) -> None:
    if settings.flash_min_ms > settings.flash_max_ms:
        raise SettingsError("`flash_min_ms` in [line] exceeds `flash_max_ms`; make it the smaller one")
    if settings.open_loop_min_ms > settings.open_loop_max_ms:
        raise SettingsError("`open_loop_min_ms` in [line] exceeds `open_loop_max_ms`; make it the smaller one")
    if settings.ring_on_ms >= settings.ring_cycle_ms:
        raise SettingsError("`ring_on_ms` in [line] must be shorter than `ring_cycle_ms`")

"""Help with the settings of a unit: what each is for, and what an unknown name may have meant.

It stands apart from the core because only people need it: a Pico would have to hold it in memory.
"""

from thirdring_unit.core import parsing
from thirdring_unit.core.settings import Settings, SettingsError, UnknownNameError
from thirdring_unit.errors import suggestion

_PURPOSES = {
    "unit": """
branch             the branch: a topic level
id                 this desk: a topic level
inputs             the inputs that are wired
first_boot         number of the first start; a replaced disk: above any before
""",
    "line": """
country            whose cadences, tones and flash window apply
ring_cycle_ms      length of one ring with its silence, until learned
ring_on_ms         length of one ring from first to last sound, until learned
ring_alert_max_ms  a lone first burst up to this carries caller ID; 0: none
ring_min_ms        shorter bursts alone are no rings
ring_gap_ms        bursts closer than this are one ring
ring_hang_ms       the ringing current may pause so long between half-cycles
ring_stuck_ms      no ring sounds so long: the input is stuck
boot_blind_ms      rings this soon after the start may not be the first
loop_debounce_ms   shorter changes of the loop are noise; dial pulses make for 17
answer_ms          loop current for so long, without ringing, is off-hook
flash_min_ms       shortest loop break that is a flash
flash_max_ms       longest loop break that is a flash
pulse_max_ms       longest break of a dial pulse; 0: nobody dials by pulses
open_loop_min_ms   shortest open loop that tells that the far end cleared
open_loop_max_ms   longest open loop that tells that the far end cleared
open_loop          the exchange always opens the loop when the far end clears
far_end_tone       the exchange always sends busy tone when the far end clears
loop_stuck_ms      off-hook for so long is reported as a fault
""",
    "hold": """
key_press_max_ms   hold key: a shorter press latches, a longer one lasts
key_stuck_ms       a hold key pressed for so long is reported
flash_holds        without an agent's microphone, a flash puts the caller on hold
flash_quiet_ms     flash without the agent's voice for so long is a hold
quiet_ms           two-way silence for so long is a hold
voice_ms           the agent's speech for so long ends a hold; on the line it takes a talk, as the ears tell it
limit_ms           the caller waits no longer than this (R04)
interrupt_ms       speaking into the caller's words for so long interrupts (R08)
""",
    "vip": """
tiers              VIP tier: waiting limit in milliseconds (R16)
near_percent       the light warns from this share of the limit
long_press_ms      a VIP button pressed so long means tier 2
""",
    "light": """
late_prompt_ms     prompt light after a late answer (R03)
return_prompt_ms   prompt light after a hold over the limit (R06)
hold_near_percent  prompt light from this share of the hold limit (R04)
rings_limit        answer within so many rings (R01)
rating_pause_ms    rating presses within this are one, the last (R19)
rating_window_ms   a rating belongs to the call that ended no longer ago
""",
    "sound": """
line_device        sound device on the phone line, by name; empty: none
agent_device       sound device of the agent's microphone; empty: none
room_device        sound device that hears the room; empty: none
room_channels      microphones of that device: two side by side tell where a ring comes from
ringer_file        what `thirdring-unit learn-ring` wrote; empty: ringer.json, if it is there
hold_music_file    what `thirdring-unit learn-hold` wrote; empty: hold-music.json, if it is there
sample_hz          rate at which the ears listen
""",
    "pins": """
chip               GPIO controller by number, name or label; empty: the Pi's own
""",
    "outbox": """
limit_bytes        room for facts that wait for the gateway
window             facts on their way at the same time
resend_ms          without progress for so long, facts are sent again
""",
    "link": """
identity_file      what `thirdring-gateway enrol` made for this unit, in its state folder
keepalive_ms       the broker takes the unit for lost after 1.5 times this
beat_ms            time between two signs of life
""",
}


def purposes(section: str) -> dict[str, str]:
    """Return what each key of a section is for, in the order of the core's table."""
    return dict(line.split(None, 1) for line in _PURPOSES[section].strip().splitlines())


def parse(mapping: object) -> Settings:
    """Return the settings that somebody wrote, as the core reads them; of an unknown name it says what may be meant.

    Raises SettingsError with one line that names the wrong key and says how to mend it.
    """
    try:
        return parsing.parse(mapping)
    except UnknownNameError as error:
        raise SettingsError(f"{error}; {_hint(error)}") from error


def _hint(error: UnknownNameError) -> str:
    if error.what == "key":
        homes = [section for section in _PURPOSES if error.name in purposes(section)]
        if homes:
            return f"it belongs in [{homes[0]}]"
    return suggestion(str(error.name), error.known, "[%s]" if error.what == "section" else "`%s`")

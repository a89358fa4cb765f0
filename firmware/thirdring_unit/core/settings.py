"""The settings of a desk unit in force, and what is said when they are wrong; `parsing` makes them."""


class SettingsError(ValueError):
    """A setting is wrong; the message is one line that names it and says how to mend it."""


class UnknownNameError(SettingsError):
    """A `what` ("section", "key" or "input") is called `name`, which is none of `known`."""

    def __init__(self, text: str, what: str, name: object, known: "list[str] | tuple[str, ...]") -> None:
        super().__init__(text)
        self.what = what
        self.name = name
        self.known = known


class Settings:
    """A unit's settings, each by its key as an attribute (`[unit] id` is `unit`); made by `parsing.parse`.

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
    room_channels: int
    ringer_file: str
    hold_music_file: str
    sample_hz: int
    chip: str
    limit_bytes: int
    window: int
    resend_ms: int
    identity_file: str
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

        `rings` and `answers` by wire or by an ear in the room, `open_loop` when the exchange signals clearing so,
        `tones`/`quiet` with an ear on the line, `turns` (who speaks) with one on the agent too, `level` of the room.
        """
        heard = self.channels
        senses = (
            ("rings", "ring" in self.inputs or "room" in heard),
            ("answers", "loop" in self.inputs or "room" in heard),
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

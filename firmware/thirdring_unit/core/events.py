"""What goes into the core and what comes out of it: inputs, signals of the ears, messages, facts.

A fact, before the outbox gives it a number, is the plain tuple `(at_ms, kind, fields)`; see `Fact`.
"""

INPUTS = (
    "ring",
    "loop",
    "hold_key",
    "vip_in",
    "vip_served",
    "vip_left",
    "serve",
    "rate_1",
    "rate_2",
    "rate_3",
    "rate_4",
    "rate_5",
    "resolved",
    "unresolved",
)
"""Names of a desk's inputs, as in `edges.csv` and in the pin tables."""

LINE_INPUTS = ("ring", "loop", "hold_key")
"""The inputs that belong to the phone line; the others are the desk's buttons."""

CHANNELS = ("agent", "line", "room")
"""Where the ears can listen: the agent's microphone, the phone line, the room."""

SIGNALS = ("voice", "talk", "music", "tone", "ring", "level", "fault", "hum")
"""What the ears can tell the core: voice is each spurt of speech, talk the conversation that they make up, which short
pauses, coughs and voices far away leave as it is; a fault makes what is heard worthless, hum does not."""

TONES = ("dial", "busy", "congestion", "ringback", "waiting", "disconnect", "hold", "dtmf")
"""Names of the tones in a `tone` signal."""

TOLD_LATE_MS = 1300
"""The ears tell a beginning or an end at most so late: they wait for the next word."""

TALK_LATE_MS = 3000
"""They tell that talk began so late, if it is no whispering: it takes a few words to be one."""


class Signal:
    """One thing that the ears heard begin or end.

    `what` is one of SIGNALS, `channel` one of CHANNELS, `on` its beginning or its end, `at_ms` when that truly
    happened (back-dated, milliseconds since boot). `detail` is the tone's name, a dict of measures,
    "cut" at the end of a ring that broke off, or None.
    """

    def __init__(
        self, what: str, channel: str, on: bool, at_ms: int, detail: "str | dict[str, object] | None" = None
    ) -> None:
        self.what = what
        self.channel = channel
        self.on = on
        self.at_ms = at_ms
        self.detail = detail

    def __repr__(self) -> str:
        return f"Signal({self.what!r}, {self.channel!r}, {self.on!r}, {self.at_ms!r}, {self.detail!r})"


class Message:
    """One message that the unit wants published.

    `tail` is the topic below `thirdring/1/<branch>/<unit>/`, `payload` its bytes.
    """

    def __init__(self, tail: str, payload: bytes, qos: int = 1, retain: bool = False) -> None:
        self.tail = tail
        self.payload = payload
        self.qos = qos
        self.retain = retain

    def __repr__(self) -> str:
        return f"Message({self.tail!r}, {self.payload!r}, {self.qos!r}, {self.retain!r})"

"""A desk without ears: nothing is heard, nothing is measured. `Voice` hears; what both do is said here."""

from thirdring_unit.core.events import Signal


class Mute:
    """A party of whom nothing is ever heard."""

    enough_ms = 0

    def since(self, from_ms: int, enough_ms: int) -> "tuple[int, int] | None":  # noqa: ARG002 -- see Speech
        """The first talk after a time that adds up to `enough_ms`: `(certain_ms, start_ms)`, or None."""
        return None


_NOBODY = (Mute(), Mute())


class Deaf:
    """What the line asks its ears: the speech of both parties, music, and the measures of one call at a time.

    `music_ms` is since when music or a hold tone plays (None: not now), `music_end_ms` when it last ended.
    """

    music_ms: int | None = None
    music_end_ms = 0

    @property
    def quiet_ms(self) -> int | None:
        """Since when nobody has said more than a word; None while someone speaks, or nobody listens."""
        return None

    @property
    def speeches(self) -> "tuple[Mute, Mute]":
        """The agent's speech and that on the line."""
        return _NOBODY

    def hears(self, channel: str) -> bool:  # noqa: ARG002 -- see Voice
        """Whether a channel is listened to and has not failed in this call."""
        return False

    def hear(self, signal: Signal) -> None:
        """Take a beginning or an end of speech, music, a hold tone or an ear's failure."""

    def begin(self, at_ms: int, *, answered: bool) -> None:
        """A call begins; only a caller is greeted."""

    def pause(self, at_ms: int) -> None:
        """A hold begins: silence in it is no silence of the conversation."""

    def resume(self, at_ms: int) -> None:
        """The hold is over."""

    def finish(self, at_ms: int, left_ms: "int | None" = None) -> "dict[str, object]":  # noqa: ARG002 -- see Voice
        """The call's measures at its end; only those that were sensed. Silence after the caller left is none."""
        return {}

"""A desk without ears: nothing is heard, nothing is measured. `Voice` hears; what both do is said here."""

from thirdring_unit.core.events import Signal


class Deaf:
    """What the line asks its ears: the speech of both parties, music, and the measures of one call at a time."""

    @property
    def music_ms(self) -> int | None:
        """Since when music or a hold tone plays to a caller to whom nobody talks."""
        return None

    @property
    def quiet_ms(self) -> int | None:
        """Since when nobody has said more than a word; None while someone talks, or nobody listens."""
        return None

    def silent_since(self, from_ms: int) -> bool:  # noqa: ARG002 -- see Voice
        """Whether the agent has said nothing since a time."""
        return True

    def returned(self, how: str, since_ms: int) -> "tuple[int, int] | None":  # noqa: ARG002 -- see Voice
        """When a hold that is known so ends by talk: `(certain_ms, at_ms)`, or None."""
        return None

    def back_ms(self, how: str) -> int | None:  # noqa: ARG002 -- see Voice
        """Since when talk on the line may have ended a hold that is known so, while it counts as one still."""
        return None

    def left_ms(self, how: str, at_ms: int) -> int:  # noqa: ARG002 -- see Voice
        """When a hold that is known so ended, if the agent or the end of the call ends it at a time."""
        return at_ms

    def hears(self, channel: str) -> bool:  # noqa: ARG002 -- see Voice
        """Whether a channel is listened to and has not failed in this call."""
        return False

    def hear(self, signal: Signal) -> None:
        """Take a beginning or an end of speech, music, a hold tone or an ear's failure."""

    def begin(self, at_ms: int, *, answered: bool) -> None:
        """A call begins; only a caller is greeted."""

    def wait(self, how: str, at_ms: int) -> None:
        """A hold begins; unless it is known by silence, silence in it is none of the conversation."""

    def resume(self, at_ms: int) -> None:
        """The hold is over."""

    def finish(self, at_ms: int, left_ms: "int | None" = None) -> "dict[str, object]":  # noqa: ARG002 -- see Voice
        """The call's measures at its end; only those that were sensed. Silence after the caller left is none."""
        return {}

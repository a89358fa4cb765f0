"""The desk's buttons: raw edges become presses, freed from bounce, short and long told apart."""

from thirdring_unit.core.debounce import Debounce
from thirdring_unit.core.events import INPUTS, LINE_INPUTS

BUTTONS = tuple([name for name in INPUTS if name not in LINE_INPUTS])
LONG_PRESSED = ("vip_in",)  # a long press of these means something else, so their press is certain only later
STABLE_MS = 25

Press = tuple  # (when it was pressed, name, whether it is a long press)


class _Button:
    """One button; `pressed_ms` is since when a press waits to be told short or long."""

    def __init__(self, name: str, held: bool, long_ms: int) -> None:
        self.name = name
        self.long_ms = long_ms
        self.debounce = Debounce(STABLE_MS, STABLE_MS)
        self.debounce.active = held
        self.pressed_ms: int | None = None

    @property
    def is_at_rest(self) -> bool:
        """Whether it is up and nothing about it is to be told any more."""
        return not self.debounce.active and self.debounce.due_ms is None and self.pressed_ms is None

    def run(self, up_ms: int) -> "list[Press]":
        presses = self._change() if self._is_due(self.debounce.due_ms, up_ms) else []
        if self._is_due(self._long_due_ms(), up_ms):
            presses += self._told(True)
        return presses

    def next_ms(self) -> int | None:
        moments = (self.debounce.due_ms, self._long_due_ms())
        return min([moment for moment in moments if moment is not None], default=None)

    def _change(self) -> "list[Press]":
        since_ms = self.debounce.run()
        if not self.debounce.active:
            return self._told(since_ms - self.pressed_ms >= self.long_ms) if self.pressed_ms is not None else []
        self.pressed_ms = since_ms
        return [] if self.name in LONG_PRESSED else self._told(False)

    def _told(self, is_long: bool) -> "list[Press]":
        press = (self.pressed_ms, self.name, is_long)
        self.pressed_ms = None
        return [press]

    def _long_due_ms(self) -> int | None:
        if self.pressed_ms is None or self.debounce.due_ms is not None:
            return None
        return self.pressed_ms + self.long_ms

    def _is_due(self, moment_ms: int | None, up_ms: int) -> bool:
        return moment_ms is not None and moment_ms <= up_ms


class Buttons:
    """All buttons of a desk; one that is held at the start counts from its next press on."""

    def __init__(self, long_press_ms: int, held: "list[str]") -> None:
        self._long_ms = long_press_ms
        self._moving = {name: _Button(name, True, long_press_ms) for name in held if name in BUTTONS}  # not at rest

    def edge(self, up_ms: int, name: str, active: bool) -> "list[Press]":
        """Take the raw level of a button and return what `run` would; a name that is no button is ignored."""
        presses = self.run(up_ms)
        if name in BUTTONS:
            if name not in self._moving:
                self._moving[name] = _Button(name, False, self._long_ms)
            self._moving[name].debounce.edge(up_ms, active)
        return presses

    def run(self, up_ms: int) -> "list[Press]":
        """Return the presses that are certain by now, in the order in which they were made."""
        presses: list[Press] = []
        for button in list(self._moving.values()):
            presses += button.run(up_ms)
            if button.is_at_rest:
                del self._moving[button.name]
        return sorted(presses)

    def next_ms(self) -> int | None:
        """Return when `run` is needed next."""
        moments = [button.next_ms() for button in self._moving.values()]
        return min([moment for moment in moments if moment is not None], default=None)

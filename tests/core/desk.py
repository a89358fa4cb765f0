"""A desk phone for the core's tests: writes down what happens on a line, then plays it in order to a `Line`."""

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.events import Signal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.settings import Settings


def settings(country: str = "CN", **sections: "dict[str, object]") -> Settings:
    mapping: dict[str, dict[str, object]] = {
        "unit": {"branch": "b12", "id": "desk-07"},
        "line": {"country": country, "boot_blind_ms": 0},
    }
    for section, content in sections.items():
        mapping.setdefault(section, {}).update(content)
    return parse(mapping)


class Wave:
    """The edges of an alternating current, made only when they come, so that a small memory can hold a desk."""

    def __init__(self, name: str, from_ms: int, to_ms: int, hz: int, duty_percent: int) -> None:
        self.name = name
        self.from_ms = from_ms
        self.to_ms = to_ms
        self.hz = hz
        self.duty_percent = duty_percent
        self.edges = 0

    def next_ms(self) -> int:
        part = 1000 * (self.edges // 2) + (10 * self.duty_percent if self.edges % 2 else 0)
        return min(self.from_ms + part // self.hz, self.to_ms)

    def step(self) -> bool:
        """Whether the next edge is a rising one; and go beyond it."""
        rising = self.edges % 2 == 0 and self.next_ms() < self.to_ms
        self.edges += 1
        return rising


class Desk:
    """Everything that happens on one line, written in any order and played by time."""

    def __init__(self, of: "Settings | None" = None) -> None:
        self.settings = of or settings()
        self._waves: list[Wave] = []
        self._steps: list[tuple[int, int, str, bool, Signal | None]] = []

    def edge(self, at_ms: int, name: str, active: bool) -> "Desk":
        self._steps.append((at_ms, len(self._steps), name, active, None))
        return self

    def hear(self, what: str, channel: str, from_ms: int, to_ms: "int | None" = None, detail: object = None) -> "Desk":
        """A sound from one time to another; the ears tell 100 ms late."""
        assert detail is None or isinstance(detail, (str, dict))
        for at_ms, on in ((from_ms, True), (to_ms, False)):
            if at_ms is not None:
                signal = Signal(what, channel, on, at_ms, detail)
                self._steps.append((at_ms + 100, len(self._steps), "", on, signal))
        return self

    def talk(self, channel: str, from_ms: int, to_ms: int) -> "Desk":
        """Somebody talks: on the line, the ears tell that this is a conversation, too."""
        self.hear("voice", channel, from_ms, to_ms)
        return self.hear("talk", channel, from_ms, to_ms) if channel == "line" else self

    def burst(self, from_ms: int, to_ms: int, hz: int = 0) -> "Desk":
        """Ringing: one steady level, or with `hz` an edge for every half-cycle."""
        if hz:
            return self.wave("ring", from_ms, to_ms, hz)
        return self.edge(from_ms, "ring", True).edge(to_ms, "ring", False)

    def wave(self, name: str, from_ms: int, to_ms: int, hz: int, duty_percent: int = 50) -> "Desk":
        """An input that follows an alternating current."""
        self._waves.append(Wave(name, from_ms, to_ms, hz, duty_percent))
        return self

    def ring(self, from_ms: int, times: int, cadence: tuple[int, ...] = (1000, 4000), hz: int = 0) -> "Desk":
        """Whole rings of a cadence (on, off, on, off, ...)."""
        at_ms = from_ms
        for _ in range(times):
            for part, length_ms in enumerate(cadence):
                if part % 2 == 0:
                    self.burst(at_ms, at_ms + length_ms, hz)
                at_ms += length_ms
        return self

    def off_hook(self, from_ms: int, to_ms: "int | None" = None) -> "Desk":
        self.edge(from_ms, "loop", True)
        return self if to_ms is None else self.edge(to_ms, "loop", False)

    def open_loop(self, from_ms: int, length_ms: int) -> "Desk":
        """A break of the loop current: a dial pulse, a flash, a far end that clears."""
        return self.edge(from_ms, "loop", False).edge(from_ms + length_ms, "loop", True)

    def press(self, at_ms: int, length_ms: int = 200) -> "Desk":
        return self.edge(at_ms, "hold_key", True).edge(at_ms + length_ms, "hold_key", False)

    def facts(self, until_ms: int = 0, line: "Line | None" = None) -> "list[tuple[int, str, dict[str, object]]]":
        """Play it all, and then let half a minute pass (or time until `until_ms`)."""
        if line is None:
            line = Line(self.settings)
            line.start(0, [])
        facts: list[tuple[int, str, dict[str, object]]] = []
        end_ms = max([wave.to_ms for wave in self._waves], default=0)
        self._steps.sort(key=_by_time)
        for at_ms, _, name, active, signal in self._steps:
            facts += self._swing(line, at_ms)
            facts += line.edge(at_ms, name, active) if signal is None else line.hear(at_ms, signal)
            end_ms = max(end_ms, at_ms)
        facts += self._swing(line, end_ms + 1)
        return facts + line.tick(max(until_ms, end_ms + 30_000))

    def _swing(self, line: Line, before_ms: int) -> "list[tuple[int, str, dict[str, object]]]":
        """The edges of all waves that come before a time."""
        facts: list[tuple[int, str, dict[str, object]]] = []
        while self._waves:
            wave = min(self._waves, key=Wave.next_ms)
            at_ms = wave.next_ms()
            if at_ms >= before_ms:
                break
            facts += line.edge(at_ms, wave.name, wave.step())
            if at_ms >= wave.to_ms:
                self._waves.remove(wave)
        return facts


def _by_time(step: "tuple[int, int, str, bool, Signal | None]") -> tuple[int, int]:
    return step[:2]


def only(facts: "list[tuple[int, str, dict[str, object]]]", kind: str) -> "tuple[int, str, dict[str, object]]":
    """The one fact of a kind."""
    found = [fact for fact in facts if fact[1] == kind]
    assert len(found) == 1, (kind, facts)
    return found[0]


def kinds(facts: "list[tuple[int, str, dict[str, object]]]") -> "list[str]":
    return [kind for _, kind, _ in facts]

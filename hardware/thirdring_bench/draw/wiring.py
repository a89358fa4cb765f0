"""Wiring pictures of the three installations, in English and Chinese, on A4 sheets."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from thirdring_bench.circuit import Circuit
from thirdring_bench.draw.svg import INK, LINE_SIDE, QUIET, Sheet, framed, wrapped
from thirdring_bench.pins import Pins
from thirdring_bench.targets import PICO_W

LANGUAGES = ("en", "zh")
INSTALLATIONS = ("a", "b", "c")
_BOARD = (72.0, 42.0, 150.0, 72.0)  # left, top, width, height
_WIRE = ("#b3261e", "#1f5fa8", "#2e7d32", "#8e5a00", "#6a1b9a", "#00838f", "#5d4037", "#37474f")
_PITCH = 6.6
_PICO_LEFT_PLACES = 20
_PICO_SUPPLY = {"3V3": 36, "5V": 40, "GND": 38}  # places on the Pico W's edge


class Picture:
    """One wiring sheet in one language."""

    def __init__(self, installation: str, language: str, circuit: Circuit, pins: Pins) -> None:
        words: Mapping[str, Any] = tomllib.loads(
            (files("thirdring_bench") / "data/wiring.toml").read_text(encoding="utf-8")
        )
        self.circuit, self.pins, self.language = circuit, pins, language
        self._own, self._common = words[installation], words["common"]
        self.sheet = framed(
            self._own["title"][language], self._own["subtitle"][language], "Thirdring", self.say("foot")
        )

    def say(self, key: str) -> str:
        """The words of `key` in the picture's language."""
        return str(self._common[key][self.language])

    def board(self, note: str = "") -> None:
        """The board with its outline, its barrier and its name."""
        x, y, width, height = _BOARD
        self.sheet.box(x, y, width, height, fill="#e8f2e8", stroke=0.6, radius=2)
        self.sheet.text(x + width / 2 + 10, y + 22, self.say("board"), size=6, bold=True, anchor="middle")
        self.sheet.text(x + width / 2 + 10, y + 30, note, size=3.4, anchor="middle", colour=QUIET)

    def barrier(self) -> None:
        """The isolation barrier on the board, with the name of either side."""
        x, y, _, height = _BOARD
        self.sheet.box(x, y, 34, height, fill="#fbe9e7", stroke=0, colour="none", radius=2)
        self.sheet.line((x + 34, y), (x + 34, y + height), colour=LINE_SIDE, width=0.7, dash="2.5 1.5")
        self.sheet.text(x + 17, y + height - 4, self.say("line_side"), size=3.2, colour=LINE_SIDE, anchor="middle")
        self.sheet.text(x + 37, y + height - 22, self.say("safe_side"), size=3.2, colour=QUIET)

    def thing(self, x: float, y: float, words: str, *, width: float, height: float = 14, under: str = "") -> None:
        """Something outside the board: a box with its name."""
        self.sheet.box(x, y, width, height, fill="#f4f4f4", radius=1.5)
        middle = y + height / 2 + 1.1
        self.sheet.text(x + width / 2, middle - (2 if under else 0), words, size=3.2, anchor="middle")
        if under:
            self.sheet.text(x + width / 2, middle + 2.8, under, size=2.7, anchor="middle", colour=QUIET)

    def plug(self, ref: str, x: float, y: float, *, names: tuple[str, ...], right: bool = False) -> list[float]:
        """A plug at the board's left or right edge; returns the height of each of its pins."""
        height = 5.0 * len(names)
        self.sheet.box(x, y, 9, height, fill="#d7e3f4", radius=0.8)
        heights = [y + 2.5 + 5 * number for number in range(len(names))]
        for at, name in zip(heights, names, strict=True):
            self.sheet.disc(x + 4.5, at, 1.3, fill="#ffffff")
            self.sheet.text(
                x - 1.5 if right else x + 10.5, at + 1.1, name, size=2.6, anchor="end" if right else "start"
            )
        where = (x - 21, y + height / 2 + 1.2) if right else (x + 4.5, y - 1.2)
        self.sheet.text(*where, ref, size=3.4, bold=True, anchor="middle")
        return heights

    def telephone(self) -> None:
        """Socket to J1 and phone to J2."""
        left = _BOARD[0]
        for ref, y, key in (("J1", 52.0, "socket"), ("J2", 78.0, "phone")):
            heights = self.plug(ref, left + 1, y, names=("A", "B"))
            self.thing(13, y - 2, self.say(key), width=38, under=self.say("any_way") if ref == "J1" else "")
            for at in heights:
                self.sheet.line((51, at), (left + 5.5, at), colour=LINE_SIDE, width=0.7)

    def lights(self) -> None:
        """Supply, beacon and LEDs at the right edge."""
        right = _BOARD[0] + _BOARD[2]
        leds = tuple(self._common["led_pins"][self.language])
        for ref, y, key, names in (
            ("J6", 58.0, "supply", ("+12 V", "GND")),
            ("J7", 71.0, "beacon", ("+", "–")),
            ("J8", 84.0, "leds", leds),
        ):
            heights = self.plug(ref, right - 10, y, names=names, right=True)
            height = 5.5 * len(heights)
            self.thing(236, (heights[0] + heights[-1] - height) / 2, self.say(key), width=48, height=height)
            for number, at in enumerate(heights):
                self.sheet.line((right - 5.5, at), (236, at), colour=(_WIRE[0], INK)[number % 2], width=0.6)

    def sound(self, key: str) -> None:
        """The sound card: fed by the board's J3, or by a microphone."""
        right = _BOARD[0] + _BOARD[2]
        self.thing(236, 39, self.say("sound"), width=48, under=self.say("to_usb"))
        if key == "J3":
            (tip, _) = self.plug("J3", right - 10, 45.5, names=(self.say("sound_pin"), "GND"), right=True)
            self.sheet.line((right - 5.5, tip), (236, tip), colour=_WIRE[2], width=0.9)
        else:
            self.sheet.disc(60, 104, 3, fill="#cfd8dc")
            self.sheet.line((60, 101), (60, 36), (228, 36), (228, 46), (236, 46), colour=_WIRE[2], width=0.9)
            for number, part in enumerate(wrapped(self.say(key), 50, 3)):
                self.sheet.text(13, 111 + 4 * number, part, size=3)

    def buttons(self, *, hook: bool) -> None:
        """J4 and J5 with a button below each input, and the common wire."""
        by_name = {pin.name: pin for pin in self.pins.inputs}
        bottom = _BOARD[1] + _BOARD[3]
        common = bottom + 17
        xs = []
        for ref, left in (("J4", 109.0), ("J5", 164.0)):
            self.sheet.box(left, bottom - 9, 8 * _PITCH, 9, fill="#d7e3f4", radius=0.8)
            self.sheet.text(left + 1, bottom - 10.5, ref, size=3.4, bold=True)
            for number, net in enumerate(self.circuit[ref].nets):
                x = left + _PITCH * (number + 0.5)
                self.sheet.disc(x, bottom - 4.5, 1.3, fill="#ffffff")
                self.sheet.text(x, bottom - 6.6, str(number + 1), size=2.2, anchor="middle", colour=QUIET)
                if net == "GND":
                    self.sheet.line((x, bottom - 4.5), (x, common), width=0.8)
                    self.sheet.text(x, bottom + 4, "GND", size=2.2, anchor="middle", colour=QUIET)
                    xs.append(x)
                elif net != "HOOK_T":
                    pin = by_name[net.removesuffix("_T").lower()]
                    self._button(x, bottom, common, pin.zh if self.language == "zh" else pin.en, _WIRE[number % 8])
                    xs.append(x)
                elif hook:
                    self._hook_switch(x, bottom, common)
                    xs.append(x)
        self.sheet.line((min(xs), common), (max(xs), common), width=0.8)
        self.sheet.text(79, 189, self.say("buttons"), size=2.8, colour=QUIET)

    def _button(self, x: float, bottom: float, common: float, words: str, colour: str) -> None:
        self.sheet.line((x, bottom - 4.5), (x, bottom + 8), colour=colour, width=0.6)
        self.sheet.disc(x, bottom + 10.5, 2.5, fill="#eeeeee")
        self.sheet.line((x, bottom + 13), (x, common), width=0.6)
        self.sheet.slanted(x - 1, common + 4, words, size=2.9)

    def _hook_switch(self, x: float, bottom: float, common: float) -> None:
        self.sheet.line((x, bottom - 4.5), (x, bottom + 8), colour=_WIRE[1], width=0.9)
        self.sheet.box(x - 3, bottom + 8, 6, 5, fill="#ffe082")
        self.sheet.line((x, bottom + 13), (x, common), width=0.6)
        self.sheet.line((x - 3, bottom + 10.5), (62, bottom + 10.5), colour=QUIET, width=0.25)
        for number, part in enumerate(wrapped(self.say("hook_switch"), 50, 3)):
            self.sheet.text(13, bottom + 10 + 4 * number, part, size=3)

    def steps(self) -> None:
        """What to do, in order, and what to beware of."""
        y = 121.0
        self.sheet.text(230, y, self.say("steps"), size=4, bold=True)
        y += 5.5
        for number, step in enumerate(self._own["steps"][self.language], start=1):
            lines = wrapped(step, 49, 2.9)
            self.sheet.text(230, y, f"{number}.", size=3, bold=True)
            y = self.sheet.paragraph(235, y, lines, size=2.9) + 0.8

    def warnings(self) -> None:
        """The safety box."""
        self.sheet.box(12, 137, 57, 53, fill="#fff3e0", colour=LINE_SIDE, stroke=0.6, radius=2)
        self.sheet.text(15, 143, self.say("danger"), size=4, bold=True, colour=LINE_SIDE)
        y = 148.5
        for warning in self._common["warnings"][self.language]:
            y = self.sheet.paragraph(15, y, wrapped(warning, 51, 2.7), size=2.7) + 0.6

    def pico(self) -> None:
        """The Pico W and its seven wires, with a table."""
        self.sheet.text(78, 122.5, "J10", size=3.6, bold=True)
        self.sheet.text(87, 122.5, self.say("on_board"), size=3.2, colour=QUIET)
        self.sheet.box(78, 125, 9, 7 * 8, fill="#d7e3f4", radius=0.8)
        self.sheet.box(170, 124, 24, 60, fill="#e3f2fd", stroke=0.6, radius=2)
        self.sheet.box(178, 121, 8, 6, fill="#cfd8dc")
        self.sheet.text(182, 119, self.say("pico"), size=3.2, anchor="middle")
        by_net = {pin.name.upper(): pin for pin in self.pins}
        for number, net in enumerate(self.circuit["J10"].nets):
            y = 129 + 8 * number
            place = _PICO_SUPPLY.get(net) or by_net[net].place(PICO_W)
            name = net if net in _PICO_SUPPLY else f"GP{by_net[net].pico}"
            left_edge = place <= _PICO_LEFT_PLACES
            pad_y = 126 + 2.9 * ((place - 1) if left_edge else (40 - place))
            pad_x = 172 if left_edge else 192
            self.sheet.disc(82.5, y, 1.3, fill="#ffffff")
            self.sheet.text(90, y - 1, net, size=3)
            self.sheet.disc(pad_x, pad_y, 1.1, fill="#ffd54f")
            self._pico_wire(place, y, (pad_x, pad_y), number)
            self.sheet.text(
                pad_x + (3 if left_edge else -3),
                pad_y + 1,
                f"{place}",
                size=2.5,
                anchor="start" if left_edge else "end",
            )
            self.sheet.text(120, y - 1, f"→ {place}  ({name})", size=3, bold=True)

    def _pico_wire(self, place: int, y: float, pad: tuple[float, float], number: int) -> None:
        pad_x, pad_y = pad
        bend = 150 + 2.2 * number
        if place <= _PICO_LEFT_PLACES:
            path = [(82.5, y), (bend, y), (bend, pad_y), (pad_x, pad_y)]
        else:
            around = 185.8 + 1.6 * number
            path = [
                (82.5, y),
                (bend, y),
                (bend, around),
                (198 + 2 * number, around),
                (198 + 2 * number, pad_y),
                (pad_x, pad_y),
            ]
        self.sheet.line(*path, colour=_WIRE[number], width=0.6)


def wiring_sheets(circuit: Circuit, pins: Pins) -> Iterator[tuple[str, Sheet]]:
    """Every installation in every language: file name and page."""
    for installation in INSTALLATIONS:
        for language in LANGUAGES:
            picture = Picture(installation, language, circuit, pins)
            _COMPOSE[installation](picture)
            picture.warnings()
            picture.steps()
            yield f"wiring-{installation}.{language}", picture.sheet


def _installation_a(picture: Picture) -> None:
    picture.board(picture.say("pi_below"))
    picture.barrier()
    picture.telephone()
    picture.sound("J3")
    picture.lights()
    picture.buttons(hook=False)


def _installation_b(picture: Picture) -> None:
    picture.board(picture.say("pi_below"))
    picture.sheet.text(157, 79, picture.say("left_off"), size=3.4, anchor="middle", colour=QUIET)
    picture.thing(13, 84, picture.say("phone"), width=38)
    picture.sound("microphone")
    picture.lights()
    picture.buttons(hook=True)


def _installation_c(picture: Picture) -> None:
    picture.board()
    picture.barrier()
    picture.telephone()
    picture.lights()
    picture.pico()


_COMPOSE = {"a": _installation_a, "b": _installation_b, "c": _installation_c}

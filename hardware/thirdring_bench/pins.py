"""pins.toml: read it, refuse what cannot be wired, and make from it what each runtime needs."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from thirdring_bench.errors import BenchError
from thirdring_bench.targets import PICO_W, TARGETS, Target

DEBOUNCE_MS_MAX = 200
_INPUT_KEYS = {"pi", "pico", "active", "pull", "debounce_ms", "en", "zh"}
_LIGHT_KEYS = {"pi", "pico", "active", "en", "zh"}


@dataclass(frozen=True, slots=True)
class Pin:
    """One input or light: its numbers on both computers, the level that means "active", and its names.

    `pull` is the resistor inside the computer ("up", "down", "none"); a light has "none".
    """

    name: str
    pi: int
    pico: int
    active_high: bool
    pull: str
    debounce_ms: int
    en: str
    zh: str

    def number(self, target: Target) -> int:
        """The pin's number in the numbering of `target` (BCM or GP)."""
        return self.pi if target.key == "pi" else self.pico

    def place(self, target: Target) -> int:
        """Where the pin is on the connector of `target`, counted as its maker prints it."""
        return target.places[self.number(target)]


@dataclass(frozen=True, slots=True)
class Pins:
    """All inputs and lights of a desk unit, in the order of the file."""

    inputs: tuple[Pin, ...]
    lights: tuple[Pin, ...]

    def __iter__(self) -> Iterator[Pin]:
        return iter(self.inputs + self.lights)


def load_pins(path: Path | None = None) -> Pins:
    """Read and check pins.toml (the shipped one by default).

    Raises:
        BenchError: the file cannot be read, has an unknown key, or asks for pins that conflict or do not exist.
    """
    source = path or files("thirdring_bench") / "data/pins.toml"
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(f"{source}: {error.strerror}; give the path of a pins.toml") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchError(f"{source}: cannot be read as TOML: {error}") from None
    return parse_pins(data)


def parse_pins(data: Mapping[str, Any]) -> Pins:
    """Check the tables of pins.toml; raises BenchError with one line that names the input or light and the remedy."""
    if unknown := sorted(data.keys() - {"inputs", "lights"}):
        raise BenchError(f"pins.toml: unknown table [{unknown[0]}]; there are [inputs] and [lights]")
    pins = Pins(
        inputs=tuple(_pin(name, row, _INPUT_KEYS) for name, row in _table(data, "inputs").items()),
        lights=tuple(_pin(name, row, _LIGHT_KEYS) for name, row in _table(data, "lights").items()),
    )
    for pin in pins.inputs:
        if pin.pull == ("up" if pin.active_high else "down"):
            raise BenchError(f"pins.toml: {pin.name}: pull = {pin.pull!r} holds it active with nothing wired to it")
    for target in TARGETS:
        _refuse_conflicts(pins, target)
    return pins


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    rows = data.get(name)
    if not isinstance(rows, dict) or not rows:
        raise BenchError(f"pins.toml: table [{name}] is missing or empty")
    return rows


def _pin(name: str, row: object, keys: set[str]) -> Pin:
    if not isinstance(row, dict):
        raise BenchError(f"pins.toml: {name} must be a table with {', '.join(sorted(keys))}")
    if wrong := sorted(keys ^ row.keys()):
        word = "unknown" if wrong[0] in row else "missing"
        raise BenchError(f"pins.toml: {name}: {word} key `{wrong[0]}`; it needs {', '.join(sorted(keys))}")
    return Pin(
        name=name,
        pi=_whole(name, row, "pi", 99),
        pico=_whole(name, row, "pico", 99),
        active_high=_choice(name, row, "active", ("low", "high")) == "high",
        pull=_choice(name, row, "pull", ("up", "down", "none")) if "pull" in keys else "none",
        debounce_ms=_whole(name, row, "debounce_ms", DEBOUNCE_MS_MAX) if "debounce_ms" in keys else 0,
        en=_words(name, row, "en"),
        zh=_words(name, row, "zh"),
    )


def _whole(name: str, row: Mapping[str, Any], key: str, highest: int) -> int:
    value = row[key]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
        raise BenchError(f"pins.toml: {name}: {key} = {value!r} must be a whole number from 0 to {highest}")
    return value


def _choice(name: str, row: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = row[key]
    if value not in choices:
        raise BenchError(f"pins.toml: {name}: {key} = {value!r} must be one of {', '.join(choices)}")
    return str(value)


def _words(name: str, row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise BenchError(f"pins.toml: {name}: {key} must say in words what the pin is")
    return value


def _refuse_conflicts(pins: Pins, target: Target) -> None:
    owners: dict[int, str] = {}
    for pin in pins:
        number = pin.number(target)
        where = f"pins.toml: {pin.name}: {target.key} = {number}"
        if number in target.taken:
            raise BenchError(f"{where} belongs to {target.taken[number]} of the {target.name}; choose a free pin")
        if number not in target.places:
            raise BenchError(f"{where} is not on the connector of the {target.name}")
        if number in owners:
            raise BenchError(f"{where} is already used by {owners[number]}; choose a free pin")
        owners[number] = pin.name
    for light in pins.lights:
        if light.active_high and light.number(target) in target.high_at_reset:
            raise BenchError(
                f"pins.toml: {light.name}: {target.key} = {light.number(target)} is pulled up while the {target.name} "
                "starts, so the light would flash; choose BCM 9 or higher"
            )


def gpiozero_settings(pins: Pins) -> dict[str, dict[str, int | bool | None]]:
    """Arguments of `gpiozero.DigitalInputDevice` and `DigitalOutputDevice` per name.

    Bounces are left to the core (`bounce_time` None): the library's own debounce drops edges.
    """
    settings: dict[str, dict[str, int | bool | None]] = {}
    for pin in pins.inputs:
        pull = {"up": True, "down": False, "none": None}[pin.pull]
        settings[pin.name] = {
            "pin": pin.pi,
            "pull_up": pull,
            "active_state": pin.active_high if pull is None else None,
            "bounce_time": None,
        }
    for light in pins.lights:
        settings[light.name] = {"pin": light.pi, "active_high": light.active_high, "initial_value": False}
    return settings


def pi_module(pins: Pins) -> str:
    """The source of the Raspberry Pi's pin module, in the words of gpiozero's pins.

    INPUTS: name to (BCM number, level that means active, pull); LIGHTS: name to (BCM number, level that lights it).
    """
    inputs = "".join(
        f'    "{pin.name}": ({pin.pi}, {pin.active_high}, "{pin.pull.replace("none", "floating")}"),\n'
        for pin in pins.inputs
    )
    lights = "".join(f'    "{light.name}": ({light.pi}, {light.active_high}),\n' for light in pins.lights)
    return (
        '"""Pins of a desk unit on a Raspberry Pi; made by `make docs` from pins.toml, do not edit."""\n\n'
        f"INPUTS = {{\n{inputs}}}\n\nLIGHTS = {{\n{lights}}}\n"
    )


def pico_module(pins: Pins) -> str:
    """The source of the Pico's pin module: plain tuples that MicroPython imports in a few hundred bytes of heap.

    INPUTS rows are (name, GP number, active level, pull, debounce_ms); LIGHTS rows are (name, GP number, active level).
    """
    inputs = "".join(
        f'    ("{pin.name}", {pin.number(PICO_W)}, {int(pin.active_high)}, "{pin.pull}", {pin.debounce_ms}),\n'
        for pin in pins.inputs
    )
    lights = "".join(
        f'    ("{light.name}", {light.number(PICO_W)}, {int(light.active_high)}),\n' for light in pins.lights
    )
    return (
        '"""Pins of a desk unit on a Pico W; made by `make docs` from pins.toml, do not edit."""\n\n'
        f"INPUTS = (\n{inputs})\n\nLIGHTS = (\n{lights})\n"
    )

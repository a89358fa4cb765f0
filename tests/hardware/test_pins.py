"""pins.toml: one truth, no impossible wiring, and what is made from it works on the real libraries."""

import copy
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import Device, DigitalInputDevice, DigitalOutputDevice
from gpiozero.pins.mock import MockFactory
from thirdring_bench.errors import BenchError
from thirdring_bench.pins import gpiozero_settings, load_pins, parse_pins, pico_module
from thirdring_bench.targets import PI, PICO_W
from thirdring_unit.core.events import INPUTS

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "hardware/thirdring_bench/data/pins.toml"


@pytest.fixture
def table() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


@pytest.fixture
def mock_pins() -> Iterator[MockFactory]:
    before = Device.pin_factory
    Device.pin_factory = MockFactory()
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


def test_the_shipped_pins_have_every_input_and_light_of_the_contract() -> None:
    pins = load_pins()
    assert tuple(pin.name for pin in pins.inputs) == INPUTS
    assert [pin.name for pin in pins.lights] == ["vip", "prompt"]


def test_an_unwired_input_is_never_active() -> None:
    for pin in load_pins().inputs:
        assert not pin.active_high
        assert pin.pull == "up"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("inputs", "serve", "pi"), 17, "serve: pi = 17 is already used by ring"),
        (("inputs", "serve", "pi"), 3, "the I2C bus of a clock module"),
        (("inputs", "serve", "pi"), 44, "not on the connector of the Raspberry Pi"),
        (("inputs", "serve", "pico"), 23, "the wireless chip of the Pico W"),
        (("inputs", "serve", "pico"), 2, "already used by ring"),
        (("lights", "vip", "pi"), 2, "the I2C bus"),
        (("inputs", "serve", "pi"), "4", "must be a whole number"),
        (("inputs", "serve", "pi"), True, "must be a whole number"),
        (("inputs", "serve", "debounce_ms"), 5000, "from 0 to 200"),
        (("inputs", "serve", "active"), "hi", "must be one of low, high"),
        (("inputs", "serve", "pull"), "down", "holds it active with nothing wired"),
        (("inputs", "serve", "zh"), " ", "must say in words"),
    ],
)
def test_wiring_that_cannot_be_is_refused_with_the_reason(
    table: dict[str, Any], path: tuple[str, str, str], value: object, says: str
) -> None:
    table[path[0]][path[1]][path[2]] = value
    with pytest.raises(BenchError, match=says) as caught:
        parse_pins(table)
    assert "\n" not in str(caught.value)


def test_a_light_that_would_flash_while_the_pi_starts_is_refused(table: dict[str, Any]) -> None:
    table["inputs"]["rate_1"]["pi"], table["lights"]["vip"]["pi"] = 12, 5
    with pytest.raises(BenchError, match="vip: pi = 5 is pulled up while the Raspberry Pi starts"):
        parse_pins(table)


def test_a_misspelt_or_missing_key_is_named(table: dict[str, Any]) -> None:
    del table["inputs"]["ring"]["pull"]
    with pytest.raises(BenchError, match="ring: missing key `pull`"):
        parse_pins(table)
    table["inputs"]["ring"] |= {"pull": "up", "pul": "up"}
    with pytest.raises(BenchError, match="ring: unknown key `pul`"):
        parse_pins(table)
    with pytest.raises(BenchError, match=r"unknown table \[input\]"):
        parse_pins({"input": {}})


def test_a_file_that_is_no_toml_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "pins.toml").write_bytes(b"\xff\xfe[inputs")
    with pytest.raises(BenchError, match=r"pins\.toml: cannot be read as TOML"):
        load_pins(tmp_path / "pins.toml")


def test_gpiozero_reads_a_grounded_input_as_active_and_an_open_one_as_idle(mock_pins: MockFactory) -> None:
    pins = load_pins()
    settings = gpiozero_settings(pins)
    for pin in pins.inputs:
        with DigitalInputDevice(**settings[pin.name]) as device:
            assert not device.is_active, pin.name
            mock_pins.pin(pin.pi).drive_low()
            assert device.is_active, pin.name
    for light in pins.lights:
        with DigitalOutputDevice(**settings[light.name]) as device:
            assert not mock_pins.pin(light.pi).state
            device.on()
            assert mock_pins.pin(light.pi).state


def test_the_pico_module_says_the_same_in_micropython(tmp_path: Path) -> None:
    pins = load_pins()
    (tmp_path / "pins.py").write_text(pico_module(pins), encoding="utf-8")
    script = "import pins\nfor row in pins.INPUTS + pins.LIGHTS: print(*row)"
    interpreter = ROOT / ".venv/bin/micropython"
    done = subprocess.run([interpreter, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    inputs = [[pin.name, str(pin.pico), "0", pin.pull, str(pin.debounce_ms)] for pin in pins.inputs]
    lights = [[light.name, str(light.pico), "1"] for light in pins.lights]
    assert rows == inputs + lights


def test_places_on_the_connectors_are_those_their_makers_print() -> None:
    by_name = {pin.name: pin for pin in load_pins()}
    assert by_name["ring"].place(PI) == 11  # BCM 17
    assert by_name["vip"].place(PI) == 32  # BCM 12
    assert by_name["ring"].place(PICO_W) == 4  # GP2
    assert by_name["resolved"].place(PICO_W) == 24  # GP18
    assert len(set(PI.places.values())) == len(PI.places) == 28
    assert len(set(PICO_W.places.values())) == len(PICO_W.places) == 26

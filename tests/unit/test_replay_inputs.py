"""`thirdring-unit replay` with inputs that cannot be used: one line that says how to mend it, status 2, no output."""

import re
import wave
from pathlib import Path

import pytest
from thirdring_unit.identity import Identity, write

from tests.unit.conftest import Command, Run

EDGES = "at_ms,input,active\n1000,ring,1\n2000,ring,0\n"
CONFIG = '[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\n'


def refused(run: Run, *says: str) -> None:
    """The run ended as every mistake of the user ends."""
    assert run.status == 2, run.stderr
    assert run.stdout == ""
    assert re.fullmatch(r"thirdring-unit: [^\n]+\n", run.stderr), run.stderr
    for word in says:
        assert word in run.stderr, run.stderr


@pytest.fixture
def edges(tmp_path: Path) -> Path:
    path = tmp_path / "edges.csv"
    path.write_text(EDGES)
    return path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", ("is empty", "at_ms,input,active")),
        ("time,input,active\n", ("begins with 'time,input,active'", "at_ms,input,active")),
        (EDGES + "3000,rign,1\n", ("line 4", "'rign' is no input", "did you mean `ring`?")),
        (EDGES + "3.5,ring,1\n", ("line 4", "at_ms is '3.5'", "whole milliseconds")),
        (EDGES + "-3,ring,1\n", ("line 4", "at_ms is '-3'", "whole milliseconds")),
        (EDGES + "٣,ring,1\n", ("line 4", "whole milliseconds")),
        (EDGES + "9" * 30 + ",ring,1\n", ("line 4", "beyond 31 days")),
        (EDGES + "2678400001,ring,1\n", ("line 4", "2678400001 ms is beyond 31 days")),
        (EDGES + "1500,ring,1\n", ("line 4", "1500 ms is before 2000 ms", "sort")),
        (EDGES + "3000,ring,2\n", ("line 4", "active is '2'", "write 1 or 0")),
        (EDGES + "3000,ring\n", ("line 4", "not three fields")),
        (EDGES + "3000,ring,1,1\n", ("line 4", "not three fields")),
        (EDGES + "x" * 5_000, ("line 4", "not three fields")),
    ],
)
def test_a_bad_line_of_edges_is_named_with_its_number_and_the_remedy(
    thirdring_unit: Command, edges: Path, tmp_path: Path, content: str, says: tuple[str, ...]
) -> None:
    edges.write_text(content)
    out = tmp_path / "facts.jsonl"
    refused(thirdring_unit("replay", "--edges", edges, "--facts", out), "edges.csv", *says)
    assert [path.name for path in tmp_path.iterdir()] == ["edges.csv"]  # not even a hidden file is left


def test_an_old_output_stays_as_it_was_when_an_input_is_wrong(
    thirdring_unit: Command, edges: Path, tmp_path: Path
) -> None:
    edges.write_text(EDGES + "3000,nothing,1\n")
    out = tmp_path / "facts.jsonl"
    out.write_text("old\n")
    refused(thirdring_unit("replay", "--edges", edges, "--facts", out))
    assert out.read_text() == "old\n"


def test_binary_garbage_is_no_edge_file(thirdring_unit: Command, edges: Path) -> None:
    edges.write_bytes(bytes(range(256)) * 10)
    refused(thirdring_unit("replay", "--edges", edges), "edges.csv", "UTF-8")


@pytest.mark.parametrize("option", ["--edges", "--line", "--agent", "--room", "--config"])
def test_a_missing_file_is_named(thirdring_unit: Command, edges: Path, option: str) -> None:
    others = () if option == "--edges" else ("--edges", edges)
    refused(thirdring_unit("replay", option, edges.parent / "gone", *others), "gone")


def test_a_folder_is_no_file(thirdring_unit: Command, tmp_path: Path) -> None:
    refused(thirdring_unit("replay", "--edges", tmp_path), str(tmp_path), "folder")


def wav(path: Path, rate_hz: int = 8_000, seconds: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", "not compressed"))
        file.writeframes(bytes(2 * rate_hz * seconds))
    return path


@pytest.mark.parametrize("channel", ["--line", "--agent", "--room"])
def test_sound_that_cannot_be_heard_is_refused(thirdring_unit: Command, tmp_path: Path, channel: str) -> None:
    good = wav(tmp_path / "good.wav").read_bytes()
    bad = tmp_path / "bad.wav"
    for content, says in {
        b"": "WAV",
        b"garbage " * 100: "WAV",
        good[:30]: "cut off",
        good[:8_000]: "cut off",
        good.replace(b"WAVEfmt ", b"WAVEfmt\0", 1): "bad.wav",
    }.items():
        bad.write_bytes(content)
        refused(thirdring_unit("replay", channel, bad), "bad.wav", says)
    wav(bad, rate_hz=12_345)
    refused(thirdring_unit("replay", channel, bad), "bad.wav", "12345 Hz")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (CONFIG + 'contry = "CN"\n', ("`contry`", "[line]", "did you mean `country`?")),
        (CONFIG.replace('"CN"', '"XX"'), ("`country`", "'XX'")),
        (CONFIG.replace('id = "desk-07"\n', ""), ("`id`", "[unit]", "missing")),
        (CONFIG + "[lien]\n", ("[lien]", "did you mean [line]?")),
        (CONFIG + "[vip\n", ("TOML", "line 6")),
        ("line = 3\n", ("[line]",)),
        ("", ("missing",)),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(
    thirdring_unit: Command, edges: Path, tmp_path: Path, content: str, says: tuple[str, ...]
) -> None:
    config = tmp_path / "unit.toml"
    config.write_text(content)
    refused(thirdring_unit("replay", "--config", config, "--edges", edges), "unit.toml", *says)


@pytest.mark.parametrize("start", ["yesterday", "2026-13-02T09:00:00+08:00", "2026-11-02T09:00:00", "2026-11-02"])
def test_a_start_without_a_date_or_an_offset_is_refused(thirdring_unit: Command, edges: Path, start: str) -> None:
    refused(thirdring_unit("replay", "--edges", edges, "--start", start), start, "2026-11-02T09:00:00+08:00")


def test_an_output_that_cannot_be_written_is_named(thirdring_unit: Command, edges: Path, tmp_path: Path) -> None:
    refused(thirdring_unit("replay", "--edges", edges, "--facts", tmp_path / "no" / "facts.jsonl"), "facts.jsonl")
    refused(thirdring_unit("replay", "--edges", edges, "--facts", tmp_path), str(tmp_path))
    refused(thirdring_unit("replay", "--edges", edges, "--facts", "/dev/full"), "No space left on device")


def test_nothing_to_replay_and_unknown_options_are_answered_in_one_line(thirdring_unit: Command, edges: Path) -> None:
    refused(thirdring_unit("replay"), "--edges")
    refused(thirdring_unit("replay", "--edge", edges), "--edge")
    refused(thirdring_unit("reply"), "reply")
    refused(thirdring_unit(), "command")


def test_a_scenario_an_identity_or_a_folder_that_is_wrong_is_refused(thirdring_unit: Command, tmp_path: Path) -> None:
    state = tmp_path / "state"
    refused(thirdring_unit("simulate", "--state", state), "--scenario")
    refused(thirdring_unit("simulate", "--seed", "1", "--state", state, "--identity", tmp_path / "no.json"), "no.json")
    refused(thirdring_unit("simulate", "--scenario", tmp_path / "gone.toml", "--state", state), "gone.toml")
    identity = tmp_path / "identity.json"
    write(identity, Identity("b12", "desk-01", "127.0.0.1", 1883, password="word"))
    refused(thirdring_unit("simulate", "--seed", "1", "--state", "/proc/nothing", "--identity", identity), "/proc/no")
    refused(thirdring_unit("render", "--seed", "1", "--out", "/proc/nothing"), "/proc/nothing")

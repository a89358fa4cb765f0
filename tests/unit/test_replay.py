"""`thirdring-unit replay`: hand-written edges to the facts that the rules demand."""

import json
import wave
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from thirdring_unit import edgefile
from thirdring_unit.replay import replay, settings_for
from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.edges import edges
from thirdring_unit.sim.sound import frames
from thirdring_unit.sim.story import Call, Scenario

from tests.unit.conftest import Command

EDGES = "at_ms,input,active\n1000,ring,1\n2000,ring,0\n"

Fact = dict[str, Any]
Replay = Callable[[str], list[Fact]]


@pytest.fixture
def facts_of(tmp_path: Path) -> Replay:
    """Replay the lines of an edges.csv on a Chinese line."""

    def run(lines: str) -> list[Fact]:
        path = tmp_path / "edges.csv"
        path.write_text("at_ms,input,active\n" + lines)
        written: list[bytes] = []
        replay(settings_for(None, path, {}), path, {}, written.append)
        return [json.loads(line) for line in written]

    return run


def rings(*starts_ms: int) -> str:
    return "".join(f"{at_ms},ring,1\n{at_ms + 1_000},ring,0\n" for at_ms in starts_ms)


def plain(facts: list[Fact], *kinds: str) -> list[Fact]:
    """Facts of some kinds without what every fact has."""
    common = {"v", "branch", "unit", "boot", "seq"}
    return [{key: fact[key] for key in fact if key not in common} for fact in facts if fact["kind"] in kinds]


def test_a_call_answered_after_two_rings_is_told_from_ring_to_end(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000, 6_000) + "8500,loop,1\n38500,loop,0\n")
    assert [fact["kind"] for fact in facts] == ["boot", "ring", "ring", "answered", "ended"]
    (answered,) = plain(facts, "answered")
    assert answered == {
        "up_ms": 8_500, "kind": "answered", "call": 1, "rings": 2, "rings_completed": 2, "wait_ms": 7_500,
    }  # fmt: skip
    (ended,) = plain(facts, "ended")
    assert (ended["up_ms"], ended["talk_ms"], ended["held_ms"]) == (38_500, 30_000, 0)
    assert "greeting_ms" not in ended  # without ears it is not monitored


def test_a_call_answered_in_the_pause_after_the_third_ring_counts_three(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000, 6_000, 11_000) + "15900,loop,1\n20000,loop,0\n")
    assert [fact["rings"] for fact in plain(facts, "answered")] == [3]


def test_a_call_answered_while_the_fourth_ring_sounds_counts_four(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000, 6_000, 11_000) + "16000,ring,1\n16500,ring,0\n16500,loop,1\n20000,loop,0\n")
    assert [fact["rings"] for fact in plain(facts, "answered")] == [4]


def test_a_call_that_nobody_answers_is_missed_once_the_next_ring_fails_to_come(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000, 6_000))
    (missed,) = plain(facts, "missed")
    assert (missed["rings"], missed["wait_ms"]) == (2, 6_000)


def test_a_call_that_is_still_going_on_at_the_end_has_no_end(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000) + "3000,loop,1\n")
    assert [fact["kind"] for fact in facts] == ["boot", "ring", "answered"]


def test_dialling_is_no_answer(facts_of: Replay) -> None:
    facts = facts_of("1000,loop,1\n31000,loop,0\n")
    assert [fact["kind"] for fact in facts] == ["boot", "dialled", "ended"]


def test_the_hold_key_holds_as_long_as_it_is_down(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000) + "3000,loop,1\n10000,hold_key,1\n71000,hold_key,0\n80000,loop,0\n")
    assert [fact["how"] for fact in plain(facts, "held")] == ["key"]
    assert [fact["held_ms"] for fact in plain(facts, "resumed")] == [61_000]


def test_a_flash_is_no_hang_up_and_holds_until_the_next_one(facts_of: Replay) -> None:
    flashes = "10000,loop,0\n10100,loop,1\n30000,loop,0\n30100,loop,1\n"
    facts = facts_of(rings(1_000) + "3000,loop,1\n" + flashes + "40000,loop,0\n")
    assert [fact["kind"] for fact in facts].count("ended") == 1
    assert [fact["held_ms"] for fact in plain(facts, "resumed")] == [20_000]


def test_raw_ringing_current_on_both_sensors_is_one_ring_and_no_answer(facts_of: Replay) -> None:
    waves = "".join(
        f"{at_ms},ring,1\n{at_ms},loop,1\n{at_ms + 9},loop,0\n{at_ms + 12},ring,0\n"
        for at_ms in range(1_000, 2_000, 20)
    )
    facts = facts_of(waves)
    assert [fact["kind"] for fact in facts] == ["boot", "ring", "missed"]


def test_buttons_of_the_counter_become_visits_ratings_and_outcomes(facts_of: Replay) -> None:
    presses = ((1_000, "vip_in"), (60_000, "serve"), (90_000, "vip_served"), (100_000, "rate_2"), (102_000, "rate_4"))
    lines = [f"{at_ms},{name},1\n{at_ms + 150},{name},0\n" for at_ms, name in (*presses, (110_000, "resolved"))]
    facts = facts_of("".join(lines))
    (served,) = plain(facts, "vip_served")
    assert served["wait_ms"] == 89_000
    assert [fact["score"] for fact in plain(facts, "rated")] == [4]  # two presses within five seconds are one
    assert [fact["began"] for fact in plain(facts, "service")] == [True]
    assert [fact["resolved"] for fact in plain(facts, "outcome")] == [True]


def test_a_rating_pressed_at_the_very_end_is_not_lost(facts_of: Replay) -> None:
    assert [fact["score"] for fact in plain(facts_of("1000,rate_5,1\n1200,rate_5,0\n"), "rated")] == [5]


def test_facts_have_unbroken_numbers_and_times_that_never_go_back(facts_of: Replay) -> None:
    facts = facts_of(rings(1_000, 6_000) + "8500,loop,1\n38500,loop,0\n" + rings(60_000))
    assert [fact["seq"] for fact in facts] == list(range(1, len(facts) + 1))
    assert [fact["up_ms"] for fact in facts] == sorted(fact["up_ms"] for fact in facts)


def test_facts_go_to_stdout_and_a_start_gives_them_a_clock(thirdring_unit: Command, tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text(EDGES)
    start = "2026-11-02T09:00:00+08:00"
    run = thirdring_unit("replay", "--edges", edges, "--start", start)
    assert (run.status, run.stderr) == (0, "")
    facts = [json.loads(line) for line in run.stdout.splitlines()]
    (clock,) = plain(facts, "clock")
    epoch_ms = round(datetime.fromisoformat(start).timestamp() * 1_000)
    assert clock == {"up_ms": 0, "kind": "clock", "epoch_ms": epoch_ms, "source": "replay"}


def test_a_hyphen_for_the_facts_means_stdout(
    thirdring_unit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edges.csv").write_text(EDGES)
    assert '"kind":"ring"' in thirdring_unit("replay", "--edges", "edges.csv", "--facts", "-").stdout
    assert [path.name for path in tmp_path.iterdir()] == ["edges.csv"]


def test_facts_go_to_a_file_and_carry_the_name_of_the_unit(thirdring_unit: Command, tmp_path: Path) -> None:
    edges, config, out = tmp_path / "edges.csv", tmp_path / "unit.toml", tmp_path / "facts.jsonl"
    edges.write_text(EDGES)
    config.write_text('[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "GB"\n')
    run = thirdring_unit("replay", "--edges", edges, "--config", config, "--facts", out)
    assert (run.status, run.stdout) == (0, "")
    facts = [json.loads(line) for line in out.read_text().splitlines()]
    assert {(fact["branch"], fact["unit"]) for fact in facts} == {("b12", "desk-07")}
    assert [fact["kind"] for fact in facts] == ["boot", "ring", "missed"]


def test_a_device_is_written_and_never_replaced(thirdring_unit: Command, tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text(EDGES)
    assert thirdring_unit("replay", "--edges", edges, "--facts", "/dev/null").status == 0
    assert Path("/dev/null").is_char_device()


def test_a_week_between_two_edges_is_replayed_in_a_moment(facts_of: Replay) -> None:
    facts = facts_of("1000,serve,1\n1200,serve,0\n604800000,serve,1\n604800000,serve,0\n")
    assert [fact["began"] for fact in plain(facts, "service")] == [True]


def test_a_rendered_scenario_replays_to_its_own_story(thirdring_unit: Command, tmp_path: Path) -> None:
    story = tmp_path / "day.toml"
    story.write_text('desk = "desk-07"\n[[call]]\nat = "09:00:20"\nrings = 2\ntalk = "25 s"\nhangup = "caller"\n')
    assert thirdring_unit("render", "--scenario", story, "--out", tmp_path).status == 0
    sound = [part for name in ("line", "agent") for part in (f"--{name}", tmp_path / f"{name}.wav")]
    run = thirdring_unit("replay", "--config", tmp_path / "unit.toml", "--edges", tmp_path / "edges.csv", *sound)
    facts = [json.loads(line) for line in run.stdout.splitlines()]
    (answered,) = plain(facts, "answered")
    (ended,) = plain(facts, "ended")
    assert (answered["rings"], ended["by"], ended["why"]) == (2, "caller", "busy tone")
    assert 800 <= ended["greeting_ms"] <= 1_300


def test_two_cycles_of_busy_tone_are_enough_when_the_handset_goes_down(tmp_path: Path) -> None:
    story = Scenario(desk="desk-07", ears="line", calls=(Call(15_000, "answered", 1, 1_500, talk_ms=25_000),))
    day = work_out(story)
    (course,) = day.courses
    assert course.cleared
    hung_up_ms = course.cleared[0] + 2 * 700 - 100  # the third busy tone never comes
    edges_path, line = tmp_path / "edges.csv", tmp_path / "line.wav"
    kept = [edge for edge in edges(day) if edge.at_ms < hung_up_ms]
    edges_path.write_text("".join(edgefile.lines([*kept, edgefile.Edge(hung_up_ms, "loop", False)])))
    with wave.open(str(line), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", "not compressed"))
        for number, frame in enumerate(frames(day, "line")):
            file.writeframes(frame.tobytes() if (number + 1) * 20 <= hung_up_ms else bytes(320))
    written: list[bytes] = []
    sounds = {"line": line}
    replay(settings_for(None, edges_path, sounds), edges_path, sounds, written.append)
    (ended,) = plain([json.loads(line) for line in written], "ended")
    assert (ended["by"], ended["why"]) == ("caller", "busy tone")

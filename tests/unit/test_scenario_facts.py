"""A scenario through its edges, perfect ears and the whole core: the facts must tell the story's own numbers."""

import json
from collections import Counter, defaultdict
from typing import Any, Literal

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from thirdring_unit.sim import chance
from thirdring_unit.sim.scenario import shipped
from thirdring_unit.sim.story import Scenario
from thirdring_unit.sim.truth import Limits, Truth, truth

from tests.unit.perfect_ears import play

BOUNCE_MS = 25  # contacts bounce, and a time taken from one is only so exact
Facts = dict[str, list[dict[str, Any]]]


def facts_of(scenario: Scenario) -> Facts:
    return sorted_by_kind(_played(scenario))


def sorted_by_kind(lines: list[bytes]) -> Facts:
    found: Facts = defaultdict(list)
    for line in lines:
        fact = json.loads(line)
        found[fact["kind"]].append(fact)
    return found


def _played(scenario: Scenario) -> list[bytes]:
    lines: list[bytes] = []
    play(scenario, lines.append)
    return lines


def counted(facts: Facts) -> Truth:
    """Count the KPIs of one desk's facts, by DESIGN §4; VIP visits of a whole day, in which nobody still waits."""
    limits = Limits()
    answered, served, left = facts["answered"], facts["vip_served"], facts["vip_left"]
    rang_long = [fact for fact in facts["missed"] if fact["wait_ms"] >= limits.short_ms]
    timely = sum(fact["rings"] is not None and fact["rings"] <= limits.rings for fact in answered)
    holds = defaultdict(list)
    for fact in facts["resumed"]:
        holds[fact["call"]].append(fact["held_ms"])
    numbers = {fact["call"] for fact in answered}
    by = Counter(fact["by"] for fact in facts["ended"] if fact["call"] in numbers)
    limit_ms = {fact["ticket"]: limits.vip_ms[fact["tier"]] for fact in facts["vip_in"]}
    came_ms = {fact["ticket"]: fact["up_ms"] for fact in facts["vip_in"]}
    waits_ms = {fact["ticket"]: fact["up_ms"] - came_ms[fact["ticket"]] for fact in served + left}
    scores = [fact["score"] for fact in facts["rated"]]
    services = len(answered) + sum(fact["began"] for fact in facts["service"]) + len(served)
    return Truth(
        rates={
            "timely_answer": (timely, len(answered)),
            "reach": (len(answered), len(answered) + len(rang_long)),
            "timely_of_offered": (timely, len(answered) + len(rang_long)),
            "hold_over_limit": (sum(max(call) > limits.hold_ms for call in holds.values()), len(holds)),
            "vip_over_limit": (sum(waits_ms[name] > limit_ms[name] for name in waits_ms), len(waits_ms)),
            "caller_hung_up_first": (by["caller"], by["caller"] + by["agent"]),
            "satisfaction": (sum(score >= 4 for score in scores), len(scores)),
            "response": (len(scores), services),
            "resolution": (sum(fact["resolved"] for fact in facts["outcome"]), len(facts["outcome"])),
        },
        durations={
            "answer_time": _summary([fact["wait_ms"] for fact in answered]),
            "hold": _summary([sum(call) for call in holds.values()]),
            "vip_wait": _summary([fact["wait_ms"] for fact in served]),
        },
        short=len(facts["missed"]) - len(rang_long),
    )


def _summary(lengths_ms: list[int]) -> tuple[int, int, int]:
    return len(lengths_ms), sum(lengths_ms), max(lengths_ms, default=0)


def agree(scenario: Scenario) -> None:
    told, expected = counted(facts_of(scenario)), truth([scenario])
    assert told.rates == expected.rates
    assert told.short == expected.short
    for key, (count, total_ms, max_ms) in expected.durations.items():
        told_count, told_total_ms, told_max_ms = told.durations[key]
        assert told_count == count, key
        assert abs(told_total_ms - total_ms) <= 4 * BOUNCE_MS * count, key  # a hold has two ends, a call several holds
        assert abs(told_max_ms - max_ms) <= 4 * BOUNCE_MS, key


@pytest.mark.parametrize("scenario", shipped(), ids=lambda scenario: scenario.desk)
def test_a_shipped_desk_tells_its_own_story(scenario: Scenario) -> None:
    agree(scenario)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    country=st.sampled_from(["CN", "US", "GB", "JP", "AU", "FR", "DE", "HK"]),
    ears=st.sampled_from(["both", "line", "none"]),
)
def test_a_random_day_tells_its_own_story(seed: int, country: str, ears: Literal["both", "line", "none"]) -> None:
    note(f"chance.scenario({seed}, country={country!r}, ears={ears!r}, length_ms=600_000)")
    agree(chance.scenario(seed, country=country, ears=ears, length_ms=600_000))


def test_the_same_scenario_gives_the_same_facts_byte_for_byte() -> None:
    day = chance.scenario(7, length_ms=300_000)
    assert _played(day) == _played(day)

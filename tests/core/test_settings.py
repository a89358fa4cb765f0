"""Settings: a small file is enough, and a wrong key is refused by name."""

from thirdring_unit.core.parsing import TABLE, attribute, parse, rows
from thirdring_unit.core.settings import Settings, SettingsError

SMALLEST: dict[str, dict[str, object]] = {"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}}


def with_key(section: str, key: str, value: object) -> dict[str, dict[str, object]]:
    mapping = {name: dict(content) for name, content in SMALLEST.items()}
    mapping.setdefault(section, {})[key] = value
    return mapping


def everything() -> "list[tuple[str, str, object, object]]":
    return [(section, key, default, rule) for section in TABLE for key, default, rule in rows(section)]


def attributes() -> list[str]:
    return [attribute(section, key) for section, key, _, _ in everything()]


def refusal(mapping: object) -> str:
    try:
        parse(mapping)
    except SettingsError as error:
        return str(error)
    raise AssertionError("the settings were accepted")


def test_the_smallest_file_has_a_default_for_everything_else() -> None:
    settings = parse(SMALLEST)
    assert (settings.branch, settings.unit, settings.country) == ("b12", "desk-07", "CN")
    assert (settings.ring_cycle_ms, settings.flash_min_ms, settings.flash_max_ms) == (5000, 50, 180)
    assert settings.tiers == {1: 600_000, 2: 300_000}
    for name in attributes():
        assert getattr(settings, name) is not None


def test_every_key_has_its_own_attribute() -> None:
    names = attributes()
    assert len(set(names)) == len(names)


def test_every_default_passes_its_own_rule() -> None:
    for section, key, default, _ in everything():
        if default is not None and default != -1:
            assert getattr(parse(with_key(section, key, default)), attribute(section, key)) == default, key


def test_the_country_decides_what_is_not_set() -> None:
    assert parse(with_key("line", "country", "US")).flash_max_ms == 1000
    assert parse(with_key("line", "ring_cycle_ms", 3000)).ring_cycle_ms == 3000


def test_an_unknown_name_is_refused_by_name() -> None:
    assert refusal({"unit": SMALLEST["unit"], "line": {"contry": "CN"}}) == "unknown key `contry` in [line]"
    assert refusal(with_key("unit", "country", "CN")) == "unknown key `country` in [unit]"
    assert refusal({"lien": {}}) == "unknown section [lien]"
    assert refusal(with_key("unit", "inputs", ["rin"])) == "`inputs` in [unit] names 'rin'"


def test_a_monstrous_key_is_refused_in_one_short_line() -> None:
    for key in ("x" * 5000, "con\ntry"):
        text = refusal(with_key("line", key, 1))
        assert "\n" not in text
        assert len(text) < 100


def test_who_the_unit_is_must_be_said() -> None:
    assert refusal({"unit": {"branch": "b12"}, "line": {"country": "CN"}}).startswith("`id` in [unit] is missing; give")


def test_a_wrong_value_is_shown_with_what_is_wanted() -> None:
    assert refusal(with_key("line", "answer_ms", 5)) == (
        "`answer_ms` in [line] is 5; give a whole number from 100 to 500"
    )
    assert refusal(with_key("line", "answer_ms", True)).startswith("`answer_ms` in [line] is True;")
    assert refusal(with_key("line", "open_loop", 1)).endswith("give true or false")
    assert refusal(with_key("unit", "id", "Desk 7")).startswith("`id` in [unit] is 'Desk 7'; give 1 to 32")
    assert "give one of AU, BR, CA, CN" in refusal(with_key("line", "country", "XX"))
    assert len(refusal(with_key("unit", "id", "x" * 10_000))) < 200


def test_lists_of_inputs_are_checked_by_name_and_ordered() -> None:
    assert parse(with_key("unit", "inputs", ["loop", "ring"])).inputs == ("ring", "loop")


def test_tiers_are_checked() -> None:
    assert parse(with_key("vip", "tiers", {"1": 120_000})).tiers == {1: 120_000}
    assert "tier 1: give milliseconds" in refusal(with_key("vip", "tiers", {1: 5}))
    assert "tiers are the numbers 1 to 9" in refusal(with_key("vip", "tiers", {"gold": 60_000}))


def test_settings_that_contradict_each_other_are_refused() -> None:
    assert "flash_min_ms" in refusal(with_key("line", "flash_min_ms", 500))
    assert "ring_on_ms" in refusal(with_key("line", "ring_on_ms", 5000))


def test_only_what_is_wired_and_heard_is_a_capability() -> None:
    assert parse(SMALLEST).can == ("rings", "answers", "flash", "hold_key", "vip", "ratings")
    deaf_and_bare = parse(with_key("unit", "inputs", ["ring"]))
    assert deaf_and_bare.can == ("rings",)
    heard = with_key("sound", "line_device", "USB")
    heard["sound"]["agent_device"] = "Headset"
    assert {"tones", "quiet", "turns", "greeting"} <= set(parse(heard).can)
    assert "open_loop" in parse(with_key("line", "open_loop", True)).can


def test_no_garbage_gets_further_than_a_settings_error() -> None:
    garbages: tuple[object, ...] = (None, 3, "x", [], {"unit": 3}, {3: {}}, {"unit": {3: 4}}, {"unit": {"id": b"x"}})
    for garbage in garbages:
        assert refusal(garbage)


def test_a_settings_object_has_no_other_attributes_than_the_tables() -> None:
    settings = parse(SMALLEST)
    public = {name for name in dir(settings) if not name.startswith("_")}
    assert public - {"can", "channels", "given"} == set(attributes())
    assert isinstance(settings, Settings)

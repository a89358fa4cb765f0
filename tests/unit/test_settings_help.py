"""Help with the settings: every key is explained, and a mistyped name is met with what was meant."""

import pytest
from thirdring_unit.core.parsing import TABLE, rows
from thirdring_unit.core.settings import SettingsError
from thirdring_unit.settings_help import parse, purposes

UNIT = {"branch": "b12", "id": "desk-07"}
LINE = {"country": "CN"}


@pytest.mark.parametrize("section", TABLE)
def test_every_key_of_the_core_is_explained_in_one_line_and_in_the_same_order(section: str) -> None:
    explained = purposes(section)
    assert list(explained) == [key for key, _, _ in rows(section)]
    assert all(explained.values())


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"unit": UNIT, "line": {"contry": "CN"}}, "unknown key `contry` in [line]; did you mean `country`?"),
        ({"unit": UNIT, "line": LINE | {"window": 3}}, "unknown key `window` in [line]; it belongs in [outbox]"),
        ({"lien": {}}, "unknown section [lien]; did you mean [line]?"),
        ({"unit": UNIT | {"inputs": ["rin"]}, "line": LINE}, "`inputs` in [unit] names 'rin'; did you mean `ring`?"),
        (
            {"unit": UNIT | {"zzz": 1}},
            "unknown key `zzz` in [unit]; there are `branch`, `id`, `inputs`, `first_boot`",
        ),
        ({"unit": {"branch": "b12"}, "line": LINE}, "`id` in [unit] is missing; give 1 to 32 of"),
    ],
)
def test_a_wrong_name_is_refused_with_what_may_be_meant(mapping: object, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(mapping)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("name", ["x" * 5000, "con\ntry", 7])
def test_a_monstrous_name_is_refused_in_one_line(name: object) -> None:
    with pytest.raises(SettingsError) as refused:
        parse({"unit": UNIT, "line": {name: 1}})
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_right_settings_are_those_of_the_core() -> None:
    assert parse({"unit": UNIT, "line": LINE}).country == "CN"

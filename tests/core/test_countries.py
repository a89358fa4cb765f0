"""Countries: what the core believes is what the table of tones says."""

from thirdring_unit.core.countries import COUNTRIES


def tones() -> "list[dict[str, str]]":
    # MicroPython has no csv module; the table quotes nothing.
    with open(__file__.replace("test_countries.py", "tones.csv")) as file:
        lines = [line.strip().split(",") for line in file]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def numbers(text: str, separator: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(separator))


def test_there_is_one_country_for_each_line_of_the_table() -> None:
    assert sorted(COUNTRIES) == sorted(row["country"] for row in tones())


def test_cadences_are_those_of_the_table() -> None:
    for row in tones():
        country = COUNTRIES[row["country"]]
        assert country.ring_ms == numbers(row["ring_on_off_ms"], "/"), country.code
        assert country.busy[1] == numbers(row["busy_on_off_ms"], "/"), country.code
        assert country.congestion[1] == numbers(row["congestion_on_off_ms"], "/"), country.code


def test_frequencies_are_those_of_the_table() -> None:
    for row in tones():
        country = COUNTRIES[row["country"]]
        assert country.dial_hz == numbers(row["dial_hz"].split("*")[0], "+"), country.code
        assert country.busy[0] == numbers(row["busy_hz"], "+"), country.code
        assert country.congestion[0] == numbers(row["congestion_hz"], "+"), country.code


def test_a_ring_is_counted_from_its_first_to_its_last_sound() -> None:
    assert (COUNTRIES["CN"].ring_on_ms, COUNTRIES["CN"].ring_cycle_ms) == (1000, 5000)
    assert (COUNTRIES["GB"].ring_on_ms, COUNTRIES["GB"].ring_cycle_ms) == (1000, 3000)


def test_flash_windows_are_sane() -> None:
    for country in COUNTRIES.values():
        assert 30 <= country.flash_ms[0] < country.flash_ms[1] <= 1000, country.code

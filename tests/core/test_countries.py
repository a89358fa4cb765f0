"""Countries: what the core believes is what the table of tones says."""

from thirdring_unit.core.countries import Country, codes


def tones() -> "list[dict[str, str]]":
    # MicroPython has no csv module; the table quotes nothing.
    with open(__file__.replace("test_countries.py", "tones.csv")) as file:
        lines = [line.strip().split(",") for line in file]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("/"))


def test_there_is_one_country_for_each_line_of_the_table() -> None:
    assert sorted(codes()) == sorted(row["country"] for row in tones())


def test_cadences_are_those_of_the_table() -> None:
    for row in tones():
        country = Country(row["country"])
        assert country.ring_ms == numbers(row["ring_on_off_ms"]), country.code


def test_a_ring_is_counted_from_its_first_to_its_last_sound() -> None:
    assert (Country("CN").ring_on_ms, Country("CN").ring_cycle_ms) == (1000, 5000)
    assert (Country("GB").ring_on_ms, Country("GB").ring_cycle_ms) == (1000, 3000)


def test_flash_windows_are_sane() -> None:
    for country in [Country(code) for code in codes()]:
        assert 30 <= country.flash_ms[0] < country.flash_ms[1] <= 1000, country.code

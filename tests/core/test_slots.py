"""Small state in two slots: always whole, at worst one saving old."""

from thirdring_unit.core.slots import MAX_SLOT_BYTES, Slots
from thirdring_unit.core.storage import Storage


def test_what_was_saved_is_loaded_and_nothing_is_none() -> None:
    slots = Slots(Storage())
    assert slots.load("boot") is None
    for text in (b"17", b"18", b"", b'{"a": "b c"}'):
        slots.save("boot", text)
        assert slots.load("boot") == text
    assert slots.load("other") is None


def test_a_cut_at_any_byte_leaves_the_new_text_or_the_one_before() -> None:
    for serial in range(1, 4):
        storage = Storage()
        for number in range(serial):
            Slots(storage).save("boot", b"value %d" % number)
        before = dict(storage.files)
        Slots(storage).save("boot", b"the new value")
        name = next(name for name in storage.files if storage.files[name] != before.get(name))
        for length in range(len(storage.files[name]) + 1):
            cut = Storage()
            cut.files = dict(before)
            cut.files[name] = storage.files[name][:length]
            assert Slots(cut).load("boot") in (b"value %d" % (serial - 1), b"the new value")
            Slots(cut).save("boot", b"after the cut")
            assert Slots(cut).load("boot") == b"after the cut"


def test_a_rotten_slot_gives_way_to_the_other() -> None:
    storage = Storage()
    slots = Slots(storage)
    slots.save("boot", b"1")
    slots.save("boot", b"2")
    storage.files["boot.0"] = storage.files["boot.0"].replace(b"2", b"7")
    assert slots.load("boot") == b"1"


def test_saving_the_same_text_again_writes_nothing() -> None:
    storage = Storage()
    Slots(storage).save("boot", b"1")
    before = dict(storage.files)
    Slots(storage).save("boot", b"1")
    assert storage.files == before


def test_a_slot_is_small() -> None:
    storage = Storage()
    try:
        Slots(storage).save("big", b"x" * (MAX_SLOT_BYTES + 1))
    except ValueError:
        assert not storage.files
    else:
        raise AssertionError("accepted")

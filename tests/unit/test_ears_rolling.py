"""What the room remembers: the last rows, whatever they came in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from thirdring_unit.ears.rolling import Rolling

KEPT = 7


@given(st.lists(st.integers(0, KEPT), max_size=40))
def test_the_last_rows_are_kept_in_order(counts: list[int]) -> None:
    rolling, everything = Rolling(KEPT, 2), np.zeros((0, 2), np.float32)
    for count in counts:
        new = np.arange(len(everything) * 2, (len(everything) + count) * 2, dtype=np.float32).reshape(-1, 2)
        everything = np.concatenate((everything, new))
        rolling.add(new)
        assert np.array_equal(rolling.rows, everything[-KEPT:])

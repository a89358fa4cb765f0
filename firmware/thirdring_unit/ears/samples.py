"""The kinds of arrays that the ears pass around."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.int16]
Reals: TypeAlias = NDArray[np.float32]
Flags: TypeAlias = NDArray[np.bool_]

NO_FLAGS: Flags = np.zeros(0, np.bool_)

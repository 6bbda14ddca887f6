"""Lines with intervals, which most figures are made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST_BANDS = 2  # in one panel: more would overlap to mud


class Band(NamedTuple):
    """A line with its interval, all of one shape."""

    name: str
    value: Array
    low: Array
    high: Array

"""Time that does not tell what was drawn.

How long a draw takes follows its size: |noise| and time correlate by 0.4 for single draws of discrete Laplace noise. Whoever
sees a reply to the microsecond would know a little of the noise in it, so what begins with the first draw ends on a tick.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

TICK_SECONDS = 0.01


@contextmanager
def even_time(tick: float = TICK_SECONDS) -> Iterator[None]:
    """A block that takes a whole number of ticks, also when it fails."""
    began = time.monotonic()
    try:
        yield
    finally:
        spent = time.monotonic() - began
        time.sleep(max(0.0, math.ceil(spent / tick) * tick - spent))

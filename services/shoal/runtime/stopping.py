"""Work that can be told to stop between two steps."""

from __future__ import annotations

from threading import Event

from shoal.errors import CancelledError


class Stop:
    """Says from one thread to another that the caller went away."""

    def __init__(self) -> None:
        self._asked = Event()

    def cancel(self) -> None:
        """Asks the work to end."""
        self._asked.set()

    def check(self) -> None:
        """Raises CancelledError once the work should end."""
        if self._asked.is_set():
            raise CancelledError("the call was cancelled")

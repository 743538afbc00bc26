"""What a stream computes, as it is understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shoal.dp.query import Query


class WindowKind(StrEnum):
    """How a window moves."""

    SLIDING = "SLIDING"
    TUMBLING = "TUMBLING"


@dataclass(frozen=True)
class Window:
    """The last batches. length: in batches."""

    kind: WindowKind
    length: int


@dataclass(frozen=True)
class Spec:
    """A stream's statistic. max_releases: what noise is laid out for at first; means nothing with a window."""

    query: Query
    window: Window | None
    max_releases: int
    budgets: tuple[str, ...]

"""How large a table may be, and the error of a table that is larger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shoal.errors import ErrorReason, ResourceExhaustedError

__all__ = ["HEADER_BYTES", "LimitName", "Limits", "exceeded"]

LimitName = Literal["rows", "columns", "bytes", "cell_bytes", "expanded_bytes"]

HEADER_BYTES = 16 << 20
"""The longest header (CSV) or footer (Parquet, Arrow) that is ever held in memory, in bytes."""

_SENTENCES: dict[LimitName, str] = {
    "rows": "The table has more than {maximum} rows, the most this server takes.",
    "columns": "The table has more than {maximum} columns, the most this server takes.",
    "bytes": "The file is larger than {maximum} bytes, the most this server takes.",
    "cell_bytes": "A cell or line of the table is longer than {maximum} bytes, the most this server takes.",
    "expanded_bytes": "The table takes more than {maximum} bytes once unpacked, the most this server takes.",
}


@dataclass(frozen=True)
class Limits:
    """The largest table that is taken in.

    max_bytes: the file as sent. max_expanded_bytes: its columns in memory, unpacked (16 bytes a text cell
    plus the text). max_cell_bytes: one cell as written, its quotes included; for JSON lines, one line.
    """

    max_bytes: int = 2 << 30
    max_expanded_bytes: int = 16 << 30
    max_rows: int = 100_000_000
    max_columns: int = 10_000
    max_cell_bytes: int = 1 << 20


def exceeded(limit: LimitName, maximum: int) -> ResourceExhaustedError:
    """The error of a table beyond `limit`; its metadata has the `limit` and the `maximum`."""
    return ResourceExhaustedError(
        _SENTENCES[limit].format(maximum=maximum),
        reason=ErrorReason.LIMIT_EXCEEDED,
        metadata={"limit": limit, "maximum": str(maximum)},
    )

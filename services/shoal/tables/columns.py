"""Columns by their exact names.

polars reads `*` as every column and `^…$` as a pattern where a name is given as text; a table may have columns of such names, and
what is selected decides what is released.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import polars.selectors as cs

__all__ = ["exact", "exactly"]


def exact(name: str) -> pl.Expr:
    """The column of exactly this name."""
    return cs.by_name(name, require_all=True).as_expr()


def exactly(names: Sequence[str]) -> list[pl.Expr]:
    """The columns of exactly these names, in this order."""
    return [exact(name) for name in names]

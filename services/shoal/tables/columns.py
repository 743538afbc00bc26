"""Columns by their exact names.

polars reads `*` as every column and `^…$` as a pattern where a name is given as text; a table may have columns of such
names, and what is selected decides what is released. Methods of a series go by its name, too: work on a single column gives
it a neutral one.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import polars.selectors as cs

__all__ = ["NEUTRAL", "exact", "exactly", "in_one_piece"]

NEUTRAL = "value"
"""The name of a series that is worked on by itself."""


def exact(name: str) -> pl.Expr:
    """The column of exactly this name."""
    return cs.by_name(name, require_all=True).as_expr()


def exactly(names: Sequence[str]) -> list[pl.Expr]:
    """The columns of exactly these names, in this order."""
    return [exact(name) for name in names]


def in_one_piece(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column in one piece of memory; takes the given one apart, so that no two copies of a table are held.

    A file is read in pieces. To gather a million rows from forty pieces takes fifty times as long as from one.
    """
    names = frame.columns
    return pl.DataFrame([frame.drop_in_place(name).rechunk() for name in names]) if names else frame

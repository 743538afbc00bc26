"""Hierarchies of values that are paths."""

from __future__ import annotations

import polars as pl

from shoal.privacy.hierarchies.refusals import invalid
from shoal.privacy.hierarchies.specs import MAX_LEVELS, PathSpec
from shoal.tables.text import as_text

__all__ = ["path_labels"]


def path_labels(attribute: str, leaves: pl.Series, spec: PathSpec) -> list[pl.Series]:
    """Each leaf cut at each level below the top; null stays null.

    With D parts in the deepest value, level l keeps the first D - l; a value of no more parts stays as it is.
    Raises INVALID_HIERARCHY when a value has more than 256 parts.
    """
    frame = as_text(leaves).to_frame("text").select(pl.col("text").str.split(spec.separator).alias("parts"))
    deepest = int(frame["parts"].list.len().fill_null(0).to_numpy().max(initial=0))
    if deepest > MAX_LEVELS + 1:
        raise invalid(attribute, f"has values of more than {MAX_LEVELS + 1} parts: check the separator.")
    return [
        frame.select(pl.col("parts").list.head(deepest - level).list.join(spec.separator).alias("label"))["label"]
        for level in range(1, deepest)
    ]

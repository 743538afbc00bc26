"""Hierarchies that replace ever more characters of a value by a mask character."""

from __future__ import annotations

import polars as pl

from shoal.privacy.hierarchies.specs import MAX_LEVELS, MaskingDirection, MaskingSpec
from shoal.tables.text import as_text

__all__ = ["masking_labels"]


def masking_labels(leaves: pl.Series, spec: MaskingSpec) -> list[pl.Series]:
    """The masked forms below the top, level 1 first; null stays null.

    Level i masks i characters (Unicode code points), and a value of fewer becomes i mask characters. The last
    level is left out when it masks every value wholly, for then the top says the same. Positions: one level,
    whatever it leaves.
    """
    text = as_text(leaves).alias("text")
    if spec.positions:
        return [_at_positions(text, spec)]
    longest = int(text.str.len_chars().fill_null(0).to_numpy().max(initial=0))
    last = spec.max_level or min(longest, MAX_LEVELS)
    below_top = last - 1 if last >= longest else last
    return [_mask(text, level, spec) for level in range(1, below_top + 1)]


def _mask(text: pl.Series, level: int, spec: MaskingSpec) -> pl.Series:
    mask = spec.mask_char * level
    value = pl.col("text")
    if spec.direction is MaskingDirection.RIGHT:
        masked = value.str.head(-level) + pl.lit(mask)
    else:
        masked = pl.lit(mask) + value.str.slice(level)
    whole = pl.when(value.is_not_null()).then(pl.lit(mask))
    return text.to_frame().select(pl.when(value.str.len_chars() > level).then(masked).otherwise(whole).alias("label"))["label"]


def _at_positions(text: pl.Series, spec: MaskingSpec) -> pl.Series:
    value = pl.col("text")
    for position in sorted(set(spec.positions)):
        masked = value.str.head(position) + pl.lit(spec.mask_char) + value.str.slice(position + 1)
        value = pl.when(value.str.len_chars() > position).then(masked).otherwise(value)
        text = text.to_frame("text").select(value.alias("text"))["text"]
        value = pl.col("text")
    return text

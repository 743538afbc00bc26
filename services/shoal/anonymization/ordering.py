"""The released rows: generalised, the suppressed ones left out, and sorted so that the input's order does not leak.

Rows are sorted by the released quasi-identifiers, in the table's order, then by the other columns; null comes first, text
goes by code point. Sorting strings takes longer than everything else about a release, so every column becomes the ranks of
its values, the ranks are packed into 64-bit words, and the words are sorted: rows with equal words are equal rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.hierarchies import Hierarchy
from shoal.tables.coding import Codes, code_distinct

WORD_LIMIT = 2**64


def released_rows(
    table: Mapping[str, pl.Series], hierarchies: Sequence[Hierarchy], levels: Sequence[int], kept: NDArray[np.bool_]
) -> pl.DataFrame:
    """The rows of `table` (columns by name, in order) that are kept, its quasi-identifiers at their levels, sorted."""
    chosen = {each.attribute: (each, level) for each, level in zip(hierarchies, levels, strict=True)}
    quasi = [name for name in table if name in chosen]
    others = [column for name, column in table.items() if name not in chosen]
    rows = np.flatnonzero(kept)
    ranks = [generalised_ranks(*chosen[name], rows) for name in quasi]
    ranks += [code_distinct(column.gather(rows))[0] for column in others]
    rows = rows[sorted_order(ranks)]
    columns = []
    for name, column in table.items():
        hierarchy, level = chosen.get(name, (None, 0))
        if hierarchy is not None and level > 0:
            columns.append(hierarchy.label_at(level).gather(hierarchy.row_codes[rows]).alias(name))
        else:
            columns.append(column.gather(rows).alias(name))
    return pl.DataFrame(columns)


def generalised_ranks(hierarchy: Hierarchy, level: int, rows: NDArray[np.intp]) -> Codes:
    """The place of each row's label among the sorted labels of the level."""
    # The codes of a level are in the order of its labels; the leaves of a table are in the order of its rows.
    by_leaf = hierarchy.codes[level - 1] if level > 0 else code_distinct(hierarchy.leaves)[0]
    return by_leaf[hierarchy.row_codes[rows]]


def sorted_order(ranks: Iterable[Codes]) -> NDArray[np.intp]:
    """The positions of rows in the order of their ranks, the first column first."""
    words: list[NDArray[np.uint64]] = []
    room = 1
    for rank in ranks:
        values = int(rank.max(initial=0)) + 1
        if not words or room * values > WORD_LIMIT:
            words.append(rank.astype(np.uint64))
            room = values
        else:
            words[-1] = words[-1] * np.uint64(values) + rank
            room *= values
    packed = pl.DataFrame([pl.Series(str(place), word) for place, word in enumerate(words)])
    order = packed.select(pl.arg_sort_by(packed.columns)).to_series()
    return order.to_numpy().astype(np.intp)

"""The released rows: generalised, the suppressed ones left out, and sorted so that the input's order does not leak.

Rows are sorted by the released quasi-identifiers, in the table's order, then by the other columns; null comes first, text
goes by code point. Sorting strings takes longer than everything else about a release, so every column becomes the ranks of
its values, the ranks are packed into 64-bit words, and the words are sorted: rows with equal words are equal rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.privacy.hierarchies import Hierarchy
from shoal.tables.coding import Codes, code_distinct

WORD_LIMIT = 2**64


@dataclass(frozen=True, eq=False)
class Replacement:
    """What takes the place of a quasi-identifier's values.

    codes: by row. ranks: by code, the place of its label among the sorted labels, equal labels having equal ranks. labels: by
    code, None when the column's own values stay.
    """

    codes: Codes
    ranks: Codes
    labels: pl.Series | None


def at_level(hierarchy: Hierarchy, level: int) -> Replacement:
    """The labels of one level of a hierarchy."""
    if level == 0:
        # The leaves of a table are in the order of its rows, not sorted.
        return Replacement(hierarchy.row_codes, code_distinct(hierarchy.leaves)[0], None)
    # The codes of a level are in the order of its labels.
    return Replacement(hierarchy.row_codes, hierarchy.codes[level - 1], hierarchy.label_at(level))


def by_labels(codes: Codes, labels: pl.Series) -> Replacement:
    """Labels of any kind."""
    return Replacement(codes, code_distinct(labels)[0], labels)


def released_rows(
    table: Mapping[str, pl.Series], replacements: Mapping[str, Replacement], kept: NDArray[np.bool_]
) -> pl.DataFrame:
    """The rows of `table` (columns by name, in order) that are kept, its quasi-identifiers replaced, sorted."""
    others = [column for name, column in table.items() if name not in replacements]
    rows = np.flatnonzero(kept)
    ranks = [replacements[name].ranks[replacements[name].codes[rows]] for name in table if name in replacements]
    ranks += [code_distinct(column.gather(rows))[0] for column in others]
    rows = rows[sorted_order(ranks)]
    columns = []
    for name, column in table.items():
        replacement = replacements.get(name)
        if replacement is None or replacement.labels is None:
            columns.append(column.gather(rows).alias(name))
        else:
            columns.append(replacement.labels.gather(replacement.codes[rows]).alias(name))
    return pl.DataFrame(columns)


def sorted_order(ranks: Iterable[Codes]) -> NDArray[np.intp]:
    """The positions of rows in the order of their ranks, the first column first."""
    words = packed(ranks)
    frame = pl.DataFrame([pl.Series(str(place), word) for place, word in enumerate(words)])
    order = frame.select(pl.arg_sort_by(frame.columns)).to_series()
    return order.to_numpy().astype(np.intp)


def packed(ranks: Iterable[Codes]) -> list[NDArray[np.uint64]]:
    """The ranks in as few words of 64 bits as they fit into; the order of the words is that of the ranks."""
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
    return words

"""An independent check of releases, in plain Python: no kernel, no polars expression of ours, no shared code."""

from __future__ import annotations

import csv
import io
from collections import Counter


def rows_of(data: bytes, separator: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(data.decode()), delimiter=separator))


def smallest_class(rows: list[dict[str, str]], quasi: list[str]) -> int:
    """The size of the smallest group of rows that agree on all quasi-identifiers."""
    return min(Counter(tuple(row[name] for name in quasi) for row in rows).values())


def loss(rows: list[dict[str, str]], hierarchies: dict[str, list[list[str]]], total: int) -> float:
    """The normalised loss of a release, geometric mean, from the released labels alone.

    hierarchies: by attribute, rows of value and labels. total: rows of the input.
    """
    product = 1.0
    for name, table in hierarchies.items():
        leaves = len(table)
        below: Counter[str] = Counter()
        for path in table:
            for label in set(path):
                below[label] += 1
        kept = sum(below[row[name]] / leaves for row in rows)
        share = kept + (total - len(rows))
        product *= (share - total / leaves) / (total - total / leaves) + 1
    return product ** (1 / len(hierarchies)) - 1

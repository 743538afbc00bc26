"""Hierarchies that are tables: one row a value, one column a level, as ARX writes them."""

from __future__ import annotations

import hashlib

import polars as pl

from shoal.privacy.hierarchies.hierarchy import Hierarchy, assemble
from shoal.privacy.hierarchies.refusals import incomplete, invalid
from shoal.privacy.hierarchies.specs import ExplicitSpec, TableSpec
from shoal.tables.coding import Codes, MissingValuesError, code_distinct, code_values
from shoal.tables.text import as_text

__all__ = ["build_table", "table_digest"]


def build_table(attribute: str, column: pl.Series, spec: TableSpec | ExplicitSpec) -> Hierarchy:
    """The hierarchy whose leaves are the table's rows, in their order; its levels are the columns, none is
    added.

    An empty cell, null or "", is null, in the table and in the column: the two cannot be told apart in a
    table. The same row twice is read once. Other columns than text are matched by their text form (as_text).
    Raises INVALID_HIERARCHY for an empty or ragged table or a value with two paths, HIERARCHY_INCOMPLETE for
    values of the column that are not in the table, HIERARCHY_NOT_NESTED.
    """
    rows = _frame(attribute, spec).unique(maintain_order=True)
    leaves = rows.to_series(0)
    repeated = len(leaves) - leaves.n_unique()
    if repeated:
        raise invalid(
            attribute,
            f"has {repeated} rows whose first cell repeats with other labels: give every value one row.",
            rows=str(repeated),
        )
    try:
        row_codes = _code_rows(column, leaves)
    except MissingValuesError as missing:
        raise incomplete(attribute, missing.distinct, null=missing.null) from None
    return assemble(attribute, leaves, rows.get_columns()[1:], row_codes, spec, top=False)


def table_digest(attribute: str, spec: TableSpec | ExplicitSpec) -> str:
    """The SHA-256, in hexadecimal, of a table's rows as CSV with commas and line feeds, each row once."""
    rows = _frame(attribute, spec).unique(maintain_order=True)
    return hashlib.sha256(rows.write_csv(include_header=False).encode()).hexdigest()


def _frame(attribute: str, spec: TableSpec | ExplicitSpec) -> pl.DataFrame:
    """The table as text columns named by their level, empty cells null."""
    if isinstance(spec, TableSpec):
        columns = [as_text(column) for column in spec.rows]
    else:
        lengths = {len(row) for row in spec.rows}
        if len(lengths) > 1:
            raise invalid(attribute, "has rows of different lengths: give every row one cell for each level.")
        columns = [pl.Series(cells, dtype=pl.String) for cells in zip(*spec.rows, strict=True)]
    if not columns or not len(columns[0]):
        raise invalid(attribute, "is an empty table: give it a row for each value of the column.")
    return pl.DataFrame([_empty_as_null(column).alias(str(level)) for level, column in enumerate(columns)])


def _empty_as_null(text: pl.Series) -> pl.Series:
    return text.set(text == "", None) if (text == "").any() else text


def _code_rows(column: pl.Series, leaves: pl.Series) -> Codes:
    if isinstance(column.dtype, pl.String):
        return code_values(_empty_as_null(column), leaves)
    # The text form of the distinct values only: making text of 100 million numbers takes longer than coding
    # them.
    codes, distinct = code_distinct(column)
    return code_values(_empty_as_null(as_text(distinct)), leaves)[codes]

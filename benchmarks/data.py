"""The reference tables: coded for the kernels, and adult resampled to a million rows as a CSV file."""

from __future__ import annotations

import os
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.common import NeedsData

from shoal.kernels import AttributeCodes, SensitiveCodes
from shoal.privacy.hierarchies import TableSpec, build
from shoal.tables.formats import read_headerless

ADULT9 = (
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
    "salary-class",
)
ADULT8 = tuple(name for name in ADULT9 if name != "occupation")
CC8 = ("LIMIT_BAL", "SEX", "EDUCATION", "MARRIAGE", "AGE", "PAY_0", "PAY_2", "PAY_3")

SEPARATOR = ";"
SEED = 1


def adult_attributes(names: tuple[str, ...]) -> tuple[AttributeCodes, ...]:
    """Columns of adult, coded as the service codes them."""
    return _attributes("adult-arx", "adult", names)


def occupation() -> SensitiveCodes:
    """Adult's occupation as a sensitive attribute, with its hierarchy."""
    column = adult_attributes(("occupation",))[0]
    return SensitiveCodes(column.codes, column.leaves, generalizations=column.generalizations)


@cache
def wide_attributes() -> tuple[AttributeCodes, ...]:
    """Adult's nine columns and six more: 15 attributes, 1.5e9 combinations of levels.

    Each of the six follows one of the nine with noise, has 64 values, and a hierarchy that halves them level by level.
    """
    random = np.random.default_rng(SEED)
    own = adult_attributes(ADULT9)
    leaves = np.arange(64, dtype=np.uint32)
    maps = tuple(leaves >> np.uint32(level) for level in range(1, 7))
    more = []
    for place in range(6):
        base = own[place + 1].codes.astype(np.float64) / max(1, own[place + 1].leaves - 1)
        noisy = np.clip(40 * base + random.normal(12, 5, len(base)), 0, 63)
        more.append(AttributeCodes(noisy.astype(np.uint32), maps, 64))
    return (*own, *more)


def creditcard_attributes(names: tuple[str, ...]) -> tuple[AttributeCodes, ...]:
    """Columns of the credit card table, coded as the service codes them."""
    return _attributes("creditcard-arx", "creditcard_int", names)


def adult_hierarchy(name: str) -> Path:
    """ARX's hierarchy file of a column of adult."""
    return _folder() / "adult-arx" / f"adult_hierarchy_{name}.csv"


class Draw(Enum):
    """How a larger table is drawn from adult, with repetition."""

    ROWS = "rows drawn"
    """Whole rows: at most 19,502 distinct tuples."""

    COLUMNS = "columns drawn"
    """Every column on its own: most rows are unique."""


def write_resampled_adult(path: Path, rows: int, draw: Draw) -> None:
    """Writes so many rows as a CSV."""
    drawn(adult_rows(), np.random.default_rng(SEED), rows, draw).write_csv(path, separator=SEPARATOR)


def drawn(table: pl.DataFrame, random: np.random.Generator, rows: int, draw: Draw) -> pl.DataFrame:
    """So many rows of a table."""
    positions = random.integers(0, table.height, rows)
    columns = []
    for name in table.columns:
        columns.append(table[name].gather(positions))
        if draw is Draw.COLUMNS:
            positions = random.integers(0, table.height, rows)
    return pl.DataFrame(columns)


def adult_rows() -> pl.DataFrame:
    """Adult as text."""
    return _table("adult-arx", "adult")


def _folder() -> Path:
    root = os.environ.get("SHOAL_TEST_DATA")
    if not root:
        raise NeedsData
    return Path(root) / "datasets"


@cache
def _table(folder: str, table: str) -> pl.DataFrame:
    return pl.read_csv(_folder() / folder / f"{table}.csv", separator=SEPARATOR, infer_schema=False)


@cache
def _attributes(folder: str, table: str, names: tuple[str, ...]) -> tuple[AttributeCodes, ...]:
    found = []
    for name in names:
        rows = read_headerless(_folder() / folder / f"{table}_hierarchy_{name}.csv", SEPARATOR)
        built = build(name, _table(folder, table)[name], TableSpec(rows=rows))
        found.append(AttributeCodes(built.row_codes, built.codes, len(built.leaves)))
    return tuple(found)

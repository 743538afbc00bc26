"""The tables that ARX's results were printed for, coded like the service codes them.

The folder is named by SHOAL_TEST_DATA. Unset, the tests that need it are skipped and say so; set, a missing
file fails.
"""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from shoal.kernels import AttributeCodes, SensitiveCodes

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


def adult(names: tuple[str, ...]) -> list[AttributeCodes]:
    return [_attribute("adult-arx", "adult", name) for name in names]


def occupation() -> SensitiveCodes:
    """adult's sensitive attribute in ARX's results, with its hierarchy."""
    attribute = _attribute("adult-arx", "adult", "occupation")
    return SensitiveCodes(attribute.codes, attribute.leaves, generalizations=attribute.generalizations)


def creditcard(names: tuple[str, ...]) -> list[AttributeCodes]:
    return [_attribute("creditcard-arx", "creditcard_int", name) for name in names]


def _folder() -> Path:
    root = os.environ.get("SHOAL_TEST_DATA")
    if not root:
        pytest.skip("SHOAL_TEST_DATA does not name the folder of the reference tables")
    return Path(root) / "datasets"


@cache
def _columns(path: Path) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, delimiter=";")
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def _attribute(folder: str, table: str, name: str) -> AttributeCodes:
    base = _folder() / folder
    column = _columns(base / f"{table}.csv")[name]
    with (base / f"{table}_hierarchy_{name}.csv").open(newline="", encoding="utf-8") as file:
        leaves, *levels = zip(*csv.reader(file, delimiter=";"), strict=True)
    code_of = {leaf: code for code, leaf in enumerate(leaves)}
    return AttributeCodes(
        codes=np.array([code_of[value] for value in column], dtype=np.uint32),
        generalizations=tuple(_dense(level) for level in levels),
        leaves=len(leaves),
    )


def _dense(values: tuple[str, ...]) -> np.ndarray:
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(value, len(codes)) for value in values], dtype=np.uint32)

"""Rows that are merged must fit into memory, and the refusal comes before the work."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from shoal.errors import ResourceExhaustedError
from shoal.risk.validation import grouping
from shoal.risk.validation.grouping import CELL_BYTES, merge

ROWS = 50_000


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for a tenth of the rows, two columns each."""
    monkeypatch.setattr(grouping, "available_bytes", lambda: ROWS // 10 * 2 * CELL_BYTES)


def test_rows_that_differ_are_refused_with_what_they_would_need() -> None:
    table = pl.LazyFrame({"a": np.arange(ROWS), "b": ["canary"] * ROWS})
    with pytest.raises(ResourceExhaustedError, match=r"different rows would need about .* GiB of memory") as caught:
        merge(table, ["a", "b"])
    needed = int(caught.value.metadata["needed_bytes"])
    assert needed == pytest.approx(ROWS * 2 * CELL_BYTES, rel=0.2)
    assert "canary" not in str(caught.value)


def test_rows_that_repeat_are_counted_however_many_they_are() -> None:
    table = pl.LazyFrame({"a": np.arange(ROWS) % 100, "b": ["x"] * ROWS})
    merged, weights = merge(table, ["b", "a"])
    assert merged.height == 100
    assert weights.tolist() == [ROWS // 100] * 100


def test_a_table_that_fits_in_any_case_is_not_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pl.Expr, "approx_n_unique", None)
    merged, weights = merge(pl.LazyFrame({"a": np.arange(5000), "b": ["x"] * 5000}), ["a", "b"])
    assert merged.height == len(weights) == 5000

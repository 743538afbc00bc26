"""Columns by their exact names, and frames in one piece."""

from __future__ import annotations

import polars as pl

from shoal.tables.columns import exactly, in_one_piece


def test_names_that_polars_would_read_as_patterns_are_names() -> None:
    frame = pl.DataFrame({"*": [1], "^a.*$": [2], "ab": [3]})
    assert frame.select(exactly(["^a.*$", "*"])).columns == ["^a.*$", "*"]


def test_a_frame_in_one_piece_holds_the_same() -> None:
    parts = [pl.DataFrame({"a": [number], "b": [str(number)]}) for number in range(5)]
    pieces = pl.concat(parts, rechunk=False)
    expected = pieces.to_dict(as_series=False)
    assert pieces["b"].n_chunks() == 5
    whole = in_one_piece(pieces)
    assert whole.to_dict(as_series=False) == expected
    assert [each.n_chunks() for each in whole.iter_columns()] == [1, 1]
    assert in_one_piece(pl.DataFrame()).shape == (0, 0)

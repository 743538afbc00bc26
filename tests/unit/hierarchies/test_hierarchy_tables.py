"""Hierarchies that are tables."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import ExplicitSpec, TableSpec, build
from shoal.tables.formats import TableFormat, read_headerless, read_table

ROWS = (("b", "x", "*"), ("a", "x", "*"), ("c", "y", "*"), ("", "none", "*"))


def refused(column: pl.Series, spec: ExplicitSpec | TableSpec) -> InvalidArgumentError:
    with pytest.raises(InvalidArgumentError) as caught:
        build("job", column, spec)
    assert "'job'" in caught.value.message
    assert caught.value.metadata["attribute"] == "job"
    return caught.value


def test_leaves_are_the_rows_in_their_order() -> None:
    built = build("job", pl.Series(["a", None, "b", "a"]), ExplicitSpec(rows=ROWS))
    assert built.levels == 3
    assert built.leaves.to_list() == ["b", "a", "c", None]
    assert built.label_at(0).to_list() == built.leaves.to_list()
    assert built.label_at(1).to_list() == ["x", "x", "y", "none"]
    assert built.label_at(2).to_list() == ["*"] * 4
    assert built.row_codes.tolist() == [1, 3, 0, 1]
    assert [codes.tolist() for codes in built.codes] == [[1, 1, 2, 0], [0, 0, 0, 0]]
    assert {codes.dtype for codes in (*built.codes, built.row_codes)} == {np.dtype(np.uint32)}


def test_no_top_is_added_and_one_column_is_enough() -> None:
    assert build("job", pl.Series(["a"]), ExplicitSpec(rows=(("a", "x"),))).label_at(1).to_list() == ["x"]
    assert build("job", pl.Series(["a"]), ExplicitSpec(rows=(("a",),))).levels == 1


def test_a_table_read_from_csv_is_the_same() -> None:
    rows = read_headerless(b"b;x;*\na;x;*\nc;y;*\n;none;*\n")
    column = pl.Series(["a", None, "b"])
    built, other = build("job", column, TableSpec(rows=rows)), build("job", column, ExplicitSpec(rows=ROWS))
    assert built.leaves.equals(other.leaves, null_equal=True)
    assert [label.to_list() for label in built.labels] == [label.to_list() for label in other.labels]


def test_the_same_row_twice_is_read_once() -> None:
    built = build("job", pl.Series(["a"]), ExplicitSpec(rows=(("a", "x"), ("b", "x"), ("a", "x"))))
    assert built.leaves.to_list() == ["a", "b"]


def test_a_value_with_two_paths() -> None:
    error = refused(pl.Series(["a"]), ExplicitSpec(rows=(("a", "x"), ("a", "y"))))
    assert error.reason is ErrorReason.INVALID_HIERARCHY
    assert error.metadata["rows"] == "1"


def test_an_empty_or_ragged_table() -> None:
    for rows in ((), ((),), (("a", "x"), ("b",))):
        assert refused(pl.Series(["a"]), ExplicitSpec(rows=rows)).reason is ErrorReason.INVALID_HIERARCHY
    empty = TableSpec(rows=pl.DataFrame(schema={"0": pl.String}))
    assert refused(pl.Series(["a"]), empty).reason is ErrorReason.INVALID_HIERARCHY


def test_values_that_are_not_in_the_table() -> None:
    error = refused(pl.Series(["a", "canary", None, "dog", "dog"]), ExplicitSpec(rows=(("a", "x"),)))
    assert error.reason is ErrorReason.HIERARCHY_INCOMPLETE
    assert error.metadata == {"attribute": "job", "missing_values": "3", "null_missing": "true"}
    assert "An empty cell is not in the table: add a row whose first cell is empty" in error.message
    assert "canary" not in error.message
    error = refused(pl.Series(["a", "dog"]), ExplicitSpec(rows=ROWS))
    assert error.metadata["missing_values"] == "1"
    assert "empty" not in error.message


def test_labels_that_are_not_nested() -> None:
    rows = (("a", "x", "1", "*"), ("b", "y", "1", "*"), ("c", "x", "2", "*"))
    error = refused(pl.Series(["a"]), ExplicitSpec(rows=rows))
    assert error.reason is ErrorReason.HIERARCHY_NOT_NESTED
    assert error.metadata == {"attribute": "job", "level": "1"}


def test_typed_columns_meet_the_table_by_their_text() -> None:
    assert build("job", pl.Series([2, 1, None]), ExplicitSpec(rows=(("1", "*"), ("", "*"), ("2", "*")))).row_codes.tolist() == [
        2,
        0,
        1,
    ]
    day = pl.Series([dt.date(2020, 1, 2)])
    assert build("job", day, ExplicitSpec(rows=(("2020-01-02", "*"),))).row_codes.tolist() == [0]
    assert build("job", pl.Series([True]), ExplicitSpec(rows=(("true", "*"),))).row_codes.tolist() == [0]
    assert build("job", pl.Series([1]), TableSpec(rows=pl.DataFrame({"0": [1], "1": ["*"]}))).row_codes.tolist() == [0]


def test_an_empty_text_is_the_row_of_null() -> None:
    assert build("job", pl.Series(["", None]), ExplicitSpec(rows=ROWS)).row_codes.tolist() == [3, 3]


def test_table_specs_compare_by_their_rows() -> None:
    one, two = TableSpec(rows=pl.DataFrame({"0": ["a"]})), TableSpec(rows=pl.DataFrame({"0": ["a"]}))
    assert one == two
    assert hash(one) == hash(two)
    assert one != TableSpec(rows=pl.DataFrame({"0": ["b"]}))


def shared(relative: str) -> Path:
    root = os.environ.get("SHOAL_TEST_DATA")
    if not root:
        pytest.skip("SHOAL_TEST_DATA is not set: the real data sets are outside the repository")
    path = Path(root, "datasets", relative)
    assert path.exists(), f"SHOAL_TEST_DATA is set, but {path} is missing"
    return path


@pytest.mark.parametrize(("folder", "name", "columns"), [("adult-arx", "adult", 9), ("creditcard-arx", "creditcard_int", 24)])
def test_the_hierarchies_of_arx(folder: str, name: str, columns: int) -> None:
    path = shared(folder)
    table = read_table(path / f"{name}.csv", TableFormat.CSV)
    assert table.width == columns
    for attribute in table.columns:
        file = path / f"{name}_hierarchy_{attribute}.csv"
        lines = [line.split(";") for line in file.read_text().splitlines()]
        built = build(attribute, table[attribute], TableSpec(rows=read_headerless(file)))
        assert built.leaves.to_list() == [line[0] for line in lines]
        assert built.levels == len(lines[0])
        for level in range(1, built.levels):
            assert built.label_at(level).to_list() == [line[level] for line in lines]
        assert built.leaves.gather(built.row_codes).to_list() == table[attribute].to_list()

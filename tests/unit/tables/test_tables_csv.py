"""CSV: what is refused, and that what is accepted is read cell for cell as written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.errors import ErrorReason, InvalidArgumentError, ShoalError
from shoal.tables.formats import (
    ColumnFacts,
    ColumnType,
    Limits,
    TableFormat,
    UploadMeter,
    inspect,
    read_columns,
    read_headerless,
    read_table,
    write_table,
)

LIMITS = Limits()
CHUNKS = (1, 2, 3, 7, 1 << 20)


def metered(data: bytes, size: int, separator: str | None = None) -> object:
    """What a meter fed with chunks of `size` bytes ends in: a shape, or the error's sentence."""
    meter = UploadMeter(TableFormat.CSV, LIMITS, separator)
    try:
        for start in range(0, len(data), size):
            meter.feed(memoryview(data)[start : start + size])
        return meter.finish()
    except ShoalError as error:
        return error.reason, error.message


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"a,b\n1,2\n3\n4,5\n", "Line 3 has 1 cells where the header has 2"),
        (b"a,b\n1,2\n3,4,5\n6,7\n", "Line 3 has 3 cells where the header has 2"),
        (b"a,b\n1,2\n\n3,4\n", "Line 3 is empty"),
        (b"a,b\n1,2\n\n", "Line 3 is empty"),
        (b'a,b\n"1,2\n3,4\n5,6\n', "Line 2 opens a quote that never closes"),
        (b'a,b\n1,"2"x\n', "Line 2 has a quote"),
        (b'a,b\n1,x"2"\n', "Line 2 has a quote"),
        (b'a,b\n1,2\n3,"4"\r5\n', "Line 3 has a quote"),
        (b'a,b\n1,2\n3,"4"\r', "Line 3 has a quote"),
        (b'a"x,b\n1,2\n', "Line 1 has a quote"),
        (b"a,b\n1,\x00\n", "Line 2 holds a NUL byte"),
        (b"a,b\n1,2\n\xff,4\n", "Line 3 is not UTF-8"),
        (b"a,b\n1,2\n3,\xc3", "Line 3 is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-8"),
        (b"a,a\n1,2\n", "Columns 1 and 2 have the same name"),
        (b"a,b,a\n1,2,3\n", "Columns 1 and 3 have the same name"),
        (b",b\n1,2\n", "Column 1 has no name"),
        (b"\n\na,b\n", "Column 1 has no name"),
        (b"a,b\r1,2\r3,4\r", "carriage return"),
    ],
)
def test_broken_files_are_refused_with_the_line(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        inspect(data, TableFormat.CSV, LIMITS, ",")
    assert caught.value.reason is ErrorReason.MALFORMED_TABLE
    assert sentence in caught.value.message
    for size in CHUNKS:
        found = metered(data, size, ",")
        assert isinstance(found, tuple)
        assert found[0] is ErrorReason.MALFORMED_TABLE
        if b"\x00" not in data:  # of several faults in a chunk the first in the order of checks is named
            assert found[1] == caught.value.message


@pytest.mark.parametrize(
    ("data", "columns", "rows"),
    [
        (b"a,b\n01234,2\n", ["a", "b"], [("01234", "2")]),
        (b"a,b\r\n1,2\r\n3,4", ["a", "b"], [("1", "2"), ("3", "4")]),
        (b"\xef\xbb\xbfa,b\n1,2\n", ["a", "b"], [("1", "2")]),
        (b'\xef\xbb\xbf"a",b\n1,2\n', ["a", "b"], [("1", "2")]),
        (b'a,b\n,""\n', ["a", "b"], [(None, None)]),
        (b"a,b\n*,NA\n", ["a", "b"], [("*", "NA")]),
        (b"a,b\n 1 ,\t\n", ["a", "b"], [(" 1 ", "\t")]),
        (b'a,b\n"x,y","he said ""no"""\n', ["a", "b"], [("x,y", 'he said "no"')]),
        (b'a,b\n"1\r\n2","3\n\n4"\n', ["a", "b"], [("1\r\n2", "3\n\n4")]),
        (b'"a""b","c,d"\n1,2\n', ['a"b', "c,d"], [("1", "2")]),
        (b'"a\nb",c\n1,2\n', ["a\nb", "c"], [("1", "2")]),
        (b"x^a,b\n1,2\n", ["x^a", "b"], [("1", "2")]),  # like a zlib stream's first bytes
        (b"x\x01,b\n1,2\n", ["x\x01", "b"], [("1", "2")]),
        (b"a,b", ["a", "b"], []),
        (b"a,b\n", ["a", "b"], []),
        (b"a\n1\n\n2\n", ["a"], [("1",), (None,), ("2",)]),
        (b"a\n\n\n", ["a"], [(None,), (None,)]),
        (b"a\r\n\r\n1\r\n", ["a"], [(None,), ("1",)]),
        (b'a\n""\n', ["a"], [(None,)]),
        (b"a,b\n1\r2,3\n", ["a", "b"], [("1\r2", "3")]),
        (b"a_duplicated_0,a\n1,2\n", ["a_duplicated_0", "a"], [("1", "2")]),
        (b" a, b\n1,2\n", [" a", " b"], [("1", "2")]),
    ],
)
def test_every_cell_is_text_as_written(
    tmp_path: Path, data: bytes, columns: list[str], rows: list[tuple[str | None, ...]]
) -> None:
    path = tmp_path / "[table]*.csv"  # a path is not a pattern
    path.write_bytes(data)
    for source in (data, path):
        facts = inspect(source, TableFormat.CSV, LIMITS, ",")
        assert facts.rows == len(rows)
        assert facts.columns == tuple(ColumnFacts(name, ColumnType.TEXT) for name in columns)
        for inspected in (False, True):
            frame = read_table(source, TableFormat.CSV, ",", inspected=inspected)
            assert frame.columns == columns
            assert frame.rows() == rows
    assert len({metered(data, size, ",") for size in CHUNKS}) == 1


def test_the_meters_shape_spares_the_second_scan() -> None:
    data = b"a;b\n1;2\n"
    meter = UploadMeter(TableFormat.CSV, LIMITS)
    meter.feed(data)
    assert inspect(data, TableFormat.CSV, LIMITS, shape=meter.finish()) == inspect(data, TableFormat.CSV, LIMITS)


def test_columns_in_the_order_asked_for() -> None:
    data = b"a,b,c\n1,2,3\n"
    assert read_columns(data, TableFormat.CSV, ["c", "a"]).rows() == [("3", "1")]
    with pytest.raises(InvalidArgumentError) as caught:
        read_columns(data, TableFormat.CSV, ["z"])
    assert caught.value.reason is ErrorReason.UNKNOWN_COLUMN
    assert caught.value.metadata == {"column": "z"}


def test_tables_without_a_header() -> None:
    frame = read_headerless(b";*\n1;*\n", ";")
    assert frame.columns == ["0", "1"]
    assert frame.rows() == [(None, "*"), ("1", "*")]
    with pytest.raises(InvalidArgumentError, match="Line 2 has 3 cells"):
        read_headerless(b"1;2\n1;2;3\n", ";")


cells = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12),
    st.sampled_from(['"', '""', ",", ";", "\n", "\r", "\r\n", "\\", "*", " ", "a,b", '"x"', "é😀", "#", "\ufeff"]),
)
names = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    columns = draw(names)
    rows = draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), max_size=8))
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


@settings(max_examples=300, deadline=None)
@given(tables(), st.sampled_from([",", ";", "\t", "|", ":"]), st.sampled_from(CHUNKS))
def test_what_is_written_reads_back_cell_for_cell(
    tmp_path_factory: pytest.TempPathFactory, frame: pl.DataFrame, separator: str, size: int
) -> None:
    path = tmp_path_factory.mktemp("round") / "table.csv"
    write_table(frame, path, TableFormat.CSV, separator)
    data = path.read_bytes()
    shape = metered(data, size, separator)
    assert shape == metered(data, 1 << 20, separator)
    read = read_table(path, TableFormat.CSV, separator)
    assert read.columns == frame.columns
    assert read.rows() == frame.rows()
    again = tmp_path_factory.mktemp("round") / "table.csv"
    write_table(read, again, TableFormat.CSV, separator)
    assert again.read_bytes() == data


@settings(max_examples=400, deadline=None)
@given(
    st.binary(max_size=60) | st.text(alphabet='ab,;"\n\r é', max_size=40).map(str.encode),
    st.sampled_from(CHUNKS),
)
def test_any_bytes_are_read_as_python_reads_them_or_refused(data: bytes, size: int) -> None:
    """Where the scanner accepts a file, polars and the csv module of Python see the same rows in it."""
    whole = metered(data, 1 << 20, ",")
    if isinstance(whole, tuple):
        assert isinstance(metered(data, size, ","), tuple)
        return
    assert metered(data, size, ",") == whole
    frame = read_table(data, TableFormat.CSV, ",")
    text = data.decode("utf-8-sig")
    if "\r" in text.replace("\r\n", ""):
        return  # Python takes a bare carriage return for a line break
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    expected = [tuple(cell or None for cell in row or [""]) for row in rows[1:]]
    assert frame.columns == rows[0]
    assert frame.rows() == expected


def test_line_breaks_in_quotes_across_the_blocks_that_threads_read() -> None:
    cell = 'x","y\n1,2\n"'.replace('"', '""')
    line = f'"{cell}",b\n'.encode()
    data = b"a,b\n" + line * 200_000
    facts = inspect(data, TableFormat.CSV, LIMITS)
    frame = read_table(data, TableFormat.CSV, inspected=True)
    assert facts.rows == frame.height == 200_000
    assert frame["a"].n_unique() == frame["b"].n_unique() == 1
    assert frame["a"][0] == 'x","y\n1,2\n"'


def test_a_column_of_nulls_alone_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(pl.DataFrame({"a": ["x", None, "", None]}), path, TableFormat.CSV)
    assert path.read_bytes() == b'a\nx\n""\n""\n""\n'
    assert read_table(path, TableFormat.CSV).rows() == [("x",), (None,), (None,), (None,)]


def test_cells_are_quoted_only_where_they_must_be(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    frame = pl.DataFrame({"a": ["x", "a,b", "a;b", None, ' "'], "b": [1.0, 2.5, None, 0.1, 1e300]})
    write_table(frame, path, TableFormat.CSV, ";")
    assert path.read_bytes() == b'a;b\nx;1.0\na,b;2.5\n"a;b";\n;0.1\n" """;1e+300\n'

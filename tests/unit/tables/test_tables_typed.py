"""Parquet, Arrow and JSON lines: types, what is refused, and bombs."""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import struct
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from shoal.errors import ErrorReason, InvalidArgumentError, ResourceExhaustedError
from shoal.tables.arrow_size import measure_arrow
from shoal.tables.decoding import decode
from shoal.tables.formats import ColumnType, Limits, TableFormat, inspect, read_table, scan_table, write_table

LIMITS = Limits()
FRAME = pl.DataFrame(
    {
        "text": ["a", "", None, 'é"x'],
        "whole": [1, 2, None, 4],
        "float": [1.5, None, 2.0, 3.0],
        "yes": [True, False, None, True],
        "day": [dt.date(2020, 1, 1)] * 4,
        "moment": [dt.datetime(2020, 1, 1, 2)] * 4,  # noqa: DTZ001 (a table's datetimes may be naive)
        "clock": [dt.time(1, 2)] * 4,
        "span": [dt.timedelta(days=1)] * 4,
        "money": [Decimal("1.50")] * 4,
        "kind": pl.Series(["x", "y", None, "x"], dtype=pl.Categorical),
        "nothing": [None] * 4,
    }
)


def parquet(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pa.parquet.write_table(table, out, **options)
    return out.getvalue()


def arrow(table: pa.Table, compression: str | None = None, *, file: bool = False, rows: int | None = None) -> bytes:
    out = io.BytesIO()
    opener = pa.ipc.new_file if file else pa.ipc.new_stream
    with opener(out, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table, max_chunksize=rows)
    return out.getvalue()


@pytest.mark.parametrize("format_", [TableFormat.PARQUET, TableFormat.ARROW_IPC])
def test_typed_tables_keep_types_and_values(tmp_path: Path, format_: TableFormat) -> None:
    path = tmp_path / "k=1[x]*"  # neither a hive partition nor a pattern
    write_table(FRAME, path, format_)
    facts = inspect(path, format_, LIMITS)
    assert facts.rows == 4
    assert [column.type.value for column in facts.columns] == (
        [
            "TEXT",
            "INTEGER",
            "FLOAT",
            "BOOLEAN",
            "DATE",
            "DATETIME",
            "TIME",
            "DURATION",
            "DECIMAL",
            "TEXT",
            "TEXT",
        ]
    )
    expected = FRAME.with_columns(pl.col("kind", "nothing").cast(pl.String))
    for source in (path, path.read_bytes()):
        read = read_table(source, format_)
        assert read.columns == FRAME.columns
        assert read.rows() == expected.rows()
        assert read.schema["kind"] == read.schema["nothing"] == pl.String
        assert scan_table(source, format_).select("whole").collect().rows() == [(1,), (2,), (None,), (4,)]


def test_the_arrow_stream_is_one_that_every_reader_knows(tmp_path: Path) -> None:
    path = tmp_path / "t.arrow"
    write_table(FRAME.select("text", "whole"), path, TableFormat.ARROW_IPC)
    table = pa.ipc.open_stream(path.read_bytes()).read_all()
    assert table.schema.field("text").type == pa.large_string()
    assert table.to_pylist() == FRAME.select("text", "whole").to_dicts()


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "[t]?*.jsonl"
    write_table(FRAME, path, TableFormat.JSON_LINES)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0] == {
        "text": "a",
        "whole": 1,
        "float": 1.5,
        "yes": True,
        "day": "2020-01-01",
        "moment": "2020-01-01T02:00:00",
        "clock": "01:02:00",
        "span": "P1D",
        "money": "1.50",
        "kind": "x",
        "nothing": None,
    }
    read = read_table(path, TableFormat.JSON_LINES)
    assert read.columns == FRAME.columns
    assert read.select("text", "whole", "float", "yes").rows() == FRAME.select("text", "whole", "float", "yes").rows()
    assert inspect(path, TableFormat.JSON_LINES, LIMITS).columns[10].type is ColumnType.TEXT


def test_keys_may_be_absent_and_lines_blank() -> None:
    data = b'{"a": 1}\n\n{"b": "x"}\r\n'
    assert read_table(data, TableFormat.JSON_LINES).rows() == [(1, None), (None, "x")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        (b'{"a":1}\n[1]\n', "Line 2 is not a JSON object"),
        (b'{"a":1}\n{"a":2\n', "Line 2 is not a JSON object"),
        (b'{"a":[1]}\n', "Column 'a' holds values of the kind 'list'"),
        (b'{"a":{"b":1}}\n', "Column 'a' holds values of the kind 'struct'"),
        (b'{"a":NaN}\n', "cannot be read"),
        (b'{"a":1} {"a":2}\n', "cannot be read"),
        (b'{"a":true}\n{"a":1}\n', "cannot be read"),
        (b'{"a":"\\ud800"}\n', "Line 1 is not JSON, or has an escape that is half a character"),
        (b'{"a":1}\n{"a":"\xff"}\n', "Line 2 is not UTF-8"),
        (b'{"a":1}\n  {"a":2}\t\r\n \r\n\r\nx\n', "Line 5 is not a JSON object"),
        (b'{"":1}\n', "Column 1 has no name"),
        (b"{}\n", "The table has no columns"),
        (b'{"a":' + b"[" * 5000 + b"}\n", "cannot be read"),
    ],
)
def test_broken_json_lines(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_table(data, TableFormat.JSON_LINES)
    assert caught.value.reason is ErrorReason.MALFORMED_TABLE
    assert sentence in caught.value.message


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert read_table(b'{"a":"\\ud83d\\ude00"}\n', TableFormat.JSON_LINES).rows() == [("😀",)]


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("file", [False, True])
@pytest.mark.parametrize("rows", [None, 2])
def test_arrow_as_others_write_it(compression: str | None, file: bool, rows: int | None) -> None:
    table = FRAME.drop("nothing", "money").to_arrow()
    for text in (pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())):
        typed = table.set_column(0, "text", table["text"].combine_chunks().cast(pa.string()).cast(text))
        data = arrow(typed, compression, file=file, rows=rows)
        assert (
            read_table(data, TableFormat.ARROW_IPC).rows()
            == FRAME.drop("nothing", "money").with_columns(pl.col("kind").cast(pl.String)).rows()
        )
        assert inspect(data, TableFormat.ARROW_IPC, LIMITS).rows == 4
    empty = arrow(table.slice(0, 0), compression, file=file)
    assert inspect(empty, TableFormat.ARROW_IPC, LIMITS).rows == 0


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_arrow_files_as_polars_writes_them(compression: Any) -> None:
    """Readers go by the footer; what lies before the batches is no stream."""
    out = io.BytesIO()
    FRAME.write_ipc(out, compression=compression)
    data = out.getvalue()
    assert inspect(data, TableFormat.ARROW_IPC, LIMITS).rows == FRAME.height
    assert scan_table(data, TableFormat.ARROW_IPC).collect().height == FRAME.height
    for broken in (data[:-1], data[:8] + data[-200:], data[:-60] + bytes(50) + data[-10:]):
        with pytest.raises(InvalidArgumentError, match="The Arrow data is broken"):
            inspect(broken, TableFormat.ARROW_IPC, LIMITS)


def test_a_batch_that_a_footer_lists_twice_counts_twice() -> None:
    data = arrow(pa.table({"a": range(1000)}), file=True, rows=900)
    first, second = (struct.pack("<qi4xq", *block) for block in measure_arrow(io.BytesIO(data), len(data), LIMITS).batches)
    twice = data.replace(second, first)
    assert inspect(twice, TableFormat.ARROW_IPC, LIMITS).rows == read_table(twice, TableFormat.ARROW_IPC).height == 1800
    with pytest.raises(ResourceExhaustedError):
        inspect(twice, TableFormat.ARROW_IPC, replace(LIMITS, max_rows=1799))
    for position, head, body in ((1 << 40, 8, 8), (-8, 8, 8), (8, -8, 8), (8, 8, 1 << 40), (16, 8, 8)):
        with pytest.raises(InvalidArgumentError, match="The Arrow data is broken"):
            inspect(data.replace(second, struct.pack("<qi4xq", position, head, body)), TableFormat.ARROW_IPC, LIMITS)


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_parquet_as_others_write_it(compression: str, version: str) -> None:
    table = FRAME.drop("nothing", "money").to_arrow()
    data = parquet(table, compression=compression, data_page_version=version, row_group_size=3)
    assert read_table(data, TableFormat.PARQUET).height == 4


NESTED = {
    "list": pa.table({"ok": [1], "bad": [[1]]}),
    "struct": pa.table({"ok": [1], "bad": [{"x": 1}]}),
    "bytes": pa.table({"ok": [1], "bad": [b"x"]}),
}


@pytest.mark.parametrize("kind", sorted(NESTED))
@pytest.mark.parametrize("write", [parquet, arrow])
def test_nested_and_binary_columns_are_named(kind: str, write: Callable[[pa.Table], bytes]) -> None:
    format_ = TableFormat.PARQUET if write is parquet else TableFormat.ARROW_IPC
    with pytest.raises(InvalidArgumentError, match="Column 'bad'"):
        inspect(write(NESTED[kind]), format_, LIMITS)


@pytest.mark.parametrize("write", [parquet, arrow])
def test_names_that_repeat_or_lack(write: Callable[[pa.Table], bytes]) -> None:
    format_ = TableFormat.PARQUET if write is parquet else TableFormat.ARROW_IPC
    with pytest.raises(InvalidArgumentError, match="Columns 1 and 2 have the same name"):
        inspect(write(pa.table([[1], [2]], names=["a", "a"])), format_, LIMITS)
    with pytest.raises(InvalidArgumentError, match="Column 2 has no name"):
        inspect(write(pa.table([[1], [2]], names=["a", ""])), format_, LIMITS)


def bombs() -> dict[str, tuple[TableFormat, bytes]]:
    """Files of a few kB that expand a thousandfold and more."""
    large = pa.table({"s": pa.array(["x" * 1_000_000] * 300)})
    narrow = pa.table({f"c{i}": pa.array([0] * 100_000, pa.int8()) for i in range(200)})
    repeated = pl.Series("s", ["y" * 1_000_000]).new_from_index(0, 300)
    dictionary, categories = io.BytesIO(), io.BytesIO()
    repeated.to_frame().write_parquet(dictionary)
    repeated.cast(pl.Categorical).to_frame().write_ipc_stream(categories, compression="lz4")
    return {
        "parquet pages": (TableFormat.PARQUET, parquet(large, compression="zstd", use_dictionary=False)),
        "parquet runs": (TableFormat.PARQUET, parquet(narrow)),
        "parquet dictionary": (TableFormat.PARQUET, dictionary.getvalue()),
        "arrow stream": (TableFormat.ARROW_IPC, arrow(large, "zstd")),
        "arrow file": (TableFormat.ARROW_IPC, arrow(large, "zstd", file=True)),
        "arrow dictionary": (TableFormat.ARROW_IPC, categories.getvalue()),
        "json keys": (TableFormat.JSON_LINES, b"".join(b'{"%d":1}\n' % (i % 9000) for i in range(90_000))),
    }


@pytest.mark.parametrize("name", sorted(bombs()))
def test_bombs_are_refused_before_they_expand(name: str) -> None:
    format_, data = bombs()[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ResourceExhaustedError) as caught:
        inspect(data, format_, Limits(max_expanded_bytes=100 << 20))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert caught.value.metadata == {"limit": "expanded_bytes", "maximum": str(100 << 20)}
    assert grown < 64 << 10, "kB of memory"


@pytest.mark.parametrize("write", [parquet, arrow])
def test_limits_of_typed_tables(write: Callable[[pa.Table], bytes]) -> None:
    format_ = TableFormat.PARQUET if write is parquet else TableFormat.ARROW_IPC
    data = write(pa.table({"a": list(range(100)), "b": ["x" * 50] * 100}))
    for limits, limit in (
        (Limits(max_rows=99), "rows"),
        (Limits(max_columns=1), "columns"),
        (Limits(max_bytes=100), "bytes"),
        (Limits(max_cell_bytes=49), "cell_bytes"),
        (Limits(max_expanded_bytes=2000), "expanded_bytes"),
    ):
        with pytest.raises(ResourceExhaustedError) as caught:
            inspect(data, format_, limits)
        assert caught.value.metadata["limit"] == limit
    assert inspect(data, format_, Limits(max_rows=100, max_columns=2, max_cell_bytes=50)).rows == 100


def test_too_many_keys_are_columns() -> None:
    data = b"".join(b'{"%d":1}\n' % i for i in range(100))
    with pytest.raises(ResourceExhaustedError, match="99 columns"):
        inspect(data, TableFormat.JSON_LINES, Limits(max_columns=99))


def test_a_stream_is_judged_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shoal.tables.scanning.PIECE_BYTES", 1)
    data = arrow(pa.table({"a": list(range(100)), "b": ["é"] * 100}), rows=7)
    facts = inspect(data, TableFormat.ARROW_IPC, LIMITS)
    assert facts.rows == 100
    assert facts.expanded_bytes >= 100 * (8 + 16 + 2)


def test_sizes_are_exact_beyond_32_bits() -> None:
    """len_bytes() is u32 in polars, and so is its sum: 5 GB of text may not wrap to a small number."""
    text = pl.Series("s", ["y" * (1 << 20)]).new_from_index(0, 5000)
    assert decode([text.to_frame().lazy()], 5000, 0, LIMITS).expanded_bytes == 5000 * ((1 << 20) + 16)

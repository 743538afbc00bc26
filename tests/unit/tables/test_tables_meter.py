"""Limits hold while an upload streams, with bounded memory."""

from __future__ import annotations

import tracemalloc

import pytest

from shoal.errors import ErrorReason, ResourceExhaustedError
from shoal.tables.formats import Limits, TableFormat, UploadMeter, inspect

MIB = 1 << 20


def feed(data: bytes, limits: Limits, format_: TableFormat = TableFormat.CSV, size: int = MIB) -> tuple[str, int]:
    """Feeds all of it; (the limit that broke, the bytes sent until then)."""
    meter = UploadMeter(format_, limits, "," if format_ is TableFormat.CSV else None)
    sent = 0

    def send() -> None:
        nonlocal sent
        for start in range(0, len(data), size):
            sent = start + size
            meter.feed(data[start : start + size])

    with pytest.raises(ResourceExhaustedError) as caught:
        send()
    assert caught.value.reason is ErrorReason.LIMIT_EXCEEDED
    return caught.value.metadata["limit"], sent


@pytest.mark.parametrize(
    ("data", "limits", "limit"),
    [
        (b"a,b\n" + b"1,2\n" * 1000, Limits(max_bytes=100), "bytes"),
        (b"a,b\n" + b"1,2\n" * 1000, Limits(max_rows=500), "rows"),
        (b",".join(b"c%d" % i for i in range(200_000)) + b"\n", Limits(), "columns"),
        (b",".join(b"c%d" % i for i in range(200_000)), Limits(), "columns"),
        (b"a,b\n1," + b"x" * 5000 + b"\n", Limits(max_cell_bytes=4096), "cell_bytes"),
        (b'a,b\n1,"' + b"x,\n" * 5000 + b'"\n', Limits(max_cell_bytes=4096), "cell_bytes"),
        (b"x" * 5000, Limits(max_cell_bytes=4096), "cell_bytes"),
        (b"a,b\n" + b",\n" * 1000, Limits(max_expanded_bytes=20_000), "expanded_bytes"),
    ],
)
@pytest.mark.parametrize("size", [1 << 10, MIB])
def test_csv_limits(data: bytes, limits: Limits, limit: str, size: int) -> None:
    assert feed(data, limits, size=size)[0] == limit
    with pytest.raises(ResourceExhaustedError) as caught:
        inspect(data, TableFormat.CSV, limits, ",")
    assert caught.value.metadata["limit"] == limit
    assert int(caught.value.metadata["maximum"]) > 0


def test_a_wide_header_is_refused_in_its_first_chunk_without_a_separator() -> None:
    meter = UploadMeter(TableFormat.CSV, Limits())
    with pytest.raises(ResourceExhaustedError, match="10000 columns"):
        meter.feed(b";".join(b"c%d" % i for i in range(200_000)))


def test_an_endless_cell_is_not_kept() -> None:
    meter = UploadMeter(TableFormat.CSV, Limits(max_cell_bytes=40 * MIB, max_bytes=1 << 40), ",")
    chunk = b'"' + b"x" * (MIB - 1)
    meter.feed(b"name\n" + chunk)
    tracemalloc.start()
    for _ in range(38):
        meter.feed(chunk[1:] + b"x")
    with pytest.raises(ResourceExhaustedError, match="longer than"):
        meter.feed(chunk[1:] * 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * MIB


@pytest.mark.parametrize(
    ("data", "limits", "limit"),
    [
        (b'{"a":1}\n' * 1000, Limits(max_bytes=1000), "bytes"),
        (b'{"a":1}\n' * 1000, Limits(max_rows=500), "rows"),
        (b'{"a":"' + b"x" * 5000 + b'"}\n', Limits(max_cell_bytes=4096), "cell_bytes"),
        (b'{"a":"' + b"x" * 5000, Limits(max_cell_bytes=4096), "cell_bytes"),
    ],
)
@pytest.mark.parametrize("size", [100, MIB])
def test_json_limits(data: bytes, limits: Limits, limit: str, size: int) -> None:
    assert feed(data, limits, TableFormat.JSON_LINES, size)[0] == limit


@pytest.mark.parametrize("format_", [TableFormat.PARQUET, TableFormat.ARROW_IPC])
def test_binary_formats_are_counted(format_: TableFormat) -> None:
    assert feed(b"x" * 5000, Limits(max_bytes=2048), format_, 1024) == ("bytes", 3072)

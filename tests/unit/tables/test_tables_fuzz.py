"""Random and mutated files: refused with one of our errors, or read; never a crash or another error."""

from __future__ import annotations

import io
import os
import random

import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.errors import ErrorReason, InvalidArgumentError, ShoalError
from shoal.tables.formats import Limits, TableFormat, read_table
from shoal.tables.parquet_size import measure_parquet
from shoal.tables.trial import try_parquet

FULL = os.environ.get("SHOAL_TEST_FULL") == "1"
LIMITS = Limits(max_expanded_bytes=64 << 20)
CANARY = "canary-7f3a"


def sample() -> pl.DataFrame:
    rows = range(50)
    return pl.DataFrame(
        {
            "text": [None if i % 7 == 0 else f"{CANARY} {i} é" for i in rows],
            "whole": list(rows),
            "float": [i / 3 for i in rows],
            "yes": [i % 2 == 0 for i in rows],
        }
    )


def files() -> dict[str, tuple[TableFormat, bytes]]:
    table = sample().to_arrow()
    table = table.append_column("kind", table["text"].cast(pa.string()).dictionary_encode())
    found: dict[str, tuple[TableFormat, bytes]] = {}
    for compression in (None, "lz4"):
        for opener in (pa.ipc.new_stream, pa.ipc.new_file):
            out = io.BytesIO()
            with opener(out, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
                writer.write_table(table)
            found[f"{opener.__name__} {compression}"] = (TableFormat.ARROW_IPC, out.getvalue())
    views, text, lines = io.BytesIO(), io.BytesIO(), io.BytesIO()
    sample().write_ipc_stream(views)
    sample().write_csv(text)
    sample().write_ndjson(lines)
    found["views"] = (TableFormat.ARROW_IPC, views.getvalue())
    found["csv"] = (TableFormat.CSV, text.getvalue())
    found["json lines"] = (TableFormat.JSON_LINES, lines.getvalue())
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        changed[chance.randrange(len(changed))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return bytes(changed[: chance.randrange(len(changed))] if chance.random() < 0.05 else changed)


def judge(data: bytes, format_: TableFormat) -> None:
    try:
        frame = read_table(data, format_, limits=LIMITS)
    except ShoalError as error:
        check_error(error)
    else:
        frame.rows()


def check_error(error: ShoalError) -> None:
    assert error.reason in (ErrorReason.MALFORMED_TABLE, ErrorReason.LIMIT_EXCEEDED)
    assert CANARY not in error.message
    assert CANARY not in str(error.metadata)


@pytest.mark.parametrize("name", sorted(files()))
def test_mutated_files(name: str) -> None:
    format_, data = files()[name]
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")  # noqa: T201 (a failure has to be repeatable)
    chance = random.Random(seed)
    for _ in range(3000 if FULL else 150):
        judge(mutated(data, chance), format_)


def test_mutated_parquet() -> None:
    """Measuring is fuzzed often; the decoding of what passes costs a process each, so it is fuzzed less."""
    out = io.BytesIO()
    pa.parquet.write_table(sample().to_arrow(), out, compression="none")
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)
    decoded = 0
    for _ in range(20_000 if FULL else 1000):
        data = mutated(out.getvalue(), chance)
        try:
            measure_parquet(io.BytesIO(data), len(data), LIMITS)
        except ShoalError as error:
            check_error(error)
            continue
        decoded += 1
        if decoded <= (200 if FULL else 6):
            judge(data, TableFormat.PARQUET)


def test_a_parquet_file_that_kills_its_reader_is_refused() -> None:
    """A page header with less than no nulls: polars makes 2^64 of it, and its allocation takes the process
    along.
    """
    out = io.BytesIO()
    table = pa.table({"a": [True, False] * 25})
    pa.parquet.write_table(table, out, compression="none", use_dictionary=False, data_page_version="2.0")
    data = out.getvalue()
    assert data.count(b"\x15d\x15\x00\x15d") == 1  # 50 values, 0 nulls, 50 rows
    killer = data.replace(b"\x15d\x15\x00\x15d", b"\x15d\x15\xf1\x80d")
    with pytest.raises(InvalidArgumentError, match="does not follow the format"):
        measure_parquet(io.BytesIO(killer), len(killer), LIMITS)
    with pytest.raises(InvalidArgumentError, match="The Parquet file is broken"):
        try_parquet(killer, 50, 400, LIMITS)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([TableFormat.CSV, TableFormat.ARROW_IPC, TableFormat.JSON_LINES]))
def test_random_bytes(data: bytes, format_: TableFormat) -> None:
    judge(data, format_)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_in_a_frame(body: bytes) -> None:
    """Behind the marks of a format, so that more than the marks is tested."""
    size = len(body).to_bytes(4, "little")
    for data in (b"PAR1" + body + size + b"PAR1", b"PAR1" + body + b"PAR1"):
        with pytest.raises(InvalidArgumentError):
            read_table(data, TableFormat.PARQUET, limits=LIMITS)
    judge(b"\xff\xff\xff\xff" + size + body, TableFormat.ARROW_IPC)
    judge(b"ARROW1\0\0\xff\xff\xff\xff" + size + body + size + b"ARROW1", TableFormat.ARROW_IPC)
    judge(b'{"a":"' + body + b'"}\n', TableFormat.JSON_LINES)

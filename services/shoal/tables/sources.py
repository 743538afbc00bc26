"""Where a table's bytes come from: a file, or memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import polars as pl

from shoal.tables.facts import malformed

__all__ = ["CHUNK_BYTES", "TROUBLE", "TableSource", "chunks", "no_panic", "open_source", "polars_source", "source_size"]

TableSource = Path | bytes
"""A file, or the bytes of one."""

CHUNK_BYTES = 1 << 20


@contextmanager
def open_source(source: TableSource) -> Iterator[BinaryIO]:
    """The source opened for reading; missing files raise OSError, for they are the caller's own."""
    with source.open("rb") if isinstance(source, Path) else BytesIO(source) as file:
        yield file


def source_size(source: TableSource) -> int:
    """Its length in bytes."""
    return source.stat().st_size if isinstance(source, Path) else len(source)


def chunks(source: TableSource) -> Iterator[bytes]:
    """The source in pieces of at most CHUNK_BYTES."""
    with open_source(source) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def polars_source(source: TableSource) -> Path | BytesIO:
    """What polars' scan functions take."""
    return source if isinstance(source, Path) else BytesIO(source)


TROUBLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeDecodeError, OverflowError)
"""What polars raises of values that it cannot process."""


@contextmanager
def no_panic(sentence: str) -> Iterator[None]:
    """Turns whatever polars says of a broken file into MALFORMED_TABLE with our sentence.

    Its own messages hold bytes of the data; and a file it did not expect makes it panic, which in Python is a
    BaseException that no `except Exception` catches.
    """
    try:
        yield
    except TROUBLE:
        raise malformed(sentence) from None
    except OSError as error:
        if error.errno is not None:  # the disk's; polars raises those of a decompressor without a number
            raise
        raise malformed(sentence) from None

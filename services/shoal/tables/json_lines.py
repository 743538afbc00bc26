"""JSON lines: one object of single values a line."""

from __future__ import annotations

import glob
import json
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from shoal.tables.facts import malformed
from shoal.tables.limits import Limits, exceeded
from shoal.tables.sources import TableSource, chunks

__all__ = ["JsonShape", "json_schema", "scan_json_lines", "scan_json_shape"]

_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class JsonShape:
    """The size of JSON lines: objects, bytes of the file, distinct keys of all objects."""

    rows: int
    bytes: int
    keys: int


def scan_json_shape(source: TableSource, limits: Limits) -> JsonShape:
    """The shape of JSON lines, line by line with bounded memory.

    Raises MALFORMED_TABLE for a line that is not an object or has half a character in it (polars would make a
    NUL of that), LIMIT_EXCEEDED for too many bytes, rows, keys (each is a column) or too long a line. Whether
    a line is JSON at all is for polars to say.
    """
    keys: set[bytes] = set()
    rows = size = lines = 0
    rest = b""
    for chunk in chunks(source):
        size += len(chunk)
        if size > limits.max_bytes:
            raise exceeded("bytes", limits.max_bytes)
        block, cut, tail = (rest + chunk).rpartition(b"\n")
        rest = tail
        if max(map(len, [rest, *block.split(b"\n")])) > limits.max_cell_bytes:
            raise exceeded("cell_bytes", limits.max_cell_bytes)
        if cut:
            rows += _take(block, lines, keys, limits)
            lines += block.count(b"\n") + 1
        if rows > limits.max_rows:
            raise exceeded("rows", limits.max_rows)
    rows += _take(rest, lines, keys, limits)
    if rows == 0:
        raise malformed("The file is empty: it needs at least one JSON object, one on each line.")
    return JsonShape(rows, size, len(keys))


def _take(block: bytes, before: int, keys: set[bytes], limits: Limits) -> int:
    """The objects in the lines of a block; adds their keys."""
    surrogates = _SURROGATE.search(block) is not None
    rows = 0
    for number, line in enumerate(block.split(b"\n"), before + 1):
        text = line.strip(b" \t\r")
        if not text:
            continue
        rows += 1
        if not (text.startswith(b"{") and text.endswith(b"}")):
            raise malformed(
                f"Line {number} is not a JSON object: write one object of single values on each line."
            )
        if surrogates and _SURROGATE.search(text) is not None:
            _check_surrogates(text, number)
    keys.update(text for text, colon in _STRING.findall(block) if colon)
    if len(keys) > limits.max_columns:
        raise exceeded("columns", limits.max_columns)
    return rows


def _check_surrogates(line: bytes, number: int) -> None:
    try:
        json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        raise malformed(
            f"Line {number} is not JSON, or has an escape that is half a character: write text as UTF-8."
        ) from None


def json_schema(source: TableSource) -> pl.Schema:
    """The columns of JSON lines by all their lines: the union of the keys. polars' errors pass through."""
    return pl.scan_ndjson(_unglobbed(source), infer_schema_length=None).collect_schema()


def scan_json_lines(source: TableSource, schema: pl.Schema) -> pl.LazyFrame:
    """The rows of JSON lines, lazily; an absent key is null."""
    return pl.scan_ndjson(_unglobbed(source), schema=schema)


def _unglobbed(source: TableSource) -> str | BytesIO:
    # polars takes `[` and `*` of a path for a pattern here, and has no switch for it.
    return glob.escape(str(source)) if isinstance(source, Path) else BytesIO(source)

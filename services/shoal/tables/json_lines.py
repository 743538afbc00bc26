"""JSON lines: one object of single values a line."""

from __future__ import annotations

import glob
import json
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from shoal.tables.facts import malformed
from shoal.tables.limits import Limits, exceeded
from shoal.tables.sources import TableSource, chunks

__all__ = ["JsonShape", "json_schema", "scan_json_lines", "scan_json_shape"]

_STRING = r'"(?:[^"\\]|\\.)*"(?:[ \t]*:)?'
"""A string of JSON, a value or, with the colon behind it, a key."""

_LF, _CR, _OPEN, _CLOSE = 10, 13, ord("{"), ord("}")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class JsonShape:
    """The size of JSON lines: objects, bytes of the file, distinct keys of all objects."""

    rows: int
    bytes: int
    keys: int


def scan_json_shape(source: TableSource, limits: Limits) -> JsonShape:
    """The shape of JSON lines, with bounded memory.

    Raises MALFORMED_TABLE for a line that is not an object, is not UTF-8 or has half a character in it
    (polars would make a NUL of that), LIMIT_EXCEEDED for too many bytes, rows, keys (each is a column) or too
    long a line. Whether a line is JSON at all is for polars to say.
    """
    keys: set[str] = set()
    rows = size = lines = 0
    rest = b""
    for chunk in chunks(source):
        size += len(chunk)
        if size > limits.max_bytes:
            raise exceeded("bytes", limits.max_bytes)
        block, cut, rest = (rest + chunk).rpartition(b"\n")
        if len(rest) > limits.max_cell_bytes:
            raise exceeded("cell_bytes", limits.max_cell_bytes)
        rows += _take(block + cut, lines, keys, limits)
        lines += (block + cut).count(b"\n")
        if rows > limits.max_rows:
            raise exceeded("rows", limits.max_rows)
    if rest:
        rows += _take(rest + b"\n", lines, keys, limits)
    if rows == 0:
        raise malformed("The file is empty: it needs at least one JSON object, one on each line.")
    return JsonShape(rows, size, len(keys))


def _take(block: bytes, before: int, keys: set[str], limits: Limits) -> int:
    """The objects in a block of whole lines, `before` of them in front of it; adds their keys."""
    view = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(view == _LF)
    if not len(ends):
        return 0
    starts = np.concatenate(([0], ends[:-1] + 1))
    if int((ends - starts).max()) > limits.max_cell_bytes:
        raise exceeded("cell_bytes", limits.max_cell_bytes)
    ends = ends - ((ends > starts) & (view[ends - 1] == _CR))
    filled = ends > starts
    is_object = filled & (view[starts] == _OPEN) & (view[ends - 1] == _CLOSE)
    rows = int(np.count_nonzero(is_object))
    for line in np.flatnonzero(filled & ~is_object).tolist():
        text = block[starts[line] : ends[line]].strip(b" \t\r")
        if not text:
            continue
        if not (text.startswith(b"{") and text.endswith(b"}")):
            raise malformed(f"Line {before + line + 1} is not a JSON object: write one object of single values on each line.")
        rows += 1
    if _SURROGATE.search(block) is not None:
        for number, line_bytes in enumerate(block.split(b"\n"), before + 1):
            if _SURROGATE.search(line_bytes) is not None:
                _check_surrogates(line_bytes, number)
    keys.update(_keys(block, before))
    if len(keys) > limits.max_columns:
        raise exceeded("columns", limits.max_columns)
    return rows


def _keys(block: bytes, before: int) -> list[str]:
    """The distinct keys, in their quotes, of a block of objects; by polars, which lets other threads run."""
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError as error:
        line = before + block[: error.start].count(b"\n") + 1
        raise malformed(f"Line {line} is not UTF-8 text: save the file with the encoding UTF-8.") from None
    strings = pl.Series([text]).str.extract_all(_STRING).explode()
    found: list[str] = strings.filter(strings.str.ends_with(":")).str.strip_chars_end(": \t\r").unique().to_list()
    return found


def _check_surrogates(line: bytes, number: int) -> None:
    try:
        json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        raise malformed(f"Line {number} is not JSON, or has an escape that is half a character: write text as UTF-8.") from None


def json_schema(source: TableSource) -> pl.Schema:
    """The columns of JSON lines by all their lines: the union of the keys. polars' errors pass through."""
    return pl.scan_ndjson(_unglobbed(source), infer_schema_length=None).collect_schema()


def scan_json_lines(source: TableSource, schema: pl.Schema) -> pl.LazyFrame:
    """The rows of JSON lines, lazily; an absent key is null."""
    return pl.scan_ndjson(_unglobbed(source), schema=schema)


def _unglobbed(source: TableSource) -> str | BytesIO:
    # polars takes `[` and `*` of a path for a pattern here, and has no switch for it.
    return glob.escape(str(source)) if isinstance(source, Path) else BytesIO(source)

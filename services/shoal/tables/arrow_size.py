"""How large an Arrow IPC table is once unpacked, from its messages, before any buffer is unpacked or
allocated.

Every message claims the lengths of its buffers, and each compressed buffer begins with the length it unpacks
to; readers allocate what is claimed. So the messages are walked here first: those of a stream one after the
other, those of a file as its footer lists them, which is what readers go by (polars writes files that are no
streams between). Nothing is nested, every buffer lies in its body and is as long as its rows need, and the
sum is within the limit.

The format: https://arrow.apache.org/docs/format/Columnar.html (Message.fbs and Schema.fbs have the slots used
below).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO, cast

import flatbuffers.number_types as number
from flatbuffers.table import Table

from shoal.tables.csv_shape import TEXT_CELL_BYTES
from shoal.tables.facts import check_names, malformed
from shoal.tables.limits import HEADER_BYTES, Limits, exceeded

__all__ = ["FILE_MAGIC", "ArrowLayout", "measure_arrow"]

FILE_MAGIC = b"ARROW1"
_CONTINUATION = 0xFFFFFFFF
_SCHEMA, _DICTIONARY, _RECORDS = 1, 2, 3
_MAX_MESSAGES = 1_000_000

# The union Type of Schema.fbs.
_NULL, _INT, _FLOAT, _BINARY, _UTF8, _BOOL, _DECIMAL, _DATE, _TIME, _TIMESTAMP = range(1, 11)
_INTERVAL, _DURATION, _LARGE_BINARY, _LARGE_UTF8, _BINARY_VIEW, _UTF8_VIEW = 11, 18, 19, 20, 23, 24
_NESTED = {12: "list", 13: "struct", 14: "union", 16: "list", 17: "map", 21: "list", 25: "list", 26: "list"}
_BYTES = {_BINARY, 15, _LARGE_BINARY, _BINARY_VIEW}


@dataclass(frozen=True)
class _Column:
    """How a column's buffers are laid out. bits: of a value, or of an offset when `text`."""

    name: str
    bits: int
    text: bool = False
    views: bool = False
    null: bool = False
    dictionary: int | None = None


Block = tuple[int, int, int]
"""A message as a file's footer lists it: (position, length of its head, length of its body), in bytes."""


@dataclass
class ArrowLayout:
    """Where the messages of an IPC table lie, and its size: rows, and bytes once unpacked."""

    is_file: bool = False
    schema: Block = (0, 0, 0)
    dictionaries: list[Block] = field(default_factory=list)
    batches: list[Block] = field(default_factory=list)
    rows: int = 0
    expanded_bytes: int = 0


def _broken(what: str) -> Exception:
    return malformed(f"The Arrow data is broken: {what}. Write it again, or send the table as CSV.")


def measure_arrow(file: BinaryIO, size: int, limits: Limits) -> ArrowLayout:
    """The layout of the Arrow IPC stream or file of `size` bytes.

    Raises MALFORMED_TABLE for claims that contradict each other or the file, and for columns of nested or
    binary values; LIMIT_EXCEEDED for too many rows, columns or unpacked bytes.
    """
    try:
        return _Walk(file, size, limits).whole()
    except (struct.error, IndexError, KeyError, TypeError, ValueError, OverflowError, AttributeError):
        # flatbuffers reads what an offset points to, wherever that is: every failure means a broken message.
        raise _broken("a message does not follow the format") from None


class _Walk:
    def __init__(self, file: BinaryIO, size: int, limits: Limits) -> None:
        self._file = file
        self._size = size
        self._limits = limits
        self._columns: list[_Column] = []
        self._values: dict[int, _Column] = {}  # what the dictionary of an id holds
        self._layout = ArrowLayout()

    def whole(self) -> ArrowLayout:
        layout = self._layout
        self._file.seek(0)
        layout.is_file = self._file.read(len(FILE_MAGIC)) == FILE_MAGIC
        if layout.is_file:
            self._take_footer()
            return layout
        position = 0
        while (step := self._message(position)) > 0:
            position += step
            if len(layout.batches) + len(layout.dictionaries) > _MAX_MESSAGES:
                raise _too_many()
        if not self._columns:
            raise _broken("it has no schema")
        return layout

    def _read(self, position: int, length: int) -> bytes:
        if length < 0 or position + length > self._size:
            raise _broken("it is cut off")
        self._file.seek(position)
        return self._file.read(length)

    def _message(self, position: int) -> int:
        """Takes the message at `position`; its length with its body, 0 at the end of the stream."""
        if position == self._size:
            return 0
        (first,) = struct.unpack("<I", self._read(position, 4))
        prefix = 4
        if first == _CONTINUATION:
            (first,) = struct.unpack("<I", self._read(position + 4, 4))
            prefix = 8
        if first == 0:
            return 0
        if first > HEADER_BYTES:
            raise exceeded("bytes", HEADER_BYTES)
        message = _root(self._read(position + prefix, first))
        body = _integer(message, 10, number.Int64Flags)
        begin = position + prefix + first
        if body < 0 or begin + body > self._size:
            raise _broken("it is cut off")
        kind, header = _integer(message, 6, number.Uint8Flags), _union(message, 8)
        step: int = prefix + first + body
        if kind == _SCHEMA:
            if self._columns:
                raise _broken("it has two schemas")
            self._layout.schema = (position, prefix + first, body)
            self._take_schema(header)
        elif kind == _DICTIONARY:
            values = self._values[_integer(header, 4, number.Int64Flags)]
            self._take_batch(_table(header, 6), [values], begin, body)
            self._layout.dictionaries.append((position, prefix + first, body))
        elif kind == _RECORDS:
            self._layout.rows += self._take_batch(header, self._columns, begin, body)
            if self._layout.rows > self._limits.max_rows:
                raise exceeded("rows", self._limits.max_rows)
            self._layout.batches.append((position, prefix + first, body))
        else:
            raise _broken("it holds something other than a table")
        return step

    def _take_schema(self, schema: Table) -> None:
        if _integer(schema, 4, number.Int16Flags) != 0:
            raise _broken("its numbers are big-endian")
        count, start = _vector(schema, 6, 4)
        if count > self._limits.max_columns:
            raise exceeded("columns", self._limits.max_columns)
        for index in range(count):
            entry = Table(schema.Bytes, schema.Indirect(start + 4 * index))
            self._columns.append(self._take_field(entry))
        check_names([column.name for column in self._columns])

    def _take_field(self, entry: Table) -> _Column:
        slot = entry.Offset(4)
        name = cast(bytes, entry.String(entry.Pos + slot)).decode("utf-8") if slot else ""
        values = _layout_of(name, _integer(entry, 8, number.Uint8Flags), _union(entry, 10))
        if not entry.Offset(12):
            return values
        encoding = _table(entry, 12)
        identity = _integer(encoding, 4, number.Int64Flags)
        bits = _integer(_table(encoding, 6), 4, number.Int32Flags) if encoding.Offset(6) else 32
        if bits not in (8, 16, 32, 64):
            raise _broken(f"column '{name}' has a type that is not known")
        self._values[identity] = values
        return _Column(name, bits, dictionary=identity)

    def _take_batch(self, batch: Table, columns: list[_Column], begin: int, body: int) -> int:
        """The rows of a record batch whose buffers all hold what its rows need."""
        rows = _integer(batch, 4, number.Int64Flags)
        if not 0 <= rows <= self._limits.max_rows:
            raise exceeded("rows", self._limits.max_rows)
        nodes = _pairs(batch, 6)
        if len(nodes) != len(columns) or any(n != rows or not 0 <= nulls <= n for n, nulls in nodes):
            raise _broken("a batch's columns differ in length")
        lengths = self._buffer_lengths(batch, begin, body)
        self._add(sum(lengths))
        views = _variadic(batch)
        position = 0
        for column, (_, nulls) in zip(columns, nodes, strict=True):
            if column.null:
                continue
            data = 1 if not column.text else 2
            if column.views:
                data = 1 + views.pop(0)
            mine = lengths[position : position + 1 + data]
            position += 1 + data
            if len(mine) != 1 + data or not _enough(column, rows, nulls, mine):
                raise _broken(f"column '{column.name}' has fewer bytes than its rows need")
            if column.text or column.dictionary is not None:
                self._add(TEXT_CELL_BYTES * rows)
        if position != len(lengths) or views:
            raise _broken("a batch has buffers that belong to no column")
        return rows

    def _buffer_lengths(self, batch: Table, begin: int, body: int) -> list[int]:
        """The lengths of a batch's buffers, in bytes, once unpacked."""
        lengths = []
        compressed = bool(batch.Offset(10))
        for offset, length in _pairs(batch, 8):
            if offset < 0 or length < 0 or offset + length > body:
                raise _broken("a buffer lies outside its message")
            unpacked = length
            if compressed and length:
                (unpacked,) = struct.unpack("<q", self._read(begin + offset, 8))
                unpacked = length - 8 if unpacked == -1 else unpacked
                if unpacked < 0 or length < 8:
                    raise _broken("a compressed buffer has no length")
            lengths.append(unpacked)
        return lengths

    def _add(self, size: int) -> None:
        self._layout.expanded_bytes += size
        if self._layout.expanded_bytes > self._limits.max_expanded_bytes:
            raise exceeded("expanded_bytes", self._limits.max_expanded_bytes)

    def _take_footer(self) -> None:
        """Takes a file's schema, dictionaries and batches as its footer lists them."""
        length, magic = struct.unpack("<i6s", self._read(self._size - 10, 10))
        if magic != FILE_MAGIC or not 0 < length <= self._size - 18:
            raise _broken("its footer is missing; it may be cut off")
        if length > HEADER_BYTES:
            raise exceeded("bytes", HEADER_BYTES)
        footer = _root(self._read(self._size - 10 - length, length))
        self._take_schema(_table(footer, 6))
        dictionaries, batches = _blocks(footer, 8), _blocks(footer, 10)
        if len(dictionaries) + len(batches) > _MAX_MESSAGES:
            raise _too_many()
        for listed, taken in ((dictionaries, self._layout.dictionaries), (batches, self._layout.batches)):
            for block in listed:
                position, head, body = block
                if position < 8 or position + head + body > self._size - 10 - length:
                    raise _broken("a message lies outside its body")
                self._message(position)
                if taken[-1:] != [block]:
                    raise _broken("its footer lists a message that is another")


def _too_many() -> Exception:
    return malformed(f"The Arrow data has more than {_MAX_MESSAGES} batches: write larger ones.")


def _layout_of(name: str, kind: int, type_: Table) -> _Column:
    """The layout of a column's values by the schema's type."""
    if kind in _NESTED or kind in _BYTES:
        word = _NESTED.get(kind, "binary")
        raise malformed(
            f"Column '{name}' holds values of the kind '{word}': a table may hold text, numbers, booleans, "
            "dates "
            "and times only; flatten or drop the column."
        )
    if kind == _NULL:
        return _Column(name, 0, null=True)
    if kind in (_UTF8, _LARGE_UTF8):
        return _Column(name, 32 if kind == _UTF8 else 64, text=True)
    if kind == _UTF8_VIEW:
        return _Column(name, 128, text=True, views=True)
    bits = {_BOOL: 1, _TIMESTAMP: 64, _DURATION: 64}.get(kind, 0)
    if kind == _INT:
        bits = _integer(type_, 4, number.Int32Flags)
    elif kind == _FLOAT:
        bits = (16, 32, 64)[_integer(type_, 4, number.Int16Flags)]
    elif kind == _DECIMAL:
        bits = _integer(type_, 8, number.Int32Flags, 128)
    elif kind == _DATE:
        bits = (32, 64)[_integer(type_, 4, number.Int16Flags, 1)]
    elif kind == _TIME:
        bits = _integer(type_, 6, number.Int32Flags, 32)
    if bits not in (1, 8, 16, 32, 64, 128, 256):
        raise malformed(f"Column '{name}' has a type that is not known: write it as text or numbers.")
    return _Column(name, bits)


def _enough(column: _Column, rows: int, nulls: int, lengths: list[int]) -> bool:
    """Whether validity and values are long enough for the rows; text beyond its offsets is the reader's to
    check.
    """
    validity, values = lengths[0], lengths[1]
    if validity < (rows + 7) // 8 and (nulls or validity):
        return False
    slots = rows + 1 if column.text and not column.views and rows else rows
    return values >= (slots * column.bits + 7) // 8


def _root(data: bytes) -> Table:
    buffer = bytearray(data)
    return Table(buffer, struct.unpack_from("<I", buffer, 0)[0])


def _integer(table: Table, slot: int, flags: type, default: int = 0) -> int:
    value: int = table.GetSlot(slot, default, flags)
    return value


def _table(table: Table, slot: int) -> Table:
    offset = table.Offset(slot)
    if not offset:
        raise ValueError
    return Table(table.Bytes, table.Indirect(table.Pos + offset))


def _union(table: Table, slot: int) -> Table:
    # A union's member lies where the offset points, like a table's.
    return _table(table, slot)


def _vector(table: Table, slot: int, stride: int) -> tuple[int, int]:
    """(length, position of the first element) of a vector that lies inside the message."""
    offset = table.Offset(slot)
    if not offset:
        return 0, 0
    length, start = table.VectorLen(offset), table.Vector(offset)
    if start + length * stride > len(table.Bytes):
        raise ValueError
    return length, start


def _pairs(table: Table, slot: int) -> list[tuple[int, int]]:
    length, start = _vector(table, slot, 16)
    flat = struct.unpack_from(f"<{2 * length}q", table.Bytes, start)
    return list(zip(flat[::2], flat[1::2], strict=True))


def _variadic(batch: Table) -> list[int]:
    length, start = _vector(batch, 12, 8)
    counts = list(struct.unpack_from(f"<{length}q", batch.Bytes, start))
    if any(not 0 <= count < 1 << 24 for count in counts):
        raise ValueError
    return counts


def _blocks(footer: Table, slot: int) -> list[Block]:
    length, start = _vector(footer, slot, 24)
    return [struct.unpack_from("<qi4xq", footer.Bytes, start + 24 * index) for index in range(length)]

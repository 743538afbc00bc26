"""How large a Parquet file is once unpacked, from its footer and page headers, before any page is unpacked.

A page is unpacked into a buffer of the size its header claims, and a count in a header is reserved before
it is read: a few bytes can thus ask for exabytes, and an allocation that fails ends the process. So every
claim is read here first, with a generic reader of Thrift's compact protocol, and held against the others and
against the file.

The format: https://github.com/apache/parquet-format (parquet.thrift has the field numbers used below).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.Thrift import TException, TType
from thrift.transport.TTransport import TMemoryBuffer

from shoal.tables.csv_shape import TEXT_CELL_BYTES
from shoal.tables.facts import check_names, malformed
from shoal.tables.limits import HEADER_BYTES, Limits, exceeded

__all__ = ["measure_parquet"]

MAGIC = b"PAR1"
_MAX_PAGES = 1_000_000  # each costs some 50 µs of Python: a file of tiny pages may not hold the server for hours
_MAX_DEPTH = 12  # of nested Thrift structs; the format needs 6
_PAGE_HEADER_BYTES = (4 << 10, 4 << 20)  # read this much, and once more if the header is longer

_REQUIRED, _REPEATED = 0, 2
_DATA_PAGE, _INDEX_PAGE, _DICTIONARY_PAGE, _DATA_PAGE_V2 = 0, 1, 2, 3
_UNCOMPRESSED = 0
_BOOLEAN, _BYTE_ARRAY, _FIXED = 0, 6, 7
_WIDTHS = {
    _BOOLEAN: 0,
    1: 4,
    2: 8,
    3: 12,
    4: 4,
    5: 8,
    _BYTE_ARRAY: 4,
}  # least bytes of a plain value, by type

_Struct = dict[int, Any]


@dataclass
class _Leaf:
    """A column of the schema: its name, physical type and least bytes of a plain value."""

    name: str
    type: int
    width: int


def _broken(what: str) -> Exception:
    return malformed(f"The Parquet file is broken: {what}. Write it again, or send the table as CSV.")


def measure_parquet(file: BinaryIO, size: int, limits: Limits) -> tuple[int, int]:
    """(rows, bytes once unpacked) of the Parquet file of `size` bytes.

    Raises MALFORMED_TABLE for claims that contradict each other or the file, and for nested columns;
    LIMIT_EXCEEDED for too many rows, columns or unpacked bytes.
    """
    if size < 12:
        raise _broken("it is too short")
    file.seek(0)
    head = file.read(4)
    file.seek(size - 8)
    length, magic = struct.unpack("<I4s", file.read(8))
    if head != MAGIC or magic != MAGIC:
        raise _broken("it lacks the marks at its beginning and end; it may be cut off or encrypted")
    if length > size - 12:
        raise _broken("its footer is longer than the file")
    if length > HEADER_BYTES:
        raise exceeded("bytes", HEADER_BYTES)
    file.seek(size - 8 - length)
    try:
        footer, _ = _read_struct(file.read(length))
        return _Measure(file, size, limits).whole(footer)
    except (TException, EOFError, KeyError, TypeError, ValueError, AttributeError, IndexError):
        # Whatever the shape of the lie, the header does not hold what the format says it holds.
        raise _broken("its footer or a page header does not follow the format") from None


class _Measure:
    """One walk over all the pages of a file."""

    def __init__(self, file: BinaryIO, size: int, limits: Limits) -> None:
        self._file = file
        self._size = size
        self._limits = limits
        self._expanded = 0
        self._pages = 0

    def whole(self, footer: _Struct) -> tuple[int, int]:
        rows = _count(footer, 3)
        if rows > self._limits.max_rows:
            raise exceeded("rows", self._limits.max_rows)
        leaves = self._leaves(footer[2])
        total = 0
        for group in footer[4]:
            group_rows = _count(group, 3)
            total += group_rows
            if total > rows:
                break
            if len(group[1]) != len(leaves):
                raise _broken("a row group lacks columns")
            for leaf, chunk in zip(leaves, group[1], strict=True):
                self._chunk(leaf, chunk, group_rows)
        if total != rows:
            raise _broken("its row groups do not add up to its number of rows")
        return rows, self._expanded

    def _leaves(self, elements: list[_Struct]) -> list[_Leaf]:
        root, fields = elements[0], elements[1:]
        if len(fields) > self._limits.max_columns:
            raise exceeded("columns", self._limits.max_columns)
        leaves = []
        for field in fields:
            name = field[4].decode("utf-8")
            if field.get(5) or field.get(3, _REQUIRED) == _REPEATED:
                raise malformed(f"Column '{name}' is nested (a list or a struct): flatten it into columns of single values.")
            kind = int(field[1])
            width = _count(field, 2) if kind == _FIXED else _WIDTHS[kind]
            leaves.append(_Leaf(name, kind, width))
        if root.get(5) != len(leaves):
            raise _broken("its schema does not add up")
        check_names([leaf.name for leaf in leaves])
        return leaves

    def _add(self, size: int) -> None:
        self._expanded += size
        if self._expanded > self._limits.max_expanded_bytes:
            raise exceeded("expanded_bytes", self._limits.max_expanded_bytes)

    def _chunk(self, leaf: _Leaf, chunk: _Struct, rows: int) -> None:
        """Walks the pages of one column of one row group."""
        if chunk.get(1) is not None or chunk.get(8) is not None or chunk.get(9) is not None:
            raise _broken("a column lies in another file or is encrypted")
        meta = chunk[3]
        if _count(meta, 1) != leaf.type or _count(meta, 5) != rows:
            raise _broken(f"column '{leaf.name}' does not have as many values as there are rows")
        begin = _count(meta, 9)
        if 11 in meta and 0 < _count(meta, 11) < begin:
            begin = _count(meta, 11)
        end = begin + _count(meta, 7)
        if begin < len(MAGIC) or end > self._size - 8:
            raise _broken(f"column '{leaf.name}' lies outside the file")
        # What polars makes of a value, at least: a view of a text, eight bytes of a number.
        self._add(rows * (TEXT_CELL_BYTES if leaf.type == _BYTE_ARRAY else max(leaf.width, 8)))
        plain = _count(meta, 4) == _UNCOMPRESSED
        values = position = 0
        while position < end - begin:
            values_here, length = self._page(leaf, begin + position, end, plain=plain)
            values += values_here
            position += length
        if values != rows:
            raise _broken(f"the pages of column '{leaf.name}' do not add up to its number of rows")

    def _page(self, leaf: _Leaf, begin: int, end: int, *, plain: bool) -> tuple[int, int]:
        """(rows' values in the page, its length in the file); counts what it unpacks to."""
        self._pages += 1
        if self._pages > _MAX_PAGES:
            raise malformed(f"The Parquet file is cut into more than {_MAX_PAGES} pages: write it with larger row groups.")
        header, length = self._page_header(begin, end)
        unpacked, packed = _count(header, 2), _count(header, 3)
        if begin + length + packed > end or (plain and unpacked != packed):
            raise _broken(f"a page of column '{leaf.name}' is longer than its column")
        self._add(unpacked)
        kind = _count(header, 1)
        values = 0
        if kind == _DATA_PAGE:
            values = _count(header[5], 1)
        elif kind == _DATA_PAGE_V2:
            values = _count(header[8], 1)
            if _count(header[8], 2) > values or _count(header[8], 3) != values:
                raise _broken(f"a page of column '{leaf.name}' has more nulls or rows than values")
            if _count(header[8], 5) + _count(header[8], 6) > min(packed, unpacked):
                raise _broken(f"a page of column '{leaf.name}' is longer than its column")
        elif kind == _DICTIONARY_PAGE:
            if _count(header[7], 1) * leaf.width > unpacked:
                raise _broken(f"the dictionary of column '{leaf.name}' claims more values than it holds")
        elif kind != _INDEX_PAGE:
            raise _broken(f"column '{leaf.name}' has a page of an unknown kind")
        return values, length + packed

    def _page_header(self, begin: int, end: int) -> tuple[_Struct, int]:
        for size in _PAGE_HEADER_BYTES:
            self._file.seek(begin)
            piece = self._file.read(min(size, end - begin))
            try:
                return _read_struct(piece)
            except (EOFError, TException):
                if len(piece) < size or size == _PAGE_HEADER_BYTES[-1]:
                    raise
        raise EOFError


def _count(struct_: _Struct, field: int) -> int:
    """A field that counts something: never negative."""
    value = struct_[field]
    if not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _read_struct(data: bytes) -> tuple[_Struct, int]:
    """A Thrift struct in the compact protocol as {field number: value}, and its length in bytes."""
    transport = TMemoryBuffer(data)
    limit = len(data)
    protocol = TCompactProtocol(transport, string_length_limit=limit, container_length_limit=limit)
    return cast(_Struct, _read(protocol, TType.STRUCT, 0)), transport.cstringio_buf.tell()


def _read(protocol: TCompactProtocol, kind: int, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise ValueError
    if kind == TType.STRUCT:
        fields: _Struct = {}
        protocol.readStructBegin()
        while True:
            _, field_kind, number = protocol.readFieldBegin()
            if field_kind == TType.STOP:
                break
            if number in fields:  # which of the two a reader believes is anyone's guess
                raise ValueError
            fields[number] = _read(protocol, field_kind, depth + 1)
            protocol.readFieldEnd()
        protocol.readStructEnd()
        return fields
    if kind in (TType.LIST, TType.SET):
        element, length = protocol.readListBegin()
        values = [_read(protocol, element, depth + 1) for _ in range(length)]
        protocol.readListEnd()
        return values
    if kind == TType.STRING:
        return protocol.readBinary()
    if kind in _INTEGERS:
        reader, bits = _INTEGERS[kind]
        value = getattr(protocol, reader)()
        if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            raise ValueError
        return value
    if kind == TType.BOOL:
        return protocol.readBool()
    if kind == TType.DOUBLE:
        return protocol.readDouble()
    raise ValueError  # maps and sets of maps: the format has none


_INTEGERS = {
    TType.BYTE: ("readByte", 8),
    TType.I16: ("readI16", 16),
    TType.I32: ("readI32", 32),
    TType.I64: ("readI64", 64),
}

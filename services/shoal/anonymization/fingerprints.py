"""Keyed fingerprints of values and of tables: equal ones are recognised, and without the key nobody can try out guesses.

A value's fingerprint is the CBC-MAC under AES-256 of its text form, its length first (Bellare, Kilian and Rogaway 2000), so
that `5` in a CSV file and 5 in a Parquet file have the same. A table's fingerprint does not depend on the order of its rows:
it is the sum of its rows' fingerprints (Clarke et al. 2003, MSet-Add-Hash). Both are computed on whole columns at a time, which
takes a fifth of the time of one hash call a value, and leaves the interpreter's lock to others meanwhile.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from numpy.typing import NDArray

from shoal.tables.coding import Codes
from shoal.tables.text import as_text

__all__ = ["CodedColumn", "fingerprints", "rows_fingerprint"]

BLOCK = 16
PIECE = 1 << 15
"""Values or rows at a time: what one step works on stays in the processor's cache."""
MOST_PIECE_BYTES = 1 << 28

CodedColumn = tuple[str, Codes, pl.Series]
"""A column's name, the code of every row, and the distinct values that the codes are places in."""

Blocks = NDArray[np.uint8]


class _Permutation:
    """AES on many blocks at once."""

    def __init__(self, key: bytes) -> None:
        # ECB on single blocks is the permutation that CBC-MAC is made of; nothing is encrypted with it.
        self._cipher = Cipher(AES256(key), ECB()).encryptor()  # noqa: S305

    def __call__(self, blocks: Blocks) -> Blocks:
        return np.frombuffer(self._cipher.update(np.ascontiguousarray(blocks).data), np.uint8).reshape(-1, BLOCK)


def fingerprints(values: pl.Series, key: bytes) -> NDArray[np.uint64]:
    """Two words for each value, shape (values, 2). Null has that of the empty text. key: 32 bytes."""
    permutation = _Permutation(key)
    texts = as_text(values).fill_null("")
    pieces = [_texts(piece, permutation) for piece in _pieces(texts)]
    return np.concatenate(pieces).view(np.uint64) if pieces else np.empty((0, 2), np.uint64)


def rows_fingerprint(columns: Sequence[CodedColumn], key: bytes) -> str:
    """The fingerprint of a table of these columns, in hexadecimal; the order of rows and of columns does not matter."""
    ordered = sorted(columns, key=lambda column: column[0])
    names = b"".join(hashlib.sha256(name.encode()).digest() for name, _, _ in ordered)
    permutation = _Permutation(key)
    words = [(codes, fingerprints(values, key)) for _, codes, values in ordered]
    rows = len(ordered[0][1]) if ordered else 0
    total = np.zeros(2, np.uint64)
    for start in range(0, rows, PIECE):
        state = np.zeros((min(PIECE, rows - start), 2), np.uint64)
        for codes, of_value in words:
            state = permutation((state ^ of_value[codes[start : start + PIECE]]).view(np.uint8)).view(np.uint64)
        total += state.sum(axis=0, dtype=np.uint64)  # modulo 2^64, a word each
    content = names + rows.to_bytes(8, "big") + total.tobytes()
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _pieces(texts: pl.Series) -> Iterator[pl.Series]:
    """The texts in slices, of fewer where they are long."""
    waiting = [texts.slice(start, PIECE) for start in range(0, len(texts), PIECE)][::-1]
    while waiting:
        piece = waiting.pop()
        if len(piece) > 1 and piece.str.len_bytes().cast(pl.Int64).sum() > MOST_PIECE_BYTES:
            half = len(piece) // 2
            waiting += [piece.slice(half), piece.slice(0, half)]
        else:
            yield piece


def _texts(texts: pl.Series, permutation: _Permutation) -> Blocks:
    """The CBC-MAC of each text; the texts still going on at a block are the first ones, for they are sorted by their length."""
    lengths = texts.str.len_bytes().to_numpy().astype(np.int64)
    data = np.frombuffer(texts.str.join("").item().encode() + bytes(BLOCK), np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(data, BLOCK)
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    first = np.zeros((len(texts), 2), np.int64)
    first[:, 0] = lengths
    state = permutation(first.view(np.uint8)).copy()
    places = np.arange(BLOCK)
    for begin in range(0, int(lengths.max(initial=0)), BLOCK):
        going_on = int(np.searchsorted(-lengths, -begin))  # those longer than `begin`
        block = windows[starts[:going_on] + begin]
        block = np.where(begin + places < lengths[:going_on, None], block, 0).astype(np.uint8)
        state[:going_on] = permutation(state[:going_on] ^ block)
    found = np.empty_like(state)
    found[order] = state
    return found

"""Fingerprints: CBC-MAC by the book, one for each content whatever its type, and blind to the order of rows."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from shoal.anonymization import fingerprints as module
from shoal.anonymization.fingerprints import CodedColumn, fingerprints, rows_fingerprints
from shoal.tables.coding import code_distinct

KEY = bytes(range(32))


def naive(text: str, key: bytes = KEY) -> bytes:
    """One value at a time, in plain Python."""
    encryptor = Cipher(AES256(key), ECB()).encryptor()
    data = text.encode()
    message = len(data).to_bytes(8, "little") + bytes(8) + data + bytes(-len(data) % 16)
    state = bytes(16)
    for start in range(0, len(message), 16):
        state = encryptor.update(bytes(a ^ b for a, b in zip(state, message[start : start + 16], strict=True)))
    return state


@given(st.lists(st.text(max_size=70), max_size=40))
def test_each_is_the_mac_of_its_text(texts: list[str]) -> None:
    found = fingerprints(pl.Series(texts, dtype=pl.String), KEY)
    assert found.shape == (len(texts), 2)
    assert [row.tobytes() for row in found] == [naive(text) for text in texts]


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series(["x" * (number % 97) + str(number) for number in range(1000)])
    whole = fingerprints(texts, KEY)
    monkeypatch.setattr(module, "PIECE", 7)
    monkeypatch.setattr(module, "MOST_PIECE_BYTES", 100)
    assert np.array_equal(fingerprints(texts, KEY), whole)
    assert len(np.unique(whole[:, 0])) == 1000


def test_a_long_cell_is_no_trouble() -> None:
    texts = pl.Series(["a" * 100_003, "b", "", "a" * 100_002])
    assert [row.tobytes() for row in fingerprints(texts, KEY)] == [naive(text) for text in texts]


def test_types_meet_in_their_text_form() -> None:
    typed = [pl.Series([5, 7]), pl.Series([dt.date(2023, 4, 17)]), pl.Series([True]), pl.Series([None], dtype=pl.Int64)]
    texts = [["5", "7"], ["2023-04-17"], ["true"], [""]]
    for series, words in zip(typed, texts, strict=True):
        assert np.array_equal(fingerprints(series, KEY), fingerprints(pl.Series(words), KEY))


def test_another_key_gives_others() -> None:
    values = pl.Series(["a", "b"])
    assert not (fingerprints(values, KEY) == fingerprints(values, bytes(32))).any()


def coded(table: dict[str, list[str]]) -> list[CodedColumn]:
    return [(name, *code_distinct(pl.Series(name, cells, dtype=pl.String))) for name, cells in table.items()]


def one(columns: list[CodedColumn], key: bytes = KEY) -> str:
    (found,) = rows_fingerprints([columns], key)
    return found


TABLE = {"a": [str(number % 7) for number in range(100)], "b": [str(number % 11) for number in range(100)]}


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    order = list(range(100))
    random.Random(3).shuffle(order)
    shuffled = {name: [cells[place] for place in order] for name, cells in reversed(TABLE.items())}
    assert one(coded(shuffled), KEY) == one(coded(TABLE), KEY)


def test_every_other_change_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = one(coded(TABLE), KEY)
    others = [
        {**TABLE, "a": ["6", *TABLE["a"][1:]]},  # a cell
        {"a": TABLE["a"], "c": TABLE["b"]},  # a name
        {"b": TABLE["a"], "a": TABLE["b"]},  # the columns' names
        {name: [*cells, cells[0]] for name, cells in TABLE.items()},  # a row twice
        {name: cells[1:] for name, cells in TABLE.items()},  # a row less
        {
            **TABLE,
            "b": [TABLE["b"][1], TABLE["b"][0], *TABLE["b"][2:]],
        },  # two cells swapped: the columns are the same, not the rows
        {"a": TABLE["a"]},
    ]
    found = [one(coded(table), KEY) for table in others]
    assert len({before, *found}) == len(others) + 1
    assert one(coded(TABLE), bytes(32)) != before
    monkeypatch.setattr(module, "PIECE", 9)
    assert one(coded(TABLE), KEY) == before


def test_a_table_without_rows_has_one() -> None:
    assert one(coded({"a": []}), KEY) != one(coded({"b": []}), KEY)


def test_groups_are_taken_together_one_after_the_other() -> None:
    first, second = coded(TABLE)
    assert rows_fingerprints([[first], [second]], KEY) == (one([first]), one([first, second]))
    assert rows_fingerprints([[first], []], KEY) == (one([first]), one([first]))


def test_equal_values_of_two_columns_do_not_cancel() -> None:
    pairs = [{"a": ["x", "y"], "b": ["y", "x"]}, {"a": ["x", "y"], "b": ["x", "y"]}, {"a": ["y", "y"], "b": ["x", "x"]}]
    assert len({one(coded(table)) for table in pairs}) == 3

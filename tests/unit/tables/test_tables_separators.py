"""Which separator a CSV file has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.tables.formats import Limits, TableFormat, find_format, find_separator, read_headerless
from shoal.tables.scanning import scan_csv_shape
from shoal.tables.separators import check_separator


@pytest.mark.parametrize(
    ("sample", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a:b\n1:2\n", ":"),
        ("a\n1\n2\n", ","),
        ("", ","),
        ("age;label\n3;[0, 5)\n7;[5, 10)\n", ";"),
        ("[0, 5);[0, 10);*\n[5, 10);[0, 10);*\n", ";"),
        ("(1, 2);x\n(3, 4);y\n", ";"),
        ("time,n\n10:30:00,1\n11:00:00,2\n", ","),
        ("10:30:15,morning\n11:00:00,noon\n", ","),
        ('"a;b";c;d\n"x";"y;z";1\n', ";"),
        ('name,note\nx,"one; two; three"\ny,"one, two"\n', ","),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("a;b;c\n1;2\n3;4;5\n6;7;8\n", ";"),  # one ragged line: reading says which
        ('"a\nb";c\n1;2\n', ";"),
        ("\ufeffa;b\r\n1;2\r\n", ";"),
    ],
)
def test_separator(sample: str, separator: str) -> None:
    assert find_separator(sample) == separator
    assert find_separator(sample.encode()) == separator


def test_a_sample_cut_in_the_middle_of_a_line() -> None:
    assert find_separator(b"a;b;c\n" + b"1;2;3\n" * 20_000 + b"1;2") == ";"


@pytest.mark.parametrize("separator", ["", "ab", '"', "\n", "\r", "\0", "é"])
def test_impossible_separators_are_refused(separator: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        check_separator(separator)
    assert caught.value.reason is ErrorReason.MALFORMED_TABLE


def shared_csv_files() -> list[Path]:
    root = os.environ.get("SHOAL_TEST_DATA")
    if not root:
        pytest.skip("SHOAL_TEST_DATA is not set: the real data sets are outside the repository")
    files = [*Path(root, "datasets").rglob("*.csv"), *Path(root, "detection-benchmark").glob("*.csv")]
    assert len(files) > 60, f"SHOAL_TEST_DATA is set, but {root} lacks the data sets"
    return sorted(files)


def test_every_shared_file_has_its_separator() -> None:
    semicolon = {"aids_original_data.csv", "creditcard_int.csv"}
    for path in shared_csv_files():
        is_arx = path.parent.name.endswith("-arx")
        expected = ";" if is_arx or path.name in semicolon else ","
        assert find_separator(path.read_bytes()[: 64 << 10]) == expected, path.name
        if "_hierarchy_" in path.name:
            first = path.read_text().splitlines()[0]
            assert read_headerless(path).width == first.count(";") + 1, path.name
        elif path.name != "supplemental_table_aids.csv":  # its first column has no name
            shape = scan_csv_shape(path, None, Limits())
            assert shape.columns > 1, path.name


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.csv", b"", TableFormat.CSV),
        ("A.PARQUET", b"", TableFormat.PARQUET),
        ("a.arrow", b"", TableFormat.ARROW_IPC),
        ("a.jsonl", b"", TableFormat.JSON_LINES),
        ("data", b"PAR1\x15\x04", TableFormat.PARQUET),
        ("data", b"ARROW1\0\0", TableFormat.ARROW_IPC),
        ("data", b"\xff\xff\xff\xff\x10\0\0\0", TableFormat.ARROW_IPC),
        ("data", b'{"a": 1}\n', TableFormat.JSON_LINES),
        ("data", b"a,b\n1,2\n", TableFormat.CSV),
    ],
)
def test_format(name: str, head: bytes, expected: TableFormat) -> None:
    assert find_format(name, head) is expected


@pytest.mark.parametrize("head", [b"\x1f\x8b\x08", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"])
def test_compressed_files_are_refused(head: bytes) -> None:
    with pytest.raises(InvalidArgumentError, match="compressed"):
        find_format("a.csv", head)

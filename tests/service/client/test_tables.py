"""Every kind of table becomes the same bytes for the server, and frames come back."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from shoal.api.tables.v1 import table_pb2
from shoal.client.tables import named_source, payload, read_frame, to_arrow, to_pandas
from shoal.errors import InvalidArgumentError

# Without a time zone, as most tables have them.
NEW_YEAR = dt.datetime.fromisoformat("2024-01-01")
NOON = dt.datetime.fromisoformat("2024-01-01T12:00")
NEXT_MONTH = dt.datetime.fromisoformat("2024-02-01")

FRAME = pl.DataFrame(
    {
        "age": [41, None, 43],
        "zip": ["01234", "é", None],
        "paid": [1.5, None, 2.0],
        "in": [dt.date(2024, 1, 1), None, dt.date(2024, 2, 1)],
        "at": [NOON, None, NEXT_MONTH],
        "yes": [True, None, False],
    }
)


@pytest.fixture(params=["with pyarrow", "without pyarrow"])
def pyarrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both worlds: the client does not need pyarrow."""
    if request.param == "without pyarrow":
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    return str(request.param)


def sent(table: Any) -> pl.DataFrame:
    content = payload(table)
    assert content.format == table_pb2.TABLE_FORMAT_ARROW_IPC
    data = content.inline().data
    assert len(data) == content.size
    return read_frame(data)


def test_polars_frames() -> None:
    assert sent(FRAME).equals(FRAME)
    assert sent(FRAME.lazy().filter(pl.col("age") == 41)).equals(FRAME[:1])


def test_arrow_tables() -> None:
    assert sent(FRAME.to_arrow()).equals(FRAME)
    assert sent(pa.table({"a": [1, 2]}).to_batches()[0]).to_dict(as_series=False) == {"a": [1, 2]}


def test_pandas_frames() -> None:
    frame = pd.DataFrame(
        {
            "zip": ["01234", None, "é"],
            "age": pd.array([1, None, 3], dtype="Int64"),
            "paid": [1.5, None, 2.0],
            "in": pd.to_datetime(["2024-01-01", None, "2024-02-01"]),
            "kind": pd.Categorical(["x", "y", None]),
            5: [True, False, True],
        },
        index=["anna", "bea", "cleo"],
    )
    found = sent(frame)
    assert found.columns == ["zip", "age", "paid", "in", "kind", "5"]
    assert found["zip"].to_list() == ["01234", None, "é"]
    assert found["age"].to_list() == [1, None, 3]
    assert found["paid"].to_list() == [1.5, None, 2.0]
    assert found["in"].to_list() == [NEW_YEAR, None, NEXT_MONTH]
    assert found["kind"].to_list() == ["x", "y", None]
    assert found["5"].to_list() == [True, False, True]


def test_pandas_is_read_without_pyarrow() -> None:
    """polars' own way from pandas imports pyarrow; ours must not."""
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import pandas as pd\n"
        "from shoal.client.tables import payload, read_frame, to_pandas\n"
        "frame = pd.DataFrame({'a': ['x', None], 'b': [1, 2], 'c': pd.to_datetime(['2024-01-01', None])})\n"
        "back = to_pandas(read_frame(payload(frame).inline().data))\n"
        "assert back['a'].tolist()[0] == 'x' and back['b'].tolist() == [1, 2], back\n"
        "assert back.isna().sum().tolist() == [1, 0, 1], back\n"
        "assert sys.modules['pyarrow'] is None\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_mixed_cells_are_refused_without_quoting_them() -> None:
    with pytest.raises(InvalidArgumentError, match="column disease") as caught:
        payload(pd.DataFrame({"disease": ["HIV", 7]}, dtype=object))
    assert "HIV" not in str(caught.value)


def test_frames_come_back(pyarrow: str) -> None:
    back = to_pandas(FRAME)
    assert list(back.columns) == FRAME.columns
    assert back["zip"].tolist()[:2] == ["01234", "é"]
    assert back.isna().sum().tolist() == [1] * 6
    if pyarrow == "with pyarrow":
        assert to_arrow(FRAME).num_rows == 3
    else:
        with pytest.raises(ImportError, match="pyarrow"):
            to_arrow(FRAME)


@pytest.mark.parametrize(
    ("name", "form", "separator"),
    [
        ("a.csv", table_pb2.TABLE_FORMAT_CSV, None),
        ("a.CSV", table_pb2.TABLE_FORMAT_CSV, None),
        ("a.tsv", table_pb2.TABLE_FORMAT_CSV, "\t"),
        ("a.parquet", table_pb2.TABLE_FORMAT_PARQUET, None),
        ("a.feather", table_pb2.TABLE_FORMAT_ARROW_IPC, None),
        ("a.jsonl", table_pb2.TABLE_FORMAT_JSON_LINES, None),
    ],
)
def test_files_are_sent_as_they_are(name: str, form: int, separator: str | None, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbfany bytes\r\n")
    for spelling in (path, str(path)):
        content = payload(spelling)
        assert (content.format, content.separator, content.display_name) == (form, separator, name)
        assert content.inline().data == b"\xef\xbb\xbfany bytes\r\n"


def test_separator_is_for_csv_only(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"x")
    with pytest.raises(InvalidArgumentError, match="not a CSV"):
        payload(tmp_path / "a.parquet", ";")
    with pytest.raises(InvalidArgumentError, match="only CSV"):
        payload(FRAME, ";")


def test_names_and_uris_are_not_files(tmp_path: Path) -> None:
    named = named_source("datasets/5f2c")
    assert named is not None
    assert named.dataset == "datasets/5f2c"
    uri = named_source("s3://bucket/key.csv")
    assert uri is not None
    assert uri.uri == "s3://bucket/key.csv"
    assert named_source("datasets/adult.csv") is None
    assert named_source(Path("datasets/5f2c")) is None
    assert named_source("datasets/a/b") is None


@pytest.mark.parametrize("thing", [5, ["a"], {"a": [1]}, None, pd.Series([1])])
def test_other_things_are_refused(thing: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="is not a table"):
        payload(thing)

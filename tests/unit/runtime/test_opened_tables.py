"""What happens to a table while it is worked on."""

from __future__ import annotations

import polars as pl
import pytest

from shoal.errors import InvalidArgumentError
from shoal.runtime.opened import OpenedTable
from shoal.tables.formats import TableFormat

CANARY = "canaryzq7"


def test_where_a_table_cannot_be_processed_is_logged_without_a_value(caplog: pytest.LogCaptureFixture) -> None:
    table = OpenedTable(b"a\n1\n", TableFormat.CSV, ",", "", "", judged=True)
    with pytest.raises(InvalidArgumentError, match="cannot be processed") as caught, table.reading():
        pl.Series([CANARY]).cast(pl.Int64)
    assert CANARY not in str(caught.value)
    assert "test_opened_tables.py" in caplog.text
    assert "InvalidOperationError" in caplog.text
    assert CANARY not in caplog.text.replace("pl.Series([CANARY])", "")

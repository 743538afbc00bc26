"""`shoal detect`, against a real server: the shipped example, as a table and as JSON."""

from __future__ import annotations

from pathlib import Path

from .conftest import STAYS, Run


def test_the_example_as_json(call_here: Run) -> None:
    found = call_here("detect", STAYS, "--json").json
    classes = {each["name"]: each["classification"] for each in found["columns"]}
    assert classes["name"] == "DI"
    assert {classes[name] for name in ("birth_date", "sex", "postcode", "admission_date")} == {"QI"}
    assert classes["diagnosis"] == "SI"
    assert set(found["columns"][0]) >= {"name", "classification", "confidence", "importance", "unique_ratio", "reasoning"}
    assert (found["mode"], found["rows"], found["left_out"]["columns"]) == ("heuristic", 5000, [])


def test_the_example_for_people(call_here: Run) -> None:
    ended = call_here("detect", STAYS, "--max-qi", "1", "--quasi", "sex", "--ignore", "ward", "--sampling", "full")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("7 columns: 1 direct identifiers, 1 quasi-identifiers,")
    assert "The name speaks of a date of birth." in ended.out
    assert "a limit leaves them out; alone they tell apart" in ended.out
    assert "1980" not in ended.out  # no value of the table


def test_bad_usage(call_here: Run, tmp_path: Path) -> None:
    for words in (
        (tmp_path / "none.csv",),
        (STAYS, "--threshold", "2"),
        (STAYS, "--quasi", "sex", "--sensitive", "sex"),
        (STAYS, "--ignore", "nope"),
        (STAYS, "--mode", "magic"),
    ):
        assert call_here("detect", *words, "--json").code == 2

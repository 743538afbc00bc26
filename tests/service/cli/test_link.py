"""`shoal link`, against a real server: the shipped example before and after."""

from __future__ import annotations

import csv
from pathlib import Path

from .conftest import POLICY, STAYS, Run


def roll_of(path: Path) -> Path:
    """A voter roll: everybody of the example by name."""
    with STAYS.open(newline="") as file, path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["name", "birth_date", "sex", "postcode"])
        writer.writerows([row[each] for each in ("name", "birth_date", "sex", "postcode")] for row in csv.DictReader(file))
    return path


def test_before_many_are_found_and_after_none(call: Run, tmp_path: Path) -> None:
    roll, out = roll_of(tmp_path / "roll.csv"), tmp_path / "out.csv"
    words = ("--roll", roll, "--on", "birth_date,sex,postcode", "--sensitive", "diagnosis", "--json")
    before = call("link", STAYS, *words, "--truth", "name").json
    assert before["people"] == 5000
    assert before["correctly_linked"] > 2500
    assert before["uniquely_linked"] >= before["correctly_linked"]
    assert {each["column"] for each in before["column_effects"]} == {"birth_date", "sex", "postcode"}
    assert call("anonymize", STAYS, "--policy", POLICY, "--output", out).code == 0
    ended = call("link", out, *words, "--policy", POLICY)
    assert ended.code == 0, ended.err
    after = ended.json
    assert after["uniquely_linked"] == 0
    assert "correctly_linked" not in after
    assert after["linked"] > 4000
    plain = call("link", out, *words[:-1], "--policy", POLICY)
    assert plain.out.startswith("0 of 5,000 people on the roll are found")


def test_bad_usage(call: Run, tmp_path: Path) -> None:
    roll = roll_of(tmp_path / "roll.csv")
    for words in (
        (),
        ("--roll", roll),
        ("--on", "sex"),
        ("--roll", roll, "--on", "ward"),
        ("--roll", tmp_path / "none.csv", "--on", "sex"),
    ):
        assert call("link", STAYS, *words, "--json").code == 2

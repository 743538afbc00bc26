"""`shoal link`, against a real server: the shipped example before and after."""

from __future__ import annotations

from pathlib import Path

from .conftest import POLICY, ROLL, STAYS, Run


def test_before_many_are_found_and_after_none(call: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    words = ("--roll", ROLL, "--on", "birth_date,sex,postcode", "--sensitive", "diagnosis", "--json")
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
    assert plain.out.startswith("0 of 5,000 people on the roll are found: nobody matches exactly one row.")
    # Without the hierarchies nobody matches anything: that is no good news, and not said as such.
    blind = call("link", out, *words[:-1])
    assert blind.out.startswith("0 of 5,000 people on the roll are found: nobody matches any row.")
    assert "give the hierarchies" in blind.out
    assert call("link", STAYS, *words[:-1]).out.startswith(
        "4,935 of 5,000 people on the roll are found: they match exactly one row"
    )


def test_bad_usage(call: Run, tmp_path: Path) -> None:
    for words in (
        (),
        ("--roll", ROLL),
        ("--on", "sex"),
        ("--roll", ROLL, "--on", "ward"),
        ("--roll", tmp_path / "none.csv", "--on", "sex"),
    ):
        assert call("link", STAYS, *words, "--json").code == 2

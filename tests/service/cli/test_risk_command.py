"""`shoal risk`, against a real server: what people read, and what the options mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import POLICY, ROLL, STAYS, Run

GOLDEN = (
    "age,zip,sex,disease\n"
    "20-29,130**,F,flu\n20-29,130**,F,gastritis\n20-29,130**,F,flu\n"
    "30-39,148**,M,bronchitis\n30-39,148**,M,ulcer\n30-39,148**,M,bronchitis\n30-39,148**,M,gastritis\n"
    "40-49,130**,F,cancer\n40-49,130**,F,cancer\n*,*,M,ulcer\n"
)


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """The golden table's release, with row 10 as in its wildcard variant."""
    path = tmp_path / "golden.csv"
    path.write_text(GOLDEN)
    return path


def test_a_table_without_rows_is_said_to_have_none(call_here: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a\n")
    ended = call_here("risk", table, "--qi", "a")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("There are no rows that count")
    assert "k = 0" not in ended.out
    assert "attacker" not in ended.out


def test_persons_are_not_called_rows(call_here: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("who,city\na,Lyon\na,Lyon\nb,Lyon\nc,Bonn\n")
    out = call_here("risk", table, "--qi", "city", "--entity", "who").out
    assert out.startswith("3 persons in 2 classes; the smallest has 1 (k = 1)")
    assert "persons at risk" in out
    assert call_here("risk", table, "--qi", "city").out.startswith(
        "4 rows form 2 classes; the smallest has 1 (k = 1), 1 row is"
    )


def test_stars_and_nulls_are_read_as_asked(call_here: Run, golden: Path, tmp_path: Path) -> None:
    """golden-table.json: highest and average risk of the wildcard variant, and of the plain reading; k of the null variant."""
    words = ("risk", golden, "--qi", "age,zip,sex", "--json")
    plain = call_here(*words).json
    assert (plain["prosecutor"]["highest_risk"], plain["prosecutor"]["success_rate"]) == (1, 0.4)
    wild = call_here(*words, "--stars", "wildcard").json
    assert (wild["prosecutor"]["highest_risk"], wild["prosecutor"]["success_rate"]) == (0.5, pytest.approx(0.3))
    table = tmp_path / "n.csv"
    table.write_text("age,zip\nA,1\nA,\nA,1\nB,2\nB,2\nB,2\nB,2\nC,1\nC,1\n")
    found = {
        name: call_here("risk", table, "--qi", "age,zip", "--json", *(("--nulls", name) if name else ())).json
        for name in ("", "own-value", "omit-rows", "wildcard")
    }
    assert {name: each["k"] for name, each in found.items()} == {"": 1, "own-value": 1, "omit-rows": 2, "wildcard": 2}
    assert found["omit-rows"]["rows"] == 8
    assert call_here("risk", table, "--qi", "age", "--nulls", "nothing").code == 2


def test_what_a_whole_class_shares_is_said(call_here: Run, golden: Path) -> None:
    words = ("risk", golden, "--qi", "age,zip,sex", "--sensitive", "disease")
    (found,) = call_here(*words, "--json").json["sensitive"]
    assert (found["attribute"], found["distinct_l"], found["disclosed_row_count"]) == ("disease", 1, 3)
    assert "disease: 3 rows are in a class that shares one value" in call_here(*words).out
    refused = call_here("risk", golden, "--qi", "age", "--sensitive", "illness", "--json")
    assert refused.code == 2
    assert refused.error["reason"] == "UNKNOWN_COLUMN"


def test_a_release_against_the_people_as_they_are(call_here: Run, tmp_path: Path) -> None:
    """The policy's hierarchies find the release's rows on the roll; without them nobody is found, and it is said."""
    out = tmp_path / "out.csv"
    assert call_here("anonymize", STAYS, "--policy", POLICY, "--output", out).code == 0
    words = ("risk", out, "--qi", "birth_date,sex,postcode", "--population", ROLL, "--json")
    blind = call_here(*words).json
    assert blind["journalist"]["highest_risk"] == 1
    assert "stand for no row of the population" in blind["warnings"][0]
    found = call_here(*words, "--policy", POLICY).json
    assert not any("stand for no row" in each for each in found["warnings"])
    assert 0 < found["journalist"]["highest_risk"] < 0.2
    assert found["marketer"]["estimated_without_population"] is False


def test_how_many_people_are_unique(call_here: Run) -> None:
    words = ("risk", STAYS, "--qi", "sex,postcode")
    ended = call_here(*words, "--region", "France", "--json")
    assert ended.code == 0, ended.err
    found = ended.json["population_uniqueness"]
    assert found["population_size"] == 65_820_916
    assert found["sampling_fraction"] == pytest.approx(5000 / 65_820_916)
    assert 0 <= found["dankar"] <= 1
    whole = call_here("risk", STAYS, "--qi", "birth_date,sex,postcode", "--population-size", "5000", "--json").json
    assert whole["population_uniqueness"]["dankar"] == whole["unique"] / 5000
    plain = call_here(*words, "--population-size", "100000").out
    assert "Of 100,000 people about" in plain
    assert "population_uniqueness" not in call_here(*words, "--json").json
    for wrong in (("--region", "Atlantis"), ("--population-size", "10"), ("--region", "UK", "--population-size", "9000")):
        assert call_here(*words, *wrong, "--json").code == 2

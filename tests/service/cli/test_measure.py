"""`shoal measure`, against a real server: the shipped example's release, by its policy, its solution and neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import POLICY, QI, STAYS, Run

ELEVEN = {
    *("ambiguity", "r_squared", "combined_loss", "sse_sst_ratio", "discernibility", "precision_loss", "suppression_rate"),
    *("mean_squared_error", "non_uniform_entropy", "sum_of_squared_errors", "average_equivalence_class_size"),
}


def test_the_example_s_release(call: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    made = call("anonymize", STAYS, "--policy", POLICY, "--output", out, "--json").json
    found = call("measure", STAYS, out, "--policy", POLICY, "--target", "ward", "--json").json
    assert found["loss"] == pytest.approx(made["loss"], abs=1e-12)
    assert (found["measure"], found["aggregate"]) == (made["measure"], made["aggregate"])
    assert found["quality"] == pytest.approx(made["quality"], rel=1e-9)
    assert (found["rows"], found["released"], found["suppressed"]) == (5000, made["released"], made["suppressed"])
    assert found["dropped_columns"] == ["name"]
    assert set(found["metrics"]) >= ELEVEN
    assert {each["name"]: each["level"] for each in found["attributes"] if each["quasi_identifier"]} == made["levels"]
    untouched = next(each["metrics"] for each in found["attributes"] if each["name"] == "diagnosis")
    assert untouched["total_variation"] < 0.02  # only suppression moves it
    assert "loss" not in untouched
    # Who knows the diagnosis knows the ward, before and after.
    assert found["prediction"]["released"] > 0.9 > found["prediction"]["baseline"]
    assert found["warnings"] == []
    by_name = call("measure", STAYS, out, "--solution", made["solution"].removeprefix("solutions/"), "--json").json
    assert by_name["metrics"] == found["metrics"]
    bare = call("measure", STAYS, out, "--qi", QI, "--json").json
    assert "loss" not in bare
    assert "combined_loss" not in bare["metrics"]
    assert len(bare["warnings"]) >= 2
    words = call("measure", STAYS, out, "--policy", POLICY)
    assert words.code == 0
    assert words.out.startswith("Of 5,000 rows")
    assert f"Loss, geometric mean: {made['loss']:.4f}." in words.out


def test_bad_usage(call: Run, tmp_path: Path) -> None:
    for words in (
        (STAYS, STAYS),
        (STAYS, STAYS, "--qi", "sex", "--policy", POLICY),
        (STAYS, tmp_path / "none.csv", "--qi", "sex"),
        (STAYS, STAYS, "--qi", "sex", "--target", "shoe_size"),
        (STAYS, STAYS, "--qi", "shoe_size"),
    ):
        ended = call("measure", *words, "--json")
        assert ended.code == 2, ended.out
        assert ended.error["message"]

"""`shoal validate`, against a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import POLICY, QI, STAYS, Run

GOLDEN = (
    "age,zip,sex,disease\n"
    "20-29,130**,F,flu\n20-29,130**,F,gastritis\n20-29,130**,F,flu\n"
    "30-39,148**,M,bronchitis\n30-39,148**,M,ulcer\n30-39,148**,M,bronchitis\n30-39,148**,M,gastritis\n"
    "40-49,130**,F,cancer\n40-49,130**,F,cancer\n*,*,*,ulcer\n"
)


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    path = tmp_path / "golden.csv"
    path.write_text(GOLDEN)
    return path


def test_a_release_is_what_its_solution_and_policy_say(call: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    made = call("anonymize", STAYS, "--policy", POLICY, "--output", out, "--json")
    assert made.code == 0, made.err
    by_solution = call("validate", out, "--solution", made.json["solution"], "--reference", STAYS, "--json")
    assert by_solution.code == 0, by_solution.err
    content = by_solution.json
    assert content["valid"] is True
    assert content["violations"] == []
    assert content["rows"] == made.json["released"]
    assert content["models"][0] == {
        "model": "k_anonymity",
        "parameters": {"k": 5},
        "satisfied": True,
        "measured": made.json["risk"]["after"]["k"],
        "violating_classes": 0,
    }
    by_policy = call("validate", out, "--policy", POLICY, "--json")
    assert by_policy.code == 0, by_policy.err
    assert by_policy.json["models"] == content["models"]
    more = call("validate", out, "--policy", POLICY, "-k", "5000", "--json")
    assert more.code == 1
    assert more.json["valid"] is False
    before = call("validate", STAYS, "--solution", made.json["solution"])
    assert before.code == 1
    assert before.out.startswith("Not valid: 5,000 rows form")


def test_models_from_options(call: Run, golden: Path, tmp_path: Path) -> None:
    qi = ("--qi", "age,zip,sex")
    ended = call("validate", golden, *qi, "-k", "2", "--sensitive", "disease", "-l", "2", "-t", "0.7", "--json")
    assert ended.code == 1, ended.err
    content = ended.json
    assert [each["model"] for each in content["models"]] == ["k_anonymity", "l_diversity", "t_closeness"]
    assert [each["satisfied"] for each in content["models"]] == [True, False, False]
    assert [each["measured"] for each in content["models"]] == [2, 1, pytest.approx(7 / 9)]
    assert content["reference"] == "the 9 rows of the table itself that are not suppressed"
    assert content["suppressed"] == 1
    assert "l 2 " in call("validate", golden, *qi, "--sensitive", "disease", "-l", "2").out
    assert content["violations"][0] == {
        "model": 1,
        "class": {"age": "40-49", "zip": "130**", "sex": "F"},
        "rows": 2,
        "measured": 1,
        "severity": 2,
    }
    original = tmp_path / "original.csv"
    original.write_text("disease\n" + "".join(line.split(",")[3] + "\n" for line in GOLDEN.splitlines()[1:]))
    ended = call("validate", golden, *qi, "--sensitive", "disease", "-t", "0.8", "--reference", original, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["models"][0]["measured"] == pytest.approx(0.8)
    assert ended.json["reference"] == "all 10 rows of the reference that was given"
    plain = call("validate", golden, *qi, "-k", "3")
    assert plain.code == 1
    assert "Not valid: 9 rows form 3 classes; 1 of them fails." in plain.out
    unneeded = call("validate", golden, *qi, "-k", "2", "--reference", golden)
    assert "The reference was not needed" in unneeded.out
    assert "40-49" in plain.out
    assert call("validate", golden, *qi, "-k", "2").out.startswith("Valid")
    assert "distribution" not in plain.out
    compared = call("validate", golden, *qi, "--sensitive", "disease", "-t", "0.8")
    assert "Compared with the distribution of the 9 rows of the table itself" in compared.out
    assert ("--reference INPUT" in compared.out) == (compared.code == 1)
    failed = call("validate", golden, *qi, "--sensitive", "disease", "-t", "0.1")
    assert failed.code == 1
    assert "--reference INPUT compares with that" in failed.out
    itself = call("validate", golden, *qi, "--sensitive", "disease", "-t", "0.1", "--reference", golden)
    assert itself.code == 1
    assert "INPUT" not in itself.out


def test_an_infinite_measure_is_null_for_machines(call: Run, golden: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    roles = {"age": "QUASI_IDENTIFIER", "zip": "QUASI_IDENTIFIER", "sex": "QUASI_IDENTIFIER", "disease": "SENSITIVE"}
    content = {
        "attributes": [{"name": name, "role": role} for name, role in roles.items()],
        "privacy_models": [{"l_diversity": {"attribute": "disease", "kind": "RECURSIVE", "l": 2, "c": 3}}],
    }
    policy.write_text(json.dumps(content))
    ended = call("validate", golden, "--policy", policy, "--json")
    assert ended.code == 1, ended.err
    assert ended.json["models"][0]["measured"] is None
    assert ended.json["models"][0]["parameters"] == {"attribute": "disease", "kind": "RECURSIVE", "l": 2, "c": 3}
    assert "∞" in call("validate", golden, "--policy", policy).out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--qi", QI),
        ("--qi", QI, "-l", "2"),
        ("--qi", QI, "--sensitive", "diagnosis"),
        ("--qi", QI, "-k", "2", "--policy", POLICY),
        ("--policy", POLICY, "--sensitive", "diagnosis", "-l", "2"),
        ("--solution", "nonsense"),
        ("--solution", "solutions/" + "0" * 32),
        ("--qi", "zipcode", "-k", "2"),
        ("--qi", QI, "-k", "0"),
    ],
)
def test_bad_usage(call: Run, words: tuple[str, ...]) -> None:
    ended = call("validate", STAYS, *words, "--json")
    assert ended.code == 2, ended.out
    assert ended.error["message"]

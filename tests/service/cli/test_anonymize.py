"""`shoal anonymize` and `shoal risk`, against a real server."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import polars as pl

from .conftest import POLICY, QI, STAYS, Run

ANONYMIZE_KEYS = {
    "solution",
    "levels",
    "loss",
    "measure",
    "quality",
    "rows",
    "released",
    "suppressed",
    "output",
    "risk",
    "dropped_columns",
    "search",
    "models",
    "recoding",
    "suppressed_profiles",
    "certificate",
    "warnings",
}
RISK_KEYS = {"k", "classes", "rows", "suppressed", "prosecutor", "journalist", "marketer", "histogram"}


def class_sizes(path: Path) -> Counter[tuple[str, ...]]:
    """An own count of the classes in a CSV file, without any code of ours."""
    with path.open(newline="") as file:
        return Counter(tuple(row[name] for name in QI.split(",")) for row in csv.DictReader(file))


def test_release_of_the_hospital(call: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ended = call("anonymize", STAYS, "--policy", POLICY, "--output", out, "--json")
    assert ended.code == 0, ended.err
    content = ended.json
    assert set(content) >= ANONYMIZE_KEYS
    assert content["output"] == str(out)
    assert content["rows"] == 5000
    assert content["released"] + content["suppressed"] == 5000
    assert content["suppressed"] <= 100
    assert content["dropped_columns"] == ["name"]
    assert content["measure"] == "LOSS"
    assert set(content["levels"]) == set(QI.split(","))
    search = content["search"]
    assert set(search) >= {"lattice_size", "checked", "optimal", "gap", "seconds"}
    assert search["optimal"] is True
    assert type(search["lattice_size"]) is int
    assert 1 <= search["checked"] <= search["lattice_size"]
    assert set(content["risk"]) == {"before", "after"}
    assert content["risk"]["after"]["k"] >= 5
    sizes = class_sizes(out)
    assert min(sizes.values()) >= 5
    assert sum(sizes.values()) == content["released"]
    assert content["risk"]["after"]["classes"] == len(sizes)
    # worth looking at: no column is starred wholly, and more than one value is left in each
    assert all(len({key[place] for key in sizes}) > 1 for place in range(4))


def test_k_of_the_command_wins(call: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ended = call("anonymize", STAYS, "-p", POLICY, "-k", "40", "-o", out, "--json")
    assert ended.code == 0, ended.err
    assert min(class_sizes(out).values()) >= 40


def test_output_format_follows_the_name(call: Run, tmp_path: Path) -> None:
    assert call("anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "out.parquet").code == 0
    assert call("anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "out.csv").code == 0
    assert pl.read_parquet(tmp_path / "out.parquet").height == pl.read_csv(tmp_path / "out.csv").height


def test_policy_from_standard_input(call: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ended = call("anonymize", STAYS, "--policy", "-", "-o", out, stdin=POLICY.read_text())
    assert ended.code == 0, ended.err
    assert "5,000 rows" in ended.out
    assert "\x1b[" not in ended.out + ended.err


def test_infeasible_is_one(call: Run, tmp_path: Path) -> None:
    ended = call("anonymize", STAYS, "-p", POLICY, "-k", "5001", "-o", tmp_path / "out.csv", "--json")
    assert ended.code == 1
    assert ended.error["reason"] == "PRIVACY_INFEASIBLE"
    assert ended.out == ""
    assert list(tmp_path.iterdir()) == []


def test_neither_policy_nor_auto_is_two(call: Run, tmp_path: Path) -> None:
    ended = call("anonymize", STAYS, "-o", tmp_path / "out.csv", "--json")
    assert ended.code == 2
    assert "--policy" in ended.error["message"]


def test_auto_needs_no_policy(call: Run, tmp_path: Path) -> None:
    ended = call("anonymize", STAYS, "--auto", "-k", "7", "-o", tmp_path / "out.csv", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["suppressed"] <= 0.02 * 5000
    assert ended.json["risk"]["after"]["k"] >= 7
    assert "name" not in (tmp_path / "out.csv").read_text().splitlines()[0].split(",")


def test_the_input_is_never_overwritten(call: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(STAYS.read_bytes())
    (tmp_path / "link.csv").symlink_to(table)
    for name in ("t.csv", "./t.csv", "link.csv"):
        ended = call("anonymize", "t.csv", "-p", POLICY, "-o", name)
        assert ended.code == 2
        assert "input itself" in ended.err
    assert table.read_bytes() == STAYS.read_bytes()


def test_bad_input_is_two_and_quotes_no_value(call: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('a,b\n1,"SECRET\n')
    for words in (
        ("anonymize", "nothing.csv", "-p", POLICY, "-o", "out.csv"),
        ("anonymize", STAYS, "-p", "nothing.yaml", "-o", "out.csv"),
        ("anonymize", STAYS, "-p", POLICY, "-o", "missing/out.csv"),
        ("anonymize", STAYS, "-p", POLICY, "-o", "out.docx"),
        ("anonymize", STAYS, "-p", POLICY, "-k", "0", "-o", "out.csv"),
        ("anonymize", STAYS, "-p", POLICY, "-o", "."),
        ("anonymize", "t.csv", "-p", POLICY, "-o", "out.csv"),
        ("anonymize", "datasets/none", "-p", POLICY, "-o", "out.csv"),
        ("risk", STAYS, "--qi", "birth_date,zipcode"),
        ("risk", STAYS, "--qi", "sex,"),
        ("risk", STAYS),
        ("risk", STAYS, "--qi", "sex", "--max-risk", "2"),
        ("sing",),
        ("risk", STAYS, "--qi", "sex", "--loud"),
    ):
        ended = call(*words)
        assert ended.code == 2, (words, ended)
        assert ended.err.startswith("error: "), ended.err
        assert ended.out == ""
        assert "SECRET" not in ended.err
        assert "Traceback" not in ended.err
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]


def test_mistakes_in_a_policy_are_all_named(call: Run, tmp_path: Path) -> None:
    policy = "attributs: []\nprivacy_models: [{k_anonymity: {k: many}}]\n"
    ended = call("anonymize", STAYS, "-p", "-", "-o", "out.csv", "--json", stdin=policy)
    assert ended.code == 2
    assert [each["field"] for each in ended.error["violations"]] == [
        "attributs",
        "privacy_models[0].k_anonymity.k",
    ]
    plain = call("anonymize", STAYS, "-p", "-", "-o", "out.csv", stdin=policy)
    assert "did you mean `attributes`?" in plain.err


def test_risk(call: Run) -> None:
    ended = call("risk", STAYS, "--qi", QI, "--json")
    assert ended.code == 0, ended.err
    content = ended.json
    assert set(content) >= RISK_KEYS
    sizes = class_sizes(STAYS)
    assert content["classes"] == len(sizes)
    assert content["k"] == min(sizes.values())
    assert content["rows"] == 5000
    prosecutor = content["prosecutor"]
    fields = {"records_at_risk", "highest_risk", "success_rate", "overall_risk", "risk_level", "threshold"}
    assert set(prosecutor) >= fields
    assert prosecutor["highest_risk"] == 1 / min(sizes.values())
    assert prosecutor["records_at_risk"] == sum(n for n in sizes.values() if 1 / n > 0.2) / 5000
    assert prosecutor["risk_level"] == "very_high"
    assert content["marketer"]["success_rate"] == len(sizes) / 5000
    assert {each["size"]: each["count"] for each in content["histogram"]} == dict(Counter(sizes.values()))


def test_max_risk(call: Run, tmp_path: Path) -> None:
    assert call("risk", STAYS, "--qi", QI, "--max-risk", "0.2").code == 1
    table = tmp_path / "five.csv"
    table.write_text("sex,age\n" + "F,40\n" * 5 + "M,40\n" * 7)
    exact = call("risk", table, "--qi", "sex,age", "--max-risk", "0.2", "--json")
    assert exact.code == 0
    assert exact.json["prosecutor"]["overall_risk"] == 0.2
    over = call("risk", table, "--qi", "sex,age", "--max-risk", "0.19", "--json")
    assert over.code == 1
    assert over.json["exceeded"] is True


def test_columns_with_commas(call: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('"a, b",c\n1,2\n')
    ended = call("risk", table, "--qi", '"a, b",c', "--json")
    assert ended.code == 0, ended.err
    assert ended.json["quasi_identifiers"] == ["a, b", "c"]

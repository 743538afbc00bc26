"""`shoal config`, against a real server: what it writes is read again, whatever the columns are called."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from counts import FULL

from shoal.client import read_policy

from .conftest import STAYS, Run


def test_the_pipe(call: Run, tmp_path: Path) -> None:
    written = call("config", STAYS, "-k", "6")
    assert written.code == 0, written.err
    assert "# QI: The name speaks of a date of birth." in written.out
    losses = [float(line.split()[6].rstrip(",")) for line in written.out.splitlines() if "the least loss is" in line]
    assert len(losses) == 3
    assert losses == sorted(losses, reverse=True)  # the more may be left out, the less is lost
    released = call("anonymize", STAYS, "--policy", "-", "--output", tmp_path / "out.csv", "--json", stdin=written.out)
    assert released.code == 0, released.err
    assert released.json["risk"]["after"]["k"] >= 6
    (tmp_path / "policy.yaml").write_text(written.out)
    assert call("validate", tmp_path / "out.csv", "--policy", tmp_path / "policy.yaml").code == 0


PEOPLE = (
    *("adult", "aids2", "bank_accounts", "boston_hmda", "faculty_salaries", "fair_affairs", "hospital_admissions"),
    *("hospital_small", "hr_employees", "pbc", "schule_de", "sdc_household"),
)


@pytest.mark.parametrize("name", PEOPLE if FULL else PEOPLE[::4])
def test_the_pipe_releases_any_table_of_people_without_editing(
    name: str, call_here: Run, detection_benchmark: Path, tmp_path: Path
) -> None:
    table, policy, output = detection_benchmark / f"{name}.csv", tmp_path / "policy.yaml", tmp_path / "out.csv"
    written = call_here("config", table, "-k", "5")
    assert written.code == 0, written.err
    policy.write_text(written.out, "utf-8")
    released = call_here("anonymize", table, "--policy", "-", "--output", output, stdin=written.out)
    assert released.code == 0, released.err
    valid = call_here("validate", output, "--policy", policy)
    assert valid.code == 0, valid.out


def test_the_file_says_the_same_as_yaml_and_as_json(call_here: Run, tmp_path: Path) -> None:
    """Names and values that YAML would take for something else, or that would end a line of it."""
    odd = [
        "no",
        "1.10",
        "null",
        "~",
        "a: b",
        "# c",
        "- d",
        "'",
        '"',
        "\\",
        "{e}",
        "\u2028",
        "\x7f",
        "\U0001f600",
        "ä",
        "*",
        "&f",
    ]
    table = tmp_path / "odd: #names.csv"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sex", "birth date", "city: \u2028 # x", "yes"])
        writer.writerows(("fm"[row % 2], f"19{row % 60 + 30}-01-01", odd[row % len(odd)], row % 3) for row in range(400))
    as_yaml, as_json = tmp_path / "p.yaml", tmp_path / "p.json"
    assert call_here("config", table, "-o", as_yaml, "--suppression", "0.05").code == 0
    assert call_here("config", table, "-o", as_json, "--suppression", "0.05", "--json").code == 0
    policy = read_policy(as_yaml).message
    assert policy == read_policy(as_json).message
    rows = next(each for each in policy.attributes if each.name.startswith("city")).hierarchy.explicit.rows
    assert {row.labels[0] for row in rows} == set(odd)
    assert policy.suppression_limit == 0.05


def test_hints_and_bad_usage(call_here: Run, tmp_path: Path) -> None:
    ended = call_here("config", STAYS, "--ignore", "ward", "--sensitive", "postcode", "--json")
    roles = {each["name"]: each["role"] for each in ended.json["attributes"]}
    assert "ward" not in roles
    assert roles["postcode"] == "SENSITIVE"
    for words in (
        (STAYS, "-k", "1"),
        (tmp_path / "none.csv",),
        (STAYS, "-o", tmp_path / "no" / "p.yaml"),
        (STAYS, "--quasi", "x"),
    ):
        assert call_here("config", *words, "--json").code == 2

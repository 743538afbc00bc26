"""The examples do what they say, from any folder."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

from shoal.runtime.embedded import EmbeddedServer

from .conftest import EXAMPLES, POLICY, QI, ROLL, STAYS, environment


def script(name: str, *words: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs one of the examples."""
    return subprocess.run(
        [sys.executable, EXAMPLES / name, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=120,
        check=False,
    )


def test_the_stays_are_made_again_to_the_byte(tmp_path: Path) -> None:
    for seed in ("0", "1"):
        done = script("make_hospital_stays.py", tmp_path, cwd=tmp_path, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        for path in (STAYS, ROLL):
            assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_roll_is_of_the_same_people() -> None:
    with STAYS.open(newline="") as stays, ROLL.open(newline="") as roll:
        patients = [(row["name"], row["sex"]) for row in csv.DictReader(stays)]
        people = list(csv.DictReader(roll))
    assert sorted(patients) == [(row["name"], row["sex"]) for row in sorted(people, key=lambda row: (row["name"], row["sex"]))]
    assert all(all(row.values()) for row in people)


def test_the_stays_look_like_a_hospital() -> None:
    with STAYS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5000
    for column in ("birth_date", "postcode", "diagnosis"):
        assert 0 < sum(row[column] == "" for row in rows) < 50
    assert all(row["sex"] == "F" for row in rows if row["ward"] == "Maternity")
    old = sum(row["birth_date"] != "" and row["birth_date"] < "1960" for row in rows)
    assert old > 5000 / 3


def test_every_line_of_the_policy_is_explained() -> None:
    keys = [line for line in POLICY.read_text().splitlines() if line and not line.startswith((" ", "#"))]
    lines = POLICY.read_text().splitlines()
    for key in keys:
        before = lines[lines.index(key) - 1]
        assert before.startswith("#") or key == "attributes:", key


def test_quickstart(tmp_path: Path) -> None:
    done = script("quickstart.py", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "none was changed, removed or moved" in done.stdout
    assert "0 stays stand alone" in done.stdout
    sentence = re.search(r"before: ([0-9,]+) of 5,000 patients found by name; after: none", done.stdout)
    assert sentence is not None
    assert int(sentence[1].replace(",", "")) > 4000
    report = (tmp_path / "out" / "report.html").read_text()
    assert "every row looks like at least 4 others" in report
    with (tmp_path / "out" / "hospital_stays_anonymised.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 4900
    assert "name" not in rows[0]
    for column in QI.split(","):
        assert len({row[column] for row in rows}) > 1
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_first_call(server: EmbeddedServer, tmp_path: Path) -> None:
    done = script("first_call.py", cwd=tmp_path, SHOAL_SERVER=server.address, SHOAL_API_KEY=server.api_key)
    assert done.returncode == 0, done.stderr
    assert "rows released" in done.stdout

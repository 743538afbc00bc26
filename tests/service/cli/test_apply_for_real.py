"""`shoal apply` and certificates against the real server."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shoal.client.certificates import read_certificate, verify_certificate
from shoal.errors import InvalidArgumentError

from .conftest import POLICY, QI, STAYS, Run

NAMES = QI.split(",")


@pytest.fixture
def halves(tmp_path: Path) -> tuple[Path, Path]:
    """The stays of the first release and the new ones: every third."""
    lines = STAYS.read_text().splitlines(keepends=True)
    head, rows = lines[0], lines[1:]
    first, new = tmp_path / "first.csv", tmp_path / "new.csv"
    first.write_text(head + "".join(each for place, each in enumerate(rows) if place % 3))
    new.write_text(head + "".join(rows[::3]))
    return first, new


def classes(*paths: Path) -> Counter[tuple[str, ...]]:
    """The classes of released files together, counted by nothing of ours."""
    found: Counter[tuple[str, ...]] = Counter()
    for path in paths:
        with path.open(newline="") as file:
            found.update(tuple(row[name] for name in NAMES) for row in csv.DictReader(file))
    return found


def released(call_here: Run, *words: str | Path) -> dict[str, Any]:
    ended = call_here(*words, "--json")
    assert ended.code == 0, ended.err
    return ended.json


def test_new_rows_join_the_old_ones(call_here: Run, halves: tuple[Path, Path], tmp_path: Path) -> None:
    first, new = halves
    made = released(call_here, "anonymize", first, "-p", POLICY, "-o", tmp_path / "a.csv")
    assert made["apply_until"] is not None
    content = released(call_here, "apply", made["solution"], new, "-o", tmp_path / "b.csv", "--certificate", "b.json")
    rows = len(new.read_text().splitlines()) - 1
    assert content["rows"] == rows == content["released"] + content["suppressed"]
    assert content["suppressed"] == content["unseen"] + content["violating"]
    alone, together = classes(tmp_path / "b.csv"), classes(tmp_path / "a.csv", tmp_path / "b.csv")
    assert sum(alone.values()) == content["released"] > 0
    assert min(alone.values()) == content["models"]["batch"][0]["measured"] >= 5
    assert min(together.values()) == content["models"]["union"][0]["measured"] >= 5
    assert all(each["satisfied"] for kind in ("batch", "union") for each in content["models"][kind])
    assert content["guarantee"]
    signed = read_certificate(tmp_path / "b.json")
    statement = verify_certificate(tmp_path / "b.json", signed.public_key, tmp_path / "b.csv")
    assert statement["type"] == "shoal.batch"
    assert statement["solution"] == made["solution"]
    plain = call_here("apply", made["solution"], new, "-o", tmp_path / "c.csv")
    assert plain.code == 0, plain.err
    assert "Guarantee: " in plain.out
    assert "same input was released before" in plain.out


def test_what_cannot_be_applied(call_here: Run, halves: tuple[Path, Path], tmp_path: Path) -> None:
    first, new = halves
    made = released(call_here, "anonymize", first, "-p", POLICY, "-o", tmp_path / "a.csv")
    other = tmp_path / "other.csv"
    other.write_text("name,age\nA,5\n")
    for words, reason in (
        ((made["solution"], other), "UNKNOWN_COLUMN"),
        ((f"solutions/{0:032x}", new), "RESOURCE_NOT_FOUND"),
    ):
        ended = call_here("apply", *words, "-o", tmp_path / "b.csv", "--certificate", tmp_path / "b.json", "--json")
        assert ended.code == 2, ended
        assert ended.error["reason"] == reason
    assert {each.name for each in tmp_path.iterdir()} == {"first.csv", "new.csv", "other.csv", "a.csv"}


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_certificate_belongs_to_the_file_beside_it(name: str, call_here: Run, tmp_path: Path) -> None:
    """In every format: the server makes the bytes, nobody converts them afterwards."""
    made = released(call_here, "anonymize", STAYS, "-p", POLICY, "-o", tmp_path / name, "--certificate", tmp_path / "c.json")
    assert made["certificate"] == str(tmp_path / "c.json")
    key_id = json.loads((tmp_path / "c.json").read_text())["keyId"]
    statement = verify_certificate(tmp_path / "c.json", key_id, tmp_path / name)
    assert statement["output"]["sha256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    assert statement["input"]["sha256"] == hashlib.sha256(STAYS.read_bytes()).hexdigest()
    assert statement["loss"]["value"] == made["loss"]
    assert {each["name"]: each["level"] for each in statement["attributes"]} == made["levels"]
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
    with pytest.raises(InvalidArgumentError, match="not the one that was released"):
        verify_certificate(tmp_path / "c.json", key_id, tmp_path / name)


def test_whom_suppression_hit(call_here: Run, tmp_path: Path) -> None:
    made = released(call_here, "anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "a.csv")
    assert [each["attribute"] for each in made["suppressed_profiles"]] == ["diagnosis", "ward"]
    assert made["suppressed"] >= 10
    ward = made["suppressed_profiles"][1]
    with STAYS.open(newline="") as file:
        wards = Counter(row["ward"] for row in csv.DictReader(file))
    assert ward["values"]
    for each in ward["values"]:
        assert each["share_of_all"] == pytest.approx(wards[each["value"]] / 5000, abs=0.0051)
    plain = call_here("anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "a.csv")
    assert "Who was suppressed, by ward" in plain.out

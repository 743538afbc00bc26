"""`shoal dp`, against a real server: the shipped example."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from .conftest import STAYS, Run

COLUMN = ("--column", "rank", "--bounds", "0", "30")


@pytest.fixture
def stays(tmp_path: Path) -> Path:
    """The example with numbers, as a content of its own."""
    lines = STAYS.read_text().splitlines()
    rows = [f"{line},{place % 31}" for place, line in enumerate(lines[1:])]
    path = tmp_path / "stays.csv"
    own = uuid.uuid4().hex + "," * (lines[0].count(",") + 1)
    path.write_text("\n".join([f"{lines[0]},rank", *rows, own]) + "\n")
    return path


def test_a_mean_is_charged_to_the_budget_that_is_named(call_here: Run, stays: Path) -> None:
    budget = f"study-{uuid.uuid4().hex}"
    assert call_here("budget", "create", budget, "--epsilon", "1").code == 0
    ended = call_here("dp", "mean", stays, *COLUMN, "--epsilon", "0.5", "--budget", budget, "--json")
    assert ended.code == 0, ended.err
    found = ended.json
    assert {"value", "interval", "noise_scale", "epsilon", "delta", "budgets"} <= set(found)
    assert found["value"] == pytest.approx(15, abs=1)
    assert found["interval"][0] < found["value"] < found["interval"][1]
    assert (found["epsilon"], found["delta"]) == (0.5, 0.0)
    assert [each["name"] for each in found["budgets"]][1] == f"budgets/{budget}"
    assert call_here("budget", "show", budget, "--json").json["spent_epsilon"] == 0.5
    plain = call_here("dp", "mean", stays, *COLUMN, "--epsilon", "0.4", "--budget", budget)
    assert "has 0.1 of epsilon left" in plain.out
    refused = call_here("dp", "mean", stays, *COLUMN, "--epsilon", "0.4", "--budget", budget, "--json")
    assert (refused.code, refused.error["reason"]) == (2, "BUDGET_EXHAUSTED")


def test_every_statistic(call_here: Run, stays: Path) -> None:
    count = call_here("dp", "count", stays, "--epsilon", "2", "--noise", "discrete-laplace", "--json").json
    assert count["value"] == pytest.approx(5001, abs=20)
    total = call_here("dp", "sum", stays, *COLUMN, "--epsilon", "1", "--json").json
    assert total["value"] == pytest.approx(75_000, abs=1000)
    spread = call_here("dp", "variance", stays, *COLUMN, "--noise", "gaussian", "--delta", "1e-6", "--json").json
    assert spread["value"] == pytest.approx(80, abs=20)
    bins = call_here("dp", "histogram", stays, *COLUMN, "--bins", "3", "--epsilon", "0.5", "--json").json
    assert (len(bins["values"]), bins["edges"]) == (3, [0.0, 10.0, 20.0, 30.0])
    grouped = call_here("dp", "count", stays, "--group-by", "sex", "--group", "F,M", "--unlisted", "other", "--json").json
    assert [each["group"] for each in grouped["answers"]] == ["F", "M", None]
    chosen = call_here("dp", "choose", stays, "--column", "sex", "--candidates", "F,M,none", "--json").json
    assert chosen["value"] in ("F", "M")
    some = call_here("dp", "count", stays, "--where", "rank >= 16", "--epsilon", "1", "--json").json
    assert some["value"] == pytest.approx(2418, abs=30)


def test_a_preview_needs_no_table(call_here: Run, tmp_path: Path) -> None:
    drawn = tmp_path / "error.svg"
    ended = call_here("dp", "mean", *COLUMN, "--preview", "--rows", "5000", "--epsilon", "0.3", "--svg", drawn, "--json")
    points = ended.json["preview"]
    assert [each["epsilon"] for each in points] == sorted([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0])
    errors = [each["noise_standard_deviation"] for each in points]
    assert errors == sorted(errors, reverse=True)
    assert points[7]["noise_standard_deviation"] == pytest.approx(30 * 2**0.5 / 5000)
    assert "<svg" in drawn.read_text()
    assert "asked for" in call_here("dp", "count", "--preview", "--epsilon", "0.3").out


def test_bad_usage(call_here: Run, stays: Path) -> None:
    for words in (
        ("mean", stays),
        ("mean", stays, "--column", "rank", "--bounds", "3"),
        ("mean", stays, "--column", "nobody", "--bounds", "0", "3"),
        ("mean", stays, *COLUMN, "--epsilon", "0"),
        ("mean", stays, *COLUMN, "--noise", "uniform"),
        ("mean", stays, *COLUMN, "--rows", "5"),
        ("mean", *COLUMN),
        ("count", stays, "--where", "length of stay"),
        ("count", stays, "--group-by", "sex"),
        ("histogram", stays, "--column", "rank"),
        ("histogram", stays, "--column", "rank", "--edges", "a,b"),
    ):
        assert call_here("dp", *words, "--json").code == 2, words


def test_a_stream_from_its_first_batch_to_its_end(call_here: Run, stays: Path) -> None:
    name = f"visits-{uuid.uuid4().hex}"
    about = ("--statistic", "mean", *COLUMN, "--epsilon", "0.5", "--window", "sliding:2")
    made = call_here("dp", "stream", "update", name, stays, *about, "--release", "--json")
    assert made.code == 0, made.err
    assert (made.json["name"], made.json["epsilon"], made.json["batch_count"]) == (f"streams/{name}", 0.5, 1)
    (answer,) = made.json["release"]["answers"]
    assert answer["value"] == pytest.approx(15, abs=2)
    again = call_here("dp", "stream", "update", name, "--release", "--json").json
    assert (again["release"], again["repeated_release"], again["epsilon"]) == (made.json["release"], True, 0.0)
    plain = call_here("dp", "stream", "show", name)
    assert "Release 1, after batch 1" in plain.out
    assert name in [
        each["name"].removeprefix("streams/") for each in call_here("dp", "stream", "list", "--json").json["streams"]
    ]
    other = call_here("dp", "stream", "update", name, *about[:-1], "sliding:3", "--json")
    assert (other.code, other.error["reason"]) == (2, "WRONG_STATE")
    assert call_here("dp", "stream", "delete", name, "--json").code == 2
    assert call_here("dp", "stream", "delete", name, "--yes").code == 0
    assert call_here("dp", "stream", "show", name, "--json").error["reason"] == "RESOURCE_NOT_FOUND"


def test_a_stream_is_said_whole_or_not_at_all(call_here: Run, stays: Path) -> None:
    for about in (["--epsilon", "1"], ["--statistic", "mean", "--column", "rank", "--epsilon", "1"],
                  ["--statistic", "count", "--window", "sliding", "--epsilon", "1"], ["--statistic", "median"]):  # fmt: skip
        ended = call_here("dp", "stream", "update", "never", stays, *about)
        assert ended.code == 2, about
        assert ended.err

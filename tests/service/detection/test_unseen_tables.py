"""Tables that the detector was not written for: floors under what was measured on both halves."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from shoal.detection.evidence import evidence_of
from shoal.detection.judge import judge
from shoal.detection.lexicon import lexicon
from shoal.detection.model import second_opinion
from shoal.detection.roles import Role

FOLDER = Path(__file__).parents[2] / "data" / "detection-unseen"
CLASSES = {Role.IDENTIFIER: "DI", Role.QUASI_IDENTIFIER: "QI", Role.SENSITIVE: "SI", Role.INSENSITIVE: "NSI"}

FLOORS = {
    # docs/detection.md has what was measured.
    "development": {"macro_f1": 0.92, "lenient": 0.94, "DI_recall": 0.97, "QI_recall": 0.90},
    "held out": {"macro_f1": 0.73, "lenient": 0.87, "DI_recall": 0.86},
}


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"unseen_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def labels() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "labels.json").read_text("utf-8"))
    return found


Predictions = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, labels: dict[str, Any]) -> dict[str, Predictions]:
    """Class by column by table, by mode."""
    folder = tmp_path_factory.mktemp("unseen")
    _module("generate").write_tables(folder)
    predictions: dict[str, Predictions] = {"heuristic": {}, "model": {}}
    for name in labels["tables"]:
        columns = [evidence_of(column) for column in pl.read_csv(folder / f"{name}.csv", infer_schema=False)]
        first = judge(columns, lexicon(), 0.95)
        for mode, verdicts in (("heuristic", first), ("model", second_opinion(columns, first, lexicon()))):
            predictions[mode][name] = {
                column.name: CLASSES[verdict.role] for column, verdict in zip(columns, verdicts, strict=True)
            }
    return predictions


@pytest.mark.parametrize("mode", ["heuristic", "model"])
@pytest.mark.parametrize("half", FLOORS)
def test_floors(half: str, mode: str, labels: dict[str, Any], found: dict[str, Predictions]) -> None:
    """Says which number fell and by how much, never a column: whoever reads that of the held-out half has lost it."""
    scorer = _module("score")
    result = scorer.score(labels, found[mode], scorer.halves(labels)[half])
    assert {key: round(result[key], 3) for key, floor in FLOORS[half].items() if result[key] < floor} == {}


def test_no_error_on_the_controls_that_may_be_looked_at(labels: dict[str, Any], found: dict[str, Predictions]) -> None:
    scorer = _module("score")
    assert scorer.score(labels, found["model"], scorer.halves(labels)["development"])["control_errors"] == 0


def test_the_halves_are_all_tables(labels: dict[str, Any]) -> None:
    halves = _module("score").halves(labels)
    assert sorted(halves["development"] + halves["held out"]) == sorted(labels["tables"])
    assert all(any(not labels["tables"][name]["persons"] for name in half) for half in halves.values())


def test_the_scorer_counts_as_the_public_one(detection_benchmark: Path, labels: dict[str, Any]) -> None:
    """On the same predictions both scorers give the same numbers."""
    spec = importlib.util.spec_from_file_location("public_score", detection_benchmark / "score.py")
    assert spec is not None
    assert spec.loader is not None
    public = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(public)
    half = _module("score").halves(labels)["development"]
    guesses = {
        name: {
            column["name"]: list(CLASSES.values())[place % 4] for place, column in enumerate(labels["tables"][name]["columns"])
        }
        for name in half
    }
    ours = _module("score").score(labels, guesses, half)
    theirs = public.score({"tables": {name: labels["tables"][name] for name in half}}, guesses)
    for key in ("strict", "lenient", "macro_f1", "DI_recall", "QI_precision", "SI_recall", "NSI_precision"):
        assert ours[key] == pytest.approx(theirs[key], abs=1e-3)

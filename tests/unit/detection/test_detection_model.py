"""The frozen model: what it is, and that it predicts what was trained."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest

from shoal.detection.evidence import evidence_of
from shoal.detection.features import FEATURES, KNOWN_ROLES, features_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.model import Model, model, second_opinion
from shoal.detection.roles import Role
from shoal.detection.verdict import OPEN

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "services" / "shoal" / "detection" / "model.json"


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("detection_train", ROOT / "training" / "detection" / "train.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_frozen_trees_say_what_the_trained_ones_say(training: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "ROUNDS", 6)
    features, roles, of = training.examples(range(12))
    classifier = training.fitted(features, roles)
    kept = json.loads(training.text(training.frozen(classifier, {"accuracy": 0})))
    places = {name: place for place, name in enumerate(FEATURES)}

    def placed(tree: object) -> object:
        if not isinstance(tree, list):
            return tree
        return [places[tree[0]], tree[1], placed(tree[2]), placed(tree[3])]

    frozen = Model([[placed(tree) for tree in row] for row in kept["rounds"]], kept["learning_rate"], model().metrics)
    np.testing.assert_allclose(frozen.probabilities(features), classifier.predict_proba(features), atol=1e-4)
    assert len(set(of)) == 12


def test_the_package_needs_no_training_library() -> None:
    code = "import sys; from shoal.detection.model import model; model(); assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_file_is_readable_trees_and_tells_how_good_they_are() -> None:
    read = json.loads(MODEL.read_text("utf-8"))
    assert read["features"] == list(FEATURES)
    assert all(len(row) == len(KNOWN_ROLES) for row in read["rounds"])
    metrics = model().metrics
    assert 0.5 < metrics.accuracy < 1
    assert metrics.hamming_loss == pytest.approx((1 - metrics.accuracy) / 2, abs=1e-3)
    assert 0 < metrics.calibration_error < 1
    assert metrics.columns > 10_000
    assert MODEL.stat().st_size < 500_000


def test_it_decides_what_is_unsure_and_nothing_else() -> None:
    table = {
        "birth_date": [f"19{row % 90 + 10}-03-{row % 28 + 1:02}" for row in range(200)],
        "sex": ["f", "m"] * 100,
        "zzq": [f"{row * 7 % 93}.{row % 10}" for row in range(200)],
        "e_mail": [f"u{row}@example.org" for row in range(200)],
        "nothing": [None] * 200,
    }
    columns = [evidence_of(pl.Series(name, values, dtype=pl.String)) for name, values in table.items()]
    before = judge(columns, lexicon(), 0.95)
    after = second_opinion(columns, before, lexicon())
    chances = model().probabilities(features_of(columns, before, lexicon()))
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    for old, new, row in zip(before, after, chances, strict=True):
        if old.confidence >= OPEN:
            assert new.role is old.role
            assert new.confidence <= old.confidence
        else:
            assert new.role is KNOWN_ROLES[int(row.argmax())]
            assert new.confidence == pytest.approx(row.max())
            assert "A model trained on other tables" in new.reasons[0]
    assert [old.confidence < OPEN for old in before] == [False, False, True, False, False]
    assert second_opinion(columns[2:3], judge(columns[2:3], lexicon(), 0.95), lexicon())[0].role is Role.INSENSITIVE

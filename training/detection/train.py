"""Train the model of detection and freeze it as readable trees.

    python training/detection/train.py [--tables 1000] [--output services/shoal/detection/model.json]

Each made-up table (grammar.py) is seen through a lexicon of which a part is left out at random, none, 30, 60 or 85 % of the
phrases, so that the model learns what columns are whose names nobody knows. The numbers in the file are those of
cross-validation by table.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import GroupKFold

sys.path.insert(0, str(Path(__file__).resolve().parent))

from grammar import table

from shoal.detection.evidence import evidence_of
from shoal.detection.features import FEATURES, KNOWN_ROLES, features_of
from shoal.detection.judge import judge
from shoal.detection.lexicon import Lexicon
from shoal.detection.lexicon_files import lexicon
from shoal.detection.relations import Relations

CODES = ("DI", "QI", "SI", "NSI")
LEFT_OUT = (0.0, 0.3, 0.6, 0.85)
DRAWS = 4
WEIGHTS = {"DI": 1.3, "QI": 1.6, "SI": 1.0, "NSI": 1.0}
"""A missed identifier or quasi-identifier is the costlier error."""

ROUNDS, DEPTH, RATE, FOLDS = 60, 3, 0.2, 5
BINS = 10
OUTPUT = Path(__file__).resolve().parents[2] / "services" / "shoal" / "detection" / "model.json"


def thinned(share: float, seed: int) -> Lexicon:
    """The lexicon without a share of its phrases."""
    chance = Random(seed)
    thin = copy.copy(lexicon())
    thin.ways, thin.matched = {}, {}
    thin.phrases = {word: [each for each in phrases if chance.random() >= share] for word, phrases in thin.phrases.items()}
    return thin


def examples(tables: Iterable[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, roles as places in CODES, and the table of each column."""
    thin = {share: [thinned(share, draw) for draw in range(DRAWS if share else 1)] for share in LEFT_OUT}
    features, roles, of = [], [], []
    for seed in tables:
        columns = table(seed)
        words = thin[LEFT_OUT[seed % len(LEFT_OUT)]]
        known = words[seed // len(LEFT_OUT) % len(words)]
        rows = pl.DataFrame([pl.Series(column.name, column.values, dtype=pl.String) for column in columns])
        evidence = [evidence_of(each) for each in rows.iter_columns()]
        features.append(features_of(evidence, judge(evidence, known, 0.95, Relations(rows)), known))
        roles += [CODES.index(column.role) for column in columns]
        of += [seed] * len(columns)
    return np.concatenate(features), np.array(roles), np.array(of)


def fitted(features: np.ndarray, roles: np.ndarray) -> GradientBoostingClassifier:
    """The boosted trees of these examples."""
    classifier = GradientBoostingClassifier(
        n_estimators=ROUNDS,
        max_depth=DEPTH,
        learning_rate=RATE,
        subsample=0.5,
        min_samples_leaf=20,
        max_features=0.3,
        init="zero",
        random_state=1,
    )
    return classifier.fit(features, roles, np.array([WEIGHTS[CODES[role]] for role in roles]))


def metrics(features: np.ndarray, roles: np.ndarray, of: np.ndarray) -> dict[str, float]:
    """What cross-validation by table says."""
    chances = np.zeros((len(roles), len(CODES)))
    for train, test in GroupKFold(FOLDS).split(features, roles, of):
        chances[test] = fitted(features[train], roles[train]).predict_proba(features[test])
    right = chances.argmax(axis=1) == roles
    sure = chances.max(axis=1)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(float(sure[bins == each].mean() - right[bins == each].mean())) * (bins == each).mean() for each in set(bins)]
    return {
        "accuracy": round(float(right.mean()), 4),
        "hamming_loss": round(float(1 - right.mean()) * 2 / len(CODES), 4),  # a wrong column has two wrong labels of four
        "calibration_error": round(float(sum(gaps)), 4),
        "columns": len(roles),
    }


def frozen(classifier: GradientBoostingClassifier, measured: dict[str, float]) -> dict[str, Any]:
    """The model as it is kept: every tree as [feature, threshold, below or equal, above], leaves as numbers."""

    def node(tree: Any, place: int) -> Any:
        if tree.children_left[place] < 0:
            return round(float(tree.value[place, 0, 0]), 6)
        below, above = node(tree, tree.children_left[place]), node(tree, tree.children_right[place])
        return [FEATURES[tree.feature[place]], float(tree.threshold[place]), below, above]

    return {
        "roles": [role.name for role in KNOWN_ROLES],
        "features": list(FEATURES),
        "learning_rate": RATE,
        "metrics": measured,
        "rounds": [[node(estimator.tree_, 0) for estimator in row] for row in classifier.estimators_],
    }


def text(model: dict[str, Any]) -> str:
    """JSON with a line for every tree."""
    head = {key: value for key, value in model.items() if key != "rounds"}
    rounds = ",\n".join(
        "    [\n" + ",\n".join(f"      {json.dumps(tree)}" for tree in row) + "\n    ]" for row in model["rounds"]
    )
    return json.dumps(head, indent=2)[:-2] + f',\n  "rounds": [\n{rounds}\n  ]\n}}\n'


def main() -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    features, roles, of = examples(range(given.tables))
    measured = metrics(features, roles, of)
    given.output.write_text(text(frozen(fitted(features, roles), measured)), encoding="utf-8")
    print(measured)


if __name__ == "__main__":
    main()

"""The frozen model: boosted trees, read from model.json, that decide where the heuristics are not sure.

Trained by training/detection/train.py on tables that a grammar makes up; docs/detection-model.md is its card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.detection.evidence import Evidence
from shoal.detection.features import FEATURES, KNOWN_ROLES, features_of
from shoal.detection.lexicon import Lexicon
from shoal.detection.roles import Role
from shoal.detection.verdict import OPEN, Verdict

__all__ = ["Metrics", "Model", "model", "second_opinion"]

DOUBTED = 0.15
"""A verdict of the heuristics to which the model gives less than that is doubted."""

_OF_PEOPLE = frozenset({Role.QUASI_IDENTIFIER, Role.SENSITIVE})
_FIXED = frozenset({"empty", "constant"})
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Metrics:
    """How well the model did on generated tables that it was not trained on (cross-validation by table).

    accuracy, hamming_loss: shares of columns, and of columns and roles. calibration_error: mean distance between what it said
    how sure it was and how often it was right, 0 to 1. columns: it was trained on.
    """

    accuracy: float
    hamming_loss: float
    calibration_error: float
    columns: int

    @property
    def reliable(self) -> bool:
        """Whether the model is right often enough, and knows how often."""
        return self.accuracy >= 0.8 and self.calibration_error <= 0.05


@dataclass(frozen=True)
class Model:
    """Trees by round and role: a number is a leaf, a list a feature's place, its threshold, and what is below and above."""

    rounds: list[list[Any]]
    rate: float
    metrics: Metrics

    def probabilities(self, features: NDArray[np.float32]) -> Numbers:
        """How likely each role is, by column, in the order of KNOWN_ROLES; rows add up to 1."""
        exact = features.astype(np.float64)  # thresholds lie between float32 numbers
        scores = np.zeros((len(features), len(KNOWN_ROLES)))
        for trees in self.rounds:
            for place, tree in enumerate(trees):
                scores[:, place] += self.rate * _value(tree, exact)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def _value(tree: Any, features: Numbers) -> Numbers:
    if not isinstance(tree, list):
        return np.full(len(features), float(tree))
    place, threshold, below, above = tree
    return np.where(features[:, place] <= threshold, _value(below, features), _value(above, features))


@cache
def model() -> Model:
    """The model of the package; read once."""
    read = json.loads(resources.files("shoal.detection").joinpath("model.json").read_text("utf-8"))
    places = {name: place for place, name in enumerate(FEATURES)}
    if read["features"] != list(FEATURES) or read["roles"] != [role.name for role in KNOWN_ROLES]:
        raise ValueError("model.json was trained on other features: run training/detection/train.py")
    rounds = [[_placed(tree, places) for tree in trees] for trees in read["rounds"]]
    return Model(rounds, read["learning_rate"], Metrics(**read["metrics"]))


def _placed(tree: Any, places: dict[str, int]) -> Any:
    if not isinstance(tree, list):
        return tree
    name, threshold, below, above = tree
    return [places[name], threshold, _placed(below, places), _placed(above, places)]


def second_opinion(columns: Sequence[Evidence], verdicts: Sequence[Verdict], lexicon: Lexicon) -> list[Verdict]:
    """The verdicts of a table of people, where the model decides what the heuristics are not sure of and doubts what it may."""
    if not any(verdict.role in _OF_PEOPLE for verdict in verdicts):
        return list(verdicts)
    chances = model().probabilities(features_of(columns, verdicts, lexicon))
    return [_decided(verdict, row) for verdict, row in zip(verdicts, chances, strict=True)]


def _decided(verdict: Verdict, chances: Numbers) -> Verdict:
    if verdict.kind in _FIXED:
        return verdict
    if verdict.confidence >= OPEN:
        own = float(chances[KNOWN_ROLES.index(verdict.role)])
        if own >= DOUBTED:
            return verdict
        doubt = f"A model trained on other tables gives that {own:.0%}."
        return replace(verdict, confidence=0.8 * verdict.confidence, reasons=(*verdict.reasons[:2], doubt))
    best = int(np.argmax(chances))
    reason = f"A model trained on other tables gives it {chances[best]:.0%} to be {KNOWN_ROLES[best].value}."
    return replace(
        verdict, role=KNOWN_ROLES[best], confidence=float(chances[best]), reasons=(reason, *verdict.reasons), kind="model"
    )

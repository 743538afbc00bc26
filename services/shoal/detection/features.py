"""A table's columns as numbers for the model: names, values, their spread, and what stands beside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoal.detection.context import said_by_many
from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Lexicon
from shoal.detection.names import words_of
from shoal.detection.roles import Role
from shoal.detection.verdict import OPEN, Verdict

__all__ = ["FEATURES", "KNOWN_ROLES", "features_of"]

KNOWN_ROLES = (Role.IDENTIFIER, Role.QUASI_IDENTIFIER, Role.SENSITIVE, Role.INSENSITIVE)
"""The order of roles everywhere in the model."""

_DOMAINS = ("health", "money")
_KINDS = (
    *("constant", "email", "iban", "card", "uuid", "mac", "ip", "national", "phone", "url", "date", "hash", "year", "icd10"),
    *(
        "coordinate",
        "interval",
        "address",
        "name",
        "mentions",
        "flag",
        "number",
        "free",
        "category",
        "code",
        "postcode",
        "text",
    ),
)
_SHARES = (
    *("integer", "decimal", "date", "year", "code", "words", "capitalised", "names", "sexes", "flag", "sentence", "digits"),
    *("mentions", "postcode"),
)
_FIGURES = (
    *("unique ratio", "log of different values", "share filled", "characters", "words", "whole numbers", "counts up"),
    *("one length", "is numbers", "log of largest", "below zero", "at most one"),
)
_NAME = ("words of the name", "letters a word", "name in capitals", "name has digits")
_BESIDE = ("share decided", "columns")
FEATURES = (
    *(f"name speaks of {role.value}" for role in KNOWN_ROLES),
    *(f"name speaks of {domain}" for domain in _DOMAINS),
    *(f"heuristics say {role.value}" for role in KNOWN_ROLES),
    *("heuristics' confidence", "heuristics know nothing"),
    *(f"values are {kind}" for kind in _KINDS),
    *(f"share of {share}" for share in _SHARES),
    *_FIGURES,
    *_NAME,
    *(f"share of {role.value}s beside" for role in KNOWN_ROLES),
    *_BESIDE,
)
"""What each number is, in their order."""

_UNKNOWN = 0.41
_MOST_COLUMNS = 50


def features_of(columns: Sequence[Evidence], verdicts: Sequence[Verdict], lexicon: Lexicon) -> NDArray[np.float32]:
    """One row a column, one number a feature. verdicts: those of the heuristics."""
    beside = said_by_many([words_of(column.name) for column in columns], lexicon)
    decided = [verdict for verdict in verdicts if verdict.confidence >= OPEN]
    count = max(1, len(verdicts))
    table = [sum(verdict.role is role for verdict in decided) / count for role in KNOWN_ROLES]
    table += [len(decided) / count, min(_MOST_COLUMNS, count)]
    rows = [
        [*_named(column, beside, lexicon), *_judged(verdict), *_valued(column), *_called(column.name), *table]
        for column, verdict in zip(columns, verdicts, strict=True)
    ]
    return np.asarray(rows, dtype=np.float32)


def _named(column: Evidence, beside: frozenset[str], lexicon: Lexicon) -> list[float]:
    matches = lexicon.matches(column.name, beside)
    roles = [max((match.score for match in matches if match.concept.role is role), default=0.0) for role in KNOWN_ROLES]
    domains = [max((match.score for match in matches if match.concept.domain == domain), default=0.0) for domain in _DOMAINS]
    return [*roles, *domains]


def _judged(verdict: Verdict) -> list[float]:
    roles = [float(verdict.role is role) for role in KNOWN_ROLES]
    return [*roles, verdict.confidence, float(verdict.confidence < _UNKNOWN)]


def _valued(column: Evidence) -> list[float]:
    kinds = [float(kind in column.kinds) for kind in _KINDS]
    shares = [column.shares.get(share, 0.0) for share in _SHARES]
    low, high = column.low or 0.0, column.high or 0.0
    return [
        *kinds,
        *shares,
        column.ratio,
        float(np.log1p(column.distinct)),
        column.filled / max(1, column.rows),
        column.mean_length,
        column.mean_words,
        float(column.whole_numbers),
        float(column.increasing),
        float(column.fixed),
        float(column.low is not None),
        float(np.log1p(abs(high))),
        float(low < 0),
        float(0 < high <= 1),
    ]


def _called(name: str) -> list[float]:
    words = words_of(name)
    letters = sum(map(len, words)) / max(1, len(words))
    return [float(len(words)), letters, float(name.isupper()), float(any(letter.isdigit() for letter in name))]

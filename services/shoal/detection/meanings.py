"""What the categories of a column mean by themselves: sexes, countries, faiths, illnesses, whatever the column is called.

What is known is in lexicon/values.yaml: words for whole cells, and forms of what is no word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shoal.detection.files import packaged
from shoal.detection.names import words_of

__all__ = ["MOST_CATEGORIES", "meaning_of"]

MOST_CATEGORIES = 200
"""More different values are no categories whose words would all be known."""

LONGEST_CATEGORY = 60
"""Longer cells are sentences."""

LEAST_SPOKEN, LEAST_FORMED, LEAST_COUNTRIES = 0.6, 0.8, 0.9
"""The shares of cells that must be known words, of a form, codes of countries."""

FEWEST_FORMED, FEWEST_COUNTRIES = 3, 4
"""Fewer different cells of a form, or codes of two letters, are of it by chance."""

MOST_SEXES = 6
"""Different values of a column of sexes, with unknown and other."""

OTHERS = frozenset("dinoux")
"""Letters that stand beside those of two sexes: diverse, indeterminate, not known, other, unknown. Any others are a grading."""


def meaning_of(values: Sequence[str], weights: Sequence[int]) -> tuple[str, float]:
    """The concept that categories speak of, and the share of cells that do; no text and 0 when they speak of none.

    values: the different ones; weights: in how many cells each stands.
    """
    cells = sum(weights)
    if not 2 <= len(values) <= MOST_CATEGORIES or not cells:
        return "", 0.0
    if len(values) <= MOST_SEXES and _are_sexes({_said(value) for value in values}):
        return "sex", 1.0
    known = _known()
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if len(value) <= LONGEST_CATEGORY]
    for concept, form in known.forms.items():
        share = sum(weight for value, weight in pairs if form.fullmatch(value)) / cells
        if share >= LEAST_FORMED and len(values) >= FEWEST_FORMED:
            return concept, share
    share = sum(weight for value, weight in pairs if value in known.countries) / cells
    if share >= LEAST_COUNTRIES and len(values) >= FEWEST_COUNTRIES:
        return "origin", share
    return _spoken(pairs, cells)


def _spoken(pairs: Sequence[tuple[str, int]], cells: int) -> tuple[str, float]:
    hits: dict[str, int] = defaultdict(int)
    different: dict[str, int] = defaultdict(int)
    for value, weight in pairs:
        for concept in _known().words.get(_said(value), ()):
            hits[concept] += weight
            different[concept] += 1
    concept = max(hits, key=lambda each: (hits[each], each), default="")
    if not concept or hits[concept] < LEAST_SPOKEN * cells or different[concept] < 2:
        return "", 0.0
    return concept, hits[concept] / cells


def _are_sexes(said: set[str]) -> bool:
    letters = all(len(each) == 1 for each in said)
    return any(
        any(
            one in said and other in said and not (letters and said - {one, other} - OTHERS)
            for one in first
            for other in second
            if one != other
        )
        for first, second in _known().sexes
    )


def _said(value: str) -> str:
    """A cell's words; capitals inside of one part no words, unlike in a name of a column."""
    return " ".join(words_of(value.lower()))


@dataclass(frozen=True)
class _Known:
    words: dict[str, set[str]]
    forms: dict[str, re.Pattern[str]]
    sexes: tuple[tuple[frozenset[str], frozenset[str]], ...]
    countries: frozenset[str]


@cache
def _known() -> _Known:
    file = packaged("lexicon", "values.yaml")
    words: dict[str, set[str]] = defaultdict(set)
    for concept, values in file["words"].items():
        for value in values:
            words[_said(value)].add(concept)
    return _Known(
        words=dict(words),
        forms={concept: _alternatives(patterns) for concept, patterns in file["forms"].items()},
        sexes=tuple((frozenset(one), frozenset(other)) for one, other in file["sexes"]),
        countries=frozenset(file["countries"]),
    )


def _alternatives(patterns: Sequence[str]) -> re.Pattern[str]:
    flags = re.IGNORECASE if patterns[0].startswith("(?i)") else re.NOFLAG
    return re.compile("|".join(f"(?:{pattern.removeprefix('(?i)')})" for pattern in patterns), flags)

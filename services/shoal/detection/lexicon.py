"""The words that column names are made of, and what they mean: read from the YAML files of `lexicon/`.

A concept is what a column may be about: a date of birth, an income. Its file says

    role      what it is for whoever wants to recognise a person
    about     its name in a sentence
    person    how much it says that the rows are people: 0 nothing, 3 as good as certain
    domain    health or money: many such columns colour what the unknown ones beside them are
    values    the kinds of values that agree with it (see shapes.py)
    needs     `distinct`: it is one only with many different values; `name`: only with names of people as values
    words     by language, `any` for words of several; each a phrase whose words may stand in any order

A phrase may name a group of groups.yaml in angle brackets. All words are compared in canonical form (names.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from shoal.detection.files import packaged
from shoal.detection.names import LEAST_WORD, canonical, compound, words_of
from shoal.detection.roles import Role

__all__ = ["Concept", "Lexicon", "Match", "given_names", "lexicon"]

_FILES = ("identity", "person", "work", "health", "sensitive", "harmless")
_SHORTEST_PREFIX = 4
_MOST_COMPLETIONS = 6


@dataclass(frozen=True)
class Concept:
    """What a column may be about; the fields are those of the files."""

    key: str
    role: Role
    about: str
    person: int
    domain: str
    values: frozenset[str]
    needs: str


@dataclass(frozen=True)
class Phrase:
    """One way to name a concept. slots: words, or groups in angle brackets, each to be met by a word of its own."""

    concept: Concept
    slots: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A concept that a name speaks of, and how clearly, 0 to 1."""

    concept: Concept
    score: float


@dataclass(frozen=True)
class Reading:
    """A name's words, each with what it may stand for; inexact: how many were guessed from an abbreviation."""

    words: tuple[frozenset[str], ...]
    inexact: int


@dataclass
class Lexicon:
    """Everything the files say, indexed by word."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    phrases: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    of_word: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    abbreviations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    completions: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def matches(self, name: str) -> list[Match]:
        """The concepts that a column's name speaks of, the clearest first; each concept once."""
        best: dict[str, Match] = {}
        for reading in self._readings(words_of(name)):
            for match in self._of(reading):
                known = best.get(match.concept.key)
                if known is None or known.score < match.score:
                    best[match.concept.key] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.concept.key))

    def knows(self, name: str, group: str) -> bool:
        """Whether a word of the name is in the group."""
        return any(word in self.groups[group] for reading in self._readings(words_of(name)) for word in _all(reading))

    def _readings(self, words: tuple[str, ...]) -> list[Reading]:
        """The name as it stands, and with its abbreviations written out."""
        plain: list[frozenset[str]] = []
        spelt: list[frozenset[str]] = []
        guessed = 0
        shortened = False
        for word in words:
            whole = self.abbreviations.get(word)
            if whole is not None:
                shortened = True
                spelt += [frozenset({each}) for each in whole]
            if word in self.vocabulary:
                plain.append(frozenset({word}))
            elif whole is None:
                longer = self.completions.get(word, []) if len(word) >= _SHORTEST_PREFIX else []
                parts = compound(word, self.vocabulary) if not longer and len(word) > LEAST_WORD else None
                if parts is not None:
                    plain += [frozenset({part}) for part in parts]
                    spelt += [frozenset({each}) for part in parts for each in self.abbreviations.get(part, (part,))]
                    continue
                guessed += 1 if longer else 0
                plain.append(frozenset(longer[:_MOST_COMPLETIONS]) or frozenset({word}))
            else:
                plain.append(frozenset({word}))
            if whole is None:
                spelt.append(plain[-1])
        found = [Reading(tuple(plain), guessed)]
        if shortened:
            found.append(Reading(tuple(spelt), guessed))
        return found

    def _of(self, reading: Reading) -> Iterable[Match]:
        atoms = [frozenset(word | {group for each in word for group in self.of_word.get(each, ())}) for word in reading.words]
        seen: set[int] = set()
        for phrase in (phrase for word in atoms for atom in word for phrase in self.phrases.get(atom, ())):
            if id(phrase) in seen:
                continue
            seen.add(id(phrase))
            places = _assigned(phrase.slots, atoms)
            if places is not None:
                # Words of form count only where the phrase has them itself, or where there is nothing else.
                counted = [place for place, word in enumerate(atoms) if place in places or "<form>" not in word]
                places = tuple(counted.index(place) for place in places)
                yield Match(phrase.concept, _score(phrase, places, len(counted), reading.inexact))


def _all(reading: Reading) -> set[str]:
    return {each for word in reading.words for each in word}


def _assigned(slots: tuple[str, ...], atoms: list[frozenset[str]], taken: tuple[int, ...] = ()) -> tuple[int, ...] | None:
    """The places of the words that meet the slots, each its own; None when there are none."""
    if not slots:
        return taken
    for place in range(len(atoms) - 1, -1, -1):
        if place not in taken and slots[0] in atoms[place]:
            found = _assigned(slots[1:], atoms, (*taken, place))
            if found is not None:
                return found
    return None


def _score(phrase: Phrase, places: tuple[int, ...], words: int, inexact: int) -> float:
    """How clearly a name of so many words means the phrase, 0 to 1: all of it best, then its head, then words side by side."""
    coverage = len(places) / words
    groups = sum(slot.startswith("<") for slot in phrase.slots)
    score = 0.5 + 0.42 * coverage
    if coverage < 1 and words - 1 in places:
        score += 0.04  # the last word is the head of a Germanic name, and the more frequent case
    elif coverage < 1 and 0 in places:
        score += 0.02
    if groups == len(phrase.slots) == 1 and coverage < 1:
        score -= 0.1  # a group's word among others says little: it is in the group for what it says beside some of them
    if len(places) > 1:
        score += 0.03 if max(places) - min(places) == len(places) - 1 else -0.02
    return max(0.05, min(0.97, score - 0.015 * groups - 0.08 * min(1, inexact) + (0.05 if coverage == 1 else 0.0)))


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package; read once."""
    found = Lexicon()
    for group, words in packaged("lexicon", "groups.yaml").items():
        found.groups[group] = frozenset(canonical(word) for word in words)
        for word in found.groups[group]:
            found.of_word[word].add(f"<{group}>")
            found.vocabulary.add(word)
    for file in _FILES:
        for key, entry in packaged("lexicon", f"{file}.yaml").items():
            concept = _concept(key, entry)
            found.concepts[key] = concept
            for phrase in (phrase for phrases in entry["words"].values() for phrase in phrases):
                _add(found, concept, phrase)
    for short, long in packaged("lexicon", "abbreviations.yaml").items():
        found.abbreviations[canonical(short)] = words_of(long)
        if len(short) >= LEAST_WORD:
            found.vocabulary.add(canonical(short))  # a part of a compound, too: agegrp
    for word in sorted(found.vocabulary):
        for end in range(_SHORTEST_PREFIX, len(word)):
            found.completions[word[:end]].append(word)
    return found


def _concept(key: str, entry: Mapping[str, Any]) -> Concept:
    return Concept(
        key=key,
        role=Role[entry["role"]],
        about=entry["about"],
        person=int(entry["person"]),
        domain=entry.get("domain", ""),
        values=frozenset(entry["values"]),
        needs=entry.get("needs", ""),
    )


def _add(found: Lexicon, concept: Concept, text: str) -> None:
    slots: list[str] = []
    for part in text.split():
        if part.startswith("<"):
            if part[1:-1] not in found.groups:
                raise ValueError(f"the phrase {text!r} of {concept.key} names a group that is not in groups.yaml")
            slots.append(part)
        else:
            words = words_of(part)
            slots += words
            found.vocabulary.update(word for word in words if len(word) >= LEAST_WORD or len(text) == len(part))
    meaning = tuple(dict.fromkeys(slots))
    if meaning:
        rarest = next((slot for slot in meaning if not slot.startswith("<")), meaning[0])
        found.phrases[rarest].append(Phrase(concept, meaning))


@cache
def given_names() -> frozenset[str]:
    """Frequent given names, canonical."""
    return frozenset(canonical(name) for names in packaged("lexicon", "given_names.yaml").values() for name in names)

"""The lexicon of the package, and frequent names: read from the YAML files of `lexicon/`.

A concept is what a column may be about: a date of birth, an income. Its file says

    role      what it is for whoever wants to recognise a person
    about     its name in a sentence
    person    how much it says that the rows are people: 0 nothing, 3 as good as certain
    domain    health or money: many such columns colour what the unknown ones beside them are
    values    the kinds of values that agree with it (see shapes.py)
    needs     `distinct`: it is one only with many different values; `name`: only with names of people as values; `domain`: only
              in tables of its domain
    words     by language, `any` for words of several; each a phrase whose words may stand in any order

A phrase may name a group of groups.yaml in angle brackets. All words are compared in canonical form (names.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from shoal.detection.files import packaged
from shoal.detection.lexicon import Concept, Lexicon, Phrase
from shoal.detection.names import LEAST_WORD, canonical, compound, is_filler, skeleton, words_of
from shoal.detection.roles import Role

__all__ = ["family_names", "given_names", "lexicon"]

_FILES = ("identity", "person", "work", "health", "sensitive", "harmless")
_MORE_WORDS = ("trades", "neighbours")
"""Files that add phrases to the concepts of the others."""
_WHOLE_WORDS = ("wider", "research")
"""Files whose words are known as they stand: so many, or so short, that every guess would find one of them."""

_OF_KIN = frozenset({"age", "education", "occupation", "origin", "income"})
"""The concepts that are told of the rows' relatives, too."""

_SHORTEST_BARE = 4
_SHORTEST_COMPOUND = 8


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
                _add(found, concept, phrase, found.vocabulary)
    for file in _MORE_WORDS:
        _add_more(found, file, found.vocabulary, alone=False)
    _split_compounds(found)
    for short, long in packaged("lexicon", "abbreviations.yaml").items():
        alternatives = [long] if isinstance(long, str) else long
        known = found.abbreviations.get(canonical(short), ())  # `ver` and `vers` are the same word
        found.abbreviations[canonical(short)] = (*known, *(words_of(each) for each in alternatives))
    words = sorted(found.vocabulary)
    for word in words:
        for end in range(LEAST_WORD, len(word)):
            found.completions.setdefault(word[:end], []).append(word)
        if len(word) > _SHORTEST_BARE:
            found.bare.setdefault(skeleton(word), []).append(word)
    found.vocabulary.update(short for short in found.abbreviations if len(short) >= LEAST_WORD)  # parts of compounds: agegrp
    for file in _WHOLE_WORDS:
        _add_more(found, file, found.whole, alone=True)
    _add_affixes(found)
    return found


def _add_affixes(found: Lexicon) -> None:
    for place, affixes in packaged("lexicon", "affixes.yaml").items():
        found.affixes[place] = sorted(affixes, key=len, reverse=True)
    for word, phrases in found.phrases.items():
        concepts = {phrase.concept.key for phrase in phrases if phrase.slots == (word,)}
        if concepts:
            found.single.add(word)
        if concepts & _OF_KIN:
            found.kin_words.add(word)
    found.kin_words.update(short for short, long in found.abbreviations.items() if long[0][0] in found.kin_words)


def _add_more(found: Lexicon, file: str, vocabulary: set[str], *, alone: bool) -> None:
    for key, entry in packaged("lexicon", f"{file}.yaml").items():
        for phrase in (phrase for phrases in entry.values() for phrase in phrases):
            _add(found, found.concepts[key], phrase, vocabulary, alone=alone)


def _split_compounds(found: Lexicon) -> None:
    """Adds what is written as one word in parts, too: `Vertragsart` is also written Vertrag_Art."""
    for word in [word for word in found.phrases if len(word) >= _SHORTEST_COMPOUND and not word.startswith("<")]:
        parts = compound(word, found.vocabulary)
        if parts is None or len(set(parts)) != len(parts) or not all(part in found.vocabulary for part in parts):
            continue
        for phrase in [phrase for phrase in found.phrases[word] if phrase.slots == (word,)]:
            found.phrases[parts[0]].append(Phrase(phrase.concept, parts))


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


def _add(found: Lexicon, concept: Concept, text: str, vocabulary: set[str], *, alone: bool = False) -> None:
    slots: list[str] = []
    parts = text.split()
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if part.startswith("<"):
            if part[1:-1] not in found.groups:
                raise ValueError(f"the phrase {text!r} of {concept.key} names a group that is not in groups.yaml")
            slots.append(part)
        else:
            words = words_of(part)
            if len(parts) > 1 and len(words) == 1 and is_filler(words[0]) and (slots or len(words[0]) > 1 or not following):
                continue
            slots += words
            vocabulary.update(word for word in words if len(word) >= LEAST_WORD or len(text) == len(part))
    meaning = tuple(dict.fromkeys(slots))
    if meaning:
        rarest = next((slot for slot in meaning if not slot.startswith("<")), meaning[0])
        found.phrases[rarest].append(Phrase(concept, meaning, alone))


@cache
def given_names() -> frozenset[str]:
    """Frequent given names, canonical."""
    return frozenset(canonical(name) for names in packaged("lexicon", "given_names.yaml").values() for name in names)


@cache
def family_names() -> frozenset[str]:
    """Frequent family names, canonical."""
    return frozenset(canonical(name) for names in packaged("lexicon", "family_names.yaml").values() for name in names)

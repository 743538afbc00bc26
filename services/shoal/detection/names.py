"""Column names as words: whatever the language and the style of writing, the same name gives the same words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import cache, lru_cache

from shoal.detection.files import packaged

__all__ = ["LEAST_WORD", "canonical", "compound", "is_filler", "skeleton", "words_of"]

LEAST_WORD = 3
"""The shortest part of a compound, in letters: shorter ones are found in any word."""

_LIGATURES = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i"})

_LINKS = ("", "s", "n", "en", "es", "er", "e", "-")
"""What German and Dutch put between the parts of a compound."""

_MOST_PARTS = 4

_SHORT_ENDINGS = frozenset({"nr", "id"})
"""Parts shorter than LEAST_WORD that end a compound: `batchnr`, `userid`."""


def canonical(word: str) -> str:
    """A word in the form in which words are compared: lower case, without accents, however umlauts are spelt, no plural s."""
    folded = unicodedata.normalize("NFKD", word.lower().translate(_LIGATURES))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    for spelt, umlaut in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(spelt, umlaut)
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-1]
    return plain


def skeleton(word: str) -> str:
    """A canonical word as those write it who leave out vowels: its first letter, then consonants, none twice in a row."""
    kept = word[:1]
    for letter in word[1:]:
        if letter not in "aeiouy" and letter != kept[-1]:
            kept += letter
    return kept


@cache
def _fillers() -> frozenset[str]:
    return frozenset(word for words in packaged("lexicon", "fillers.yaml").values() for word in words)


def is_filler(word: str) -> bool:
    """Whether a canonical word carries no meaning."""
    return word in _fillers()


@lru_cache(maxsize=20_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a column's name, canonical and in order: `DateOfBirth`, `date_of_birth` and `DATE-OF-BIRTH` give the same.

    Digits end a word and are left out unless the word is known with them (numbered.yaml); fillers (of, the, de, von …) are left
    out, too, unless nothing else is there.
    """
    words = [canonical(word) for word in _split(_spelt(unicodedata.normalize("NFC", name)))]
    words = [word for word in words if word]
    # No name begins with an article of one letter: `e_post` does not mean it.
    meaning = tuple(
        word for place, word in enumerate(words) if word not in _fillers() or (place == 0 and len(word) == 1 and len(words) > 1)
    )
    return meaning or tuple(words)


def _spelt(name: str) -> str:
    """A name with the words whose digits belong to them written without any: `cd4` is no numbered `cd`."""
    if not any(letter.isdigit() for letter in name):
        return name
    for form, word in _numbered():
        name = form.sub(word, name)
    return name


@cache
def _numbered() -> tuple[tuple[re.Pattern[str], str], ...]:
    forms = packaged("lexicon", "numbered.yaml")
    return tuple((re.compile(rf"(?<![A-Za-z])(?:{form})(?![A-Za-z])", re.IGNORECASE), word) for form, word in forms.items())


def _split(name: str) -> list[str]:
    """Cuts at everything but letters, where small letters turn to capitals, and before the last capital of several."""
    words: list[str] = []
    word = ""
    for place, letter in enumerate(name):
        if not letter.isalpha():
            if not unicodedata.combining(letter):
                words.append(word)
                word = ""
            continue
        if word and letter.isupper():
            after = name[place + 1 : place + 2]
            if word[-1].islower() or (after.isalpha() and after.islower() and not word[0].islower()):
                words.append(word)
                word = ""
        word += letter
    return [each for each in [*words, word] if each]


def compound(word: str, vocabulary: Set[str]) -> tuple[str, ...] | None:
    """The parts of a word that is written as one, as `birthdate` or `Versichertennummer`; None when it is none.

    Fewest parts win, then the longest first part. When only the end is known, the unknown beginning is the first part: the end
    of such a word says what it is.
    """
    best: dict[int, tuple[str, ...]] = {0: ()}
    for start in range(len(word)):
        parts = best.get(start)
        if parts is None or len(parts) == _MOST_PARTS:
            continue
        if start and word[start:] in _SHORT_ENDINGS:
            best[len(word)] = (*parts, word[start:])
        for end in range(len(word), start + LEAST_WORD - 1, -1):
            part = canonical(word[start:end])
            if part not in vocabulary or (start == 0 and end == len(word)):
                continue
            for link in _LINKS:
                if word.startswith(link, end) and (end + len(link) < len(word) or not link):
                    known = best.get(end + len(link))
                    if known is None or len(known) > len(parts) + 1:
                        best[end + len(link)] = (*parts, part)
    if len(word) in best:
        return best[len(word)]
    for start in range(LEAST_WORD, len(word) - 4):
        if canonical(word[start:]) in vocabulary:
            return word[:start], canonical(word[start:])
    return None

"""The words that column names are made of, and what they mean.

A concept is what a column may be about: a date of birth, an income. All words are compared in canonical form (names.py). How
the lexicon is kept is in lexicon_files.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from shoal.detection.names import LEAST_WORD, canonical, compound, skeleton, words_of
from shoal.detection.roles import Role

__all__ = ["Concept", "Lexicon", "Match", "Phrase"]

_SHORTEST_PREFIX = 4
_MOST_READINGS = 12
_MOST_PIECES = 4
_SHORTEST_PIECED = 6
_MOST_REMEMBERED = 50_000

_SHORTEST_BEGINNING, _SHORTEST_BEHIND_LETTER = 5, 4
"""The shortest beginning of a word beside an affix; the shortest word of research behind a single letter."""

_DOUBT_ALTERNATIVE = 0.01
_DOUBT_BEGINNING = 0.08
_DOUBT_BARE = 0.1
_DOUBT_AFFIX = 0.12
_DOUBT_PIECES = 0.12
_MOST_DOUBT = 0.2


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
    """One way to name a concept. slots: words, or groups in angle brackets, each to be met by a word of its own. alone: whether
    a single one says nothing among other words.
    """

    concept: Concept
    slots: tuple[str, ...]
    alone: bool = False


@dataclass(frozen=True)
class Match:
    """A concept that a name speaks of, and how clearly, 0 to 1.

    whole: whether all of the name speaks of it. rare: whether it is a rarer meaning, of a file of words that are known as they
    stand.
    """

    concept: Concept
    score: float
    whole: bool = True
    rare: bool = False

    @property
    def rank(self) -> tuple[float, bool, bool]:
        """By which the best of several is chosen: the clearest, then all of the name, then the more usual."""
        return (self.score, self.whole, not self.rare)


@dataclass(frozen=True)
class Reading:
    """A name's words, each with what it may stand for; doubt: how much was guessed, taken off every score."""

    words: tuple[frozenset[str], ...]
    doubt: float


@dataclass
class Lexicon:
    """Everything the files say, indexed by word."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    phrases: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    of_word: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    abbreviations: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    completions: dict[str, list[str]] = field(default_factory=dict)
    bare: dict[str, list[str]] = field(default_factory=dict)
    single: set[str] = field(default_factory=set)
    kin_words: set[str] = field(default_factory=set)
    affixes: dict[str, list[str]] = field(default_factory=dict)
    ways: dict[str, list[Reading]] = field(default_factory=dict)
    matched: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Match]] = field(default_factory=dict)

    def matches(self, name: str, beside: Set[str] = frozenset()) -> list[Match]:
        """The concepts that a column's name speaks of, the clearest first; each concept once.

        beside: words that many columns of the table have and that say nothing; the name is read without them, too.
        """
        words = words_of(name)
        fewer = tuple(word for word in words if word not in beside)
        known = self.matched.get((words, fewer))
        if known is None:
            known = self._matches(words, fewer)
            if len(self.matched) < _MOST_REMEMBERED:
                self.matched[words, fewer] = known
        return known

    def _matches(self, words: tuple[str, ...], fewer: tuple[str, ...]) -> list[Match]:
        best: dict[str, Match] = {}
        for reading in self._readings(words) + (self._readings(fewer) if fewer and fewer != words else []):
            for match in self._of(reading):
                known = best.get(match.concept.key)
                if known is None or known.rank < match.rank:
                    best[match.concept.key] = match
        # Of two that are as clear, the one that harms more when it is missed, then the more usual one.
        return sorted(
            best.values(),
            key=lambda match: (-match.score, match.concept.role is Role.INSENSITIVE, match.rare, match.concept.key),
        )

    def known(self, word: str) -> bool:
        """Whether a word means something by itself or as an abbreviation."""
        return (
            word in self.vocabulary
            or word in self.whole
            or word in self.abbreviations
            or (len(word) >= _SHORTEST_PREFIX and word in self.completions)
        )

    def names(self, word: str, group: str) -> bool:
        """Whether a word, or what it abbreviates, is in a group."""
        whole = (word, *(each for alternative in self.abbreviations.get(word, ()) for each in alternative))
        return any(each in self.groups[group] for each in whole)

    def speaks(self, name: str, group: str) -> bool:
        """Whether a column's name has a word of a group, compounds and abbreviations included."""
        return any(
            word in self.groups[group] for way in self._readings(words_of(name)) for words in way.words for word in words
        )

    def atoms(self, name: str) -> frozenset[str]:
        """The words that a column's name may stand for, in any reading, and the groups that they are in."""
        words = {word for way in self._readings(words_of(name)) for alternatives in way.words for word in alternatives}
        return frozenset(words | {group for word in words for group in self.of_word.get(word, ())})

    def _readings(self, words: tuple[str, ...]) -> list[Reading]:
        """The ways to read a name, the surest first: as it stands, and with what may be abbreviated written out."""
        found = [Reading((), 0.0)]
        for word in words:
            ways = self._ways(word)
            found = [Reading((*each.words, *way.words), each.doubt + way.doubt) for each in found for way in ways]
            found = sorted(found, key=lambda each: each.doubt)[:_MOST_READINGS]
        return found

    def _ways(self, word: str) -> list[Reading]:
        """What one word of a name may stand for."""
        known = self.ways.get(word)
        if known is None:
            known = self._found_ways(word)
            if len(self.ways) < _MOST_REMEMBERED:
                self.ways[word] = known
        return known

    def _found_ways(self, word: str) -> list[Reading]:
        plain = Reading((frozenset({word}),), 0.0)
        spelt = [
            Reading(tuple(frozenset({each}) for each in whole), place * _DOUBT_ALTERNATIVE)
            for place, whole in enumerate(self.abbreviations.get(word, ()))
        ]
        if word in self.vocabulary:
            return [plain, *spelt]
        if spelt:
            return [*spelt, plain]
        guessed = self._guessed(word)
        return [plain, *guessed] if word in self.whole else guessed or [plain]

    def _guessed(self, word: str) -> list[Reading]:
        """What a word may stand for that is neither known nor an abbreviation that is listed."""
        affixed = self._affixed(word)
        if len(word) >= _SHORTEST_PREFIX and word in self.completions and (affixed is None or len(word) > 4):
            return [Reading((frozenset(self.completions[word]),), _DOUBT_BEGINNING)]
        if affixed is not None:
            return [affixed]
        parts = compound(word, self.vocabulary) if len(word) > LEAST_WORD else None
        pieces = None if parts is not None and all(part in self.vocabulary for part in parts) else self._pieces(word)
        if pieces is not None:
            return [pieces]
        if parts is not None:
            return [Reading(tuple(frozenset({part}) for part in parts), 0.0), *self._expanded(parts)]
        bare = self.bare.get(word, []) if len(word) >= LEAST_WORD and skeleton(word) == word else []
        return [Reading((frozenset(bare),), _DOUBT_BARE), Reading((frozenset({word}),), 0.0)] if bare else []

    def _affixed(self, word: str) -> Reading | None:
        """A known word with something before or behind it: `nkids`, their number, and `agew` and `huseduc`, of the spouses."""
        for affix, rest, of_kin in self._taken_apart(word):
            known = canonical(rest)  # a plural that a letter hid
            if of_kin and known not in self.kin_words:
                continue
            if known in self.vocabulary and known not in self.abbreviations:
                return Reading((frozenset({known}),), _DOUBT_AFFIX)
            for whole in self.abbreviations.get(known, ())[:1]:
                return Reading(tuple(frozenset({each}) for each in whole), _DOUBT_AFFIX)
            if known in self.single and (len(affix) > 1 or of_kin or len(known) >= _SHORTEST_BEHIND_LETTER):
                return Reading((frozenset({known}),), _DOUBT_AFFIX)
            if len(affix) > 1 and len(known) >= _SHORTEST_BEGINNING and known in self.completions:
                return Reading((frozenset(self.completions[known]),), _DOUBT_AFFIX)
        return None

    def _taken_apart(self, word: str) -> Iterable[tuple[str, str, bool]]:
        """What stands before or behind, what is left of the word, and whether only what is told of relatives is meant."""
        for affix in self.affixes["before"]:
            if word.startswith(affix) and len(word) >= len(affix) + LEAST_WORD:
                yield affix, word[len(affix) :], False
        for affix in self.affixes["behind"]:
            if word.endswith(affix) and len(word) >= len(affix) + LEAST_WORD:
                yield affix, word[: -len(affix)], False
        for affix in self.affixes["kin"]:
            if word.startswith(affix) and len(word) >= len(affix) + (LEAST_WORD if len(affix) < LEAST_WORD else 2):
                yield affix, word[len(affix) :], True
            if word.endswith(affix) and len(affix) >= LEAST_WORD <= len(word) - len(affix):
                yield affix, word[: -len(affix)], True

    def _expanded(self, parts: tuple[str, ...]) -> list[Reading]:
        """A compound's parts with abbreviations written out, nothing when none is one."""
        if not any(part in self.abbreviations for part in parts):
            return []
        words = [frozenset({each}) for part in parts for each in self.abbreviations.get(part, ((part,),))[0]]
        return [Reading(tuple(words), 0.0)]

    def _pieces(self, word: str) -> Reading | None:
        """A word that is made of the beginnings of others, as `nettoeink` is of netto and Einkommen; None when it is not."""
        best: dict[int, Reading] = {0: Reading((), 0.0)}
        for start in range(len(word)):
            so_far = best.get(start)
            if so_far is None or len(so_far.words) >= _MOST_PIECES:
                continue
            for end in range(start + 2, len(word) + 1):
                for way in self._piece(word[start:end], first=start == 0, last=end == len(word)):
                    reached = Reading((*so_far.words, *way.words), so_far.doubt + way.doubt)
                    if end not in best or best[end].doubt > reached.doubt:
                        best[end] = reached
        found = best.get(len(word))
        if found is None or len(found.words) < 2 or found.doubt > _DOUBT_PIECES or len(word) < _SHORTEST_PIECED:
            return None
        return found

    def _piece(self, piece: str, *, first: bool, last: bool) -> Iterable[Reading]:
        if len(piece) > LEAST_WORD and piece in self.vocabulary:
            yield Reading((frozenset({piece}),), 0.02)
        elif (last or len(piece) >= LEAST_WORD) and piece in self.abbreviations:
            yield Reading(tuple(frozenset({each}) for each in self.abbreviations[piece][0]), 0.04)
        elif len(piece) >= (_SHORTEST_PREFIX if first else LEAST_WORD) and piece in self.completions:
            longer = self.completions[piece]
            yield Reading((frozenset(longer),), 0.06 if len(piece) >= _SHORTEST_PREFIX else 0.09)

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
                if phrase.alone and len(places) == 1 < len(counted):
                    continue
                score = _score(phrase, places, len(counted), reading.doubt)
                yield Match(phrase.concept, score, len(places) == len(counted), phrase.alone)


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


def _score(phrase: Phrase, places: tuple[int, ...], words: int, doubt: float) -> float:
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
    if coverage < 1 and len(phrase.slots) == 1 and len(phrase.slots[0]) <= LEAST_WORD:
        score -= 0.06  # three letters among others are often something else
    if len(places) > 1:
        score += 0.03 if max(places) - min(places) == len(places) - 1 else -0.02
    return max(
        0.05,
        min(
            0.97 if len(places) == 1 else 0.98,
            score - 0.015 * groups - min(_MOST_DOUBT, doubt) + (0.05 if coverage == 1 else 0.0),
        ),
    )

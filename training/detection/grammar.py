"""Tables made up for training: columns of all concepts of the lexicon, named by its phrases in many styles, and their values.

Nothing of any real table, nor of the labelled ones that the detector is scored on, goes in. Roles are those of the concepts,
except where the values decide: text that names people is an identifier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from shoal.detection.files import packaged
from shoal.detection.lexicon_files import family_names, given_names

FILES = ("identity", "person", "work", "health", "sensitive", "harmless")
MORE = ("trades", "neighbours")
Values = list[str | None]


@dataclass(frozen=True)
class Column:
    """A made-up column: its name, its role (DI, QI, SI or NSI) and its cells."""

    name: str
    role: str
    values: Values


@dataclass(frozen=True)
class Style:
    """How a table's author writes names. shortened, noisy: chances a word; prefix: before most names; case: 0 to 4."""

    shortened: float
    noisy: float
    prefix: str
    case: int


SENSITIVE = (
    *("income", "income", "belief", "law", "school_result", "free_notes", "usage", "vulnerability", "disease", "disease"),
    *("measurement", "laboratory", "psychology"),
)
CONCEPTS: dict[str, tuple[str, ...]] = {
    "DI": (
        *("person_name", "person_name", "relative_name", "email", "phone", "street_address", "subject_id", "subject_id"),
        *("event_id", "national_number", "bank_account", "login", "device", "dwelling_id"),
    ),
    "QI": (
        *("birth_date", "birth_date", "age", "sex", "sex", "marital_status", "children", "origin", "language", "postcode"),
        *("postcode", "place", "place", "place", "dwelling", "dwelling", "event_date", "event_date", "event_date"),
        *("time_since", "occupation", "occupation", "education", "organisation", "organisation", "insurance_kind"),
        *("other_person", "appearance", "house_number", "kind_of_work", "habit"),
    ),
    "SI": SENSITIVE,
    "NSI": (*["bookkeeping"] * 7, *["product_terms"] * 4, *["thing"] * 2, *["staff"] * 2, "trial_arm"),
}
"""Concepts by role, as often as they are drawn."""

COUNTS = {"DI": (1, 6), "QI": (3, 10), "SI": (1, 9), "NSI": (1, 7)}
"""Columns of each role in a table."""

MADE_OF: dict[str, tuple[str, ...]] = {
    "person_name": ("name", "first", "last"),
    "relative_name": ("name", "first"),
    "email": ("email",),
    "phone": ("phone",),
    "street_address": ("address",),
    "house_number": ("age",),
    "subject_id": ("code", "counter", "repeated"),
    "event_id": ("code", "counter"),
    "national_number": ("code",),
    "bank_account": ("code",),
    "login": ("code", "last"),
    "device": ("code",),
    "dwelling_id": ("code",),
    "birth_date": ("date", "date", "year"),
    "age": ("age", "group"),
    "sex": ("group", "flag", "category"),
    "marital_status": ("category", "group", "flag"),
    "children": ("few", "few", "group"),
    "origin": ("category", "group", "town"),
    "language": ("category",),
    "appearance": ("measure", "category"),
    "postcode": ("postcode",),
    "place": ("town", "town", "category", "group"),
    "dwelling": ("category", "group", "year", "measure", "flag"),
    "event_date": ("date", "date", "year", "stamp"),
    "time_since": ("few", "score"),
    "occupation": ("category", "town", "group"),
    "education": ("category", "group"),
    "organisation": ("town", "category", "group"),
    "other_person": ("group", "name"),
    "insurance_kind": ("category", "group"),
    "staff": ("group", "category"),
    "income": ("amount", "amount", "amount", "category", "flag", "few"),
    "belief": ("category", "group", "flag", "few"),
    "law": ("category", "flag", "few", "amount"),
    "school_result": ("few", "score", "measure", "category", "flag"),
    "free_notes": ("free", "naming"),
    "usage": ("amount", "few", "score", "category"),
    "vulnerability": ("flag", "category", "group"),
    "disease": ("category", "icd10", "flag", "group", "few"),
    "measurement": ("measure", "measure", "amount"),
    "laboratory": ("measure", "measure", "few"),
    "psychology": ("score", "few", "category"),
    "kind_of_work": ("flag", "flag", "category"),
    "habit": ("flag", "category", "few"),
    "trial_arm": ("flag", "group", "few"),
    "bookkeeping": ("stamp", "version", "constant", "group", "flag", "code", "counter", "hash", "category", "date"),
    "thing": ("category", "code", "town"),
    "product_terms": ("category", "group", "few", "amount"),
}
"""What the values of a concept may be, by the makers below."""


def table(seed: int) -> list[Column]:
    """One made-up table; the same for the same seed."""
    chance = Random(seed)
    rows = chance.choice((150, 300, 500))
    style = Style(
        chance.choice((0.0, 0.0, 0.3, 0.7)),
        chance.choice((0.0, 0.1, 0.3)),
        chance.choice(("", "", "", _syllables(chance, 1), _syllables(chance, 1))),
        chance.randint(0, 4),
    )
    theme = chance.choice(SENSITIVE)
    found: dict[str, Column] = {}
    for role, (least, most) in COUNTS.items():
        for _ in range(chance.randint(least, most)):
            concept = theme if role == "SI" and chance.random() < 0.5 else chance.choice(CONCEPTS[role])
            name = _styled(chance, chance.choice(_phrases()[concept]), style)
            kind = chance.choice(MADE_OF[concept])
            values: Values = list(MAKERS[kind](chance, rows))
            if chance.random() < 0.25:
                missing = chance.choice((0.02, 0.1, 0.5, 0.85))
                values = [None if chance.random() < missing else value for value in values]
            if name not in found and any(value is not None for value in values):
                found[name] = Column(name, "DI" if kind == "naming" else role, values)
    return list(found.values())


@cache
def _phrases() -> dict[str, list[str]]:
    """The lexicon's phrases by concept, without those of groups."""
    found: dict[str, list[str]] = {}
    for file in FILES:
        for concept, entry in packaged("lexicon", f"{file}.yaml").items():
            found.setdefault(concept, []).extend(phrase for phrases in entry["words"].values() for phrase in phrases)
    for file in MORE:
        for concept, entry in packaged("lexicon", f"{file}.yaml").items():
            found.setdefault(concept, []).extend(phrase for phrases in entry.values() for phrase in phrases)
    return {concept: sorted({each for each in phrases if "<" not in each}) for concept, phrases in found.items()}


def _styled(chance: Random, phrase: str, style: Style) -> str:
    words = []
    for word in phrase.split():
        short = word
        if len(word) > 5 and chance.random() < style.shortened:
            bare = word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")
            short = word[: chance.randint(3, 5)] if chance.random() < 0.6 else bare[:5]
        words.append(short)
    if chance.random() < style.noisy:
        words.append(chance.choice(("cd", "txt", "1", "2", "x", "nr", "ind")))
    if style.prefix and chance.random() < 0.8:
        words.insert(0, style.prefix)
    joined = (
        "_".join(words),
        "_".join(words).upper(),
        "".join(word.title() for word in words),
        words[0] + "".join(word.title() for word in words[1:]),
        " ".join(word.title() for word in words),
    )
    return joined[style.case]


def _syllables(chance: Random, count: int) -> str:
    return "".join(chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(count))


@cache
def _names() -> tuple[list[str], list[str]]:
    return sorted(given_names()), sorted(family_names())


def _given(chance: Random) -> str:
    return chance.choice(_names()[0]).title()


def _family(chance: Random) -> str:
    return chance.choice(_names()[1]).title() if chance.random() < 0.6 else _syllables(chance, 3).title()


def _codes(chance: Random, rows: int) -> list[str]:
    before, digits = chance.choice(("", "A", "KD-", "P", "CU")), chance.randint(5, 10)
    return [f"{before}{chance.randint(10 ** (digits - 1), 10**digits - 1)}" for _ in range(rows)]


def _repeated(chance: Random, rows: int) -> list[str]:
    codes = _codes(chance, max(3, rows // chance.randint(2, 6)))
    return [chance.choice(codes) for _ in range(rows)]


def _counter(chance: Random, rows: int) -> list[str]:
    first = chance.randint(0, 100_000)
    return [str(first + row) for row in range(rows)]


def _date(chance: Random, rows: int) -> list[str]:
    years = chance.choice(((1935, 2008), (2005, 2025), (2020, 2025)))
    form = chance.choice(("{0}-{1:02}-{2:02}", "{2:02}.{1:02}.{0}", "{2:02}/{1:02}/{0}", "{0}{1:02}{2:02}"))
    return [form.format(chance.randint(*years), chance.randint(1, 12), chance.randint(1, 28)) for _ in range(rows)]


def _stamp(chance: Random, rows: int) -> list[str]:
    return [f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:07" for _ in range(rows)]


def _chosen(chance: Random, rows: int, values: list[str]) -> list[str]:
    return chance.choices(values, [chance.random() ** 2 + 0.02 for _ in values], k=rows)


def _category(chance: Random, rows: int) -> list[str]:
    return _chosen(chance, rows, [_syllables(chance, chance.randint(1, 4)) for _ in range(chance.randint(2, 14))])


def _group(chance: Random, rows: int) -> list[str]:
    codes = [
        str(place) if chance.random() < 0.5 else f"{chance.choice('ABCDEFG')}{place}" for place in range(chance.randint(2, 12))
    ]
    return _chosen(chance, rows, codes)


def _flag(chance: Random, rows: int) -> list[str]:
    no, yes = chance.choice((("0", "1"), ("N", "Y"), ("nein", "ja"), ("N", "J"), ("false", "true"), ("N", "S")))
    share = chance.choice((0.03, 0.1, 0.3, 0.5))
    return [yes if chance.random() < share else no for _ in range(rows)]


def _amount(chance: Random, rows: int) -> list[str]:
    scale, digits = chance.choice((20, 500, 3_000, 40_000)), chance.choice((0, 2))
    return [f"{chance.lognormvariate(0, 0.6) * scale:.{digits}f}" for _ in range(rows)]


def _measure(chance: Random, rows: int) -> list[str]:
    mean, digits = chance.choice((1, 25, 80, 140)), chance.choice((0, 1, 2))
    return [f"{max(0.01, chance.gauss(mean, mean / 5)):.{digits}f}" for _ in range(rows)]


def _few(chance: Random, rows: int) -> list[str]:
    most = chance.choice((3, 6, 12, 40))
    return [str(min(most, int(chance.expovariate(4 / most)))) for _ in range(rows)]


def _free(chance: Random, rows: int) -> list[str]:
    words = [_syllables(chance, 2) for _ in range(40)]
    return [" ".join(chance.choices(words, k=chance.randint(5, 12))) for _ in range(rows)]


def _naming(chance: Random, rows: int) -> list[str]:
    titles = ("Mr", "Mrs", "Frau", "Sra")
    return [
        f"{chance.choice(titles)} {_family(chance)} {text}" if chance.random() < 0.5 else text for text in _free(chance, rows)
    ]


def _icd10(chance: Random, rows: int) -> list[str]:
    codes = [f"{chance.choice('ABCDEFGIJKMN')}{chance.randint(0, 99):02}{chance.choice(('', '.1', '.9'))}" for _ in range(30)]
    return chance.choices(codes, k=rows)


MAKERS: dict[str, Callable[[Random, int], list[str]]] = {
    "code": _codes,
    "repeated": _repeated,
    "counter": _counter,
    "name": lambda chance, rows: [f"{_given(chance)} {_family(chance)}" for _ in range(rows)],
    "first": lambda chance, rows: [_given(chance) for _ in range(rows)],
    "last": lambda chance, rows: [_family(chance) for _ in range(rows)],
    "email": lambda chance, rows: [
        f"{_syllables(chance, 3)}{chance.randint(1, 99)}@{_syllables(chance, 3)}.example" for _ in range(rows)
    ],
    "phone": lambda chance, rows: [
        f"+{chance.choice((33, 44, 49, 39))} {chance.randint(100, 999)} {chance.randint(100_000, 9_999_999)}"
        for _ in range(rows)
    ],
    "address": lambda chance, rows: [
        f"{_syllables(chance, 3).title()} {chance.choice(('Street', 'Road', 'Lane', 'weg'))} {chance.randint(1, 200)}"
        for _ in range(rows)
    ],
    "date": _date,
    "stamp": _stamp,
    "year": lambda chance, rows: [str(chance.randint(1940, 2020)) for _ in range(rows)],
    "age": lambda chance, rows: [str(chance.randint(16, 95)) for _ in range(rows)],
    "category": _category,
    "group": _group,
    "flag": _flag,
    "town": lambda chance, rows: _chosen(chance, rows, [_syllables(chance, 3).title() for _ in range(chance.randint(5, 60))]),
    "postcode": lambda chance, rows: [str(chance.randint(10, 90) * 1000 + chance.randint(0, 999)) for _ in range(rows)],
    "amount": _amount,
    "measure": _measure,
    "few": _few,
    "score": lambda chance, rows: [str(chance.randint(0, 100)) for _ in range(rows)],
    "free": _free,
    "naming": _naming,
    "icd10": _icd10,
    "constant": lambda chance, rows: [chance.choice(("EUR", "01", "A"))] * rows,
    "hash": lambda chance, rows: [f"{chance.getrandbits(128):032x}" for _ in range(rows)],
    "version": lambda chance, rows: [chance.choice(("1.2", "1.3", "2.0")) for _ in range(rows)],
}

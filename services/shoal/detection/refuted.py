"""Why a column cannot be what its name says: what its values are speaks against it."""

from __future__ import annotations

from shoal.detection.context import HANDLING, OWN_CONCEPTS
from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Match
from shoal.detection.roles import Role
from shoal.detection.verdict import FEWEST_ROWS

__all__ = ["OLDEST_BIRTH", "refuted"]

OLDEST_BIRTH = 1900.0
"""Nobody lives who was born before."""

NEARLY_ALL = 0.9
"""The unique ratio from which codes are those of a register."""

OLDEST_MONTHS = 130 * 12
"""An age is in years, or in months."""

FEW_WORDS = 1.8
"""Numbers of persons are written in one piece."""

SENTENCE = 5.0
"""A name with titles has fewer words on average."""

SHORTEST_NUMBER = 1e4
"""A number that an authority or a bank gave to everybody has more digits."""

_WRITTEN = frozenset({"person_name", "relative_name", "email"})
"""What is written in letters, or coded as a whole."""

LAST_DAY, DAY_AND_MONTH = 32.0, (4.0, 5.0)
"""What a day of a month stays below; how long 31.12 and 1.10 are on average."""

SHORTEST_PHONE = 7.0
"""A telephone number with a point in it is so long on average."""

MOST_SEXES = 15
"""Different values of a sex or a salutation, with all ways of writing them."""

_REGISTERED = frozenset({"national_number", "tax_number", "bank_account"})


def refuted(column: Evidence, match: Match) -> str:
    """Why a column cannot be what its name says, empty when it may be."""
    concept = match.concept
    enough, count = column.filled >= FEWEST_ROWS, column.distinct
    distinct = concept.needs == "distinct"
    low, high = column.low or 0.0, column.high or 0.0
    objections = (
        (
            concept.role is Role.IDENTIFIER and ((enough and count <= 2) or "flag" in column.kinds),
            f"there are only {count} different values",
        ),
        (concept.key in HANDLING and column.mean_words >= SENTENCE, "the values are sentences"),
        (concept.key in HANDLING and "flag" in column.kinds, "the values are yes or no"),
        (concept.key == "subject_id" and column.mean_words >= FEW_WORDS, "the values are words"),
        (distinct and enough and count <= 50 and column.ratio < 0.1, f"{count} different values are too few for that"),
        (distinct and column.low is not None and not column.whole_numbers, "the values are fractions"),
        (
            match.rare
            and concept.key not in OWN_CONCEPTS | HANDLING
            and concept.role is not Role.IDENTIFIER
            and _named_or_numbered(column),
            "the values are names or numbers of a register",
        ),
        (
            concept.needs == "name"
            and "name" not in column.kinds
            and (column.shares["capitalised"] < 0.6 or column.ratio < 0.3),
            "the values are none of people",
        ),
        (concept.key == "answer" and column.name.isalpha() and len(column.name) == 1, "questions are numbered"),
        (
            concept.key in _WRITTEN and column.low is not None and not (match.whole and column.whole_numbers),
            "the values are numbers",
        ),
        (concept.key == "free_notes" and column.low is not None, "the values are numbers"),
        (
            concept.key in _REGISTERED and column.low is not None and high < SHORTEST_NUMBER,
            "the numbers are too short",
        ),
        (concept.key == "age" and (high > OLDEST_MONTHS or low < 0), "the numbers are out of its range"),
        (concept.key == "birth_date" and _no_date(column), "the values are fractions"),
        (
            concept.key == "phone"
            and column.low is not None
            and not column.whole_numbers
            and (low < 0 or column.mean_length < SHORTEST_PHONE),
            "the values are fractions",
        ),
        (concept.key == "sex" and count > MOST_SEXES, f"{count} different values are too many for that"),
        (
            concept.key == "sex" and column.low is None and column.mean_length > 2 and column.shares["sexes"] < 0.3,
            "the values are none",
        ),
    )
    return next((f"The name speaks of {concept.about}, but {sentence}." for holds, sentence in objections if holds), "")


def _no_date(column: Evidence) -> bool:
    """Whether values are fractions that are neither years nor days with months, as 31.12 is one."""
    if column.low is None or column.high is None or column.whole_numbers or column.high >= OLDEST_BIRTH:
        return False
    shortest, longest = DAY_AND_MONTH
    return not (1 <= column.low <= column.high < LAST_DAY and shortest <= column.mean_length <= longest)


def _named_or_numbered(column: Evidence) -> bool:
    """Whether the values are names, or so good as all different codes: then a word of research is somebody, not what he is."""
    if "name" in column.kinds:
        return True
    unique = column.filled >= FEWEST_ROWS and column.ratio > NEARLY_ALL
    numbered = column.whole_numbers and (column.increasing or (column.fixed and (column.high or 0.0) >= SHORTEST_NUMBER / 10))
    return unique and ("code" in column.kinds or numbered)

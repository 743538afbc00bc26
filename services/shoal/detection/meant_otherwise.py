"""What the values make of a name's meaning: a hash of an e-mail address, shares of a town, the groups of an experiment."""

from __future__ import annotations

from dataclasses import replace

from shoal.detection.context import SHARE, of_staff
from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Concept, Lexicon
from shoal.detection.names import words_of
from shoal.detection.open_columns import LEANING
from shoal.detection.reasons import by_name
from shoal.detection.roles import Role
from shoal.detection.verdict import OPEN, Verdict

__all__ = ["is_only", "something_else"]

MOST_STEPS = 13
"""Opinions are asked for on scales of so many steps at most: 0 to 10, and codes of those who do not know or say."""

MOST_ARMS, LONGEST_ARM = 6, 2.5
"""An experiment has so many groups at most; their letters and numbers are so long on average."""

_SORTED = frozenset({"sex", "origin", "marital_status", "language", "organisation", "place"})
"""What sorts people into kinds, and is no amount."""

_PLACED, HIGHEST_CODE = frozenset({"organisation", "place"}), 999
"""Codes of places and bodies may have any length; those of countries and sexes have three digits."""

_REACHING = frozenset({"email", "phone", "national_number", "person_name", "bank_account", "device", "login", "subject_id"})
"""What leads to a person: a hash of it is as good, as whoever knows it computes the same."""


def _counts_many(column: Evidence, concept: Concept) -> bool:
    """Whether numbers under the name of what sorts people are no codes: fractions, or more than there are of a kind."""
    if concept.key not in _SORTED or column.low is None or column.distinct <= MOST_STEPS:
        return False
    return not column.whole_numbers or (concept.key not in _PLACED and (column.high or 0.0) > HIGHEST_CODE)


def _allots(column: Evidence, *, said: bool) -> bool:
    """Whether the values may be the groups of an experiment: numbers, letters, or words for those who were not treated.

    said: whether the name says that there is one; otherwise yes and no say whether somebody is treated.
    """
    if "flag" in column.kinds:
        return said
    return column.distinct <= MOST_ARMS and (
        column.low is not None or column.mean_length <= LONGEST_ARM or column.meaning == "trial_arm"
    )


def is_only(name: str, group: str, lexicon: Lexicon) -> bool:
    """Whether a name is nothing but one word of a group."""
    return len(words_of(name)) == 1 and lexicon.speaks(name, group)


def something_else(column: Evidence, concept: Concept, score: float, lexicon: Lexicon) -> Verdict | None:
    """The hypothesis that the values make of a concept something else than its role; None when they do not."""
    if concept.key in _REACHING and "hash" in column.kinds and column.kind != "national":
        reason = f"Hashes of {concept.about} are computed again by whoever knows it."
        found = Verdict(Role.IDENTIFIER, max(score, 0.85), (by_name(concept), reason), kind="hash", people=1)
    elif (
        concept.key == "street_address" and "address" not in column.kinds and column.ratio < 0.5 and not column.shares["digits"]
    ):
        reason = "No value has a number, so that each is of many people."
        found = Verdict(Role.QUASI_IDENTIFIER, score, (by_name(concept), reason), concept="place", people=concept.person)
    elif concept.key == "staff" and of_staff(column) is Role.QUASI_IDENTIFIER:
        reason = "There are so many that each has few rows."
        found = Verdict(Role.QUASI_IDENTIFIER, score, (by_name(concept), reason))
    elif _counts_many(column, concept):
        reason = f"The name speaks of {concept.about}, but the values are fractions or thousands: of many, or amounts."
        found = Verdict(Role.SENSITIVE, 0.5 * LEANING, (reason,), concept=SHARE, people=-1)
    elif concept.key == "disease" and is_only(column.name, "treatment", lexicon) and _allots(column, said=False):
        reason = "Few short values: which treatment somebody was allotted to."
        found = Verdict(Role.INSENSITIVE, score, (by_name(concept), reason), concept="trial_arm", people=1)
    elif concept.key == "trial_arm" and not _allots(column, said=True):
        reason = "Too many, or too long values for the groups of an experiment."
        found = Verdict(Role.SENSITIVE, 0.8 * score, (by_name(concept), reason), concept="disease", people=1)
    elif concept.key == "answer" and column.low is not None and column.distinct > MOST_STEPS:
        reason = "There are more different numbers than an opinion has steps: it is a fact."
        found = Verdict(Role.QUASI_IDENTIFIER, OPEN, (by_name(concept), reason), people=1)
    else:
        return None
    return replace(found, concept=found.concept or concept.key, kind=found.kind or column.kind)

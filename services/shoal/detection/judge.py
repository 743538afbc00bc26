"""Which role a column has: what its name speaks of, weighed against what its values are.

Each column collects hypotheses, from its name (the lexicon) and from its values (shapes); values that agree strengthen a name,
values that contradict weaken it. Then the table decides what single columns leave open: whether its rows are people at all,
what an identifier without a subject is, and what the columns are that nothing is known of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shoal.detection.context import (
    HANDLING,
    OWN_CONCEPTS,
    PEOPLE,
    VAGUE_PEOPLE,
    about_nothing_else,
    about_people,
    of_animals,
    of_places,
    paired,
    said_by_many,
    together,
)
from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Lexicon, Match
from shoal.detection.meant_otherwise import is_only, something_else
from shoal.detection.names import words_of
from shoal.detection.open_columns import completed, domain_of
from shoal.detection.reasons import by_meaning, by_name, by_values, contradiction
from shoal.detection.refuted import OLDEST_BIRTH, refuted
from shoal.detection.relations import Relations
from shoal.detection.roles import Role
from shoal.detection.study import studied
from shoal.detection.verdict import FEWEST_ROWS, OPEN, Verdict

__all__ = ["judge"]

MOST_FINDINGS = 10
"""Findings of one kind are that few categories, unless they are numbers."""

AS_CLEAR = 0.03
"""Meanings of a name whose scores differ by less are as clear."""

LEAST_MEANT, MEANT = 0.5, 0.25
"""How much categories say by themselves: the least, and what a share of all adds."""

_OF_PEOPLE = frozenset({"marital_status", "sex"})
_OFTEN_PEOPLE = frozenset({"belief", "occupation", "education", "disease", "law", "income"})
"""Whose categories are about people, and whose often are; countries, languages and regions may be anybody's."""

GENERATIONS = 40.0
"""Years over so many are those of births, unless they begin before anybody who lives."""

ONE_YEAR_EACH = 0.9
"""The unique ratio from which years are those of a series."""

_SPECIFIC = frozenset(
    {"email", "iban", "card", "mac", "ip", "national", "phone", "date", "coordinate", "icd10", "address", "name"}
)
_NAMING = frozenset({"name", "mentions"})
"""The kinds that names of people are."""

_TEXTS = frozenset({"text", "category", "name", "free", "code"})
_BY_VALUES: dict[str, tuple[Role, float, int]] = {
    # kind: (role, score, how much it says that the rows are people)
    "email": (Role.IDENTIFIER, 0.9, 2),
    "iban": (Role.IDENTIFIER, 0.92, 2),
    "card": (Role.IDENTIFIER, 0.85, 2),
    "national": (Role.IDENTIFIER, 0.85, 3),
    "phone": (Role.IDENTIFIER, 0.8, 1),
    "ip": (Role.IDENTIFIER, 0.75, 1),
    "mac": (Role.IDENTIFIER, 0.75, 1),
    "address": (Role.IDENTIFIER, 0.7, 1),
    "name": (Role.IDENTIFIER, 0.66, 2),
    "mentions": (Role.IDENTIFIER, 0.72, 1),
    "uuid": (Role.IDENTIFIER, 0.6, 0),
    "url": (Role.IDENTIFIER, 0.4, 0),
    "icd10": (Role.SENSITIVE, 0.75, 1),
    "coordinate": (Role.QUASI_IDENTIFIER, 0.5, 0),
    "free": (Role.SENSITIVE, 0.55, 0),
    "hash": (Role.INSENSITIVE, 0.5, 0),
    "date": (Role.QUASI_IDENTIFIER, 0.5, 0),
    "interval": (Role.QUASI_IDENTIFIER, 0.45, 0),
}
_THINGS = frozenset({"thing", "aggregate", "creature", "reading", "product_terms", "place", "organisation", "title"})
"""What rows may be about, other than people."""

_HARD = frozenset({"email", "iban", "card", "national", "phone"})
"""Values that belong to a person whatever the table is about."""


def judge(
    columns: Sequence[Evidence], lexicon: Lexicon, uniqueness_threshold: float, relations: Relations | None = None
) -> list[Verdict]:
    """A verdict for each column.

    uniqueness_threshold: the ratio above which a column of codes is an identifier, 0 to 1. relations: between the same columns;
    without them, what follows from what plays no part.
    """
    beside = said_by_many([words_of(column.name) for column in columns], lexicon)
    alone = [_alone(column, lexicon, beside) for column in columns]
    domain = domain_of(alone, lexicon)
    if domain:
        alone = [_alone(column, lexicon, beside, domain) for column in columns]
    alone = studied(columns, paired(columns, alone))
    of_things = any(verdict.people < 0 or verdict.concept in _THINGS for verdict in alone if verdict.confidence >= OPEN)
    needed = VAGUE_PEOPLE if not of_things and about_nothing_else(alone) else PEOPLE
    if about_people(columns, alone) < needed or of_places(columns, alone, relations):
        return [_not_people(column, verdict, of_things) for column, verdict in zip(columns, alone, strict=True)]
    alone = together(columns, of_animals(alone))
    return completed(columns, alone, lexicon, uniqueness_threshold, relations)


def _alone(column: Evidence, lexicon: Lexicon, beside: frozenset[str], domain: str = "") -> Verdict:
    """The best hypothesis about a column by itself.

    beside: words of its name that say nothing in this table. domain: what many columns are about; of meanings that are as clear
    the one of the domain is meant: a `grade` among laboratory values is no rank.
    """
    if column.kind == "empty":
        return Verdict(Role.INSENSITIVE, 0.9, ("Every cell is empty.",), kind="empty")
    matches = [match for match in lexicon.matches(column.name, beside)[:4] if match.whole or match.concept.key != "creature"]
    matches = [match for match in matches if match.concept.needs != "domain" or match.concept.domain == domain]
    few = column.low is not None or column.distinct <= MOST_FINDINGS
    if few and any(match.concept.domain == domain != "" and match.score >= matches[0].score - AS_CLEAR for match in matches):
        matches = [match for match in matches if match.concept.domain == domain or match.score < matches[0].score - AS_CLEAR]
    hypotheses = [_named(column, match, lexicon) for match in matches]
    handled = any(each.concept in HANDLING and each.confidence >= OPEN for each in hypotheses)
    kinds = [kind for kind in column.kinds if kind in _BY_VALUES and not (handled and kind in _NAMING)]
    hypotheses += [_valued(column, kind) for kind in kinds]
    hypotheses += _meant(column, lexicon)
    best = max(hypotheses, key=lambda each: each.confidence, default=None)
    if best is not None and best.concept == "bare_name" and "name" not in column.kinds:
        best = next((each for each in hypotheses if each.concept in OWN_CONCEPTS and each.confidence >= OPEN), best)
        if best.concept == "bare_name" and lexicon.speaks(column.name, "title"):
            best = replace(best, concept="title")
    if best is None or best.confidence <= 0:
        return Verdict(Role.INSENSITIVE, 0.0, (), concept=best.concept if best is not None else "", kind=column.kind)
    agreeing = [each for each in hypotheses if each is not best and each.role is best.role and each.confidence >= 0.4]
    for each in agreeing[:1]:
        sure = 1 - (1 - best.confidence) * (1 - 0.5 * each.confidence)
        best = replace(best, confidence=min(0.99, sure), reasons=tuple(dict.fromkeys((*best.reasons, *each.reasons))))
    opposing = max((each.confidence for each in hypotheses if each.role is not best.role), default=0.0)
    # Whoever wrote a book or keeps the record is no subject: what is a thing, or speaks against people, counts alone.
    alone = best.people < 0 or best.role is Role.INSENSITIVE
    people = best.people if alone else max(each.people for each in hypotheses)
    return replace(best, confidence=best.confidence * (1 - 0.3 * opposing**2), people=people)


def _valued(column: Evidence, kind: str) -> Verdict:
    role, score, people = _BY_VALUES[kind]
    return Verdict(role, score, (by_values(kind, column),), kind=kind, people=people)


def _meant(column: Evidence, lexicon: Lexicon) -> list[Verdict]:
    """The hypotheses that a column is what its categories are words for, and that its years are those of births."""
    if column.meaning:
        concept = lexicon.concepts[column.meaning]
        score = LEAST_MEANT + MEANT * column.meant
        people = concept.person if concept.key in _OF_PEOPLE else min(1, concept.person) if concept.key in _OFTEN_PEOPLE else 0
        return [
            Verdict(concept.role, score, (by_meaning(concept, column),), concept=concept.key, kind=column.kind, people=people)
        ]
    if (
        column.kind == "year"
        and column.filled >= FEWEST_ROWS
        and column.low is not None
        and column.high is not None
        and OLDEST_BIRTH <= column.low <= column.high - GENERATIONS
        and column.ratio < ONE_YEAR_EACH
    ):
        reasons = ("The values are years over generations, as those of births are.",)
        return [Verdict(Role.QUASI_IDENTIFIER, LEAST_MEANT + MEANT / 2, reasons, concept="birth_date", kind="year", people=1)]
    return []


def _named(column: Evidence, match: Match, lexicon: Lexicon) -> Verdict:
    """The hypothesis that a column is what its name says."""
    concept, score = match.concept, match.score
    objection = refuted(column, match)
    if objection:
        return Verdict(
            Role.INSENSITIVE,
            0.0,
            (objection,),
            concept="title" if concept.key == "bare_name" and lexicon.speaks(column.name, "name") else "",
        )
    kinds = [kind for kind in column.kinds if kind in concept.values or ("place" in concept.values and kind in _TEXTS)]
    reasons = [by_name(concept)]
    if any(kind in _SPECIFIC for kind in kinds):
        specific = next(kind for kind in kinds if kind in _SPECIFIC)
        score = 1 - (1 - score) * 0.4
        reasons.append(by_values(specific, column))
    elif not kinds and column.kind != "constant":
        score *= 0.6
        reasons.append(contradiction(concept, column))
    if concept.role is Role.SENSITIVE and "mentions" in column.kinds:
        score *= 0.5  # text that names people does more than tell a secret
    if (
        (concept.key == "bare_id" and not match.whole)  # the number of something unknown: its distribution decides
        or concept.key == "answer"  # to what, only the values tell
        or (concept.needs == "name" and "name" not in column.kinds)  # of what, the table decides
    ):
        score = min(score, 0.5)
    other = something_else(column, concept, score, lexicon)
    if other is not None:
        return other
    people = concept.person if score >= OPEN or concept.key == "answer" else 0
    numbered = concept.key == "subject_id" and column.whole_numbers
    if people > 0 and column.low is not None and lexicon.speaks(column.name, "average"):
        people = -1  # an average age is nobody's
    elif (people == 1 and lexicon.speaks(column.name, "anything")) or (
        people > 0 and is_only(column.name, "loose", lexicon) and not numbered
    ):
        people = 0
    if concept.role is Role.SENSITIVE and "date" in column.kinds:
        # When somebody was ill or sentenced is seen by others; of what, the date does not tell.
        return Verdict(
            Role.QUASI_IDENTIFIER,
            score,
            (*reasons[:1], "The values are dates."),
            concept="event_date",
            kind="date",
            people=people,
        )
    return Verdict(concept.role, score, tuple(reasons), concept=concept.key, kind=column.kind, people=people)


def _not_people(column: Evidence, verdict: Verdict, of_things: bool) -> Verdict:
    """The verdict in a table whose rows are not people. of_things: whether a column says that they are something else."""
    if verdict.role is Role.IDENTIFIER and verdict.kind in _HARD and verdict.confidence >= OPEN:
        return verdict
    if verdict.kind == "empty":
        return verdict
    if not of_things:
        reason = "No column speaks of people, and none of things: if rows are people, say which columns others may know."
        return Verdict(Role.INSENSITIVE, 0.3, (reason,), concept=verdict.concept, kind=column.kind)
    reason = "No column speaks of people: the rows seem to be about things or places."
    return Verdict(Role.INSENSITIVE, 0.7, (reason,), concept=verdict.concept, kind=column.kind)

"""What the columns of a table say together: whom its rows are about, and whose each column is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Lexicon
from shoal.detection.relations import Relations
from shoal.detection.roles import Role
from shoal.detection.verdict import FEWEST_ROWS, OPEN, Verdict

__all__ = [
    "HANDLING",
    "OWN_CONCEPTS",
    "PEOPLE",
    "SHARE",
    "VAGUE_PEOPLE",
    "about_nothing_else",
    "about_people",
    "of_animals",
    "of_places",
    "of_staff",
    "paired",
    "said_by_many",
    "together",
]

PEOPLE = 3
"""How much evidence makes the rows people: one column that only people have, or two that they often have."""

VAGUE_PEOPLE = 2
"""How much does where nothing speaks of things: to take people for things is the worse error."""

SHARE = "share"
"""The concept of fractions of what sorts people: of towns, unless the table knows people by other columns; then no evidence."""

MANY_SHARES = 3
"""So many shares beside a number of something make that the number of a town."""

MANY_NAMES = 5
"""So many names of other columns in a text are no chance."""

NAMES_IN_TEXT = 0.15
"""The share of a text's capitalised words that are such names: where every noun has a capital some are by chance."""

FEWEST_UNITS = 5
"""Fewer places over time are branches with one person each."""

MOST_UNITS = 20
"""So many columns of places and of times are tried together, the first by name: all pairs of a wide table take too long."""

OWN_THINGS = 50
"""So many different places or products are more than people happen to have."""

ONE_ROW_EACH = 0.9
"""The unique ratio from which the rows are taken for one a person."""

FEWER = 5
"""How many times rarer names repeat that are the rows' own."""

FULL_NAME, RARE_NAMES = 1.8, 0.15
"""Words of a given name and a family name, on average; the unique ratio below which full names are those of a few."""

FEWEST_WORDS = 2.5
"""Text of fewer words on average is a label, not a sentence."""

LEAST_SHARED, SHARED = 3, 0.2
"""In how many columns, and in what share of them, a word stands that belongs to the table and not to the column."""

_NAMES = frozenset({"person_name", "relative_name", "bare_name"})

_HUMAN = frozenset(
    {
        *("birth_date", "age", "sex", "marital_status", "children", "origin", "occupation", "subject_id", "national_number"),
        *("person_name", "relative_name", "name_part", "psychology", "genetics", "laboratory"),
    }
)
"""Concepts that only people have."""

_ALIVE = frozenset({"birth_date", "age", "sex", "name_part", "origin", "language", "occupation", "genetics", "laboratory"})
"""Those of them that animals have, too, or goods that are made for somebody."""

_OF_THINGS = frozenset({"age", "occupation", "origin", "language"})
"""Those that machines have, too: an age, a shift, a country where they were made, a language of their menus."""

_OF_TOWNS = frozenset({"subject_id", "origin", "language", "occupation"})
"""Those that towns have, too: a number, and so many of each."""

SPOKEN_THINGS = 3
"""So many columns about things and what devices measure make rows of things, when nothing else speaks of people."""

_BODILY = frozenset({"birth_date", "age", "sex", "measurement", "laboratory", "disease", "appearance"})

OWN_CONCEPTS = frozenset({"place", "organisation", "thing", "aggregate", "title"})
"""Concepts that no person has alone: where every row has another one, the rows are places or things."""

HANDLING = frozenset({"staff", "other_person"})
"""Concepts of people who are not the rows' own: what they are called leads to nobody's row."""

_ONE_S_OWN = frozenset(
    {
        *("subject_id", "national_number", "tax_number", "person_name", "relative_name", "name_part", "email", "phone"),
        *("login", "street_address", "bank_account", "device", "birth_date", "age", "sex", "marital_status", "event_id"),
    }
)
"""Concepts of what one person has, and no place."""

_OF_SUBJECTS = frozenset({"subject_id", "national_number", "person_name", "email", "event_id"})


def about_people(columns: Sequence[Evidence], verdicts: Sequence[Verdict]) -> int:
    """How much the columns together say that the rows are people: below PEOPLE they are taken for things or places.

    What only people have adds up, and so do ways to reach somebody and names: unless every row has a place or a product of its
    own, as offices have e-mail addresses, towns have mayors and books have authors. What people often have counts as little as
    one such column; figures about many and readings of devices count against it.
    """
    pairs = list(zip(columns, verdicts, strict=True))
    own = [verdict.concept for column, verdict in pairs if _one_each(column) and verdict.concept in OWN_CONCEPTS]
    things = "thing" in own or "title" in own or sum(verdict.people < -1 for _, verdict in pairs) > 1
    names = _NAMES - {"bare_name"} if things else _NAMES  # what was made or given has a name beside it, too
    named = any(verdict.concept in names and "name" in column.kinds and column.ratio >= 0.5 for column, verdict in pairs)
    human = sum(
        verdict.people
        for _, verdict in pairs
        if verdict.people >= 2 and verdict.concept in _HUMAN and not (things and verdict.concept in _ALIVE)
    )
    reached = sum(
        verdict.people
        for column, verdict in pairs
        if verdict.people >= 2 and verdict.concept not in _HUMAN and (column.filled < 5 * FEWEST_ROWS or column.ratio > 0.2)
    )
    vague = min(PEOPLE, sum(verdict.people for _, verdict in pairs if verdict.people == 1))
    firm = any(verdict.people >= 2 and verdict.concept not in _OF_THINGS for _, verdict in pairs)
    shares = sum(verdict.concept == SHARE for _, verdict in pairs)
    known = {verdict.concept for _, verdict in pairs if verdict.people >= 2} - _OF_TOWNS
    if firm and (known or shares < MANY_SHARES):
        shares = 0  # marks under the names of languages, amounts under those of regions
    against = min(PEOPLE, shares + sum(verdict.people == -1 and verdict.concept != SHARE for _, verdict in pairs))
    against += 0 if things else max((-verdict.people for _, verdict in pairs if verdict.people < -1), default=0)
    spoken = sum(verdict.confidence >= OPEN and (verdict.people == -1 or verdict.concept == "thing") for _, verdict in pairs)
    if spoken >= SPOKEN_THINGS and not firm:
        return 0
    if human >= 2 * PEOPLE:
        return human  # nothing else has so much of a person
    return human + (0 if own and not named else reached + (0 if things else vague)) - against


def about_nothing_else(verdicts: Sequence[Verdict]) -> bool:
    """Whether what speaks of people speaks of nothing else: neither of machines, which have ages, nor of what is measured."""
    said = [each.people for each in verdicts if each.people > 0 and each.concept not in _OF_THINGS | {"measurement"}]
    return sum(said) >= VAGUE_PEOPLE


def _one_each(column: Evidence) -> bool:
    """Whether as good as every row has a word or a code of its own, and there are enough rows for that to say something."""
    return (
        column.distinct >= OWN_THINGS
        and column.ratio >= ONE_ROW_EACH
        and "name" not in column.kinds
        and "coordinate" not in column.kinds
    )


def said_by_many(names: Sequence[tuple[str, ...]], lexicon: Lexicon) -> frozenset[str]:
    """The words that many columns have and that mean nothing, or no more than whom the table is about: prefixes, waves."""
    counts = Counter(word for words in names for word in set(words))
    least = max(LEAST_SHARED, SHARED * len(names))
    return frozenset(
        word for word, count in counts.items() if count >= least and (not lexicon.known(word) or lexicon.names(word, "subject"))
    )


def paired(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, where numbers that may be degrees are none: a point on the map is two columns, not one and not five."""
    degrees = [verdict.kind == "coordinate" and not verdict.concept for verdict in verdicts]
    logarithms = all(
        column.name.lower().startswith(("ln", "log")) for column, is_one in zip(columns, degrees, strict=True) if is_one
    )
    known = sum(verdict.concept == "coordinates" for verdict in verdicts)
    named = all(column.name.lower().endswith(("x", "y")) for column, is_one in zip(columns, degrees, strict=True) if is_one)
    if not any(degrees) or (named and sum(degrees) % 2 == 0) or (sum(degrees) + known == 2 and not logarithms):
        return verdicts
    return [
        replace(verdict, confidence=0.0, reasons=(), kind=next((kind for kind in column.kinds if kind != "coordinate"), ""))
        if is_degree
        else verdict
        for column, verdict, is_degree in zip(columns, verdicts, degrees, strict=True)
    ]


def of_places(columns: Sequence[Evidence], verdicts: Sequence[Verdict], relations: Relations | None) -> bool:
    """Whether the rows are those of places or bodies over time, one for each and each year: no two people of one place then
    have the same year, and nearly all years occur. Where something is told that one person has, they are not.
    """
    if relations is None or any(each.concept in _ONE_S_OWN and each.confidence >= OPEN for each in verdicts):
        return False
    units = [
        column.name
        for column, verdict in zip(columns, verdicts, strict=True)
        if verdict.concept in ("place", "organisation") and verdict.confidence >= OPEN and column.distinct >= FEWEST_UNITS
    ]
    times = [
        column.name
        for column, verdict in zip(columns, verdicts, strict=True)
        if {"year", "date"} & set(column.kinds) and verdict.concept != "birth_date"
    ]
    return any(relations.panel(unit, time) for unit in sorted(units)[:MOST_UNITS] for time in sorted(times)[:MOST_UNITS])


def of_animals(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, where a table of owners tells their animals' species: bodies, ages and illnesses are the animals'."""
    if sum(verdict.people < -1 for verdict in verdicts) < 2:
        return verdicts
    reason = "The table tells of animals: what is said of bodies is said of them."
    return [
        replace(each, role=Role.INSENSITIVE, confidence=0.6, reasons=(*each.reasons[:1], reason), concept="creature")
        if each.concept in _BODILY
        else each
        for each in verdicts
    ]


def together(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, after what the columns say of each other: whose names, whose homes, and which text repeats names."""
    pairs = list(zip(columns, verdicts, strict=True))
    known = [(column, verdict) for column, verdict in pairs if verdict.role is Role.IDENTIFIER and verdict.confidence >= OPEN]
    names = frozenset().union(*(column.said for column, verdict in known if verdict.concept in _NAMES))
    finest = max((column.ratio for column, verdict in known if column.filled >= FEWEST_ROWS), default=0.0)
    rows_are_people = any(column.ratio >= ONE_ROW_EACH and verdict.concept in _OF_SUBJECTS for column, verdict in known)
    return [_beside(column, verdict, names, finest, rows_are_people) for column, verdict in pairs]


def _beside(column: Evidence, verdict: Verdict, names: frozenset[int], finest: float, rows_are_people: bool) -> Verdict:
    """A verdict in the light of the other columns. names: hashes of theirs. finest: an identifier's highest unique ratio."""
    hits = len(column.said & names)
    if (
        column.mean_words >= FEWEST_WORDS
        and column.distinct >= MANY_NAMES
        and verdict.concept not in _NAMES | HANDLING
        and verdict.role is not Role.IDENTIFIER
        and hits >= max(MANY_NAMES, NAMES_IN_TEXT * len(column.said))
    ):
        reason = "The text holds words that stand as names in another column."
        return replace(verdict, role=Role.IDENTIFIER, confidence=0.7, reasons=(reason,), kind="mentions")
    if (
        verdict.concept == "bare_name"
        and column.mean_words >= FULL_NAME
        and column.ratio * FEWER < finest
        and column.ratio < RARE_NAMES
    ):
        reason = "Each of these names stands in many rows, unlike the identifiers beside it: they are not the rows' own."
        return replace(verdict, role=of_staff(column), confidence=0.6, reasons=(reason,), concept="staff")
    if verdict.concept == "coordinates" and rows_are_people and column.ratio >= ONE_ROW_EACH and not column.whole_numbers:
        reason = "Each row has a point of its own, and rows are people: such a point is a home."
        return replace(verdict, role=Role.IDENTIFIER, confidence=0.65, reasons=(*verdict.reasons[:1], reason))
    return verdict


def of_staff(column: Evidence) -> Role:
    """The role of people who handle cases: whoever handles few of them singles out these."""
    return Role.INSENSITIVE if column.ratio < 0.1 or column.distinct <= 10 else Role.QUASI_IDENTIFIER

"""The sentences that say why: about names, shares and counts; never a value."""

from __future__ import annotations

from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Concept

__all__ = ["by_meaning", "by_name", "by_values", "contradiction", "distinctness"]

_KINDS = {
    "email": "e-mail addresses",
    "iban": "bank accounts with the right check digits",
    "card": "payment cards with the right check digit",
    "national": "personal numbers of an authority",
    "phone": "telephone numbers",
    "ip": "network addresses",
    "mac": "device addresses",
    "address": "street addresses",
    "name": "names of people",
    "mentions": "text that names people",
    "uuid": "universally unique identifiers",
    "url": "web addresses",
    "icd10": "codes of illnesses (ICD-10)",
    "coordinate": "points on the map",
    "free": "free text, which may say anything about a person",
    "hash": "hashes",
    "date": "dates",
    "interval": "ranges of numbers",
    "number": "numbers",
    "category": "a few categories",
    "flag": "yes or no",
    "year": "years",
    "postcode": "postcodes",
    "code": "codes",
    "text": "text",
    "constant": "one and the same",
    "empty": "empty",
}


def by_name(concept: Concept) -> str:
    """Why a name says what the column is."""
    return f"The name speaks of {concept.about}."


def by_values(kind: str, column: Evidence) -> str:
    """Why values say what the column is."""
    share = column.shares.get({"name": "names", "free": ""}.get(kind, kind))
    if share is None or share < 0.5:
        return f"The values look like {_KINDS[kind]}."
    return f"Of the values looked at, {share:.0%} look like {_KINDS[kind]}."


def by_meaning(concept: Concept, column: Evidence) -> str:
    """Why categories say what the column is."""
    return f"Of the values looked at, {column.meant:.0%} are words for {concept.about}."


def contradiction(concept: Concept, column: Evidence) -> str:
    """Why values weaken what the name says."""
    return f"The values do not look like {concept.about}: they are {_KINDS[column.kind]}."


def distinctness(column: Evidence) -> str:
    """How many different values there are."""
    if column.ratio >= 1:
        return "Every value is different."
    return f"Of all values, {column.ratio:.1%} are different." if column.ratio >= 0.5 else f"{column.distinct} values differ."

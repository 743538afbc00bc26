"""What columns of a table of people are that are left open: judged by how they are spread and by what stands beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Lexicon
from shoal.detection.reasons import distinctness
from shoal.detection.roles import Role
from shoal.detection.verdict import FEWEST_ROWS, OPEN, Verdict

__all__ = ["LEANING", "completed"]

MANY_NUMBERS = 30
"""More different numbers are amounts or scores rather than codes of groups."""

OWN_ID, OWN_IDS = 0.9, 20
"""How surely a name is nothing but the word for a number, and how many different ones are more than kinds of something."""

SEEN = 2
"""How many columns that others see outweigh one that is sensitive, where a table's unknown numbers are judged."""

LEANING = 0.4
"""A hypothesis above this stands where the distribution says nothing else."""


def completed(columns: Sequence[Evidence], verdicts: Sequence[Verdict], lexicon: Lexicon, threshold: float) -> list[Verdict]:
    """The verdicts, with those that were open decided. threshold: the unique ratio above which codes are identifiers."""
    domains = [
        lexicon.concepts[each.concept].domain
        for each in verdicts
        if each.concept in lexicon.concepts and each.confidence >= OPEN
    ]
    around = _Around(
        threshold,
        domain=next((domain for domain in ("health", "money") if domains.count(domain) >= max(2, len(columns) / 4)), ""),
        tells_more=_tells_more_than_is_seen(verdicts),
    )
    return [_completed(column, verdict, around) for column, verdict in zip(columns, verdicts, strict=True)]


@dataclass(frozen=True)
class _Around:
    """What a column of which little is known is judged by.

    threshold: the unique ratio above which codes are identifiers. domain: what many columns of the table are about, health or
    money, else empty. tells_more: whether the table tells more than is seen of people.
    """

    threshold: float
    domain: str
    tells_more: bool


def _tells_more_than_is_seen(verdicts: Sequence[Verdict]) -> bool:
    """Whether enough of what is known is sensitive rather than seen by others: so is the rest, then."""
    known = Counter(verdict.role for verdict in verdicts if verdict.confidence >= OPEN)
    return known[Role.SENSITIVE] * SEEN > known[Role.QUASI_IDENTIFIER]


def _completed(column: Evidence, verdict: Verdict, around: _Around) -> Verdict:
    """The verdict in a table of people."""
    if verdict.kind == "empty":
        return verdict
    if "constant" in column.kinds and column.filled >= FEWEST_ROWS and column.filled == column.rows:
        return Verdict(Role.INSENSITIVE, 0.85, ("Every row has the same value.",), concept=verdict.concept, kind="constant")
    repeats = column.filled >= FEWEST_ROWS and column.ratio < 0.5
    if verdict.concept == "bare_id" and repeats and verdict.confidence >= OWN_ID and column.distinct >= OWN_IDS:
        reason = "The table calls it its own number, and rows are people's: one that repeats has several rows."
        return Verdict(Role.IDENTIFIER, OPEN, (reason, distinctness(column)), concept="subject_id", kind=column.kind)
    if verdict.confidence >= OPEN and not (verdict.concept == "bare_id" and repeats):
        return replace(verdict, reasons=(*verdict.reasons, distinctness(column)))
    if verdict.concept == "bare_id" and repeats:
        return _open(column, replace(around, tells_more=False))  # of a superior, a branch, a kind: others may know it
    return _registered(column, around.threshold) or (verdict if verdict.confidence >= LEANING else _open(column, around))


def _registered(column: Evidence, threshold: float) -> Verdict | None:
    """The verdict that a column holds numbers of a register, when its values say so."""
    if column.filled < FEWEST_ROWS or not _codes(column):
        return None
    if column.ratio > threshold:
        return Verdict(Role.IDENTIFIER, 0.7, (distinctness(column), "The values are codes, not measurements."), kind="code")
    if column.fixed and column.mean_length >= 6 and column.distinct > 100 and column.ratio > 0.3:
        return Verdict(
            Role.IDENTIFIER, 0.5, (distinctness(column), "All are codes of one length, as in a register."), kind="code"
        )
    return None


def _codes(column: Evidence) -> bool:
    """Whether the values may be numbers of a register: codes, or integers that count up or are all of one length."""
    if "date" in column.kinds or "free" in column.kinds or "hash" in column.kinds:
        return False
    if column.low is not None:
        return column.whole_numbers and (column.increasing or (column.fixed and column.high is not None and column.high >= 1e3))
    return "code" in column.kinds or "uuid" in column.kinds


def _open(column: Evidence, around: _Around) -> Verdict:
    """The verdict on a column of which nothing is known but its distribution."""
    unknown = "Neither the name nor the values say what it is"
    if "free" in column.kinds:
        return Verdict(Role.SENSITIVE, 0.5, (f"{unknown}; free text may say anything about a person.",), kind="free")
    if around.domain:
        reason = f"{unknown}; many columns beside it are about {around.domain}."
        return Verdict(Role.SENSITIVE, 0.4, (reason,), kind=column.kind)
    if column.low is not None and not column.whole_numbers:
        return Verdict(Role.SENSITIVE, 0.35, (f"{unknown}; a measured quantity of a person may do harm.",), kind=column.kind)
    if "flag" in column.kinds or (column.low is not None and (column.distinct > MANY_NUMBERS or around.tells_more)):
        # Most of what outsiders know of people has a name that the lexicon knows; what is harmful has any name. Numbers of few
        # kinds are grades, answers, counts of visits; in a census, where all is coded, they are what is seen.
        return Verdict(Role.SENSITIVE, 0.3, (f"{unknown}; what outsiders know seldom is of this form.",), kind=column.kind)
    return Verdict(Role.QUASI_IDENTIFIER, 0.3, (f"{unknown}; it is taken for something others may know.",), kind=column.kind)

"""What columns of a table of people are that are left open: judged by how they are spread and by what stands beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shoal.detection.context import HANDLING
from shoal.detection.evidence import Evidence
from shoal.detection.lexicon import Lexicon
from shoal.detection.reasons import distinctness
from shoal.detection.relations import Relations
from shoal.detection.roles import Role
from shoal.detection.verdict import FEWEST_ROWS, OPEN, Verdict

__all__ = ["LEANING", "completed", "domain_of"]

MANY_NUMBERS = 30
"""More different numbers are amounts or scores rather than codes of groups."""

OWN_ID, OWN_IDS = 0.9, 20
"""How surely a name is nothing but the word for a number, and how many different ones are more than kinds of something."""

SEEN = 2
"""How many columns that others see outweigh one that is sensitive, where a table's unknown numbers are judged."""

_TOLD = (Role.QUASI_IDENTIFIER, Role.SENSITIVE)
"""The roles that what follows from a column takes over, the most telling first."""

MOST_SOURCES, MOST_PAIRS, MOST_OPEN = 100, 20_000, 1_000
"""How many known columns an open one is compared with at most, and how many pairs are; more open ones are not compared."""

OFTEN = 0.5
"""The unique ratio from which a column's values say who it is: all follows from them."""

_PERIOD = re.compile(r"(y|yr|year)[_.]?(19|20)?\d{2}|(qtr|qrt|quarter|wave|month)[_.]?\d{1,2}")

LEANING = 0.4
"""A hypothesis above this stands where the distribution says nothing else."""


def completed(
    columns: Sequence[Evidence], verdicts: Sequence[Verdict], lexicon: Lexicon, threshold: float, relations: Relations | None
) -> list[Verdict]:
    """The verdicts, with those that were open decided.

    threshold: the unique ratio above which codes are identifiers. relations: between the columns, None when they are not known.
    """
    if relations is not None:
        verdicts = _following(columns, verdicts, threshold, relations)
    around = _Around(threshold, domain=domain_of(verdicts, lexicon), tells_more=_tells_more_than_is_seen(verdicts))
    if relations is not None:
        verdicts = _of_kinds(columns, verdicts, around, relations)
    return [_completed(column, verdict, around) for column, verdict in zip(columns, verdicts, strict=True)]


def _following(
    columns: Sequence[Evidence], verdicts: Sequence[Verdict], threshold: float, relations: Relations
) -> list[Verdict]:
    """The verdicts, where open columns that follow from a known one are what that one is.

    Whoever knows somebody's age knows the group of ages; a logarithm of an income is the income. Numbers of a register follow
    from nothing, and nothing follows from what has a value of its own in every row: there all would.
    """
    pairs = list(zip(columns, verdicts, strict=True))
    known = [pair for pair in pairs if pair[1].confidence >= OPEN and pair[1].role in _TOLD and pair[1].concept not in HANDLING]
    known = [(column, verdict) for column, verdict in known if column.ratio < OFTEN or _measured(column, verdict)]
    known.sort(key=lambda pair: (_TOLD.index(pair[1].role), -pair[1].confidence, pair[0].name))
    follows = [
        verdict.confidence < OPEN and column.distinct > 1 and "free" not in column.kinds and not _registered(column, threshold)
        for column, verdict in pairs
    ]
    if sum(follows) > MOST_OPEN:
        return list(verdicts)
    known = known[: min(MOST_SOURCES, MOST_PAIRS // max(1, sum(follows)))]
    sources = [_source(column, known, relations) if open_ else None for column, open_ in zip(columns, follows, strict=True)]
    return [source or verdict for source, verdict in zip(sources, verdicts, strict=True)]


def _measured(column: Evidence, verdict: Verdict) -> bool:
    """Whether values are amounts or measurements, which may all differ and yet are no names of rows."""
    return verdict.role is Role.SENSITIVE and column.low is not None and not column.increasing


def _of_kinds(columns: Sequence[Evidence], verdicts: Sequence[Verdict], around: _Around, relations: Relations) -> list[Verdict]:
    """The verdicts, where open columns that tell the kinds of one thing, each its own, are what the known ones of them are.

    Where none is known they sort people into kinds, as professions and regions do, unless the table tells more than is seen;
    kinds that are called by years or numbers of waves are when the row was written.
    """
    at = {column.name: place for place, column in enumerate(columns)}
    flags = [column.name for column in columns if "flag" in column.kinds and (column.low, column.high) == (0.0, 1.0)]
    unknown = Role.SENSITIVE if around.domain or around.tells_more else Role.QUASI_IDENTIFIER
    found = list(verdicts)
    for group in relations.kinds(flags):
        roles = Counter(verdicts[at[name]].role for name in group if verdicts[at[name]].confidence >= OPEN)
        told = [(role, count) for role, count in roles.most_common() if role in _TOLD]
        if all(_PERIOD.fullmatch(name.lower()) for name in group):
            role, confidence = Role.INSENSITIVE, OPEN
        elif told:
            role, confidence = told[0][0], OPEN
        elif roles or len({name.rstrip("0123456789") for name in group}) <= len(group) / 2:
            continue  # kinds that are numbered are codes, of illnesses as well
        else:
            role, confidence = unknown, LEANING
        reason = f"No row has two of these {len(group)} columns: they tell the kinds of one thing."
        for name in group:
            if verdicts[at[name]].confidence < OPEN and (told or verdicts[at[name]].concept != "answer"):
                found[at[name]] = Verdict(role, confidence, (reason,), kind=columns[at[name]].kind)
    return found


def _source(column: Evidence, known: Sequence[tuple[Evidence, Verdict]], relations: Relations) -> Verdict | None:
    """The verdict by the first known column that this one follows from; None when there is none."""
    for other, verdict in known:
        if other.distinct < column.distinct or other.distinct < 2:
            continue
        # Who learns what is sensitive learns all that is computed from it; of what it decides otherwise, others may know.
        tells = relations.rises if verdict.role is Role.SENSITIVE else relations.follows
        if tells(column.name, other.name):
            reason = f"It follows from the column {other.name!r}: each value there comes with one here."
            return Verdict(verdict.role, OPEN, (reason,), concept=verdict.concept, kind=column.kind)
    return None


def domain_of(verdicts: Sequence[Verdict], lexicon: Lexicon) -> str:
    """What a quarter of the columns are about, health or money; empty when neither is."""
    domains = [
        lexicon.concepts[each.concept].domain
        for each in verdicts
        if each.concept in lexicon.concepts and each.confidence >= OPEN
    ]
    return next((domain for domain in ("health", "money") if domains.count(domain) >= max(2, len(verdicts) / 4)), "")


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
    if "year" in column.kinds:
        return Verdict(Role.QUASI_IDENTIFIER, 0.4, (f"{unknown}; others may know the year of an event.",), kind="year")
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

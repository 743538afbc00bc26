"""What columns of studies are together: times to events, genotypes, items of a questionnaire. Their single names say little."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from shoal.detection.evidence import Evidence
from shoal.detection.roles import Role
from shoal.detection.verdict import OPEN, Verdict

__all__ = ["studied"]

_TIMES = re.compile(
    r"(surv(ival)?_?)?(time|tm|days?|months?|weeks?|years?)|t[0-9]?|(t_?)?(start|stop|end|entry|exit)[0-9]?"
    r"|(tt?|f(ollow)?_?u_?p?|s|d|os|pfs|dfs|rfs|obs)_?(time|days|months|years)"
    r"|duration|survival|futime|length_of_follow_?up|time_to_\w+|days_to_\w+"
)
_EVENTS = re.compile(
    r"status|(f_?u_?)?stat|evt|[de][0-9]?"
    r"|(is_?)?(event|death|dead|died|cens(or|ored|oring)?|fail(ed|ure)?|relapse|recurrence|rearrest|delta)"
)
_SITES = re.compile(
    r"(loc(i|us)?|snp|site|marker|rs|locus|allele|gene|d[0-9]+s|[a-z]{1,4})[_.]?\d*[_.]?(a[12]|allele[12])"
    r"|(loc(i|us)?|snp|rs|marker)\d+"
)

MOST_EVENTS = 5
"""Outcomes of a study: censored, relapse, death and few more."""

LEAST_TIMES = 10
"""Fewer different times are visits, not the length of a wait."""

LEAST_ALLELES, LEAST_SITES, LEAST_ITEMS = 4, 8, 6
"""So many columns of one kind are a battery; four numbered sites may be shops."""

MOST_ANSWERS = 12
MOST_ALLELES = 60


def studied(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, after what columns of a study say of each other; those that are certain by themselves stay."""
    verdicts = _survival(columns, verdicts)
    verdicts = _genotypes(columns, verdicts)
    return _items(columns, verdicts)


def _named(column: Evidence) -> str:
    return re.sub(r"[\s.\-]+", "_", column.name.strip().lower())


def _is_event(column: Evidence) -> bool:
    coded = column.low is not None or "flag" in column.kinds  # `paid` and `shipped` are no outcomes of a study
    return coded and bool(_EVENTS.fullmatch(_named(column))) and 2 <= column.distinct <= MOST_EVENTS


def _is_time(column: Evidence) -> bool:
    return (
        bool(_TIMES.fullmatch(_named(column)))
        and column.low is not None
        and column.low >= 0
        and column.distinct >= LEAST_TIMES
        and "year" not in column.kinds
    )


def _survival(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """A time, and beside it whether something had happened by then: what is kept of patients who are followed."""
    times = [at for at, column in enumerate(columns) if _is_time(column)]
    events = [at for at, column in enumerate(columns) if _is_event(column)]
    if not times or not events:
        return verdicts
    found = list(verdicts)
    for at in times:
        reason = "Beside it stands whether something had happened: it is how long that took."
        found[at] = Verdict(Role.SENSITIVE, 0.6, (reason,), concept="disease", kind=columns[at].kind, people=1)
    for at in events:
        reason = "Beside it stands a time: it is what had happened by then."
        found[at] = Verdict(Role.SENSITIVE, 0.65, (reason,), concept="disease", kind=columns[at].kind, people=1)
    return found


def _genotypes(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """Several sites of a genome, or the two alleles of one."""
    sites = [
        at
        for at, column in enumerate(columns)
        if _SITES.fullmatch(_named(column)) and column.distinct <= MOST_ALLELES and (column.low is None or column.whole_numbers)
    ]
    alleles = sum(_named(columns[at]).endswith(("a1", "a2", "allele1", "allele2")) for at in sites)
    if alleles < LEAST_ALLELES and len(sites) < LEAST_SITES:
        return verdicts
    found = list(verdicts)
    for at in sites:
        reason = "It is one of several sites of a genome."
        found[at] = Verdict(Role.SENSITIVE, 0.7, (reason,), concept="genetics", kind=columns[at].kind, people=1)
    return found


def _items(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """Columns that are numbered in a row and have the same few answers: the items of a questionnaire or of a test."""
    batteries: dict[tuple[float, float], list[int]] = defaultdict(list)
    for at, column in enumerate(columns):
        if (
            re.search(r"[a-z]\w*?[_.]?\d+[a-z]?$", _named(column))
            and column.low is not None
            and column.high is not None
            and column.whole_numbers
            and 2 <= column.distinct <= MOST_ANSWERS
            and column.high - column.low < MOST_ANSWERS
        ):
            batteries[column.low, column.high].append(at)
    found = list(verdicts)
    for items in batteries.values():
        stems = Counter(re.sub(r"[_.]?\d+[a-z]?$", "", _named(columns[at])) for at in items)
        if len(items) < LEAST_ITEMS or len(stems) > len(items) / 2:
            continue
        for at in items:
            if verdicts[at].confidence < OPEN or verdicts[at].concept in ("place", "organisation", "bookkeeping", "answer"):
                reason = "It is one of several numbered columns with the same few answers: items of a questionnaire or a test."
                found[at] = Verdict(Role.SENSITIVE, 0.6, (reason,), concept="answer", kind=columns[at].kind, people=1)
    return found

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
    r"|(tt?|f(ollow)?_?u_?p?|s|d|os|pfs|dfs|rfs|obs|rec|rel|dth|death|surv|ev|event|wait|w|diag)_?(time|days|months|years)"
    r"|duration|survival|futime|length_of_follow_?up|time_to_\w+|days_to_\w+"
)
_EVENTS = re.compile(
    r"status|(f_?u_?)?stat|evt|[de][0-9]?"
    r"|(is_?)?(event|death|dead|died|cens(or|ored|oring)?|fail(ed|ure)?|relapse|recurrence|rearrest|delta)"
)
_MISREAD = frozenset({"place", "bookkeeping", "children"})
"""What the names of times are taken for that stand alone: a `stop` of numbers is no place."""

_SITES = re.compile(
    r"(loc(i|us)?|snp|site|marker|rs|locus|allele|gene|d[0-9]+s|[a-z]{1,4})[_.]?\d*[_.]?(a[12]|allele[12])"
    r"|(loc(i|us)?|snp|rs|marker)\d+"
)

_ITEM = re.compile(r"(?!.*(19|20)\d\d$)[a-z].*?\d{1,3}[a-z]?")  # years number waves, not items
_NUMBER = re.compile(r"[_.]?\d+[a-z]?$")

LONGEST_NAME = 60
"""Longer names are sentences; and patterns that look for a number at the end are slow on them."""

MOST_EVENTS, HIGHEST_EVENT = 5, 9
"""Outcomes of a study: censored, relapse, death and few more, and their highest code."""

LEAST_TIMES = 10
"""Fewer different times are visits, not the length of a wait."""

LEAST_ALLELES, LEAST_SITES, LEAST_ITEMS = 4, 8, 6
"""So many columns of one kind are a battery; four numbered sites may be shops."""

MOST_ANSWERS, FEWEST_STEPS = 12, 4
FEWEST_OPINIONS, LEAST_SCALE, LONGEST_SCALE = 6, 4, 7
"""So many columns of one scale, of so many steps, are opinions even where they are not numbered."""

LONG_BATTERY, LITTLE_ELSE = 10, 0.6
"""Items, and their share of all columns, that make a table a questionnaire where nothing speaks of things."""

MOST_ALLELES, LONGEST_ALLELE, MOST_GENOTYPES = 60, 3.0, 4
"""Different alleles of a site and letters of each; genotypes of one that has two alleles, and unknown."""


def studied(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, after what columns of a study say of each other; those that are certain by themselves stay."""
    verdicts = _survival(columns, verdicts)
    verdicts = _genotypes(columns, verdicts)
    return _opinions(columns, _items(columns, verdicts))


def _named(column: Evidence) -> str:
    return re.sub(r"[\s.\-]+", "_", column.name[:LONGEST_NAME].strip().lower())


def _is_event(column: Evidence) -> bool:
    coded = column.low is not None or "flag" in column.kinds  # `paid` and `shipped` are no outcomes of a study
    few = 2 <= column.distinct <= MOST_EVENTS and (column.high or 0.0) <= HIGHEST_EVENT  # 404 is the status of a request
    return coded and few and bool(_EVENTS.fullmatch(_named(column)))


def _is_time(column: Evidence) -> bool:
    return (
        bool(_TIMES.fullmatch(_named(column)))
        and column.low is not None
        and column.low >= 0
        and column.distinct >= LEAST_TIMES
        and not {"year", "date"} & set(column.kinds)
    )


def _survival(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """A time, and beside it whether something had happened by then: what is kept of patients who are followed."""
    times = [at for at, column in enumerate(columns) if _is_time(column)]
    events = [at for at, column in enumerate(columns) if _is_event(column)]
    if not times or not events:
        return verdicts
    found = list(verdicts)
    people = int(not all(_named(columns[at]).startswith("fail") for at in events))  # what fails is a machine as well
    for at in times:
        if verdicts[at].confidence < OPEN or verdicts[at].concept in _MISREAD:
            reason = "Beside it stands whether something had happened: it is how long that took."
            found[at] = Verdict(Role.SENSITIVE, 0.6, (reason,), concept="disease", kind=columns[at].kind, people=people)
    for at in events:
        if verdicts[at].confidence < OPEN:
            reason = "Beside it stands a time: it is what had happened by then."
            found[at] = Verdict(Role.SENSITIVE, 0.65, (reason,), concept="disease", kind=columns[at].kind, people=people)
    return found


def _genotypes(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """Several sites of a genome, or the two alleles of one."""
    sites = [
        at
        for at, column in enumerate(columns)
        if column.distinct <= MOST_ALLELES
        and (column.mean_length <= LONGEST_ALLELE if column.low is None else column.whole_numbers)
        and _SITES.fullmatch(_named(column))
        and (verdicts[at].confidence < OPEN or verdicts[at].concept in ("place", "organisation", "genetics"))
    ]
    alleles = [at for at in sites if _named(columns[at]).endswith(("a1", "a2", "allele1", "allele2"))]
    numbered = [at for at in sites if at not in alleles and columns[at].distinct <= MOST_GENOTYPES]
    found = list(verdicts)
    for several, least in ((alleles, LEAST_ALLELES), (numbered, LEAST_SITES)):
        people = int(several is alleles or _little_else(several, columns, verdicts))
        for at in several if len(several) >= least else ():
            reason = "It is one of several sites of a genome."
            found[at] = Verdict(Role.SENSITIVE, 0.7, (reason,), concept="genetics", kind=columns[at].kind, people=people)
    return found


def _little_else(battery: Sequence[int], columns: Sequence[Evidence], verdicts: Sequence[Verdict]) -> bool:
    """Whether a table is hardly more than a long battery, and nothing in it speaks of things."""
    of_things = any(each.confidence >= OPEN and (each.people < 0 or each.concept in ("thing", "reading")) for each in verdicts)
    return len(battery) >= max(LONG_BATTERY, LITTLE_ELSE * len(columns)) and not of_things


def _items(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """Columns that are numbered in a row and have the same few answers: the items of a questionnaire or of a test."""
    batteries: dict[tuple[float, float], list[int]] = defaultdict(list)
    for at, column in enumerate(columns):
        if (
            (verdicts[at].confidence < OPEN or verdicts[at].concept == "answer")
            and column.low is not None
            and column.high is not None
            and column.whole_numbers
            and 2 <= column.distinct <= MOST_ANSWERS
            and column.high - column.low < MOST_ANSWERS
            and _ITEM.fullmatch(_named(column))
        ):
            batteries[column.low, column.high].append(at)
    found = list(verdicts)
    for items in batteries.values():
        stems = Counter(_NUMBER.sub("", _named(columns[at])) for at in items)
        if len(items) < LEAST_ITEMS or len(stems) > len(items) / 2:
            continue
        # Ports and valves are numbered in one row, and open or closed; several scales of several steps are asked of people. So
        # is what has little else in its table: to take people's answers for readings is the worse error.
        scales = len(stems) > 1 and min(columns[at].distinct for at in items) >= FEWEST_STEPS
        people = int(scales or _little_else(items, columns, verdicts))
        for at in items:
            reason = "It is one of several numbered columns with the same few answers: items of a questionnaire or a test."
            found[at] = Verdict(Role.SENSITIVE, 0.6, (reason,), concept="answer", kind=columns[at].kind, people=people)
    return found


def _opinions(columns: Sequence[Evidence], verdicts: list[Verdict]) -> list[Verdict]:
    """Columns that have all steps of one scale, as agreement with statements is asked for: most of them nobody knows."""
    scales: dict[tuple[float, float], list[int]] = defaultdict(list)
    for at, column in enumerate(columns):
        if (
            column.whole_numbers
            and column.low in (0.0, 1.0)
            and column.high is not None
            and LEAST_SCALE <= column.distinct == column.high - column.low + 1 <= LONGEST_SCALE
        ):
            scales[column.low, column.high].append(at)
    found = list(verdicts)
    for several in scales.values():
        unknown = [at for at in several if verdicts[at].confidence < OPEN]
        for at in unknown if len(several) >= FEWEST_OPINIONS and 2 * len(unknown) >= len(several) else ():
            reason = "It is one of several columns with the same few steps: opinions that were asked for."
            found[at] = Verdict(Role.SENSITIVE, 0.55, (reason,), concept="answer", kind=columns[at].kind)
    return found

"""What risk reports say in a report for people: crowds, attackers, and how a risk sounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shoal.cli import shapes
from shoal.cli.report.drawings import AFTER, BEFORE, CLASS_OF_FIVE, PUBLICATION, Bar, bars, bucket_of, buckets
from shoal.cli.report.page import percent

if TYPE_CHECKING:
    from shoal.api.measures.v1.risk_pb2 import AttackerRisk, RiskReport

WHO = {
    "prosecutor": "looks for one person who is known to be in the table",
    "journalist": "looks for any one person, to show that it can be done",
    "marketer": "looks for as many people as possible",
}
MARKS = (PUBLICATION, CLASS_OF_FIVE)


def chance(risk: float) -> str:
    """How a probability sounds: `1 in 5`, `certain`."""
    if risk >= 1:
        return "certain"
    crowd = 1 / risk if risk > 0 else 0.0
    return f"1 in {crowd:,.0f}" if crowd > 1.5 and abs(crowd - round(crowd)) < 0.05 else percent(risk)


def unit(report: RiskReport) -> dict[str, str]:
    """What the figures count, one and many of it."""
    return {"one": "person", "many": "persons"} if report.HasField("entity_count") else {"one": "row", "many": "rows"}


def attackers(reports: dict[str, RiskReport]) -> list[dict[str, Any]]:
    """A row for each attacker: who it is, and a cell for each report. reports: by when, in order."""
    return [
        {
            "name": name,
            "who": who,
            "cells": [
                _cell(getattr(each, name), mean=name == "marketer") if each.HasField(name) else None
                for each in reports.values()
            ],
        }
        for name, who in WHO.items()
        if any(each.HasField(name) for each in reports.values())
    ]


def _cell(risk: AttackerRisk, *, mean: bool) -> dict[str, Any]:
    return {
        "risk": risk.overall_risk,
        "chance": "of all rows" if mean else chance(risk.overall_risk),
        "level": (shapes.risk_level(risk.risk_level) or "").replace("_", " "),
        "at_risk": risk.records_at_risk if risk.HasField("records_at_risk") else None,
        "average": risk.success_rate,
        "without_population": risk.estimated_without_population,
    }


def colours(reports: dict[str, RiskReport]) -> dict[str, str]:
    """A colour for each report; the last one is the release."""
    return dict(zip(reports, (BEFORE, AFTER) if len(reports) > 1 else (AFTER,), strict=True))


def risk_drawing(reports: dict[str, RiskReport]) -> Any:
    """The attackers' chances as bars."""
    given = [
        Bar(name, when, getattr(report, name).overall_risk, chance(getattr(report, name).overall_risk))
        for name in WHO
        for when, report in reports.items()
        if report.HasField(name)
    ]
    return bars(given, colours(reports), marks=MARKS)


def crowds(reports: dict[str, RiskReport]) -> list[dict[str, Any]]:
    """How many rows are in classes of each size, a cell for each report."""
    held = [_rows_by_size(each) for each in reports.values()]
    return [{"size": bucket, "cells": [each.get(bucket, 0) for each in held]} for bucket in buckets()]


def crowd_drawing(reports: dict[str, RiskReport]) -> Any:
    """The shares of rows in classes of each size as bars."""
    given = [
        Bar(each["size"], when, rows / report.row_count if report.row_count else 0.0, f"{rows:,}" if rows else "")
        for each in crowds(reports)
        for rows, (when, report) in zip(each["cells"], reports.items(), strict=True)
    ]
    return bars(given, colours(reports))


def _rows_by_size(report: RiskReport) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in report.histogram:
        bucket = bucket_of(each.size)
        found[bucket] = found.get(bucket, 0) + each.size * each.count
    left = report.row_count - sum(found.values())
    if left:  # the list ends with a thousand sizes, the smallest first
        found[buckets()[-1]] = found.get(buckets()[-1], 0) + left
    return found


def described(reports: Sequence[RiskReport]) -> str:
    """What the drawing of the crowds shows, for who cannot see it."""
    many, least = unit(reports[-1])["many"], reports[-1].k
    alone = [f"{each.unique_count:,} of {each.row_count:,} {many}" for each in reports]
    return (
        f"Before, {alone[0]} were alone; in the release the smallest crowd has {least:,} {many}."
        if len(reports) > 1
        else f"{alone[0]} are alone; the smallest crowd has {least:,}."
    )

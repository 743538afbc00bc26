"""The report of the risk of one table, as it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from shoal.cli import shapes
from shoal.cli.report import exposure
from shoal.cli.report.drawings import AFTER, Bar, bars
from shoal.cli.report.page import percent, render
from shoal.cli.report.promises import ALWAYS, SHARED

if TYPE_CHECKING:
    from shoal.api.risk.v1.risk_service_pb2 import AssessRiskResponse


def page(title: str, answer: AssessRiskResponse, *, with_population: bool) -> bytes:
    """The report as HTML in UTF-8. title: the table's name."""
    report = answer.report
    reports = {"this table": report}
    highest = max((each["cells"][0]["risk"] for each in exposure.attackers(reports) if each["cells"][0]), default=0.0)
    given = [
        Bar(each.attribute, "share", each.separation_share, percent(each.separation_share))
        for each in sorted(answer.contributions, key=lambda each: -each.separation_share)
    ]
    content = {
        "title": title,
        "report": report,
        "created": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "level": (shapes.risk_level(report.highest_risk_level) or "").replace("_", " "),
        "chance": exposure.chance(highest),
        "with_population": with_population,
        "shared": SHARED,
        "unit": exposure.unit(report),
        "attackers": exposure.attackers(reports),
        "risk_drawing": exposure.risk_drawing(reports) if report.row_count else None,
        "crowds": exposure.crowds(reports),
        "crowd_drawing": exposure.crowd_drawing(reports) if report.row_count else None,
        "crowds_described": exposure.described([report]),
        "contributions": given,
        "contribution_drawing": bars(given, {"share": AFTER}) if given else None,
        "contribution_error": answer.contribution_error,
        "not_promised": [SHARED, ALWAYS[0], ALWAYS[2]],
        "warnings": list(answer.warnings),
    }
    return render("single.html.j2", content)

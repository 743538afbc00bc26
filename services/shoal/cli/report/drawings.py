"""The drawings of a report, as SVG that stands in the page.

Colours are told apart by the colour-blind and stand out from white; what they say, position or words say, too. The page
describes every drawing in a sentence and has its numbers in a table, so the marks are hidden from screen readers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

BEFORE, AFTER, GREY, TEXT = "#B34A00", "#0062A8", "#595959", "#1A1A1A"
WIDTH = 460
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
PUBLICATION, CLASS_OF_FIVE = 0.09, 0.2
"""The highest risk that EMA Policy 0070 allows in what is published, and that of a class of five."""

BUCKETS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))
"""Class sizes that are shown as one."""


@dataclass(frozen=True)
class Bar:
    """A bar: which group it is in, which of the group's it is, and how long. words: what stands behind it."""

    group: str
    series: str
    value: float
    words: str


@dataclass(frozen=True)
class Step:
    """A combination of levels next to the one that was chosen. loss: None where nothing would be left."""

    words: str
    loss: float | None
    holds: bool
    note: str


def bucket_of(size: int) -> str:
    """The name of the range that a class size is in."""
    low, high = next((low, high) for low, high in BUCKETS if high is None or size <= high)
    return f"{low} or more" if high is None else str(low) if low == high else f"{low} to {high}"


def buckets() -> list[str]:
    """The names of all ranges, in order."""
    return [bucket_of(low) for low, _ in BUCKETS]


def bars(given: Sequence[Bar], colours: dict[str, str], *, marks: Sequence[float] = ()) -> Markup:
    """Horizontal bars of shares, 0 to 1, in groups. colours: by series, in order; marks: lines across."""
    rows = [{"group": each.group, "series": each.series, "value": each.value, "words": each.words} for each in given]
    groups = list(dict.fromkeys(each.group for each in given))
    names = list(colours)
    top = max([each.value for each in given] + list(marks), default=1.0) or 1.0
    scale = alt.Scale(domain=[0, top * 1.18], nice=False)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(format="~%", tickCount=5, title=None, grid=True))
    y = alt.Y("group:N", sort=groups, axis=alt.Axis(title=None, labelLimit=200, labelFontSize=13, domain=False, ticks=False))
    base = alt.Chart(alt.InlineData(values=rows))
    offset = {"yOffset": alt.YOffset("series:N", sort=names)} if len(names) > 1 else {}
    legend = alt.Legend(title=None, orient="top", labelFontSize=13, symbolType="square") if len(names) > 1 else None
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=list(colours.values())), legend=legend, sort=names)
    layers: list[Any] = [base.mark_bar(height={"band": 0.86}).encode(x=x, y=y, color=colour, **offset)]
    layers.append(base.mark_text(align="left", dx=4, fontSize=12, color=TEXT).encode(x=x, y=y, text="words:N", **offset))
    if marks:
        lines = alt.Chart(alt.InlineData(values=[{"value": value} for value in marks]))
        layers.append(lines.mark_rule(stroke=GREY, strokeDash=[3, 3], strokeWidth=1.4).encode(x=x))
    chart = alt.layer(*layers).properties(width=WIDTH, height=alt.Step(26 if len(names) == 1 else 16))
    return _svg(chart)


def neighbourhood(steps: Sequence[Step], chosen: float) -> Markup:
    """What a step up or down of one column would have lost, around the line of what was chosen."""
    rows = [
        {"words": each.words, "loss": each.loss, "verdict": "allowed" if each.holds else "not allowed", "note": each.note}
        for each in steps
        if each.loss is not None
    ]
    order = [each.words for each in steps]
    losses = [each.loss for each in steps if each.loss is not None] + [chosen]
    low, high = min(losses), max(losses)
    margin = (high - low) * 0.1 or 0.05
    scale = alt.Scale(domain=[max(0.0, low - margin), high + margin * 4], nice=False, zero=False)
    x = alt.X("loss:Q", scale=scale, axis=alt.Axis(title="loss: less is better", format=".2~f", tickCount=5, titleFontSize=12))
    y = alt.Y("words:N", sort=order, axis=alt.Axis(title=None, labelLimit=240, labelFontSize=13, domain=False, grid=True))
    base = alt.Chart(alt.InlineData(values=rows))
    verdicts = ["allowed", "not allowed"]
    points = base.mark_point(size=90, strokeWidth=2, opacity=1, filled=True).encode(
        x=x,
        y=y,
        shape=alt.Shape("verdict:N", scale=alt.Scale(domain=verdicts, range=["circle", "M-1,-1L1,1M1,-1L-1,1"]), legend=_key()),
        fill=alt.Color("verdict:N", scale=alt.Scale(domain=verdicts, range=[AFTER, BEFORE]), legend=_key()),
        stroke=alt.Color("verdict:N", scale=alt.Scale(domain=verdicts, range=[AFTER, BEFORE]), legend=_key()),
    )
    words = base.mark_text(align="left", dx=10, fontSize=11, color=GREY).encode(x=x, y=y, text="note:N")
    here = alt.Chart(alt.InlineData(values=[{"loss": chosen, "word": "chosen"}]))
    rule = here.mark_rule(stroke=TEXT, strokeWidth=1.6).encode(x=x)
    label = here.mark_text(baseline="bottom", dy=-4, fontSize=12, fontWeight="bold", color=TEXT)
    chart = alt.layer(rule, points, words, label.encode(x=x, y=alt.value(0), text="word:N"))
    return _svg(chart.properties(width=WIDTH, height=alt.Step(24)))


def _key() -> alt.Legend:
    return alt.Legend(title=None, orient="bottom", labelFontSize=12)


def _svg(chart: Any) -> Markup:
    drawing = chart.configure(
        background="white",
        font=FONT,
        # The reader's fonts may be wider than those that the drawing was laid out with.
        padding={"left": 24, "right": 24, "top": 4, "bottom": 4},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(gridColor="#E3E3E3", labelColor=TEXT, titleColor=TEXT, labelFontSize=12, domainColor=GREY),
        legend=alt.LegendConfig(labelColor=TEXT),
    )
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(drawing.to_dict(), vl_version=version)
    start, _, rest = svg.partition(">")
    width = math.ceil(float(re.findall(r'width="([0-9.]+)"', start)[0]))
    start = re.sub(r' (?:width|height)="[0-9.]+"', "", start)
    # Marked as safe: vega writes the texts of a drawing escaped, and everything else is its own.
    return Markup(f'{start} style="max-width:{width}px" aria-hidden="true" focusable="false">{rest}')  # noqa: S704

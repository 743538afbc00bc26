"""A frontier as a drawing: loss, suppressed rows and risk over one axis, a line for each suppression limit.

Needs the optional extra `plots`. Colours are told apart by the colour-blind and stand out from white; every line has a shape of
its own, too. Vega writes each point's numbers into the SVG as its label, for screen readers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
import vl_convert

from shoal.cli.tradeoff import LIMIT, Axis, Frontier, Point

COLOURS = ("#0072B2", "#D55E00", "#117733", "#AA4499", "#332288", "#7F6000", "#000000")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
GREY = "#595959"
WIDTH = 520
DENSE = 30
"""More points than this side by side are drawn smaller."""
PUBLICATION_THRESHOLD = 0.09
"""The highest risk that EMA Policy 0070 allows in what is published."""


@dataclass(frozen=True)
class _Plan:
    """What is drawn where: `across` over the width, a line for each of `lines`, a panel for each combination of `panels`."""

    across: Axis
    lines: Axis | None
    panels: tuple[Axis, ...]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def named(self, rows: list[dict[str, Any]]) -> alt.NamedData:
        """The rows by a name: charts that hold them copy them again and again."""
        name = f"table_{len(self.tables)}"
        self.tables[name] = rows
        return alt.NamedData(name=name)


def frontier_svg(found: Frontier, name: str) -> str:
    """The drawing as SVG; `name` is the table's."""
    plan = _plan(found)
    panels = [_column(found, plan, combination) for combination in product(*(each.values for each in plan.panels))]
    title = f"What privacy costs: {name}"
    drawing = alt.concat(*panels, columns=min(3, math.ceil(math.sqrt(len(panels)))), spacing=30).properties(
        title=alt.TitleParams(
            text=title,
            subtitle=_subtitle(found),
            anchor="start",
            fontSize=16,
            subtitleColor=GREY,
            subtitleFontSize=12,
            offset=12,
        ),
        background="white",
        padding=16,
    )
    drawing = drawing.configure_axis(labelFontSize=11, titleFontSize=12, gridColor="#E5E5E5", titleFontWeight="normal")
    drawing = drawing.configure_view(stroke=None).configure_legend(labelFontSize=11, titleFontSize=12, symbolSize=90)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(drawing.to_dict() | {"datasets": plan.tables}, vl_version=version)
    start, _, rest = svg.partition(">")
    return f'{start} role="img"><title>{escape(title)}. {escape("; ".join(_subtitle(found)))}</title>{rest}'


def _plan(found: Frontier) -> _Plan:
    """Over the width goes k when it varies, else the first parameter that does, else the limit."""
    others = [each for each in found.varied if each.key != LIMIT]
    limits = next(each for each in found.axes if each.key == LIMIT)
    if not others:
        return _Plan(limits if limits.varies else found.axes[0], None, ())
    return _Plan(others[0], limits, tuple(others[1:]))


def _subtitle(found: Frontier) -> list[str]:
    fixed = [each for each in found.axes if not each.varies]
    unproven = sum(not each.optimal for each in found.feasible)
    proof = f"{unproven} hollow points are not proven" if unproven else "each the proven least"
    lines = [f"{found.rows:,} rows, {len(found.points):,} settings, {proof}"]
    if fixed:
        lines.append(found.spelled([each.values[0] for each in fixed], fixed))
    return lines


def _column(found: Frontier, plan: _Plan, combination: tuple[float, ...]) -> Any:
    """The panels of one combination of the other parameters, one under the other with one axis."""
    points = [
        each
        for each in found.points
        if all(found.value(each, axis) == value for axis, value in zip(plan.panels, combination, strict=True))
    ]
    rows = [_row(found, plan, each) for each in points]
    feasible = [each for each in rows if each["feasible"]]
    parts = [_loss(found, plan, feasible)]
    if len(feasible) < len(rows):
        parts.append(_infeasible(plan, [each for each in rows if not each["feasible"]]))
    parts += [_suppressed(found, plan, feasible), _risk(found, plan, feasible)]
    column = alt.vconcat(*parts, spacing=14).resolve_scale(x="shared", color="shared", shape="shared")
    title = found.spelled(combination, plan.panels)
    return column.properties(title=alt.TitleParams(title, anchor="start", fontSize=13)) if title else column


def _row(found: Frontier, plan: _Plan, point: Point) -> dict[str, Any]:
    content: dict[str, Any] = {
        "across": found.value(point, plan.across),
        "line": plan.lines.label(found.value(point, plan.lines)) if plan.lines is not None else "",
        "feasible": point.feasible,
        "own": point.own,
        "label": f"{found.spelled(point.setting)}: infeasible",
    }
    if not point.feasible:
        return content
    levels = ", ".join(f"{name} {level}" for name, level in zip(found.attributes, point.levels, strict=True))
    numbers = f"loss {point.loss:.4f}, {point.suppressed:,} suppressed, highest risk {point.highest_risk:.1%}"
    return content | {
        "loss": point.loss,
        "suppressed": point.suppressed / found.rows if found.rows else 0.0,
        "width": _width(found, plan, point),
        "highest": point.highest_risk,
        "mean": point.average_risk,
        "proof": "proven" if point.optimal else "not proven",
        "label": f"{found.spelled(point.setting)}: {numbers}, levels {levels}",
    }


def _width(found: Frontier, plan: _Plan, point: Point) -> float:
    """Lines of risk often lie on each other: the first ones are wider, so that all are seen."""
    if plan.lines is None:
        return 2.0
    behind = len(plan.lines.values) - 1 - plan.lines.values.index(found.value(point, plan.lines))
    return 1.8 + 1.5 * min(behind, 4)


def _x(plan: _Plan, *, title: str | None) -> alt.X:
    axis = plan.across
    form = "%" if axis.key == LIMIT else ",~g"
    low, high = axis.values[0], axis.values[-1]
    margin = (high - low) * 0.03 or 0.5
    ticks = list(axis.values) if len(axis.values) <= 12 else alt.Undefined
    return alt.X(
        "across:Q",
        scale=alt.Scale(domain=[low - margin, high + margin], nice=False, zero=False),
        axis=alt.Axis(title=title, format=form, labels=title is not None, ticks=title is not None, values=ticks, grid=True),
    )


def _colour(plan: _Plan, *, legend: bool) -> dict[str, Any]:
    """Colour and shape of a line; nothing where there is one line only."""
    if plan.lines is None or not plan.lines.varies:
        return {"color": alt.value(COLOURS[0]), "shape": alt.value(SHAPES[0])}
    labels = [plan.lines.label(each) for each in plan.lines.values]
    scale = (
        alt.Scale(domain=labels, range=list(COLOURS[: len(labels)]))
        if len(labels) <= len(COLOURS)
        else alt.Scale(domain=labels, scheme=alt.SchemeParams("viridis", extent=[0, 0.85]))  # its end is too light for white
    )
    shapes = alt.Scale(domain=labels, range=[SHAPES[place % len(SHAPES)] for place in range(len(labels))])
    shown = alt.Legend(title=plan.lines.title, orient="right") if legend else None
    return {
        "color": alt.Color("line:N", scale=scale, legend=shown, sort=labels),
        "shape": alt.Shape("line:N", scale=shapes, legend=shown, sort=labels),
    }


def _line(plan: _Plan, rows: list[dict[str, Any]], y: alt.Y, *, title: str | None = None, legend: bool = False) -> Any:
    """A panel's lines and points; hollow points are not proven."""
    base = alt.Chart(plan.named(rows))
    marks = _colour(plan, legend=legend)
    line = base.mark_line(strokeWidth=2, aria=False).encode(x=_x(plan, title=title), y=y, color=marks["color"], detail="line:N")
    size = 46 if len(plan.across.values) <= DENSE else 20
    points = base.mark_point(size=size, opacity=1, strokeWidth=1.6).encode(
        x=_x(plan, title=title),
        y=y,
        stroke=marks["color"],
        shape=marks["shape"],
        fill=alt.when(alt.datum.proof == "proven").then(marks["color"]).otherwise(alt.value("white")),
        description="label:N",
    )
    return line + points


def _loss(found: Frontier, plan: _Plan, rows: list[dict[str, Any]]) -> Any:
    top = max((each.loss for each in found.feasible), default=1.0) or 1.0
    scale = alt.Scale(domain=[0, top * 1.08], nice=False)
    range_of = "0: as it was, 1: all lost" if found.aggregate is not None else "less is better"
    y = alt.Y("loss:Q", scale=scale, axis=alt.Axis(title=[found.loss_name, range_of], tickCount=6))
    own = alt.Chart(plan.named([each for each in rows if each["own"]]))
    ring = own.mark_point(shape="circle", size=260, stroke="black", strokeWidth=1.8, fill=None, opacity=1)
    ring = ring.encode(x=_x(plan, title=None), y=y)
    look: dict[str, Any] = {"text": "the policy", "dy": -18, "fontSize": 11, "fontWeight": "bold"}
    halo = own.mark_text(**look, stroke="white", strokeWidth=4, aria=False).encode(x=_x(plan, title=None), y=y)
    word = own.mark_text(**look).encode(x=_x(plan, title=None), y=y)
    return (_line(plan, rows, y, legend=True) + ring + halo + word).properties(width=WIDTH, height=260)


def _infeasible(plan: _Plan, rows: list[dict[str, Any]]) -> Any:
    """A strip that marks the settings which no release satisfies."""
    lines = sorted({each["line"] for each in rows})
    labels = [plan.lines.label(each) for each in plan.lines.values] if plan.lines is not None else [""]
    kept = [each for each in labels if each in lines]
    y = alt.Y("line:N", sort=kept, axis=alt.Axis(title="infeasible", titleAngle=0, titleAlign="right", grid=False))
    marks = alt.Chart(plan.named(rows)).mark_point(shape="M-1,-1L1,1M1,-1L-1,1", size=26, strokeWidth=1.6, opacity=1)
    return marks.encode(
        x=_x(plan, title=None), y=y, color=_colour(plan, legend=False)["color"], description="label:N"
    ).properties(width=WIDTH, height=16 * len(kept))


def _suppressed(found: Frontier, plan: _Plan, rows: list[dict[str, Any]]) -> Any:
    top = max((each.suppressed for each in found.feasible), default=0) / (found.rows or 1)
    y = alt.Y(
        "suppressed:Q",
        scale=alt.Scale(domain=[0, top * 1.08 or 0.01], nice=False),
        axis=alt.Axis(title=["suppressed", "share of all rows"], format="~%", tickCount=4),
    )
    return _line(plan, rows, y).properties(width=WIDTH, height=110)


def _risk(found: Frontier, plan: _Plan, rows: list[dict[str, Any]]) -> Any:
    """The prosecutor's risk: of the most exposed row, and the mean of all."""
    top = max((each.highest_risk for each in found.feasible), default=1.0) or 1.0
    scale = alt.Scale(domain=[0, max(top, PUBLICATION_THRESHOLD) * 1.08], nice=False)
    axis = alt.Axis(title=["prosecutor risk", "of a released row"], format="~%", tickCount=5)
    title = f"k: {found.unit} that must look alike" if plan.across.key == "k" else plan.across.title
    kinds = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=["highest", "mean"], range=[[1, 0], [5, 3]]),
        legend=alt.Legend(title="risk", orient="right", symbolType="stroke"),
    )
    lines = [
        alt.Chart(plan.named([{**each, "kind": kind, "risk": each[kind]} for each in rows]))
        .mark_line(aria=False)
        .encode(
            x=_x(plan, title=title),
            y=alt.Y("risk:Q", scale=scale, axis=axis),
            color=_colour(plan, legend=False)["color"],
            detail="line:N",
            strokeDash=kinds,
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        )
        for kind in ("highest", "mean")
    ]
    threshold = alt.Chart(plan.named([{"risk": PUBLICATION_THRESHOLD}]))
    y = alt.Y("risk:Q", scale=scale, axis=axis)
    rule = threshold.mark_rule(stroke=GREY, strokeDash=[2, 2], aria=False).encode(y=y)
    word = threshold.mark_text(text=f"{PUBLICATION_THRESHOLD:.0%}: EMA Policy 0070", align="right", dx=-4, dy=-7, color=GREY)
    return alt.layer(rule, *lines, word.encode(y=y, x=alt.value(WIDTH))).properties(width=WIDTH, height=150)

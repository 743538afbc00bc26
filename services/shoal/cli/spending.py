"""What was left of a budget over time, as a drawing: a step down for each spend.

Needs the optional extra `plots`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import altair as alt
import vl_convert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shoal.api.budget.v1.budget_pb2 import Budget
    from shoal.api.budget.v1.spend_pb2 import Spend

COLOUR = "#0072B2"
GREY = "#595959"


def spending_svg(budget: Budget, spends: Sequence[Spend]) -> str:
    """The drawing as SVG. spends: those that charged the budget, newest first."""
    steps: list[dict[str, Any]] = [{"when": budget.create_time.ToJsonString(), "left": budget.epsilon_budget, "label": "made"}]
    for spend in reversed(spends):
        (charge,) = (each for each in spend.charges if each.budget == budget.name)
        label = f"{spend.name}: {charge.epsilon:g} of epsilon, {charge.remaining_epsilon:g} left"
        steps.append({"when": spend.create_time.ToJsonString(), "left": charge.remaining_epsilon, "label": label})
    subtitle = f"{len(spends):,} spends, {budget.remaining_epsilon:g} of epsilon {budget.epsilon_budget:g} left"
    base = alt.Chart(alt.NamedData(name="steps")).encode(
        x=alt.X("when:T", title="time (UTC)", scale=alt.Scale(type="utc")),
        y=alt.Y("left:Q", title="epsilon left", scale=alt.Scale(domain=[0, budget.epsilon_budget])),
    )
    line = base.mark_line(interpolate="step-after", color=COLOUR, strokeWidth=2)
    points = base.mark_point(filled=True, color=COLOUR, size=40).encode(description="label:N")
    title = alt.TitleParams(
        f"What is left of {budget.name}", subtitle=[subtitle], anchor="start", fontSize=16, subtitleColor=GREY, offset=12
    )
    drawing = alt.layer(line, points).properties(title=title, width=560, height=260, background="white", padding=16)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(drawing.to_dict() | {"datasets": {"steps": steps}}, vl_version=version)
    start, _, rest = svg.partition(">")
    return f'{start} role="img"><title>{escape(f"What is left of {budget.name}: {subtitle}")}</title>{rest}'

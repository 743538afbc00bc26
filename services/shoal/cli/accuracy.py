"""Error against epsilon, as a drawing. Needs the optional extra `plots`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import altair as alt
import vl_convert

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOUR = "#0072B2"
GREY = "#595959"


def accuracy_svg(what: str, points: Sequence[dict[str, Any]]) -> str:
    """The drawing as SVG, on logarithmic axes. points: epsilon and the standard deviation of the noise, or its scale."""
    stated = "noise_standard_deviation" if points[0]["noise_standard_deviation"] is not None else "noise_scale"
    name = "standard deviation of the noise" if stated == "noise_standard_deviation" else "scale of the noise in the sum"
    rows = [
        {"epsilon": each["epsilon"], "noise": each[stated], "label": f"epsilon {each['epsilon']:g}: {each[stated]:.4g}"}
        for each in points
    ]
    base = alt.Chart(alt.NamedData(name="points")).encode(
        x=alt.X("epsilon:Q", title="epsilon", scale=alt.Scale(type="log")),
        y=alt.Y("noise:Q", title=name, scale=alt.Scale(type="log")),
    )
    line = base.mark_line(color=COLOUR, strokeWidth=2)
    marks = base.mark_point(filled=True, color=COLOUR, size=40).encode(description="label:N")
    heading, subtitle = f"How exact is a {what}?", "Less epsilon tells less about each person, and adds more noise"
    title = alt.TitleParams(heading, subtitle=[subtitle], anchor="start", fontSize=16, subtitleColor=GREY, offset=12)
    drawing = alt.layer(line, marks).properties(title=title, width=560, height=260, background="white", padding=16)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(drawing.to_dict() | {"datasets": {"points": rows}}, vl_version=version)
    start, _, rest = svg.partition(">")
    return f'{start} role="img"><title>{escape(f"{heading} {subtitle}")}</title>{rest}'

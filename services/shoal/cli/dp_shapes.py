"""What `shoal dp` prints: answers for machines and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shoal.cli.output import new_table, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from shoal.api.dp.v1.answer_pb2 import Answer
    from shoal.api.dp.v1.dp_service_pb2 import ComputeResponse


def response_shape(message: ComputeResponse, what: str) -> dict[str, Any]:
    """The one object of `--json`; what a single answer says is at the top, too."""
    answers = [answer_shape(each, what) for each in message.answers]
    alone = answers[0] if len(answers) == 1 else {"values": [each.get("value", each.get("values")) for each in answers]}
    return {
        **{key: value for key, value in alone.items() if key not in ("epsilon", "delta", "column", "group")},
        "epsilon": message.epsilon,
        "delta": message.delta,
        "spend": message.spend,
        "budgets": [
            {"name": each.name, "remaining_epsilon": each.remaining_epsilon, "remaining_delta": each.remaining_delta}
            for each in message.budgets
        ],
        "privacy_unit": _unit(message),
        "group_threshold": message.group_threshold if message.HasField("group_threshold") else None,
        "warnings": list(message.warnings),
        "answers": answers,
    }


def answer_shape(message: Answer, what: str) -> dict[str, Any]:
    """One answer. `value` is a number or the chosen candidate, `values` are the counts of bins."""
    found: dict[str, Any] = {"statistic": what, "column": message.column or None}
    if message.HasField("group"):
        found["group"] = None if message.group.other else message.group.key
        found["other_groups"] = message.group.other
    kind = message.WhichOneof("result")
    if kind == "value":
        found["value"] = message.value
        found["interval"] = [message.interval.lower, message.interval.upper]
    elif kind == "histogram":
        half = message.histogram.interval_half_width
        found["values"] = list(message.histogram.counts)
        found["edges"] = list(message.histogram.edges) or None
        found["interval"] = [-half, half]
    elif kind == "selected":
        selected = message.selected
        found["value"] = selected.text if selected.WhichOneof("value") == "text" else selected.number
    for name in ("noise_scale", "noise_standard_deviation", "noisy_row_count"):
        found[name] = getattr(message, name) if message.HasField(name) else None
    return {**found, "epsilon": message.epsilon, "delta": message.delta}


def _unit(message: ComputeResponse) -> dict[str, Any]:
    from shoal.api.dp.v1 import query_pb2

    unit = message.privacy_unit
    relation = query_pb2.NeighbouringRelation.Name(unit.neighbouring).removeprefix("NEIGHBOURING_RELATION_").lower()
    return {
        "neighbouring": relation,
        "max_contributions": unit.max_contributions,
        "unit_column": unit.unit_column if unit.HasField("unit_column") else None,
    }


def describe(out: Console, message: ComputeResponse, what: str) -> None:
    """The answers as a table, and what they cost."""
    table = answer_table(what)
    edges: dict[str, Sequence[float]] = {}
    for each in message.answers:
        add_answer(table, each, edges)
    out.print(table if message.answers else "No group is large enough to be shown.")
    charged = f"Charged: epsilon {message.epsilon:g}" + (f", delta {message.delta:g}" if message.delta else "")
    left = ", ".join(f"{each.name} has {each.remaining_epsilon:g} of epsilon left" for each in message.budgets)
    out.print(f"{charged}; {printable(left)}.", soft_wrap=True)
    for warning in message.warnings:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)


def answer_table(what: str) -> Table:
    """An empty table of answers."""
    numbers = (what, "95 % interval", "noise (standard deviation)")
    return new_table("column", "group", "bin", *numbers, right=numbers)


def add_answer(table: Table, answer: Answer, edges: dict[str, Sequence[float]]) -> None:
    """Puts an answer into a table. edges: of the histograms so far, by column."""
    group = "(all others)" if answer.group.other else answer.group.key
    names = (printable(answer.column), printable(group))
    noise = f"{answer.noise_standard_deviation:.4g}" if answer.HasField("noise_standard_deviation") else ""
    kind = answer.WhichOneof("result")
    if kind == "histogram":
        shown = edges.setdefault(answer.column, answer.histogram.edges)
        half = answer.histogram.interval_half_width
        for place, value in enumerate(answer.histogram.counts):
            bin_name = f"{shown[place]:g} to {shown[place + 1]:g}" if shown else f"{place + 1}."
            table.add_row(*names, bin_name, f"{value:,.6g}", f"{value - half:,.6g} to {value + half:,.6g}", noise)
    elif kind == "selected":
        chosen = answer.selected.text or f"{answer.selected.number:g}"
        table.add_row(*names, "", printable(chosen), "", "")
    else:
        interval = f"{answer.interval.lower:,.6g} to {answer.interval.upper:,.6g}"
        table.add_row(*names, "", f"{answer.value:,.6g}", interval, noise)


def preview_table(points: Sequence[dict[str, Any]], asked_for: float) -> Table:
    """Error against epsilon."""
    numbers = ("epsilon", "noise scale", "noise (standard deviation)")
    table = new_table(*numbers, "", right=numbers)
    for each in points:
        deviation, scale = each["noise_standard_deviation"], each["noise_scale"]
        shown = ["" if number is None else f"{number:.4g}" for number in (scale, deviation)]
        table.add_row(f"{each['epsilon']:g}", *shown, "asked for" if each["epsilon"] == asked_for else "")
    return table

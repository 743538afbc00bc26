"""The report of a release: what was done and by which policy, what risk is left, what was lost, and what is not promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.cli import models, releases, shapes
from shoal.cli.output import counted
from shoal.cli.report import exposure
from shoal.cli.report.drawings import AFTER, Bar, Step, bars, neighbourhood
from shoal.cli.report.page import percent, render
from shoal.cli.report.promises import not_promised

if TYPE_CHECKING:
    from shoal.api.anonymization.v1.anonymization_service_pb2 import ExploreLatticeResponse
    from shoal.api.anonymization.v1.solution_pb2 import AttributeResult, Solution
    from shoal.api.risk.v1.risk_service_pb2 import MeasureQualityResponse

MOST_NAMED = 6
MOST_PROFILED = 8
"""Values of a sensitive attribute that are shown of those that suppression hit the most."""


@dataclass(frozen=True)
class Found:
    """What a report is about. lattice: None where classes have levels of their own. title: the table's name."""

    title: str
    solution: Solution
    quality: MeasureQualityResponse
    lattice: ExploreLatticeResponse | None


def page(found: Found) -> bytes:
    """The report as HTML in UTF-8."""
    solution, quality = found.solution, found.quality
    reports = {"before": solution.risk_before, "in the release": solution.risk_after}
    kinds = [models.kind_of(each) for each in solution.policy.privacy_models]
    content = {
        "title": found.title,
        "solution": solution,
        "created": solution.create_time.ToDatetime().strftime("%Y-%m-%d %H:%M UTC"),
        "chance_before": exposure.chance(solution.risk_before.prosecutor.overall_risk),
        "chance_after": exposure.chance(solution.risk_after.prosecutor.overall_risk),
        "unit": exposure.unit(solution.risk_after),
        "known": _listed([each.name for each in solution.attributes]),
        "attackers": exposure.attackers(reports),
        "risk_drawing": exposure.risk_drawing(reports),
        "crowds": exposure.crowds(reports),
        "crowd_drawing": exposure.crowd_drawing(reports),
        "crowds_described": exposure.described(list(reports.values())),
        "columns": _columns(found),
        "loss_drawing": _loss_drawing(found),
        "models": _models(solution),
        "measure": models.measure_name(solution.policy.quality),
        "minimised": shapes.quality(solution.quality),
        "proof": releases.proof(solution),
        "policy": _policy(solution),
        "figures": _figures(quality),
        "steps": _steps(found),
        "steps_drawing": _steps_drawing(found),
        "profiles": [_profile(each) for each in solution.suppressed_profiles if each.values],
        "not_promised": not_promised(kinds),
        "warnings": [*solution.warnings, *quality.warnings],
        "key": solution.certificate.key_id,
    }
    return render("release.html.j2", content)


def _listed(names: list[str]) -> str:
    """The names as people list them; of many, the first ones."""
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more columns"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _columns(found: Found) -> list[dict[str, Any]]:
    """Every column of the original: what it was taken for, what happened to it, what it lost."""
    solution, roles = found.solution, _roles(found.solution)
    results = {each.name: each for each in solution.attributes}
    local = shapes.recoding(solution)
    rows = []
    for each in found.quality.attributes:
        result = results.get(each.name)
        if result is None:
            what = "kept as it was"
        elif local == "MICROAGGREGATION":
            what = "numbers replaced by those of their class, or coarser"
        elif result.level == 0:
            what = "kept as it was"
        elif local == "LOCAL":
            what = f"made coarser by class, at most {_coarseness(solution, result)}"
        elif result.level == result.level_count - 1:
            what = "hidden altogether"
        else:
            what = f"made coarser: {_coarseness(solution, result)}"
        rows.append(
            {
                "name": each.name,
                "role": roles.get(each.name, "not in the policy"),
                "what": what,
                "loss": result.loss if result is not None else None,
                "moved": each.metrics.get("total_variation"),
                "relations": each.metrics.get("correlation_change"),
            }
        )
    for name in solution.dropped_columns:
        gone = {"loss": None, "moved": None, "relations": None}
        rows.append({"name": name, "role": roles.get(name, "not in the policy"), "what": "removed", **gone})
    return rows


def _coarseness(solution: Solution, result: AttributeResult) -> str:
    """A level in words, where the kind of hierarchy has words for it, and in numbers."""
    from shoal.api.anonymization.v1 import hierarchy_pb2

    asked = next((each.hierarchy for each in solution.policy.attributes if each.name == result.name), hierarchy_pb2.Hierarchy())
    hierarchy = result.hierarchy if result.HasField("hierarchy") else asked
    level, place = result.level, result.level - 1
    words = ""
    if place < len(hierarchy.dates.levels):
        unit = hierarchy_pb2.DateUnit.Name(hierarchy.dates.levels[place]).removeprefix("DATE_UNIT_").lower()
        words = f"the {unit}, "
    elif place < len(hierarchy.intervals.widths):
        words = f"steps of {hierarchy.intervals.widths[place]:g}, "
    elif place < len(hierarchy.rounding.multiples):
        words = f"multiples of {hierarchy.rounding.multiples[place]:g}, "
    elif hierarchy.HasField("masking") and not hierarchy.masking.positions:
        words = f"{counted(level, 'character', 'characters')} masked, "
    return f"{words}level {level} of {result.level_count - 1}"


def _roles(solution: Solution) -> dict[str, str]:
    from shoal.api.anonymization.v1 import policy_pb2

    words = {
        policy_pb2.ATTRIBUTE_ROLE_IDENTIFIER: "points to a person",
        policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER: "known outside",
        policy_pb2.ATTRIBUTE_ROLE_SENSITIVE: "must not be learned",
        policy_pb2.ATTRIBUTE_ROLE_INSENSITIVE: "harmless",
    }
    return {each.name: words[each.role] for each in solution.policy.attributes if each.role in words}


def _loss_drawing(found: Found) -> Any:
    given = [Bar(each.name, "detail lost", each.loss, percent(each.loss)) for each in found.solution.attributes]
    return bars(given, {"detail lost": AFTER})


def _models(solution: Solution) -> list[dict[str, Any]]:
    return [
        {
            "asked": models.sentence(each.model),
            "measured": releases.measured_words(each),
            "holds": each.satisfied,
            "reference": each.reference,
        }
        for each in solution.models
    ]


def _policy(solution: Solution) -> str:
    """The policy as it was used, in its own words."""
    import yaml
    from google.protobuf.json_format import MessageToDict

    content = MessageToDict(solution.policy, preserving_proto_field_name=True)
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))


def _figures(quality: MeasureQualityResponse) -> list[tuple[str, str, str]]:
    """(name, value, what it is) of the measures of the whole, in the order of how often people ask for them."""
    words = {
        "combined_loss": "0.4 levels + 0.3 discernibility + 0.3 suppressed; 0 to 1",
        "precision_loss": "mean level over height of the released rows; 0 to 1",
        "non_uniform_entropy": "bits of information lost, of all there were; 0 to 1",
        "r_squared": "differences between rows that are still there; 1: all",
        "discernibility": "rows that cannot be told apart, squared; 0 to 1",
        "average_equivalence_class_size": "how much larger crowds are; 0 to 1",
        "correlation_change_mean": "mean change of a relation between two columns; 0: none",
        "correlation_change_maximum": "largest change of a relation; 0: none",
    }
    return [(name, f"{quality.metrics[name]:.4f}", text) for name, text in words.items() if name in quality.metrics]


def _profile(profile: Any) -> dict[str, Any]:
    return {
        "attribute": profile.attribute,
        "distance": profile.distance if profile.HasField("distance") else None,
        "values": [
            {
                "value": each.value or "(empty)",
                "all": each.share_of_all,
                "suppressed": each.share_of_suppressed,
                "rate": each.suppressed_rate,
            }
            for each in profile.values[:MOST_PROFILED]
        ],
        "more": max(0, len(profile.values) - MOST_PROFILED),
        "hidden": profile.hidden_count,
    }


def _steps(found: Found) -> list[dict[str, Any]]:
    """What one level more or less of a column would have meant, by column."""
    if found.lattice is None or not found.lattice.nodes:
        return []
    middle, rows = found.lattice.nodes[0], found.solution.row_count
    steps = []
    for node in found.lattice.nodes[1:]:
        moved = [
            (name, here - there)
            for name, here, there in zip(found.lattice.attributes, node.levels, middle.levels, strict=True)
            if here != there
        ]
        if len(moved) == 1:
            name, change = moved[0]
            steps.append(
                {
                    "name": name,
                    "coarser": change > 0,
                    "words": f"{name} one level {'coarser' if change > 0 else 'finer'}",
                    "loss": node.loss if node.HasField("loss") else None,
                    "suppressed": node.suppressed_count,
                    "share": node.suppressed_count / rows if rows else 0.0,
                    "holds": node.satisfied,
                    "note": f"{percent(node.suppressed_count / rows if rows else 0.0)} left out",
                }
            )
    places = {name: place for place, name in enumerate(found.lattice.attributes)}
    return sorted(steps, key=lambda each: (places[each["name"]], each["coarser"]))


def _steps_drawing(found: Found) -> Any:
    steps = [Step(each["words"], each["loss"], each["holds"], each["note"]) for each in _steps(found)]
    return neighbourhood(steps, found.solution.loss) if any(each.loss is not None for each in steps) else None

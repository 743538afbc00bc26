"""What `--json` prints: messages of the contract as objects with the keys that `docs` promises, numbers as
numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shoal.cli.models import finite, minimised, results, sentence
from shoal.cli.output import printable

if TYPE_CHECKING:
    from pathlib import Path

    from google.protobuf.message import Message

    from shoal.api.anonymization.v1.anonymization_service_pb2 import ApplySolutionResponse
    from shoal.api.anonymization.v1.solution_pb2 import SearchReport, Solution, SuppressedProfile
    from shoal.api.audit.v1.audit_pb2 import AuditEntry
    from shoal.api.datasets.v1.dataset_pb2 import Dataset
    from shoal.api.identity.v1.api_key_pb2 import ApiKey
    from shoal.api.measures.v1.quality_pb2 import QualityReport
    from shoal.api.measures.v1.risk_pb2 import AttackerRisk, RiskReport
    from shoal.api.risk.v1.risk_service_pb2 import (
        AttributeContribution,
        EstimatePopulationUniquenessResponse,
        SensitiveReport,
    )

ATTACKERS = ("prosecutor", "journalist", "marketer")


def release(solution: Solution, output: str, certificate: Path | None = None, report: Path | None = None) -> dict[str, Any]:
    """What `anonymize` prints; `certificate` and `report` are where these were written."""
    measure, aggregate = minimised(solution.policy.quality)
    return {
        "solution": solution.name,
        "levels": {each.name: each.level for each in solution.attributes},
        "loss": solution.loss,
        "measure": measure,
        "aggregate": aggregate,
        "quality": quality(solution.quality),
        "rows": solution.row_count,
        "released": solution.released_count,
        "suppressed": solution.suppressed_count,
        "output": output,
        "risk": {"before": risk(solution.risk_before), "after": risk(solution.risk_after)},
        "dropped_columns": list(solution.dropped_columns),
        "search": search(solution.search),
        "models": results(solution.models),
        "recoding": recoding(solution),
        "suppressed_profiles": [profile(each) for each in solution.suppressed_profiles],
        "certificate": None if certificate is None else str(certificate),
        "report": None if report is None else str(report),
        "apply_until": moment(solution, "apply_expire_time"),
        "warnings": list(solution.warnings),
    }


def kept(solution: Solution) -> dict[str, Any]:
    """What `solutions` prints of each: a release's record, whose dataset may have been deleted since."""
    return {
        **release(solution, solution.output),
        "creator": solution.creator,
        "create_time": moment(solution, "create_time"),
        "input_sha256": solution.input_sha256,
        "output_sha256": solution.output_sha256,
        "shoal_version": solution.shoal_version,
    }


def model_names(solution: Solution) -> str:
    """The privacy models of a solution in a few words."""
    return "; ".join(printable(sentence(each)) for each in solution.policy.privacy_models)


def applied(report: ApplySolutionResponse, solution: str, output: str, certificate: Path | None) -> dict[str, Any]:
    """What `apply` prints."""
    return {
        "solution": solution,
        "rows": report.row_count,
        "released": report.released_count,
        "suppressed": report.row_count - report.released_count,
        "unseen": report.unseen_count,
        "violating": report.violating_count,
        "guarantee": report.guarantee,
        "models": {"batch": results(report.batch_models), "union": results(report.union_models)},
        "output": output,
        "certificate": None if certificate is None else str(certificate),
        "warnings": list(report.warnings),
    }


def recoding(solution: Solution) -> str:
    """`GLOBAL`, `LOCAL` or `MICROAGGREGATION`."""
    from shoal.api.anonymization.v1 import solution_pb2

    name = solution_pb2.Recoding.Name(solution.recoding).removeprefix("RECODING_")
    return "GLOBAL" if name == "UNSPECIFIED" else name


def profile(message: SuppressedProfile) -> dict[str, Any]:
    """How suppression hit the values of one sensitive attribute; an empty cell's value is None."""
    return {
        "attribute": message.attribute,
        "distance": message.distance if message.HasField("distance") else None,
        "hidden": message.hidden_count,
        "values": [
            {
                "value": each.value or None,
                "share_of_all": each.share_of_all,
                "share_of_suppressed": each.share_of_suppressed,
                "suppressed_rate": each.suppressed_rate,
            }
            for each in message.values
        ],
    }


def quality(report: QualityReport) -> dict[str, float]:
    """The measures that were computed, by name."""
    return {field.name: float(value) for field, value in report.ListFields()}


def search(report: SearchReport) -> dict[str, Any]:
    """How a solution was found."""
    return {
        "lattice_size": report.lattice_size,
        "checked": report.checked_count,
        "optimal": report.optimal,
        "gap": report.gap,
        "seconds": report.search_seconds,
        "lower_bound": finite(report.lower_bound),
        "stopped_by": report.stopped_by or None,
    }


def risk(report: RiskReport) -> dict[str, Any]:
    """What `risk` prints; an attacker that was not measured is left out."""
    attackers = {name: attacker(getattr(report, name)) for name in ATTACKERS if report.HasField(name)}
    overall = [each["overall_risk"] for each in attackers.values()]
    return {
        "k": report.k,
        "classes": report.class_count,
        "rows": report.row_count,
        "suppressed": report.suppressed_count,
        "unique": report.unique_count,
        "largest_class": report.largest_class,
        "quasi_identifiers": list(report.quasi_identifiers),
        **attackers,
        "max_overall_risk": max(overall) if overall else None,
        "highest_risk_level": risk_level(report.highest_risk_level),
        "distinction": report.distinction if report.HasField("distinction") else None,
        "separation": report.separation if report.HasField("separation") else None,
        **({"entities": report.entity_count} if report.HasField("entity_count") else {}),
        "histogram": [{"size": each.size, "count": each.count} for each in report.histogram],
        "histogram_complete": report.histogram_complete,
    }


def contribution(each: AttributeContribution) -> dict[str, Any]:
    """What one column adds to the risk."""
    return {
        "attribute": each.attribute,
        "separation_share": each.separation_share,
        "minimal_unique_share": each.minimal_unique_share,
    }


def sensitive(message: SensitiveReport) -> dict[str, Any]:
    """How diverse a sensitive column is within the classes; null stands for an infinite number."""
    return {
        "attribute": message.attribute,
        "distinct_l": message.distinct_l,
        "entropy_l": message.entropy_l,
        "t_equal": message.t_equal,
        "t_ordered": message.t_ordered,
        "delta_disclosure": finite(message.delta_disclosure),
        "basic_beta": finite(message.basic_beta),
        "null_count": message.null_count,
        "disclosed_row_count": message.disclosed_row_count,
    }


def uniqueness(message: EstimatePopulationUniquenessResponse) -> dict[str, Any]:
    """How many people of a population are unique; None for a model that does not apply."""
    optional = ("zayatz", "pitman", "snb", "dankar_by_arx")
    return {
        "population_size": message.population_size,
        "sampling_fraction": message.sampling_fraction,
        "dankar": message.dankar,
        "dankar_model": message.dankar_model,
        **{name: getattr(message, name) if message.HasField(name) else None for name in optional},
        "warnings": list(message.warnings),
    }


def attacker(report: AttackerRisk) -> dict[str, Any]:
    """The risk from one attacker; what does not apply to the marketer is left out."""
    optional = ("records_at_risk", "highest_risk", "lowest_risk", "threshold")
    return {
        **{name: float(getattr(report, name)) for name in optional if report.HasField(name)},
        "success_rate": report.success_rate,
        "overall_risk": report.overall_risk,
        "risk_level": risk_level(report.risk_level),
        "estimated_without_population": report.estimated_without_population,
    }


def risk_level(level: int) -> str | None:
    """`low`, `medium`, `high` or `very_high`; None when there was nothing to measure."""
    from shoal.api.measures.v1 import risk_pb2

    name = risk_pb2.RiskLevel.Name(risk_pb2.RiskLevel.ValueType(level)) if level else ""
    return name.removeprefix("RISK_LEVEL_").lower() or None


def dataset(message: Dataset) -> dict[str, Any]:
    """One dataset's description."""
    from shoal.api.tables.v1 import table_pb2

    return {
        "name": message.name,
        "display_name": message.display_name,
        "format": table_pb2.TableFormat.Name(message.format).removeprefix("TABLE_FORMAT_"),
        "separator": message.separator if message.HasField("separator") else None,
        "columns": [
            {"name": each.name, "type": table_pb2.ColumnType.Name(each.type).removeprefix("COLUMN_TYPE_")}
            for each in message.columns
        ],
        "rows": message.row_count,
        "size_bytes": message.size_bytes,
        "sha256": message.sha256,
        "creator": message.creator,
        "source": message.source or None,
        "create_time": moment(message, "create_time"),
        "expire_time": moment(message, "expire_time"),
    }


def entry(message: AuditEntry) -> dict[str, Any]:
    """One entry of the record."""
    from shoal.api.audit.v1 import audit_pb2

    return {
        "name": message.name,
        "sequence": message.sequence,
        "entry_id": message.entry_id,
        "event_time": moment(message, "event_time"),
        "service": message.service,
        "method": message.method,
        "actor": message.actor,
        "api_key": message.api_key or None,
        "outcome": audit_pb2.AuditOutcome.Name(message.outcome).removeprefix("AUDIT_OUTCOME_"),
        "code": message.code,
        "reason": message.reason or None,
        "resources": list(message.resources),
        "details": dict(message.details),
        "duration_seconds": message.duration.ToTimedelta().total_seconds() if message.HasField("duration") else None,
        "request_id": message.request_id,
        "payload": message.payload,
        "previous_hash": message.previous_hash,
        "hash": message.hash,
    }


def api_key(message: ApiKey) -> dict[str, Any]:
    """One key's record, without the key itself."""
    times = ("create_time", "expire_time", "revoke_time", "last_use_time")
    return {
        "name": message.name,
        "display_name": message.display_name,
        "user": message.user,
        **{name: moment(message, name) for name in times},
    }


def moment(message: Message, field: str) -> str | None:
    """A timestamp field in ISO 8601, None when it is absent."""
    if not message.HasField(field):
        return None
    return str(getattr(message, field).ToJsonString())

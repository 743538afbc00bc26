"""Measures as messages; every service that reports them writes them alike."""

from __future__ import annotations

from shoal.api.measures.v1 import quality_pb2, risk_pb2
from shoal.measures.quality import Quality
from shoal.measures.risk import AttackerRisk, RiskLevel, RiskSummary
from shoal.privacy.models import Attacker

MOST_SIZES = 1000

_LEVELS = {
    RiskLevel.LOW: risk_pb2.RISK_LEVEL_LOW,
    RiskLevel.MEDIUM: risk_pb2.RISK_LEVEL_MEDIUM,
    RiskLevel.HIGH: risk_pb2.RISK_LEVEL_HIGH,
    RiskLevel.VERY_HIGH: risk_pb2.RISK_LEVEL_VERY_HIGH,
}


def risk_to_wire(summary: RiskSummary) -> risk_pb2.RiskReport:
    """A risk summary as a message."""
    classes = summary.classes
    report = risk_pb2.RiskReport(
        quasi_identifiers=summary.quasi_identifiers,
        row_count=summary.rows,
        suppressed_count=summary.suppressed,
        class_count=classes.classes,
        k=classes.smallest,
        largest_class=classes.largest,
        unique_count=summary.unique_rows,
        histogram=[
            risk_pb2.ClassSizeCount(size=int(size), count=int(count))
            for size, count in zip(classes.sizes[:MOST_SIZES], classes.counts[:MOST_SIZES], strict=True)
        ],
        histogram_complete=len(classes.sizes) <= MOST_SIZES,
        distinction=summary.distinction,
        separation=summary.separation,
        entity_count=summary.entities,
    )
    for attacker, risk in summary.attackers.items():
        _field(report, attacker).CopyFrom(_attacker_to_wire(risk))
    if summary.highest_level is not None:
        report.highest_risk_level = _LEVELS[summary.highest_level]
    return report


def quality_to_wire(quality: Quality) -> quality_pb2.QualityReport:
    """The measures of a release as a message."""
    return quality_pb2.QualityReport(
        loss_geometric_mean=quality.loss_geometric_mean,
        loss_arithmetic_mean=quality.loss_arithmetic_mean,
        loss_maximum=quality.loss_maximum,
        precision=quality.precision,
        discernibility=quality.discernibility,
        average_class_size=quality.average_class_size,
        suppression_rate=quality.suppression_rate,
        non_uniform_entropy=quality.non_uniform_entropy,
        kl_divergence=quality.kl_divergence,
        ambiguity=quality.ambiguity,
    )


def _field(report: risk_pb2.RiskReport, attacker: Attacker) -> risk_pb2.AttackerRisk:
    return {
        Attacker.PROSECUTOR: report.prosecutor,
        Attacker.JOURNALIST: report.journalist,
        Attacker.MARKETER: report.marketer,
    }[attacker]


def _attacker_to_wire(risk: AttackerRisk) -> risk_pb2.AttackerRisk:
    return risk_pb2.AttackerRisk(
        records_at_risk=risk.records_at_risk,
        highest_risk=risk.highest_risk,
        lowest_risk=risk.lowest_risk,
        success_rate=risk.success_rate,
        overall_risk=risk.overall_risk,
        risk_level=_LEVELS[risk.risk_level],
        threshold=risk.threshold,
        estimated_without_population=risk.without_population,
    )

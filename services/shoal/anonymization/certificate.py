"""The certificate of a release: what was released and what was measured, signed with the data folder's key.

The payload is canonical JSON: keys sorted, UTF-8, no white space between tokens. docs/certificates.md describes its fields and
how to check it without Shoal. It holds no value of anybody's row: of a hierarchy or a population that is a table it has the
digest, never the labels or the place where it was read from, for a certificate is made to be shown to others.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

from shoal.api.anonymization.v1 import policy_pb2, solution_pb2
from shoal.api.measures.v1 import risk_pb2
from shoal.runtime.signing import ALGORITHM, Signer

__all__ = ["FORMAT_VERSION", "Json", "batch_statement", "canonical", "release_statement", "signed"]

FORMAT_VERSION = 1
RELEASE = "shoal.release"
BATCH = "shoal.batch"

Json = dict[str, Any]


def signed(statement: Json, signer: Signer) -> solution_pb2.Certificate:
    """The statement with its signature."""
    payload = canonical(statement)
    return solution_pb2.Certificate(
        payload=payload,
        algorithm=ALGORITHM,
        signature=signer.sign(payload),
        public_key=signer.public_key,
        key_id=signer.key_id,
    )


def release_statement(
    solution: solution_pb2.Solution, *, core_version: str, table_digests: Mapping[str, str], population_sha256: str = ""
) -> Json:
    """What is said of a release.

    solution: complete but for its certificate. table_digests: by attribute, those of hierarchy tables that `attributes` of the
    solution does not have: of sensitive attributes. population_sha256: of the population's bytes, empty without one.
    """
    policy = without_tables(solution.policy)
    statement = {
        "type": RELEASE,
        "format_version": FORMAT_VERSION,
        "solution": solution.name,
        "create_time": solution.create_time.ToJsonString(),
        "versions": {"shoal": solution.shoal_version, "core": core_version},
        "input": {"sha256": solution.input_sha256, "rows": solution.row_count},
        "output": {"sha256": solution.output_sha256, "rows": solution.released_count},
        "suppressed_rows": solution.suppressed_count,
        "policy": policy,
        "policy_sha256": hashlib.sha256(canonical(policy)).hexdigest(),
        "recoding": solution_pb2.Recoding.Name(solution.recoding or solution_pb2.RECODING_GLOBAL).removeprefix("RECODING_"),
        "attributes": [_attribute(each) for each in solution.attributes],
        "models": models(solution.models),
        "loss": {
            "measure": _short(policy_pb2.LossMeasure, solution.policy.quality.measure, "LOSS_MEASURE_"),
            "aggregate": _short(policy_pb2.LossAggregate, solution.policy.quality.aggregate, "LOSS_AGGREGATE_"),
            "value": _number(solution.loss),
        },
        "search": {
            "optimal": solution.search.optimal,
            "lower_bound": _number(solution.search.lower_bound),
        },
        "risk_after": _risk(solution.risk_after),
    }
    if table_digests:
        statement["table_digests"] = dict(table_digests)
    if population_sha256:
        statement["population_sha256"] = population_sha256
    return statement


def batch_statement(
    solution: solution_pb2.Solution,
    *,
    core_version: str,
    shoal_version: str,
    create_time: str,
    input_sha256: str,
    output_sha256: str,
    rows: Mapping[str, int],
    batch: Sequence[solution_pb2.ModelResult],
    union: Sequence[solution_pb2.ModelResult],
    union_rows: int,
) -> Json:
    """What is said of new rows that were released with a solution's levels.

    rows: `input`, `released`, `unseen` and `violating` rows. union_rows: rows released by the solution altogether, these
    included. create_time: RFC 3339.
    """
    policy = without_tables(solution.policy)
    return {
        "type": BATCH,
        "format_version": FORMAT_VERSION,
        "solution": solution.name,
        "create_time": create_time,
        "versions": {"shoal": shoal_version, "core": core_version},
        "input": {"sha256": input_sha256, "rows": rows["input"]},
        "output": {"sha256": output_sha256, "rows": rows["released"]},
        "suppressed_rows": rows["unseen"] + rows["violating"],
        "unseen_rows": rows["unseen"],
        "violating_rows": rows["violating"],
        "policy": policy,
        "policy_sha256": hashlib.sha256(canonical(policy)).hexdigest(),
        "attributes": [_attribute(each) for each in solution.attributes],
        "models": models(batch),
        "union": {"rows": union_rows, "models": models(union)},
    }


def canonical(value: Json) -> bytes:
    """The JSON text: keys sorted, UTF-8, no white space between tokens; refuses numbers that JSON has not."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def without_tables(policy: policy_pb2.AnonymizationPolicy) -> Json:
    """The policy's protobuf-JSON form without the content and the places of tables: their digests stand beside it."""
    bare = policy_pb2.AnonymizationPolicy()
    bare.CopyFrom(policy)
    for attribute in bare.attributes:
        if attribute.hierarchy.WhichOneof("kind") == "table":
            attribute.hierarchy.table.Clear()
            attribute.hierarchy.table.SetInParent()
        elif attribute.hierarchy.WhichOneof("kind") == "explicit":
            attribute.hierarchy.explicit.ClearField("rows")
            attribute.hierarchy.explicit.SetInParent()
    if bare.HasField("population"):
        bare.population.Clear()
        bare.population.SetInParent()
    return _json(bare)


def models(results: Sequence[solution_pb2.ModelResult]) -> list[Json]:
    """What each model measures, as JSON."""
    found = []
    for each in results:
        measured: Json = {"model": _json(each.model), "satisfied": each.satisfied, "measured": _number(each.measured)}
        if each.HasField("measured_least"):
            measured["measured_least"] = _number(each.measured_least)
        if each.reference:
            measured["reference"] = each.reference
        found.append(measured)
    return found


def _attribute(result: solution_pb2.AttributeResult) -> Json:
    found: Json = {"name": result.name, "level": result.level, "level_count": result.level_count}
    if result.hierarchy_sha256:
        found["hierarchy_sha256"] = result.hierarchy_sha256
    if result.HasField("hierarchy"):
        found["hierarchy"] = _json(result.hierarchy)
    return found


def _risk(report: risk_pb2.RiskReport) -> Json:
    """The figures of a release's risk that one would sign for; the sizes of all classes stay in the solution."""
    found: Json = {"k": report.k, "class_count": report.class_count}
    for attacker in ("prosecutor", "journalist", "marketer"):
        if report.HasField(attacker):
            risk: risk_pb2.AttackerRisk = getattr(report, attacker)
            found[attacker] = {"overall": _number(risk.overall_risk), "average": _number(risk.success_rate)}
    return found


def _json(message: Message) -> Json:
    found: Json = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return found


def _number(value: float) -> float | str:
    """The number, or its protobuf-JSON name where JSON has none."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _short(kind: Any, value: int, prefix: str) -> str:
    name: str = kind.Name(value)
    return name.removeprefix(prefix)

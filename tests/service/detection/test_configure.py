"""GenerateConfig and AutoAnonymize through the real server: what they make, Anonymize accepts and ValidatePrivacy confirms."""

from __future__ import annotations

import random
import uuid
from pathlib import Path
from typing import Any

import grpc
import pytest
from detections import DI, NSI, QI, SI, csv_of, source_of
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.anonymization.v1 import anonymization_service_pb2, hierarchy_pb2, policy_pb2
from shoal.api.detection.v1 import detection_pb2, detection_service_pb2
from shoal.api.risk.v1 import risk_service_pb2

CHANCE = random.Random(5)
NAMES = [
    "patient_id",
    "Geschlecht",
    "geboren am",
    "plz",
    "stadt",
    "age",
    "eintritt",
    "diagnose",
    "hiv",
    "bemerkung",
    "created_at",
]
ROWS = [
    (
        f"P{row:05}",
        CHANCE.choice("mw"),
        f"{CHANCE.randint(1, 28):02}.{CHANCE.randint(1, 12):02}.{CHANCE.randint(1940, 2005)}",
        f"{CHANCE.randint(10, 13)}{CHANCE.randint(0, 999):03}",
        ["Trier", "Worms", "Speyer", ""][row] if row < 4 else CHANCE.choice(["Kiel", "Ulm"]),
        CHANCE.randint(18, 90),
        f"2024{CHANCE.randint(1, 12):02}{CHANCE.randint(1, 28):02}",
        CHANCE.choice(["J45", "E11", "I10"]),
        "pos" if CHANCE.random() < 0.05 else "neg",
        "kommt mit dem Bus aus der Nachbarstadt und wartet lange " + str(row),
        "2024-05-01T10:00:00",
    )
    for row in range(600)
]
TABLE = csv_of(NAMES, ROWS)


def generate(stubs: Stubs, data: bytes = TABLE, template: Any = None, **options: Any) -> Any:
    request = detection_service_pb2.GenerateConfigRequest(
        table=source_of(stubs, data), options=detection_pb2.DetectionOptions(**options), template=template
    )
    return stubs.detection.GenerateConfig(request, metadata=stubs.metadata, timeout=120)


def release(stubs: Stubs, data: bytes, policy: policy_pb2.AnonymizationPolicy) -> Any:
    request = anonymization_service_pb2.AnonymizeRequest(table=source_of(stubs, data), policy=policy)
    return stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=120)


def is_valid(stubs: Stubs, output: str, policy: policy_pb2.AnonymizationPolicy) -> bool:
    """What an independent judge says of a release, with nothing but the policy at hand."""
    request = risk_service_pb2.ValidatePrivacyRequest(
        table={"dataset": output},
        quasi_identifiers=[each.name for each in policy.attributes if each.role == QI],
        privacy_models=policy.privacy_models,
    )
    return bool(stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata).valid)


def test_every_kind_of_column_gets_its_hierarchy(stubs: Stubs) -> None:
    policy = generate(stubs).policy
    found = {each.name: each for each in policy.attributes}
    kinds = {name: each.hierarchy.WhichOneof("kind") for name, each in found.items() if each.role == QI}
    assert kinds == {
        "Geschlecht": "explicit",
        "geboren am": "dates",
        "plz": "masking",
        "stadt": "explicit",
        "age": "intervals",
        "eintritt": "dates",
    }
    assert found["geboren am"].hierarchy.dates.format == "%d.%m.%Y"
    assert found["eintritt"].hierarchy.dates.format == "%Y%m%d"
    towns = {row.labels[0]: list(row.labels[1:]) for row in found["stadt"].hierarchy.explicit.rows}
    assert towns["Kiel"] == ["Kiel", "*"]
    assert towns["Speyer"] == towns[""] == ["(other)", "*"]
    assert (found["patient_id"].role, found["created_at"].role) == (DI, NSI)
    assert found["bemerkung"].role == DI  # free text is not released
    models = {each.WhichOneof("model"): each for each in policy.privacy_models}
    assert models["k_anonymity"].k_anonymity.k == 5
    assert models["l_diversity"].l_diversity.attribute == "diagnose"
    assert models["t_closeness"].t_closeness.attribute == "hiv"  # nearly all are negative: diversity would ask for the rare
    assert policy.suppression_limit == 0.02


def test_codes_of_regions_and_illnesses_are_cut_to_those_they_belong_to(stubs: Stubs) -> None:
    chance = random.Random(3)
    rows = [
        (
            chance.randint(18, 90),
            chance.choice("mf"),
            f"DE{chance.choice('123')}{chance.randint(1, 9)}{chance.randint(1, 9)}",
            f"{chance.choice('EIJ')}{chance.randint(10, 45)}",
            chance.choice(["urban", "rural"]),
        )
        for _ in range(400)
    ]
    data = csv_of(["age", "sex", "region", "diagnosis", "area"], rows)
    policy = generate(stubs, data, known_roles={"diagnosis": QI}).policy
    kinds = {each.name: each.hierarchy.WhichOneof("kind") for each in policy.attributes}
    assert (kinds["region"], kinds["diagnosis"]) == ("masking", "masking")
    assert kinds["area"] != "masking"
    answer = release(stubs, data, policy)
    assert is_valid(stubs, answer.output.name, policy)


def test_the_policy_is_taken_as_it_stands(stubs: Stubs) -> None:
    policy = generate(stubs).policy
    answer = release(stubs, TABLE, policy)
    assert answer.solution.released_count >= 588
    assert is_valid(stubs, answer.output.name, policy)
    header = stubs.download(answer.output.name).splitlines()[0].decode().split(",")
    assert not {"patient_id", "bemerkung"} & set(header)


def test_what_the_template_says_is_kept(stubs: Stubs) -> None:
    template = policy_pb2.AnonymizationPolicy(suppression_limit=0.05, unlisted=policy_pb2.UNLISTED_COLUMNS_REFUSE)
    template.attributes.add(name="stadt", role=SI)
    template.attributes.add(
        name="age",
        role=QI,
        hierarchy=hierarchy_pb2.Hierarchy(rounding=hierarchy_pb2.RoundingHierarchy(multiples=[7])),
        weight=2,
    )
    template.attributes.add(name="plz", role=QI)
    template.privacy_models.add().k_anonymity.k = 3
    template.privacy_models.add().l_diversity.l = 2
    policy = generate(stubs, template=template).policy
    assert list(policy.attributes)[:2] == list(template.attributes)[:2]
    assert policy.attributes[2].hierarchy.WhichOneof("kind") == "masking"
    assert (policy.suppression_limit, policy.unlisted) == (0.05, policy_pb2.UNLISTED_COLUMNS_REFUSE)
    repeated = [each.l_diversity.attribute for each in policy.privacy_models if each.WhichOneof("model") == "l_diversity"]
    assert sorted(repeated) == ["diagnose", "hiv", "stadt"]
    assert len(policy.privacy_models) == 4


def test_columns_ignored_or_left_out_are_not_in_the_policy(stubs: Stubs) -> None:
    answer = generate(stubs, max_quasi_identifiers=2, ignored_columns=["hiv"])
    named = {each.name for each in answer.policy.attributes}
    assert "hiv" not in named
    assert len(answer.detection.left_out.columns) == 4
    assert not named & set(answer.detection.left_out.columns)


def test_requests_that_make_no_policy_are_refused(stubs: Stubs) -> None:
    things = csv_of(["girth", "kind"], [(row, "oak") for row in range(30)])
    needy = policy_pb2.AnonymizationPolicy(privacy_models=[{"l_diversity": {"l": 2}}])
    twice = policy_pb2.AnonymizationPolicy(attributes=[{"name": "age", "role": QI}, {"name": "age", "role": QI}])
    torn = policy_pb2.AnonymizationPolicy(attributes=[{"name": "age", "role": QI}])
    for arguments, field in (
        ({"data": things}, "table"),
        ({"data": csv_of(["sex", "age"], [("f", 20 + row) for row in range(30)]), "template": needy}, None),
        ({"max_quasi_identifiers": 65}, "options.max_quasi_identifiers"),
        ({"template": twice}, "template.attributes[1].name"),
        ({"template": torn, "ignored_columns": ["age"]}, "template.attributes[0].name"),
        ({"template": torn, "known_roles": {"age": SI}}, "template.attributes[0].role"),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            generate(stubs, **arguments)
        assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
        assert violations_of(caught.value) == [field or "template.privacy_models[0].l_diversity.attribute"]
    wide = csv_of([f"age {place}" for place in range(1001)], [range(1001), range(1001)])
    with pytest.raises(grpc.RpcError) as caught:
        generate(stubs, wide)
    assert status_of(caught.value)[:2] == ("RESOURCE_EXHAUSTED", "LIMIT_EXCEEDED")


def test_every_table_of_people_of_the_benchmark_is_released_without_editing(detection_benchmark: Path, stubs: Stubs) -> None:
    paths = [path for path in sorted(detection_benchmark.glob("*.csv")) if path.stem not in ("iris", "airports")]
    assert len(paths) == 12
    for path in paths:
        policy = generate(stubs, path.read_bytes()).policy
        answer = release(stubs, path.read_bytes(), policy)
        assert is_valid(stubs, answer.output.name, policy), path.stem
        assert answer.solution.suppressed_count <= 0.02 * answer.solution.row_count, path.stem


def automatic(stubs: Stubs, **fields: Any) -> Any:
    request = anonymization_service_pb2.AutoAnonymizeRequest(table=source_of(stubs, TABLE), **fields)
    return stubs.anonymization.AutoAnonymize(request, metadata=stubs.metadata, timeout=120)


def test_auto_anonymize_is_both_in_one_call(stubs: Stubs) -> None:
    request_id = str(uuid.uuid4())
    answer = automatic(stubs, request_id=request_id, suppression_limit=0.05)
    assert is_valid(stubs, answer.output.name, answer.policy)
    assert answer.policy.suppression_limit == 0.05
    made = generate(stubs).policy.attributes
    assert [(each.name, each.role, each.hierarchy) for each in answer.policy.attributes] == [
        (each.name, each.role, each.hierarchy) for each in made
    ]
    assert automatic(stubs, request_id=request_id, suppression_limit=0.05) == answer
    with pytest.raises(grpc.RpcError) as caught:
        automatic(stubs, request_id=request_id, suppression_limit=0.04)
    assert status_of(caught.value)[0] == "ALREADY_EXISTS"
    k_only = automatic(stubs, privacy_models=[{"k_anonymity": {"k": 9}}, {"t_closeness": {"t": 0.5}}])
    assert [each.WhichOneof("model") for each in k_only.policy.privacy_models] == ["k_anonymity", "t_closeness", "t_closeness"]
    for fields, field in (
        ({"request_id": "x"}, "request_id"),
        ({"suppression_limit": 2}, "policy.suppression_limit"),
        ({"privacy_models": [{}]}, "policy.privacy_models[0]"),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            automatic(stubs, **fields)
        assert violations_of(caught.value)[0] == field


def test_auto_anonymize_says_that_it_counts_rows_where_persons_have_several(stubs: Stubs) -> None:
    rows = [(f"P{row % 200:04}", "mw"[row % 2], 1950 + row % 40, "10115") for row in range(600)]
    visits = csv_of(["patient_id", "sex", "birth year", "postcode"], rows)
    request = anonymization_service_pb2.AutoAnonymizeRequest(table=source_of(stubs, visits))
    answer = stubs.anonymization.AutoAnonymize(request, metadata=stubs.metadata, timeout=120)
    (warning,) = [each for each in answer.solution.warnings if "persons" in each]
    assert "entity_column" in warning
    assert "'patient_id'" in warning
    assert not [each for each in automatic(stubs).solution.warnings if "entity_column" in each]

"""What stays of a release: its certificate, who was suppressed, and that a second release of the same people is seen."""

from __future__ import annotations

import hashlib
import io
import json
import random
import uuid
from pathlib import Path
from typing import Any

import grpc
import polars as pl
import pytest
from google.protobuf import json_format
from grpc_stubs import Stubs
from independent import rows_of
from test_release import POLICY, QUASI, anonymize, table

from shoal import __version__, kernels
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.client.certificates import verify_certificate
from shoal.errors import InvalidArgumentError
from shoal.runtime.embedded import EmbeddedServer, start_embedded
from shoal.runtime.signing import Signer

CANARY = "canaryxk4"


def policy(*more: dict[str, Any], k: int = 5, **fields: Any) -> dict[str, Any]:
    return {
        "attributes": [{"name": "age", "role": QUASI}, {"name": "ill", "role": "ATTRIBUTE_ROLE_SENSITIVE"}],
        "privacy_models": [{"k_anonymity": {"k": k}}, *more],
        "suppression_limit": 0.5,
        **fields,
    }


def csv(rows: list[tuple[Any, ...]], header: str = "age,ill,who") -> bytes:
    return (header + "\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n").encode()


def people(count: int, start: int = 0, seed: int = 3) -> list[tuple[Any, ...]]:
    chance = random.Random(seed)
    return [(chance.randint(20, 29), chance.choice("abc"), f"{CANARY}{start + number}") for number in range(count)]


def repeats(answer: anonymization_service_pb2.AnonymizeResponse) -> list[str]:
    return [each for each in answer.solution.warnings if "released before" in each]


def test_every_release_has_a_certificate_that_holds(stubs: Stubs, server: EmbeddedServer) -> None:
    answer = anonymize(stubs, table(), POLICY)
    solution, released = answer.solution, stubs.download(answer.output.name)
    key_id = Signer(server.data_dir).key_id
    said = verify_certificate(solution.certificate, key_id, released)
    assert said["solution"] == solution.name
    assert said["versions"] == {"shoal": __version__, "core": kernels.VERSION}
    assert said["input"] == {"sha256": hashlib.sha256(table()).hexdigest(), "rows": 400}
    assert said["output"] == {"sha256": hashlib.sha256(released).hexdigest(), "rows": solution.released_count}
    assert said["suppressed_rows"] == solution.suppressed_count
    assert [each["level"] for each in said["attributes"]] == [each.level for each in solution.attributes]
    assert said["models"][0]["measured"] == solution.models[0].measured >= 3
    assert said["loss"]["value"] == solution.loss
    assert said["search"] == {"optimal": True, "lower_bound": solution.search.lower_bound}
    assert said["risk_after"]["k"] == solution.risk_after.k
    with pytest.raises(InvalidArgumentError):
        verify_certificate(solution.certificate, key_id, released + b"\n")


def test_the_certificate_is_kept_and_comes_back(stubs: Stubs) -> None:
    message = json_format.ParseDict(POLICY, policy_pb2.AnonymizationPolicy())
    source = table_pb2.TableSource(inline=table_pb2.InlineTable(data=table(), format=table_pb2.TABLE_FORMAT_CSV))
    request = anonymization_service_pb2.AnonymizeRequest(table=source, policy=message, request_id=str(uuid.uuid4()))
    first = stubs.anonymization.Anonymize(request, metadata=stubs.metadata).solution
    get = anonymization_service_pb2.GetSolutionRequest(name=first.name)
    assert stubs.anonymization.GetSolution(get, metadata=stubs.metadata).certificate == first.certificate
    assert stubs.anonymization.Anonymize(request, metadata=stubs.metadata).solution.certificate == first.certificate


def test_no_label_of_an_inline_hierarchy_is_in_a_certificate(stubs: Stubs) -> None:
    labels = table_pb2.InlineTable(data=f"a,{CANARY}\nb,{CANARY}\nc,x\n".encode(), format=table_pb2.TABLE_FORMAT_CSV)
    ages = [{"labels": [str(age), CANARY, "*"]} for age in range(20, 30)]
    asked = policy({"t_closeness": {"attribute": "ill", "t": 1, "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL"}})
    asked["attributes"][0]["hierarchy"] = {"explicit": {"rows": ages}}
    asked["attributes"][1]["hierarchy"] = {"table": {"inline": json_format.MessageToDict(labels)}}
    solution = anonymize(stubs, csv(people(200)), asked).solution
    payload = solution.certificate.payload
    assert CANARY.encode() not in payload
    said = json.loads(payload)
    rows = f"a,{CANARY}\nb,{CANARY}\nc,x\n".encode()
    assert said["table_digests"] == {"ill": hashlib.sha256(rows).hexdigest()}
    assert said["attributes"][0]["hierarchy_sha256"] == solution.attributes[0].hierarchy_sha256 != ""


def test_the_population_of_a_certificate_is_a_digest(stubs: Stubs) -> None:
    outside = csv(people(500))
    source = table_pb2.InlineTable(data=outside, format=table_pb2.TABLE_FORMAT_CSV)
    asked = policy({"k_map": {"k": 2}}, k=2, population={"inline": json_format.MessageToDict(source)})
    said = json.loads(anonymize(stubs, csv(people(100)), asked).solution.certificate.payload)
    assert said["population_sha256"] == hashlib.sha256(outside).hexdigest()
    assert CANARY not in json.dumps(said)


def test_another_folder_signs_with_another_key(stubs: Stubs, tmp_path: Path) -> None:
    first = anonymize(stubs, table(), POLICY).solution.certificate
    with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
        other = anonymize(Stubs(channel, server.api_key), table(), POLICY).solution.certificate
    assert first.key_id != other.key_id
    with pytest.raises(InvalidArgumentError, match="another key"):
        verify_certificate(other, first.key_id)


def test_the_profile_says_whom_suppression_hits(stubs: Stubs) -> None:
    # 100 people of 30 and 40 rare ones, each alone with an age of its own, of whom most have `b`.
    common = [(30, "a", number) for number in range(150)] + [(30, "b", number) for number in range(50)]
    rare = [(31 + number, "b" if number % 4 else "a", number) for number in range(40)]
    solution = anonymize(stubs, csv(common + rare), policy(suppression_limit=0.4)).solution
    assert solution.suppressed_count == 40
    (profile,) = solution.suppressed_profiles
    assert profile.attribute == "ill"
    assert [(each.value, each.share_of_all, each.share_of_suppressed, each.suppressed_rate) for each in profile.values] == [
        ("b", round(80 / 240, 2), 0.75, round(30 / 80, 2)),
        ("a", round(160 / 240, 2), 0.25, round(10 / 160, 2)),
    ]
    assert profile.distance == pytest.approx(0.42)


def test_few_suppressed_rows_tell_nothing(stubs: Stubs) -> None:
    rows = [(30, "a", number) for number in range(50)] + [(31 + number, "b", number) for number in range(5)]
    solution = anonymize(stubs, csv(rows), policy(suppression_limit=0.4)).solution
    assert solution.suppressed_count == 5
    (profile,) = solution.suppressed_profiles
    assert len(profile.values) == 0
    assert not profile.HasField("distance")


def test_the_same_input_is_recognised(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        data = csv(people(300))
        first = anonymize(stubs, data, policy())
        assert repeats(first) == []
        second = anonymize(stubs, data, policy(k=7))
        (warning,) = repeats(second)
        assert warning.startswith(f"the same input was released before, as {first.solution.name};")
        assert "intersect" in warning
        assert "subtract" in warning
        delete = anonymization_service_pb2.DeleteSolutionRequest(name=first.solution.name)
        stubs.anonymization.DeleteSolution(delete, metadata=stubs.metadata)
        assert [second.solution.name in each for each in repeats(anonymize(stubs, data, policy()))] == [True]


def test_the_same_rows_are_recognised_in_another_format_and_order(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        rows = people(300)
        first = anonymize(stubs, csv(rows), policy())
        random.Random(1).shuffle(rows)
        buffer = io.BytesIO()
        pl.DataFrame(rows, schema={"age": pl.Int64, "ill": pl.String, "who": pl.String}, orient="row").write_parquet(buffer)
        second = anonymize(stubs, buffer.getvalue(), policy(), format=table_pb2.TABLE_FORMAT_PARQUET)
        (warning,) = repeats(second)
        assert warning.startswith(f"the same rows, in another format or order, were released before, as {first.solution.name};")
        changed = [(age, "c" if number else "a", who) for number, (age, _, who) in enumerate(rows)]
        (warning,) = repeats(anonymize(stubs, csv(changed), policy()))
        assert "same quasi-identifiers" in warning
        moved = [(age + 1, ill, who) for age, ill, who in rows]
        assert repeats(anonymize(stubs, csv(moved), policy())) == []


def test_the_same_people_are_recognised_where_the_policy_names_them(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        asked = policy(entity_column="who")
        first = anonymize(stubs, csv(people(400)), asked)
        assert repeats(first) == []
        (warning,) = repeats(anonymize(stubs, csv(people(400, start=300, seed=9)), asked))
        assert f"{first.solution.name} (an estimated 25 %)" in warning
        assert repeats(anonymize(stubs, csv(people(400, start=10_000, seed=10)), asked)) == []
        released = rows_of(stubs.download(first.output.name), ",")
        assert "who" not in released[0]


def test_a_batch_of_rows_that_were_released_is_warned_about(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        data = csv(people(300))
        solution = anonymize(stubs, data, policy()).solution.name
        source = table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))
        request = anonymization_service_pb2.ApplySolutionRequest(solution=solution, table=source)
        answer = stubs.anonymization.ApplySolution(request, metadata=stubs.metadata)
        assert any(each.startswith(f"the same input was released before, as {solution};") for each in answer.warnings)


def test_nobody_can_be_read_in_the_databases(tmp_path: Path) -> None:
    with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
        anonymize(Stubs(channel, server.api_key), csv(people(400)), policy(entity_column="who"))
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file() and "objects" not in path.parts:
            assert CANARY.encode() not in path.read_bytes(), path.name

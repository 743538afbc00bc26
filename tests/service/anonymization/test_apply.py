"""ApplySolution through the real server: what it releases, what it counts, what it refuses, and what it remembers."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import duration_pb2, json_format
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from independent import rows_of, smallest_class
from more_users import add_user
from test_release import POLICY, QUASI, anonymize, table

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.client.certificates import verify_certificate
from shoal.runtime.calls import Role
from shoal.runtime.embedded import EmbeddedServer, start_embedded

NAMES = ["age", "zip"]
CANARY = "canaryzq7"
ZIPS = {"explicit": {"rows": [{"labels": [code, code[:2] + "*", "*"]} for code in ("6901", "6902", "7501", "7502")]}}


def policy(*models: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "attributes": [
            {"name": "age", "role": QUASI, "hierarchy": {"intervals": {"widths": [10, 20]}}},
            {"name": "zip", "role": QUASI, "hierarchy": ZIPS},
            {"name": "ill", "role": "ATTRIBUTE_ROLE_SENSITIVE"},
        ],
        "privacy_models": list(models) or [{"k_anonymity": {"k": 3}}],
        "suppression_limit": 0.1,
        **more,
    }


def people(count: int, start: int = 0) -> bytes:
    """So many people of four kinds, in turn."""
    kinds = [("31", "6901", "flu"), ("35", "6902", "gout"), ("52", "7501", "flu"), ("58", "7502", CANARY)]
    lines = [",".join((*kinds[number % 4], f"p{number}")) for number in range(start, start + count)]
    return ("age,zip,ill,who\n" + "\n".join(lines) + "\n").encode()


def inline(data: bytes) -> table_pb2.TableSource:
    return table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))


def apply(stubs: Stubs, solution: str, data: bytes, **more: Any) -> anonymization_service_pb2.ApplySolutionResponse:
    request = anonymization_service_pb2.ApplySolutionRequest(solution=solution, table=inline(data), **more)
    return stubs.anonymization.ApplySolution(request, metadata=stubs.metadata, timeout=60)


def refusal(stubs: Stubs, solution: str, data: bytes, **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        apply(stubs, solution, data, **more)
    assert CANARY not in caught.value.details()
    assert "\n" not in caught.value.details()
    return caught.value


def test_new_rows_are_released_like_the_first_ones(stubs: Stubs) -> None:
    first = anonymize(stubs, people(40), policy())
    answer = apply(stubs, first.solution.name, people(20, start=40))
    rows = rows_of(stubs.download(answer.output.name), ",")
    before = rows_of(stubs.download(first.output.name), ",")
    assert list(rows[0]) == list(before[0]) == ["age", "zip", "ill"]
    assert {tuple(row.values()) for row in rows} == {tuple(row.values()) for row in before}
    assert rows == sorted(rows, key=lambda row: list(row.values()))
    assert (answer.row_count, answer.released_count, answer.unseen_count, answer.violating_count) == (20, 20, 0, 0)
    assert answer.output.source == first.solution.name
    assert answer.batch_models[0].satisfied
    assert answer.batch_models[0].measured == smallest_class(rows, NAMES)
    assert answer.union_models[0].measured == smallest_class(rows + before, NAMES)
    assert "the 20 new rows by themselves satisfy every model" in answer.guarantee
    assert "40 rows that were released by this solution before" in answer.guarantee


def test_what_is_counted_grows_with_every_release(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    for number in range(1, 4):
        answer = apply(stubs, solution, people(12, start=100 * number))
        assert answer.union_models[0].measured == 10 + 3 * number
        assert f"the {28 + 12 * number} rows" in answer.guarantee


def test_unseen_values_and_failing_classes_are_suppressed_and_counted(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution
    assert [each.level for each in solution.attributes] == [0, 0]
    data = people(12) + b"31,9999,flu,x\nold,6901,flu,y\n32,6901,flu,z\n,6901,flu,w\n"
    answer = apply(stubs, solution.name, data)
    # 9999 is not in the table of postcodes, `old` is no number; 32 and the empty age are known, but alone in their classes.
    assert (answer.row_count, answer.released_count, answer.unseen_count, answer.violating_count) == (16, 12, 2, 2)
    rows = rows_of(stubs.download(answer.output.name), ",")
    assert Counter(row["zip"] for row in rows) == {"6901": 3, "6902": 3, "7501": 3, "7502": 3}
    assert any("suppression_limit" in warning for warning in answer.warnings)


def test_nothing_that_can_be_released_is_an_empty_release(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    answer = apply(stubs, solution, people(4))
    assert (answer.released_count, answer.violating_count) == (0, 4)
    assert stubs.download(answer.output.name) == b"age,zip,ill\n"
    assert answer.guarantee == "no row was released, so nothing changed"
    assert len(answer.batch_models) == 0
    assert answer.union_models[0].measured == 10


def test_models_with_a_reference_compare_with_the_solution_s_input(stubs: Stubs) -> None:
    asked = policy({"k_anonymity": {"k": 2}}, {"t_closeness": {"attribute": "ill", "t": 0.3}})
    asked["attributes"][0]["hierarchy"] = {}
    asked["attributes"][1]["hierarchy"] = {}
    header = b"age,zip,ill\n"
    solution = anonymize(stubs, header + b"30,1,flu\n30,1,gout\n" * 10, asked).solution.name
    tilted = apply(stubs, solution, header + b"30,1,flu\n" * 9 + b"30,1,gout\n")
    assert tilted.violating_count == 10  # 0.9 - 0.5 > 0.3
    near = apply(stubs, solution, header + b"30,1,flu\n" * 7 + b"30,1,gout\n" * 3)
    assert near.released_count == 10
    assert near.batch_models[1].measured == pytest.approx(0.2)
    assert near.batch_models[1].reference == "all rows of the solution's input"
    assert near.union_models[1].measured == pytest.approx((10 + 7) / 30 - 0.5)


@pytest.mark.parametrize("distance", ["WASSERSTEIN", "ORDERED"])
def test_new_rows_never_change_the_scale_that_distances_are_measured_on(stubs: Stubs, distance: str) -> None:
    """A salary of a million would make all others near each other, were it given a place."""
    asked = policy({"t_closeness": {"attribute": "ill", "t": 0.45, "distance": f"T_CLOSENESS_DISTANCE_{distance}"}})
    asked["attributes"][0]["hierarchy"] = {}
    asked["attributes"][1]["hierarchy"] = {}
    header = b"age,zip,ill\n"
    first = b"".join(b"30,%d,%d\n" % (place, pay) * 2 for place in (1, 2) for pay in (10, 20, 30, 40))
    solution = anonymize(stubs, header + first, asked).solution.name
    poor = b"30,1,10\n" * 4  # half of the line away from the input's distribution
    assert apply(stubs, solution, header + poor).violating_count == 4
    answer = apply(stubs, solution, header + poor + b"30,9,1000000\n" + b"30,1,-5\n")
    assert (answer.violating_count, answer.unseen_count, answer.released_count) == (4, 2, 0)
    between = apply(stubs, solution, header + first[: 8 * 8] + b"30,1,25\n")
    assert between.unseen_count == (1 if distance == "ORDERED" else 0), "25 has a place between 20 and 30, and no rank"


def test_persons_are_counted_where_the_policy_names_them(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy(entity_column="who")).solution.name
    same = people(1) * 1 + b"31,6901,flu,p0\n" * 5
    assert apply(stubs, solution, same).violating_count == 6
    answer = apply(stubs, solution, people(12, start=0))
    assert answer.released_count == 12
    assert answer.union_models[0].measured == 10  # p0 to p11 were there before
    assert "who" not in stubs.download(answer.output.name).decode()
    assert any("an estimated 100 %" in warning for warning in answer.warnings)


def test_a_population_goes_on_counting(stubs: Stubs) -> None:
    outside = json_format.MessageToDict(inline(people(80)))
    solution = anonymize(stubs, people(8), policy({"k_map": {"k": 20}}, population=outside)).solution.name
    answer = apply(stubs, solution, people(4) + b"33,6901,flu,x\n")
    assert (answer.released_count, answer.violating_count) == (4, 1)
    assert answer.batch_models[0].measured == 20


def test_every_kind_of_hierarchy_can_be_applied(stubs: Stubs) -> None:
    solution = anonymize(stubs, table(), POLICY).solution
    answer = apply(stubs, solution.name, table(400, seed=8))
    rows = rows_of(stubs.download(answer.output.name), ",")
    assert answer.unseen_count == 0
    assert len(rows) == answer.released_count > 100
    assert smallest_class(rows, ["age", "zip", "born", "place", "salary"]) >= 3


def test_a_second_try_gets_the_same_answer_and_counts_once(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    more = {"request_id": str(uuid.uuid4())}
    first = apply(stubs, solution, people(12), **more)
    assert apply(stubs, solution, people(12), **more) == first
    assert status_of(refusal(stubs, solution, people(13), **more))[:2] == ("ALREADY_EXISTS", "RESOURCE_EXISTS")
    assert apply(stubs, solution, people(12)).union_models[0].measured == 10 + 3 + 3


def test_the_output_can_be_asked_for_in_another_format_and_for_a_time(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    more = {"output_format": table_pb2.TABLE_FORMAT_PARQUET, "output_ttl": duration_pb2.Duration(seconds=3600)}
    answer = apply(stubs, solution, people(12), **more)
    assert answer.output.format == table_pb2.TABLE_FORMAT_PARQUET
    assert stubs.download(answer.output.name)[:4] == b"PAR1"
    assert answer.output.HasField("expire_time")


def test_bad_requests_get_one_sentence(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    wrong = refusal(stubs, "nothing", people(4), request_id="x", output_format=99)
    assert violations_of(wrong) == ["solution", "output_format", "request_id"]
    assert status_of(refusal(stubs, f"solutions/{'0' * 32}", people(4)))[0] == "NOT_FOUND"
    missing = refusal(stubs, solution, b"age,ill\n31,flu\n")
    assert status_of(missing) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": "zip"})
    assert status_of(refusal(stubs, solution, b"age,zip,ill\n"))[0] in {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}
    with pytest.raises(grpc.RpcError) as caught:
        stubs.anonymization.ApplySolution(
            anonymization_service_pb2.ApplySolutionRequest(solution=solution), metadata=stubs.metadata
        )
    assert violations_of(caught.value) == ["table"]
    assert apply(stubs, solution, people(12)).union_models[0].measured == 13, "a refused call was counted"


def test_the_certificate_of_a_batch(stubs: Stubs, server: EmbeddedServer) -> None:
    first = anonymize(stubs, people(40), policy())
    answer = apply(stubs, first.solution.name, people(16) + b"31,9999,flu,x\n")
    released = stubs.download(answer.output.name)
    said = verify_certificate(answer.certificate, first.solution.certificate.public_key, released)
    assert said["type"] == "shoal.batch"
    assert said["solution"] == first.solution.name
    assert said["input"]["rows"] == 17
    assert said["output"]["rows"] == 16
    assert (said["unseen_rows"], said["violating_rows"]) == (1, 0)
    assert said["models"] == [{"model": {"k_anonymity": {"k": 3}}, "satisfied": True, "measured": 4}]
    assert said["union"] == {
        "rows": 56,
        "models": [{"model": {"k_anonymity": {"k": 3}}, "satisfied": True, "measured": 14}],
    }
    assert CANARY not in json.dumps(said)
    assert "6901" not in json.dumps(said)


def test_the_record_says_what_was_done(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    answer = apply(stubs, solution, people(12) + b"31,9999,flu,x\n")
    request = audit_reader_service_pb2.ListEntriesRequest(resource=answer.output.name, method="ApplySolution")
    (entry,) = stubs.audit.ListEntries(request, metadata=stubs.metadata).entries
    assert solution in entry.resources
    assert {key: entry.details[key] for key in ("rows", "released", "unseen", "violating")} == {
        "rows": "13",
        "released": "12",
        "unseen": "1",
        "violating": "0",
    }
    assert CANARY not in str(entry)


def test_what_is_kept_expires(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        answer = anonymize(stubs, people(40), policy(), apply_ttl=duration_pb2.Duration(seconds=2))
        solution = answer.solution
        assert solution.apply_expire_time.ToDatetime() - solution.create_time.ToDatetime()
        assert apply(stubs, solution.name, people(12)).released_count == 12
        time.sleep(2.1)
        assert status_of(refusal(stubs, solution.name, people(12)))[:2] == ("FAILED_PRECONDITION", "WRONG_STATE")
        get = anonymization_service_pb2.GetSolutionRequest(name=solution.name)
        assert not stubs.anonymization.GetSolution(get, metadata=stubs.metadata).HasField("apply_expire_time")
        listed = stubs.anonymization.ListSolutions(anonymization_service_pb2.ListSolutionsRequest(), metadata=stubs.metadata)
        assert not listed.solutions[0].HasField("apply_expire_time")


def test_nothing_is_kept_when_nothing_is_asked_for(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy(), apply_ttl=duration_pb2.Duration()).solution
    assert not solution.HasField("apply_expire_time")
    error = refusal(stubs, solution.name, people(12))
    assert status_of(error)[0] == "FAILED_PRECONDITION"
    assert "apply_ttl" in error.details()
    kept = anonymize(stubs, people(40), policy()).solution
    assert (kept.apply_expire_time.ToDatetime() - kept.create_time.ToDatetime()).days == 90


def test_classes_with_labels_of_their_own_cannot_be_applied(stubs: Stubs) -> None:
    asked = policy(search={"strategy": "STRATEGY_LOCAL_RECODING"})
    solution = anonymize(stubs, people(40), asked).solution
    assert not solution.HasField("apply_expire_time")
    assert "labels of their own" in refusal(stubs, solution.name, people(12)).details()


def test_a_deleted_solution_cannot_be_applied(stubs: Stubs) -> None:
    solution = anonymize(stubs, people(40), policy()).solution.name
    apply(stubs, solution, people(12))
    delete = anonymization_service_pb2.DeleteSolutionRequest(name=solution)
    stubs.anonymization.DeleteSolution(delete, metadata=stubs.metadata)
    assert status_of(refusal(stubs, solution, people(12)))[0] == "NOT_FOUND"


def test_another_organisation_can_neither_apply_nor_see(stubs: Stubs, server: EmbeddedServer, channel: grpc.Channel) -> None:
    stranger = Stubs(channel, add_user(server.data_dir, None, Role.ADMIN))
    solution = anonymize(stubs, people(44), policy()).solution.name
    assert status_of(refusal(stranger, solution, people(12)))[0] == "NOT_FOUND"
    assert not any("released before" in each for each in anonymize(stranger, people(44), policy()).solution.warnings)


def test_the_database_holds_nothing_that_can_be_read(tmp_path: Path) -> None:
    with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        asked = policy({"k_anonymity": {"k": 3}}, {"l_diversity": {"attribute": "ill", "l": 1}}, entity_column="who")
        solution = anonymize(stubs, people(40).replace(b",p", f",{CANARY}p".encode()), asked).solution.name
        apply(stubs, solution, people(12, start=20).replace(b",p", f",{CANARY}p".encode()))
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file() and "objects" not in path.parts:
            assert CANARY.encode() not in path.read_bytes(), path.name


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    for start in range(2):
        with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
            stubs = Stubs(channel, server.api_key)
            if start == 0:
                first = anonymize(stubs, people(40), policy()).solution
                name, key_id = first.name, first.certificate.key_id
                apply(stubs, name, people(12))
            else:
                answer = apply(stubs, name, people(12))
                assert answer.union_models[0].measured == 16
                assert answer.certificate.key_id == key_id


def test_policies_of_every_kind_survive_being_kept(stubs: Stubs) -> None:
    message = json_format.ParseDict(policy(unlisted="UNLISTED_COLUMNS_KEEP"), policy_pb2.AnonymizationPolicy())
    source = inline(people(40))
    request = anonymization_service_pb2.AnonymizeRequest(table=source, policy=message)
    solution = stubs.anonymization.Anonymize(request, metadata=stubs.metadata).solution.name
    answer = apply(stubs, solution, people(12))
    assert [each.name for each in answer.output.columns] == ["age", "zip", "ill", "who"]
    header, *lines = people(12).splitlines()
    more = apply(stubs, solution, b"\n".join([header + b",extra", *(line + b",x" for line in lines)]) + b"\n")
    assert [each.name for each in more.output.columns] == ["age", "zip", "ill", "who"]
    assert any("extra" in warning for warning in more.warnings)

"""Custom patterns through the real server: kept, changed, listed, tried before everything else, and what bad ones get."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from detections import DI, NSI, QI, SI, csv_of, detect
from google.protobuf.field_mask_pb2 import FieldMask
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from more_users import add_user

from shoal.api.detection.v1 import detection_service_pb2 as calls
from shoal.api.detection.v1 import pattern_pb2
from shoal.api.detection.v1.pattern_pb2 import Pattern
from shoal.api.identity.v1 import identity_service_pb2
from shoal.runtime.calls import Role
from shoal.runtime.embedded import EmbeddedServer

TABLE = csv_of(
    ["sex", "birth_date", "Fallakte", "qvz"],
    [("f" if row % 2 else "m", f"19{50 + row % 40}-01-02", f"AK-{row % 7}", row % 5) for row in range(100)],
)


@pytest.fixture(autouse=True)
def _no_patterns(stubs: Stubs) -> Iterator[None]:
    yield
    stubs.detection.DeleteAllPatterns(calls.DeleteAllPatternsRequest(), metadata=stubs.metadata)


def create(stubs: Stubs, request_id: str = "", **fields: Any) -> Pattern:
    content = {"display_name": "files", "role": DI, "column_patterns": ["*akte*"]} | fields
    request = calls.CreatePatternRequest(pattern=Pattern(**content), request_id=request_id)
    return stubs.detection.CreatePattern(request, metadata=stubs.metadata)


def column(stubs: Stubs, name: str, **options: Any) -> Any:
    return next(each for each in detect(stubs, TABLE, **options).columns if each.name == name)


def test_a_pattern_decides_before_the_heuristics_and_after_what_is_known(stubs: Stubs) -> None:
    before = column(stubs, "Fallakte")
    assert before.role != DI
    made = create(stubs)
    after = column(stubs, "Fallakte")
    assert (after.role, after.pattern) == (DI, made.name)
    assert "files" in after.reasons[0]
    assert column(stubs, "Fallakte", known_roles={"Fallakte": SI}).role == SI


def test_values_count_where_they_are_given(stubs: Stubs) -> None:
    made = create(stubs, value_patterns=["AK-[0-5]"], min_match_ratio=0.86)  # 86 of 100 cells
    assert column(stubs, "Fallakte").role == DI
    update(stubs, Pattern(name=made.name, min_match_ratio=0.87))
    assert column(stubs, "Fallakte").pattern == ""
    update(stubs, Pattern(name=made.name, value_patterns=["K-.", "AK"], min_match_ratio=0.01))
    assert column(stubs, "Fallakte").pattern == ""  # from end to end, not anywhere


def test_the_first_of_the_order_decides(stubs: Stubs) -> None:
    create(stubs, display_name="late", role=QI, priority=60)
    create(stubs, display_name="early", role=SI, priority=2, column_patterns=["FALL*"])
    assert column(stubs, "Fallakte").role == SI
    create(stubs, display_name="mail", role=NSI, priority=1000, column_patterns=["mail"])
    rows = csv_of(["mail", "sex"], [(f"a{row}@example.org", "f") for row in range(30)])
    assert detect(stubs, rows).columns[0].role == NSI  # a custom one goes before those of files, whatever its number


def update(stubs: Stubs, pattern: Pattern, *paths: str) -> Pattern:
    request = calls.UpdatePatternRequest(pattern=pattern, update_mask=FieldMask(paths=paths) if paths else None)
    return stubs.detection.UpdatePattern(request, metadata=stubs.metadata)


def test_the_life_of_a_pattern(stubs: Stubs) -> None:
    made = create(stubs, description="what for", priority=7)
    assert made.origin == pattern_pb2.PATTERN_ORIGIN_CUSTOM
    assert made.creator.startswith("users/")
    assert (made.min_match_ratio, list(made.value_patterns)) == (0.8, [])
    get = calls.GetPatternRequest(name=made.name)
    assert stubs.detection.GetPattern(get, metadata=stubs.metadata) == made
    part = update(stubs, Pattern(name=made.name, role=SI))
    assert (part.role, part.priority, part.description) == (SI, 7, "what for")
    assert part.update_time.ToNanoseconds() > made.update_time.ToNanoseconds()
    assert update(stubs, Pattern(name=made.name), "priority", "description").priority == 50
    whole = update(stubs, Pattern(name=made.name, display_name="x", role=QI, column_patterns=["a"]), "*")
    assert (whole.display_name, whole.description, list(whole.column_patterns)) == ("x", "", ["a"])
    assert stubs.detection.GetPattern(get, metadata=stubs.metadata) == whole
    stubs.detection.DeletePattern(calls.DeletePatternRequest(name=made.name), metadata=stubs.metadata)
    for call, request in (
        (stubs.detection.GetPattern, get),
        (stubs.detection.DeletePattern, calls.DeletePatternRequest(name=made.name)),
        (stubs.detection.UpdatePattern, calls.UpdatePatternRequest(pattern=Pattern(name=made.name, role=QI))),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            call(request, metadata=stubs.metadata)
        assert status_of(caught.value)[:2] == ("NOT_FOUND", "RESOURCE_NOT_FOUND")


def test_lists_are_in_order_and_in_pages(stubs: Stubs) -> None:
    names = [create(stubs, display_name=f"p{place}", priority=place % 3 + 1).name for place in range(6)]
    wanted = [names[place] for place in (0, 3, 1, 4, 2, 5)]
    found: list[str] = []
    token = ""
    while True:
        request = calls.ListPatternsRequest(page_size=4, page_token=token, role=DI)
        page = stubs.detection.ListPatterns(request, metadata=stubs.metadata)
        found += [each.name for each in page.patterns]
        token = page.next_page_token
        if not token:
            break
    assert found[:6] == wanted
    assert page.total_size == len(found) > 6  # those of files follow
    files = calls.ListPatternsRequest(origin=pattern_pb2.PATTERN_ORIGIN_FILE)
    listed = stubs.detection.ListPatterns(files, metadata=stubs.metadata).patterns
    assert {each.origin for each in listed} == {pattern_pb2.PATTERN_ORIGIN_FILE}
    assert len({each.name for each in listed}) == len(listed) >= 5
    with pytest.raises(grpc.RpcError) as caught:
        stubs.detection.ListPatterns(calls.ListPatternsRequest(page_token="made up"), metadata=stubs.metadata)
    assert status_of(caught.value)[1] == "INVALID_PAGE_TOKEN"


def test_a_call_that_is_tried_again_makes_one_pattern(stubs: Stubs) -> None:
    request_id = str(uuid.uuid4())
    assert create(stubs, request_id) == create(stubs, request_id)
    for fields, reason in (({"priority": 3}, "RESOURCE_EXISTS"), ({}, "RESOURCE_EXISTS")):
        with pytest.raises(grpc.RpcError) as caught:
            create(stubs, request_id if fields else "", **fields)
        assert status_of(caught.value)[:2] == ("ALREADY_EXISTS", reason)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"display_name": " "}, "pattern.display_name"),
        ({"display_name": "x" * 256}, "pattern.display_name"),
        ({"description": "x" * 1001}, "pattern.description"),
        ({"role": 0}, "pattern.role"),
        ({"priority": 0}, "pattern.priority"),
        ({"priority": 1001}, "pattern.priority"),
        ({"column_patterns": []}, "pattern.column_patterns"),
        ({"column_patterns": ["x" * 256]}, "pattern.column_patterns[0]"),
        ({"value_patterns": ["ok", "("]}, "pattern.value_patterns[1]"),
        ({"value_patterns": ["a)|(b"]}, "pattern.value_patterns[0]"),
        ({"value_patterns": [r"(a)\1"]}, "pattern.value_patterns[0]"),
        ({"value_patterns": ["(?=a)b"]}, "pattern.value_patterns[0]"),
        ({"value_patterns": ["((a{1000}){1000}){1000}"]}, "pattern.value_patterns[0]"),
        ({"min_match_ratio": float("nan")}, "pattern.min_match_ratio"),
        ({"min_match_ratio": 1.01}, "pattern.min_match_ratio"),
    ],
)
def test_what_breaks_a_limit_is_refused(stubs: Stubs, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(stubs, **fields)
    assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert violations_of(caught.value) == [field]
    assert "\n" not in caught.value.details()


def test_an_update_of_what_cannot_be_set_is_refused(stubs: Stubs) -> None:
    made = create(stubs)
    create(stubs, display_name="taken")
    for paths in (["creator"], ["nonsense"], ["priority", "origin"]):
        with pytest.raises(grpc.RpcError) as caught:
            update(stubs, Pattern(name=made.name, priority=4), *paths)
        assert violations_of(caught.value) == ["update_mask"]
    with pytest.raises(grpc.RpcError) as caught:
        update(stubs, Pattern(name=made.name, display_name="taken"))
    assert status_of(caught.value)[0] == "ALREADY_EXISTS"
    listed = stubs.detection.ListPatterns(
        calls.ListPatternsRequest(origin=pattern_pb2.PATTERN_ORIGIN_FILE), metadata=stubs.metadata
    )
    for call, request in (
        (stubs.detection.DeletePattern, calls.DeletePatternRequest(name=listed.patterns[0].name)),
        (stubs.detection.UpdatePattern, calls.UpdatePatternRequest(pattern=Pattern(name=listed.patterns[0].name, role=QI))),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            call(request, metadata=stubs.metadata)
        assert status_of(caught.value)[:2] == ("FAILED_PRECONDITION", "WRONG_STATE")


def test_hostile_patterns_take_no_time(stubs: Stubs) -> None:
    """What makes a backtracking engine run for years: nested repetition of values, and many stars in a name."""
    create(stubs, display_name="values", column_patterns=["*"], value_patterns=["(a+)+b", "(a|a)*c", "(.*)*d"])
    create(stubs, display_name="names", column_patterns=["*a" * 120])
    long = "a" * 5000
    started = time.monotonic()
    detect(stubs, csv_of(["x", "a" * 200], [(long + str(row), long) for row in range(100)]))
    assert time.monotonic() - started < 10


def test_patterns_are_of_one_organisation_and_only_admins_delete_all(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        admin = Stubs(channel, own_server.api_key)
        made = create(admin)
        me = admin.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=admin.metadata)
        organization = me.organization.name.removeprefix("organizations/")
        user = Stubs(channel, add_user(own_server.data_dir, organization, Role.USER))
        stranger = Stubs(channel, add_user(own_server.data_dir, None, Role.ADMIN))
        assert column(user, "Fallakte").pattern == made.name
        assert column(stranger, "Fallakte").pattern == ""
        with pytest.raises(grpc.RpcError) as caught:
            stranger.detection.GetPattern(calls.GetPatternRequest(name=made.name), metadata=stranger.metadata)
        assert status_of(caught.value)[0] == "NOT_FOUND"
        for call, request in (
            (user.detection.DeleteAllPatterns, calls.DeleteAllPatternsRequest()),
            (user.detection.ReloadPatterns, calls.ReloadPatternsRequest()),
        ):
            with pytest.raises(grpc.RpcError) as caught:
                call(request, metadata=user.metadata)
            assert status_of(caught.value)[0] == "PERMISSION_DENIED"
        deleted = stranger.detection.DeleteAllPatterns(calls.DeleteAllPatternsRequest(), metadata=stranger.metadata)
        assert deleted.deleted_count == 0
        deleted = admin.detection.DeleteAllPatterns(calls.DeleteAllPatternsRequest(), metadata=admin.metadata)
        assert deleted.deleted_count == 1


def test_files_are_read_again_whole_or_not_at_all(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)

        def reload() -> calls.ReloadPatternsResponse:
            return stubs.detection.ReloadPatterns(calls.ReloadPatternsRequest(), metadata=stubs.metadata)

        before = reload()
        folder = own_server.data_dir / "patterns"
        folder.mkdir()
        entry = "{display_name: cost centre, role: INSENSITIVE, column_patterns: [QVZ]}"
        (folder / "ours.yaml").write_text(f"patterns:\n  - {entry}\n")
        assert column(stubs, "qvz").role != NSI
        assert reload().file_pattern_count == before.file_pattern_count + 1
        assert column(stubs, "qvz").role == NSI
        for broken in (
            "patterns: [",
            "- a",
            f"patterns: [{entry}, {entry}]",
            "patterns: [{role: DI}]",
            "patterns: [{colour: 1}]",
        ):
            (folder / "broken.yaml").write_text(broken)
            with pytest.raises(grpc.RpcError) as caught:
                reload()
            code, reason, metadata = status_of(caught.value)
            assert (code, reason, metadata["file"]) == ("FAILED_PRECONDITION", "WRONG_STATE", "broken.yaml")
            assert column(stubs, "qvz").role == NSI

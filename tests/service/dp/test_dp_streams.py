"""Streams through the server: what they release, what they cost, what is kept, and what a restored backup may not do."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from budget_calls import exhausted
from dp_calls import DISCOVER, GAUSSIAN, LAPLACE, WHOLE_GAUSSIAN, WHOLE_LAPLACE, Dp, bounded, csv
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.dp.v1 import dp_service_pb2, stream_pb2
from shoal.dp.streams import keep
from shoal.runtime.embedded import start_embedded

SLIDING, TUMBLING = stream_pb2.WINDOW_KIND_SLIDING, stream_pb2.WINDOW_KIND_TUMBLING
ROWS = [f"{at % 90}" for at in range(300)]
TIGHT = {"epsilon": 100.0}
OWN = {"epsilon": 5.0}
"""Where contents have the budget that they have by default."""


def name() -> str:
    return f"streams/s-{uuid.uuid4().hex}"


def update(dp: Dp, **request: Any) -> dp_service_pb2.UpdateStreamResponse:
    return dp.stub.UpdateStream(dp_service_pb2.UpdateStreamRequest(**request), metadata=dp.stubs.metadata, timeout=60)


def get(dp: Dp, stream: str) -> stream_pb2.Stream:
    return dp.stub.GetStream(dp_service_pb2.GetStreamRequest(name=stream), metadata=dp.stubs.metadata, timeout=30)


def delete(dp: Dp, stream: str) -> None:
    dp.stub.DeleteStream(dp_service_pb2.DeleteStreamRequest(name=stream), metadata=dp.stubs.metadata, timeout=30)


def content_of(table: dict[str, Any]) -> str:
    return f"budgets/sha256-{hashlib.sha256(table['inline']['data']).hexdigest()}"


def near(answer: Any, expected: float, slack: float) -> bool:
    low, high = answer.interval.lower, answer.interval.upper
    assert low <= answer.value <= high
    return bool(abs(answer.value - expected) <= slack)


@contextmanager
def own_server(folder: Path) -> Iterator[Dp]:
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        yield Dp(Stubs(channel, server.api_key), server)


@pytest.mark.parametrize(("noise", "delta"), [(LAPLACE, 0.0), (GAUSSIAN, 1e-6), (WHOLE_LAPLACE, 0.0), (WHOLE_GAUSSIAN, 1e-6)])
def test_a_count_goes_on(dp: Dp, noise: int, delta: float) -> None:
    stream = name()
    spec = {"count": {}, "noise": noise, "delta": delta, **TIGHT}
    first = update(dp, name=stream, spec=spec, batch=csv("age", *ROWS), release=True)
    assert (first.stream.name, first.stream.batch_count, first.stream.release_count) == (stream, 1, 1)
    assert near(first.release.answers[0], 300, 40)
    update(dp, name=stream, batch=csv("age", *ROWS[:50]))
    third = update(dp, name=stream, batch=csv("age"), release=True)
    assert (third.release.release_number, third.release.batch_count, third.repeated_release) == (2, 3, False)
    assert near(third.release.answers[0], 350, 40)
    if noise in (WHOLE_LAPLACE, WHOLE_GAUSSIAN):
        assert third.release.answers[0].value == int(third.release.answers[0].value)
    assert not third.release.answers[0].HasField("noisy_row_count")


def test_means_and_variances_of_columns_and_groups(dp: Dp) -> None:
    rows = [f"{at % 90},{at % 7},{'abx'[at % 3]}" for at in range(3000)]
    by = {"column": "kind", "keys": [{"value": "a"}, {"value": "b"}, {"value": "nobody"}]}
    spec = {"mean": bounded("age", "size"), "noise": GAUSSIAN, "delta": 1e-6, "group_by": by, **TIGHT}
    found = update(dp, name=name(), spec=spec, batch=csv("age,size,kind", *rows), release=True)
    answers = found.release.answers
    assert [(each.group.key, each.group.other, each.column) for each in answers] == [
        (key, other, column)
        for key, other in [("a", False), ("b", False), ("nobody", False), ("", True)]
        for column in ("age", "size")
    ]
    assert near(answers[0], 44.5, 3)
    assert near(answers[1], 3.0, 3)
    assert near(answers[6], 44.5, 3)
    assert abs(answers[0].noisy_row_count - 1000) < 40
    assert 0 <= answers[4].value <= 100
    spec = {"variance": bounded("age"), **TIGHT}
    (answer,) = update(dp, name=name(), spec=spec, batch=csv("age,size,kind", *rows), release=True).release.answers
    assert near(answer, 674.9, 120)


def test_windows(dp: Dp) -> None:
    sliding, tumbling = name(), name()
    counts = [300, 100, 200, 50, 0, 400]
    for noise in ({}, {"noise": GAUSSIAN, "delta": 1e-6}):
        sliding, tumbling = name(), name()
        for at, count in enumerate(counts):
            window = {"kind": SLIDING, "batch_count": 2}
            batch = csv("age", *(["1"] * count))
            found = update(dp, name=sliding, spec={"count": {}, "window": window, **noise, **TIGHT}, batch=batch, release=True)
            assert near(found.release.answers[0], sum(counts[max(0, at - 1) : at + 1]), 30)
            window = {"kind": TUMBLING, "batch_count": 2}
            found = update(dp, name=tumbling, spec={"count": {}, "window": window, **noise, **TIGHT}, batch=batch, release=True)
            assert found.HasField("release") == (at > 0)
            if at > 0:
                full = (at + 1) // 2 * 2
                assert found.release.batch_count == full
                assert near(found.release.answers[0], sum(counts[full - 2 : full]), 30)
                assert found.repeated_release == (at % 2 == 0)
        assert get(dp, tumbling).release_count == 3


def test_asking_again_is_free_and_the_same_to_the_byte(dp: Dp) -> None:
    stream = name()
    first = update(dp, name=stream, spec={"count": {}, "epsilon": 1.0}, batch=csv("age", *ROWS), release=True)
    again = update(dp, name=stream, release=True)
    assert again.repeated_release
    assert (again.epsilon, again.delta, list(again.budgets)) == (0.0, 0.0, [])
    assert again.release.SerializeToString() == first.release.SerializeToString()
    assert get(dp, stream).last_release == first.release
    assert update(dp, name=stream, batch=csv("age"), release=True).release.answers[0].value != first.release.answers[0].value


def test_a_stream_is_charged_once_and_every_content_when_it_comes(dp: Dp) -> None:
    budget, stream = dp.create(f"b-{uuid.uuid4().hex}", 1.0), name()
    spec = {"mean": bounded("age"), "epsilon": 0.5, "budgets": [budget.name]}
    one, two = csv("age", *ROWS), csv("age", *ROWS)
    first = update(dp, name=stream, spec=spec, batch=one, release=True)
    assert [each.name for each in first.budgets] == [content_of(one), budget.name]
    assert (first.epsilon, first.stream.spent_epsilon) == (0.5, 0.5)
    second = update(dp, name=stream, batch=two, release=True)
    assert [each.name for each in second.budgets] == [content_of(two)]
    assert (second.epsilon, second.stream.spent_epsilon) == (0.5, 0.5)
    for _ in range(3):
        update(dp, name=stream, release=True)
    assert dp.budget(budget.name).spent_epsilon == 0.5
    assert [each.epsilon for each in dp.spends(content_of(two))] == [0.5]
    (spend,) = dp.spends(budget.name)
    assert spend.purpose.startswith("stream of mean of 1 column, Laplace noise")
    # A stream made again under the name is charged again; what is not covered makes no stream.
    delete(dp, stream)
    assert update(dp, name=stream, spec=spec).epsilon == 0.5
    delete(dp, stream)
    with pytest.raises(grpc.RpcError) as refused:
        update(dp, name=stream, spec=spec, batch=csv("age", *ROWS))
    assert exhausted(refused.value) == [budget.name]
    with pytest.raises(grpc.RpcError) as missing:
        get(dp, stream)
    assert status_of(missing.value)[:2] == ("NOT_FOUND", "RESOURCE_NOT_FOUND")


def test_a_request_id_takes_a_batch_in_once(dp: Dp) -> None:
    stream, request_id = name(), str(uuid.uuid4())
    request = {"name": stream, "spec": {"count": {}, **TIGHT}, "batch": csv("age", *ROWS), "release": True}
    first = update(dp, **request, request_id=request_id)
    again = update(dp, **request, request_id=request_id)
    assert again.SerializeToString() == first.SerializeToString()
    assert get(dp, stream).batch_count == 1
    with pytest.raises(grpc.RpcError) as other:
        update(dp, name=stream, release=True, request_id=request_id)
    assert status_of(other.value)[:2] == ("ALREADY_EXISTS", "RESOURCE_EXISTS")


def test_calls_at_once_with_one_request_id_take_a_batch_in_once(dp: Dp) -> None:
    batch, spec = csv("age", *ROWS), {"count": {}, **TIGHT}
    for stream in (name(), None):
        request = {"spec": spec, "batch": batch, "release": True, "request_id": str(uuid.uuid4())}
        request |= {} if stream is None else {"name": stream}
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _, request=request: update(dp, **request), range(8)))
        assert len({each.SerializeToString(deterministic=True) for each in found}) == 1
        assert found[0].stream.batch_count == get(dp, found[0].stream.name).batch_count == 1
    assert len(dp.spends(content_of(batch))) == 2


def test_batches_at_once_are_all_taken_in(dp: Dp) -> None:
    stream, budget = name(), dp.create(f"b-{uuid.uuid4().hex}", 200.0)
    spec = {"count": {}, "budgets": [budget.name], **TIGHT}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: update(dp, name=stream, spec=spec, batch=csv("age", *ROWS), release=True), range(12)))
    last = get(dp, stream)
    assert (last.batch_count, last.release_count) == (12, 12)
    assert near(last.last_release.answers[0], 3600, 60)
    assert len(dp.spends(budget.name)) == 1


def test_a_spec_never_changes(dp: Dp) -> None:
    stream, spec = name(), {"mean": bounded("age"), "epsilon": 0.1}
    made = update(dp, name=stream, spec=spec, batch=csv("age", *ROWS))
    assert made.stream.spec.noise == LAPLACE
    assert made.stream.spec.max_releases == 4096
    update(dp, name=stream, spec=spec)
    update(dp, name=stream, spec=made.stream.spec)
    for changed in (
        {"epsilon": 0.2},
        {"noise": GAUSSIAN, "delta": 1e-9},
        {"mean": bounded("age", upper=99.0)},
        {"max_releases": 5},
    ):
        with pytest.raises(grpc.RpcError) as refused:
            update(dp, name=stream, spec={**spec, **changed}, batch=csv("age", *ROWS))
        assert status_of(refused.value)[:2] == ("FAILED_PRECONDITION", "WRONG_STATE")
    assert get(dp, stream).batch_count == 1


def test_what_is_wrong_is_said_before_anything_is_charged(dp: Dp) -> None:
    batch = csv("age", *ROWS)
    window = {"kind": SLIDING, "batch_count": 4}
    for request, fields in [
        ({"name": "streams/ä", "release": True}, ["name"]),
        ({"release": True}, ["name"]),
        ({"name": name(), "spec": {"count": {}}, "batch": batch}, ["spec.epsilon"]),
        ({"name": name(), "spec": {"epsilon": 1.0}}, ["spec.query"]),
        ({"name": name(), "spec": {"mean": {"columns": [{"column": "age"}]}, "epsilon": 1.0}}, ["spec.mean.columns[0].bounds"]),
        ({"name": name(), "spec": {"variance": bounded("age"), "window": window, "epsilon": 1.0}}, ["spec.window"]),
        ({"name": name(), "spec": {"count": {}, "window": {}, "epsilon": 1}}, ["spec.window.kind", "spec.window.batch_count"]),
        ({"name": name(), "spec": {"count": {}, "max_releases": 0, "epsilon": 1.0}}, ["spec.max_releases"]),
        ({"name": name(), "spec": {"count": {}, "epsilon": 1.0}, "request_id": "x"}, ["request_id"]),
        ({"name": name(), "spec": {"count": {}, "noise": GAUSSIAN, "epsilon": 1.0}}, ["spec.delta"]),
    ]:  # fmt: skip
        with pytest.raises(grpc.RpcError) as refused:
            update(dp, **request)
        assert list(violations_of(refused.value)) == fields
    for spec, status in [
        ({"count": {}, "group_by": {"column": "age", "unlisted": DISCOVER}, "delta": 1e-6, "epsilon": 1.0}, "UNIMPLEMENTED"),
        ({"mean": bounded("size"), "epsilon": 1.0}, "INVALID_ARGUMENT"),
        ({"count": {}, "max_releases": 1_000_000, "noise": GAUSSIAN, "delta": 1e-6, "epsilon": 1.0, "group_by": {
            "column": "age", "keys": [{"value": "1"}, {"value": "2"}]}}, "INVALID_ARGUMENT"),
    ]:  # fmt: skip
        with pytest.raises(grpc.RpcError) as refused:
            update(dp, name=name(), spec=spec, batch=batch)
        assert status_of(refused.value)[0] == status
    with pytest.raises(grpc.RpcError) as refused:
        update(dp, name=name(), batch=batch)
    assert status_of(refused.value)[:2] == ("NOT_FOUND", "RESOURCE_NOT_FOUND")
    with pytest.raises(grpc.RpcError) as free:
        dp.budget(content_of(batch))
    assert status_of(free.value)[0] == "NOT_FOUND"


def test_epochs_follow_each_other_and_say_their_noise(dp: Dp) -> None:
    for noise in ({}, {"noise": GAUSSIAN, "delta": 1e-6}):
        stream = name()
        spec = {"count": {}, "max_releases": 2, **noise, **TIGHT}
        deviations = []
        for at in range(1, 6):
            found = update(dp, name=stream, spec=spec, batch=csv("age", *(["1"] * 100)), release=True)
            (answer,) = found.release.answers
            assert near(answer, 100 * at, 40)
            deviations.append(answer.noise_standard_deviation)
        assert deviations[1] <= deviations[2] * 1.01  # the first epoch's last noise stays
        assert deviations[2] < deviations[1] * 3
        assert found.epsilon == 100.0


def test_streams_are_listed_newest_first_without_keys_and_releases(dp: Dp) -> None:
    made = [name() for _ in range(3)]
    by = {"column": "age", "keys": [{"value": "1"}]}
    for stream in made:
        update(dp, name=stream, spec={"count": {}, "group_by": by, **TIGHT}, batch=csv("age", *ROWS), release=True)
    first = dp.stub.ListStreams(dp_service_pb2.ListStreamsRequest(page_size=2), metadata=dp.stubs.metadata)
    second = dp.stub.ListStreams(
        dp_service_pb2.ListStreamsRequest(page_size=2, page_token=first.next_page_token), metadata=dp.stubs.metadata
    )
    found = [*first.streams, *second.streams]
    assert [each.name for each in found][:3] == made[::-1]
    assert not any(each.HasField("last_release") or each.spec.group_by.keys for each in found)
    assert [key.value for key in get(dp, made[0]).spec.group_by.keys] == ["1"]


def test_what_is_kept_shows_no_sums_and_a_tombstone_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    stream = name()
    with own_server(folder) as dp:
        spec = {"sum": bounded("age", lower=0.0, upper=1.0), "noise": WHOLE_LAPLACE, "epsilon": 1.0}
        update(dp, name=stream, spec=spec, batch=csv("age", *(["1"] * 4242)))
        with closing(sqlite3.connect(folder / "dp.db")) as database:
            ((content,),) = database.execute("SELECT content FROM streams").fetchall()
        assert b"4242" not in content
        assert (4242).to_bytes(16, "little") not in content
        delete(dp, stream)
        with closing(sqlite3.connect(folder / "dp.db")) as database:
            rows = database.execute("SELECT name, former_name, content, last_release, spent_epsilon FROM streams").fetchall()
        assert rows == [(None, stream.removeprefix("streams/"), b"", None, 10**9)]


def test_a_server_that_starts_again_goes_on(tmp_path: Path) -> None:
    folder, stream = tmp_path / "data", name()
    with own_server(folder) as dp:
        update(dp, name=stream, spec={"count": {}, **OWN}, batch=csv("age", *ROWS), release=True)
    with own_server(folder) as dp:
        found = update(dp, name=stream, batch=csv("age", *ROWS), release=True)
        assert near(found.release.answers[0], 600, 40)
        assert found.stream.state == stream_pb2.STREAM_STATE_ACTIVE


@pytest.mark.parametrize("what", ["database", "folder", "a commit that was not finished"])
def test_a_restored_stream_is_fenced(tmp_path: Path, what: str) -> None:
    folder, backup, stream = tmp_path / "data", tmp_path / "backup", name()
    with own_server(folder) as dp:
        update(dp, name=stream, spec={"count": {}, **OWN}, batch=csv("age", *ROWS), release=True)
    if what == "a commit that was not finished":
        # The process died between the fence and the commit: nobody has heard of that step, and it is not a restored backup.
        fence = folder / "dp.fence"
        text = fence.read_text().replace('"settled": true', '"settled": false').replace('"counter": 1', '"counter": 2')
        with fence.open("r+") as file:
            file.write(text)
        with own_server(folder) as dp:
            assert update(dp, name=stream, batch=csv("age"), release=True).release.release_number == 2
        return
    shutil.copytree(folder, backup)
    with own_server(folder) as dp:
        seen = update(dp, name=stream, batch=csv("age", *ROWS), release=True)
    if what == "database":
        for kept in folder.glob("dp.db*"):
            kept.unlink()
        shutil.copy(backup / "dp.db", folder / "dp.db")
    else:
        shutil.rmtree(folder)
        shutil.copytree(backup, folder, copy_function=shutil.copy2)
    with own_server(folder) as dp:
        found = get(dp, stream)
        assert found.state == stream_pb2.STREAM_STATE_FENCED
        assert found.last_release.answers[0].value != seen.release.answers[0].value
        for more in ({"batch": csv("age", *ROWS)}, {"release": True}):
            with pytest.raises(grpc.RpcError) as refused:
                update(dp, name=stream, **more)
            assert status_of(refused.value)[:2] == ("FAILED_PRECONDITION", "WRONG_STATE")
        delete(dp, stream)
        again = update(dp, name=stream, spec={"count": {}, **OWN}, batch=csv("age", *ROWS), release=True)
        assert again.stream.state == stream_pb2.STREAM_STATE_ACTIVE


def test_neighbouring_streams_answer_in_the_same_form(dp: Dp) -> None:
    by = {"column": "kind", "keys": [{"value": "a"}, {"value": "b"}]}
    sizes = set()
    for rows in (["1,a", "2,b"], ["1,a"], [], ["nan,zzz", "1e999,", "x,a"]):
        spec = {"mean": bounded("age"), "group_by": by, "epsilon": 1.0}
        found = update(dp, name="streams/" + uuid.uuid4().hex, spec=spec, batch=csv("age,kind", *rows), release=True)
        assert [each.group.key for each in found.release.answers] == ["a", "b", ""]
        assert list(found.warnings) == []
        sizes.add(tuple(sorted(field.name for each in found.release.answers for field, _ in each.ListFields())))
    assert len(sizes) == 1


def test_what_fails_after_the_charge_stays_charged_and_can_be_tried_again(dp: Dp, monkeypatch: pytest.MonkeyPatch) -> None:
    stream, request_id, batch = name(), str(uuid.uuid4()), csv("age", *ROWS)
    update(dp, name=stream, spec={"count": {}, **OWN}, batch=csv("age", *ROWS), release=True)
    before = get(dp, stream)

    def dies(*_: Any) -> None:
        raise MemoryError

    request = {"name": stream, "batch": batch, "release": True, "request_id": request_id}
    with monkeypatch.context() as patch:
        patch.setattr(keep, "answers", dies)
        with pytest.raises(grpc.RpcError):
            update(dp, **request)
    assert get(dp, stream) == before
    assert len(dp.spends(content_of(batch))) == 1
    found = update(dp, **request)
    assert (found.stream.batch_count, found.release.release_number, found.epsilon) == (2, 2, 5.0)
    assert len(dp.spends(content_of(batch))) == 1


def test_no_cell_is_in_the_log_the_record_or_an_error(dp: Dp, caplog: pytest.LogCaptureFixture) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    stream, by = name(), {"column": "kind", "keys": [{"value": "a"}]}
    spec = {"mean": bounded("age"), "group_by": by, **OWN}
    with caplog.at_level("DEBUG"):
        found = update(dp, name=stream, spec=spec, batch=csv("age,kind", f"1,{canary}", f"{canary},a"), release=True)
        with pytest.raises(grpc.RpcError) as refused:
            update(dp, name=stream, batch=csv("size,kind", f"1,{canary}"), release=True)
    assert canary not in caplog.text
    assert canary not in str(found)
    assert canary not in str(refused.value)
    with closing(sqlite3.connect(dp.server.data_dir / "dp.db")) as database:
        assert canary not in "\n".join(database.iterdump())
    with closing(sqlite3.connect(dp.server.data_dir / "audit.db")) as database:
        assert canary not in "\n".join(database.iterdump())

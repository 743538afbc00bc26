"""What could tell whether somebody is in the table, beside the noisy numbers: forms, errors, logs, the record, the time."""

from __future__ import annotations

import io
import logging
import random
import time
from typing import Any

import grpc
import polars as pl
import pytest
from counts import FULL
from dp_calls import DISCOVER, NOISES, OTHER, Dp, bounded, csv, widths
from grpc_calls import status_of, violations_of

from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.dp.v1 import dp_service_pb2
from shoal.api.tables.v1 import table_pb2

CANARY = "canary-9k2x"
CANARY_NUMBER = "73519.25"
ROUNDS = 1500 if FULL else 60
FINE = {"OK", "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION"}

LISTED = {"column": "city", "keys": [{"value": "Ulm"}, {"value": "Rom"}], "unlisted": OTHER}
QUERIES: list[dict[str, Any]] = [
    {"mean": bounded("age")},
    {"sum": bounded("age"), "where": [{"column": "city", "comparison": 1, "text": "Ulm"}]},
    {"variance": bounded("age")},
    {"count": {}, "group_by": LISTED},
    {"mean": bounded("age"), "group_by": LISTED},
    {"histogram": widths("age", 7)},
    {"exponential": {"column": "city", "candidates": [{"text": "Ulm"}, {"text": "Rom"}]}},
    {"mean": bounded("nothing")},
    {"count": {"columns": [{"column": "age"}]}, "privacy_unit": {"unit_column": "city", "max_contributions": 3}},
]
PAIRS = [
    (["40,Ulm", "50,Rom"], ["40,Ulm", "50,Rom", "73519.25,canary-9k2x"]),
    (["40,Ulm"], []),
    (["40,Ulm", "1,Rom"], ["40,Ulm", "no number,Rom"]),
    (["40,Ulm", "1,Rom"], ["40,Ulm", "nan,"]),
    (["40,Ulm"] * 1000, ["40,Ulm"] * 999 + ["1e308,canary-9k2x"]),
]


def form(message: Any) -> Any:
    """Which fields are there, how often, and of what size, but for the numbers and names that may differ."""
    if not hasattr(message, "ListFields"):
        return None
    shape: dict[str, Any] = {}
    for field, value in message.ListFields():
        if field.name in ("lower", "upper"):
            continue  # of a noisy number, cut off at a public bound: where that is 0, it is not on the wire
        if field.name in ("noisy_row_count", "value", "budgets", "spend", "selected", "counts"):
            shape[field.name] = len(value) if field.name in ("counts", "budgets") else "there"
        elif isinstance(value, float | int | str | bytes):
            shape[field.name] = value if field.name != "noise_standard_deviation" else "there"
        elif hasattr(value, "ListFields"):
            shape[field.name] = form(value)
        else:
            shape[field.name] = [form(each) if hasattr(each, "ListFields") else each for each in value]
    return shape


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: "-".join(query))
def test_neighbouring_tables_have_answers_of_one_form(dp: Dp, query: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    """Answers, errors and log lines alike, for tables that differ by a row, empty ones and hostile ones among them."""
    caplog.set_level(logging.DEBUG, logger="shoal")
    for pair in PAIRS:
        found = []
        for rows in pair:
            caplog.clear()
            try:
                outcome = form(dp.ask(csv("age,city", *rows), **query))
            except grpc.RpcError as error:
                outcome = (status_of(error), error.details())
            found.append((outcome, [(record.name, record.levelname, record.msg) for record in caplog.records]))
        assert found[0] == found[1]


def test_json_lines_are_refused_before_the_charge(dp: Dp) -> None:
    """One row of 5.5 would make a group named 5.0 of everybody's 5: the count of a listed group would fall from 50 to 0."""
    lines = b'{"g": 5}\n' * 50
    by = {"column": "g", "keys": [{"value": "5"}]}
    for data in (lines, lines + b'{"g": 5.5}\n'):
        table = {"inline": {"data": data, "format": table_pb2.TABLE_FORMAT_JSON_LINES}}
        with pytest.raises(grpc.RpcError) as caught:
            dp.ask(table, count={}, group_by=by)
        assert violations_of(caught.value) == ["table"]


def test_nothing_of_a_row_is_kept_or_said_anywhere(dp: Dp, caplog: pytest.LogCaptureFixture) -> None:
    """Logs, errors, the record, the databases: the canary is in none of them, although queries that fail touch it, too."""
    caplog.set_level(logging.DEBUG)
    rows = [f"{CANARY_NUMBER},{CANARY}"] + ["40,Ulm"] * 50
    said = []
    for query in [*QUERIES, {"count": {}, "group_by": {"column": "city", "unlisted": DISCOVER}, "delta": 1e-6}]:
        try:
            said.append(str(dp.ask(csv("age,city", *rows), **query)))
        except grpc.RpcError as error:
            said.append(f"{error.details()} {error.trailing_metadata()}")
    audit = dp.stubs.audit.ListEntries(audit_reader_service_pb2.ListEntriesRequest(page_size=200), metadata=dp.stubs.metadata)
    assert any(entry.method.endswith("Compute") for entry in audit.entries)
    everything = "\n".join([*said, str(audit), caplog.text]).encode()
    for path in dp.server.data_dir.rglob("*"):
        if path.is_file() and path.suffix in (".db", ".db-wal"):
            everything += path.read_bytes()
    assert b"Ulm" in everything  # what is looked at is what there is: the name of a group that was listed
    assert CANARY.encode() not in everything
    assert CANARY_NUMBER.encode() not in everything


def test_the_record_says_what_was_asked_and_what_it_cost(dp: Dp) -> None:
    answer = dp.ask(csv("age,city", "40,Ulm"), mean=bounded("age"), epsilon=0.25)
    request = audit_reader_service_pb2.ListEntriesRequest(resource=answer.spend)
    entries = dp.stubs.audit.ListEntries(request, metadata=dp.stubs.metadata).entries
    (entry,) = (each for each in entries if each.method.endswith("Compute"))
    assert dict(entry.details)["query"] == "mean of 1 column, Laplace noise"
    assert dict(entry.details)["epsilon"] == "0.25"
    assert any(each.method.endswith("Spend") for each in entries)


def test_an_answer_s_true_numbers_are_in_no_field() -> None:
    """There is nowhere to put a true value, an exact count or the probabilities of a choice."""
    names = {
        field.name
        for message in dp_service_pb2.ComputeResponse.DESCRIPTOR.file.pool.FindFileByName(
            "shoal/api/dp/v1/answer.proto"
        ).message_types_by_name.values()
        for field in message.fields
    }
    assert names & {"true_value", "row_count", "total_count", "selection_probabilities"} == set()


def test_replies_come_on_ticks(dp: Dp) -> None:
    """The time of a reply has nothing to do with the size of its noise: rank correlation, red once in 10^6 runs. Without ticks
    it was 0.4 for single draws."""
    rounds = 1500 if FULL else 60
    table = csv("age,city", "40,Ulm")
    sizes, seconds = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = dp.ask(table, count={}, epsilon=0.001)
        seconds.append(time.perf_counter() - began)
        sizes.append(abs(answer.answers[0].value - 1))

    def ranks(values: list[float]) -> list[int]:
        order = sorted(range(len(values)), key=values.__getitem__)
        found = [0] * len(values)
        for rank, place in enumerate(order):
            found[place] = rank
        return found

    apart = sum((a - b) ** 2 for a, b in zip(ranks(sizes), ranks(seconds), strict=True))
    spearman = 1 - 6 * apart / (rounds * (rounds**2 - 1))
    assert abs(spearman) < 4.89 / (rounds - 1) ** 0.5


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, cut out or doubled."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(found) or 1)
        match chance.randrange(3):
            case 0:
                found[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[place : place + chance.randrange(1, 9)]
            case _:
                found[place:place] = found[place : place + chance.randrange(1, 9)]
    return bytes(found)


def answered(call: Any, data: bytes, metadata: Any) -> tuple[str, str]:
    """How a call ended, and the sentence of its failure."""
    try:
        call(data, metadata=metadata, timeout=60)
    except grpc.RpcError as error:
        return error.code().name, error.details()
    return "OK", ""


def test_damaged_requests_are_no_bug(dp: Dp) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    path = "/shoal.api.dp.v1.DifferentialPrivacyService/Compute"
    raw = dp.stubs.channel.unary_unary(path)
    outcomes = set()
    for _ in range(ROUNDS):
        noise, delta = chance.choice(NOISES)
        query = {"noise": noise, "delta": delta, **chance.choice(QUERIES)}
        request = dp_service_pb2.ComputeRequest(table=csv("age,city", f"40,{CANARY}", f"{CANARY_NUMBER},Rom"), **query)
        data = request.SerializeToString()
        outcome, sentence = answered(raw, damaged(data, chance) if chance.random() < 0.8 else data, dp.stubs.metadata)
        outcomes.add(outcome)
        assert outcome in FINE, f"seed {seed}: {sentence}"
        assert CANARY_NUMBER not in sentence, f"seed {seed}"
    assert {"OK", "INVALID_ARGUMENT"} <= outcomes


STRANGE_DAYS = [
    (pl.Date(), 2**31 - 1, table_pb2.TABLE_FORMAT_PARQUET),
    (pl.Datetime("ms"), -(2**63) + 1, table_pb2.TABLE_FORMAT_ARROW_IPC),
    (pl.Datetime("us", "UTC"), 2**63 - 1, table_pb2.TABLE_FORMAT_PARQUET),
]


@pytest.mark.parametrize(("dtype", "strange", "kind"), STRANGE_DAYS, ids=str)
def test_a_day_that_no_calendar_has_decides_nothing(
    dp: Dp, dtype: pl.DataType, strange: int, kind: table_pb2.TableFormat
) -> None:
    """polars fails when it writes such a day; one row must not decide whether everybody gets an answer."""
    keys = {"column": "d", "keys": [{"value": "1970-01-01"}], "unlisted": OTHER}
    queries: list[dict[str, Any]] = [
        {"count": {}, "group_by": keys},
        {"count": {}, "group_by": {"column": "d", "unlisted": DISCOVER}, "delta": 1e-6},
        {"count": {}, "where": [{"column": "d", "comparison": 1, "text": "1970-01-01"}]},
        {"exponential": {"column": "d", "candidates": [{"text": "1970-01-01"}, {"text": "1970-01-02"}]}},
    ]
    tables = []
    for days in ([0] * 300, [0] * 300 + [strange]):
        frame = pl.Series("d", days, dtype=pl.Int32 if isinstance(dtype, pl.Date) else pl.Int64).cast(dtype).to_frame()
        file = io.BytesIO()
        if kind == table_pb2.TABLE_FORMAT_PARQUET:
            frame.write_parquet(file)
        else:
            frame.write_ipc_stream(file)
        tables.append({"inline": {"data": file.getvalue(), "format": kind}})
    for query in queries:
        without, with_it = (form(dp.ask(table, **query)) for table in tables)
        assert without == with_it

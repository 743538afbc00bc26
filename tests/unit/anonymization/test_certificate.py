"""Certificates: what they say, that they say no more, and that anybody can check them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format

from shoal.anonymization.certificate import batch_statement, canonical, release_statement, signed
from shoal.api.anonymization.v1 import solution_pb2
from shoal.client.certificates import verify_certificate
from shoal.errors import InvalidArgumentError
from shoal.runtime.signing import Signer

DOCS = Path(__file__).resolve().parents[3] / "docs" / "certificates.md"
RELEASED = b"age,ill\n[20-30),flu\n"
CANARY = "canary-9f3"


def solution(**more: Any) -> solution_pb2.Solution:
    message = {
        "name": "solutions/" + "a" * 32,
        "formatVersion": 1,
        "policy": {
            "attributes": [
                {
                    "name": "age",
                    "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER",
                    "hierarchy": {"explicit": {"rows": [{"labels": [CANARY, "*"]}]}},
                },
                {
                    "name": "zip",
                    "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER",
                    "hierarchy": {"table": {"uri": f"file:/home/{CANARY}/zip.csv"}},
                },
                {
                    "name": "größe",
                    "role": "ATTRIBUTE_ROLE_SENSITIVE",
                    "hierarchy": {"table": {"inline": {"data": "Y2FuYXJ5LTlmMw==", "format": "TABLE_FORMAT_CSV"}}},
                },
            ],
            "privacyModels": [{"kAnonymity": {"k": 5}}, {"betaLikeness": {"attribute": "größe", "beta": 1.5}}],
            "suppressionLimit": 0.02,
            "quality": {"measure": "LOSS_MEASURE_LOSS", "aggregate": "LOSS_AGGREGATE_GEOMETRIC_MEAN"},
            "population": {"dataset": f"datasets/{CANARY}"},
            "search": {"maxNodes": "12"},
        },
        "attributes": [
            {"name": "age", "level": 1, "levelCount": 2, "hierarchySha256": "ab" * 32},
            {"name": "zip", "level": 3, "levelCount": 6, "hierarchySha256": "cd" * 32},
        ],
        "rowCount": "1000",
        "releasedCount": "990",
        "suppressedCount": "10",
        "loss": 0.25,
        "models": [
            {"model": {"kAnonymity": {"k": 5}}, "satisfied": True, "measured": 6},
            {
                "model": {"betaLikeness": {"attribute": "größe", "beta": 1.5}},
                "satisfied": True,
                "measured": "Infinity",
                "reference": "all rows of the input",
            },
        ],
        "riskAfter": {
            "k": "6",
            "classCount": "20",
            "prosecutor": {"overallRisk": 0.16, "successRate": 0.02},
            "histogram": [{"size": "6", "count": "1"}],
        },
        "search": {"optimal": True, "lowerBound": 0.25, "latticeSize": "12"},
        "inputSha256": "11" * 32,
        "outputSha256": hashlib.sha256(RELEASED).hexdigest(),
        "createTime": "2026-01-02T03:04:05.678901Z",
        "shoalVersion": "0.1.0",
        "warnings": [CANARY],
        "suppressedProfiles": [{"attribute": "größe", "values": [{"value": CANARY}]}],
        **more,
    }
    return json_format.ParseDict(message, solution_pb2.Solution())


def certificate(tmp_path: Path) -> tuple[solution_pb2.Certificate, Signer]:
    signer = Signer(tmp_path)
    statement = release_statement(
        solution(), core_version="0.1.0", table_digests={"größe": "ef" * 32}, population_sha256="22" * 32
    )
    return signed(statement, signer), signer


def test_the_statement_says_what_was_done(tmp_path: Path) -> None:
    made, signer = certificate(tmp_path)
    said = verify_certificate(made, signer.public_key, RELEASED)
    assert said == json.loads(made.payload)
    assert said["type"] == "shoal.release"
    assert said["format_version"] == 1
    assert said["solution"] == "solutions/" + "a" * 32
    assert said["create_time"] == "2026-01-02T03:04:05.678901Z"
    assert said["input"] == {"sha256": "11" * 32, "rows": 1000}
    assert said["output"] == {"sha256": hashlib.sha256(RELEASED).hexdigest(), "rows": 990}
    assert said["suppressed_rows"] == 10
    assert said["versions"] == {"shoal": "0.1.0", "core": "0.1.0"}
    assert said["attributes"] == [
        {"name": "age", "level": 1, "level_count": 2, "hierarchy_sha256": "ab" * 32},
        {"name": "zip", "level": 3, "level_count": 6, "hierarchy_sha256": "cd" * 32},
    ]
    assert said["models"] == [
        {"model": {"k_anonymity": {"k": 5}}, "satisfied": True, "measured": 6},
        {
            "model": {"beta_likeness": {"attribute": "größe", "beta": 1.5}},
            "satisfied": True,
            "measured": "Infinity",
            "reference": "all rows of the input",
        },
    ]
    assert said["loss"] == {"measure": "LOSS", "aggregate": "GEOMETRIC_MEAN", "value": 0.25}
    assert said["search"] == {"optimal": True, "lower_bound": 0.25}
    assert said["risk_after"] == {"k": 6, "class_count": 20, "prosecutor": {"overall": 0.16, "average": 0.02}}
    assert said["recoding"] == "GLOBAL"
    assert said["table_digests"] == {"größe": "ef" * 32}
    assert said["population_sha256"] == "22" * 32
    assert said["policy"]["privacy_models"][0] == {"k_anonymity": {"k": 5}}


def test_the_payload_is_canonical_and_the_policy_has_its_digest(tmp_path: Path) -> None:
    made, _ = certificate(tmp_path)
    again = json.dumps(json.loads(made.payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert made.payload == again
    assert "größe".encode() in made.payload
    said = json.loads(made.payload)
    assert said["policy_sha256"] == hashlib.sha256(canonical(said["policy"])).hexdigest()


def test_no_label_no_place_and_no_value_is_in_it(tmp_path: Path) -> None:
    made, _ = certificate(tmp_path)
    assert CANARY.encode() not in made.payload
    assert b"Y2FuYXJ5LTlmMw" not in made.payload
    kinds = [list(each.get("hierarchy", {})) for each in json.loads(made.payload)["policy"]["attributes"]]
    assert kinds == [["explicit"], ["table"], ["table"]]  # which kind it was is not hidden


def test_the_solution_is_not_changed_by_it() -> None:
    before = solution()
    after = solution()
    release_statement(after, core_version="1", table_digests={})
    assert after == before


def test_a_batch_says_what_holds_for_it_and_for_the_union(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    results = solution().models
    statement = batch_statement(
        solution(),
        core_version="0.1.0",
        shoal_version="0.1.0",
        create_time="2026-02-02T00:00:00Z",
        input_sha256="33" * 32,
        output_sha256="44" * 32,
        rows={"input": 100, "released": 90, "unseen": 4, "violating": 6},
        batch=results,
        union=results[:1],
        union_rows=1080,
    )
    said = verify_certificate(signed(statement, signer), signer.key_id)
    assert said["type"] == "shoal.batch"
    assert said["suppressed_rows"] == 10
    assert (said["unseen_rows"], said["violating_rows"]) == (4, 6)
    assert said["union"]["rows"] == 1080
    assert len(said["models"]) == 2
    assert len(said["union"]["models"]) == 1
    assert CANARY not in json.dumps(said)


def test_any_changed_byte_is_found(tmp_path: Path) -> None:
    made, signer = certificate(tmp_path)
    for field in ("payload", "signature", "public_key"):
        content: bytes = getattr(made, field)
        for place in range(len(content)):
            changed = solution_pb2.Certificate()
            changed.CopyFrom(made)
            setattr(changed, field, content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            for key in (signer.public_key, signer.key_id):
                with pytest.raises(InvalidArgumentError):
                    verify_certificate(changed, key)


def test_a_forged_key_does_not_help(tmp_path: Path) -> None:
    made, signer = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    forger = Signer(tmp_path / "other")
    statement = json.loads(made.payload)
    statement["suppressed_rows"] = 0
    forged = signed(statement, forger)
    with pytest.raises(InvalidArgumentError, match="another key"):
        verify_certificate(forged, signer.key_id)
    with pytest.raises(InvalidArgumentError, match="another key"):
        verify_certificate(forged, signer.public_key)
    forged.key_id = signer.key_id
    with pytest.raises(InvalidArgumentError, match="key_id"):
        verify_certificate(forged, signer.key_id)


def test_another_file_is_found(tmp_path: Path) -> None:
    made, signer = certificate(tmp_path)
    file = tmp_path / "released.csv"
    file.write_bytes(RELEASED)
    verify_certificate(made, signer.key_id, file)
    file.write_bytes(RELEASED + b" ")
    with pytest.raises(InvalidArgumentError, match="not the one"):
        verify_certificate(made, signer.key_id, file)


@pytest.mark.parametrize("key", ["", "abc", "g" * 64, b"", b"x" * 31])
def test_a_key_that_is_none_is_refused_with_a_sentence(tmp_path: Path, key: bytes | str) -> None:
    made, _ = certificate(tmp_path)
    with pytest.raises(InvalidArgumentError, match="must"):
        verify_certificate(made, key)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"type":"other","format_version":1,"output":{"sha256":""}}',
        b'{"type":"shoal.release","format_version":2,"output":{"sha256":""}}',
    ],
)
def test_what_is_signed_but_no_statement_is_refused(tmp_path: Path, payload: bytes) -> None:
    signer = Signer(tmp_path)
    made = solution_pb2.Certificate(
        payload=payload,
        algorithm="Ed25519",
        signature=signer.sign(payload),
        public_key=signer.public_key,
        key_id=signer.key_id,
    )
    with pytest.raises(InvalidArgumentError, match="signed"):
        verify_certificate(made, signer.key_id)


def test_another_algorithm_is_refused(tmp_path: Path) -> None:
    made, signer = certificate(tmp_path)
    made.algorithm = "none"
    with pytest.raises(InvalidArgumentError, match="Ed25519"):
        verify_certificate(made, signer.key_id)


def written(tmp_path: Path) -> tuple[Path, Signer]:
    made, signer = certificate(tmp_path)
    (tmp_path / "cert.json").write_text(json_format.MessageToJson(made))
    (tmp_path / "released.csv").write_bytes(RELEASED)
    return tmp_path / "cert.json", signer


def test_a_file_is_read_and_anything_else_is_refused(tmp_path: Path) -> None:
    path, signer = written(tmp_path)
    assert verify_certificate(path, signer.key_id, tmp_path / "released.csv")["suppressed_rows"] == 10
    for content in (b"", b"\xff\xfe", b"[]", b'{"payload": 1}', b'{"other": "x"}', b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(InvalidArgumentError, match="certificate"):
            verify_certificate(path, signer.key_id)


def block(name: str) -> str:
    found = re.search(rf"<!-- {re.escape(name)}:[^>]*-->\n```\w+\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert found, name
    return found[1]


def test_the_ten_lines_of_the_docs_check_it_without_shoal(tmp_path: Path) -> None:
    path, signer = written(tmp_path)
    script = tmp_path / "check.py"
    script.write_text("import sys; sys.modules['shoal'] = None\n" + block("check.py"))

    def check(key_id: str = signer.key_id) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(script), "cert.json", "released.csv", key_id]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    good = check()
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["suppressed_rows"] == 10
    assert check("0" * 64).returncode != 0
    for name in ("payload", "signature"):
        changed = json.loads(path.read_text())
        changed[name] = ("A" if changed[name][40] != "A" else "B").join([changed[name][:40], changed[name][41:]])
        intact = path.read_text()
        path.write_text(json.dumps(changed))
        assert b"InvalidSignature" in check().stderr
        path.write_text(intact)
    (tmp_path / "released.csv").write_bytes(RELEASED.replace(b"flu", b"flx"))
    assert b"another file" in check().stderr


@pytest.mark.skipif(not all(map(shutil.which, ("jq", "openssl", "bash"))), reason="openssl and jq are not here")
def test_the_openssl_lines_of_the_docs_check_it(tmp_path: Path) -> None:
    path, signer = written(tmp_path)
    run = ["bash", "-eu", "-c", block("check.sh")]
    good = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    lines = good.stdout.splitlines()
    assert lines[0].split()[0] == signer.key_id
    assert "Verified" in lines[1]
    assert lines[2] == lines[3].split()[0]
    changed = json.loads(path.read_text())
    payload = json.loads(certificate(tmp_path)[0].payload)
    payload["suppressed_rows"] = 0
    message = json_format.ParseDict(changed, solution_pb2.Certificate())
    message.payload = canonical(payload)
    path.write_text(json_format.MessageToJson(message))
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, check=False).returncode != 0

"""A client in another process that knows only proto/: fresh stubs from protoc, plain grpcio, and reflection."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import grpc
from fixed_names import FIXED_CALLS
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from shoal.runtime.embedded import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]

CLIENT = """
import hashlib, sys
import grpc
from google.protobuf.json_format import ParseDict
assert not any(name == "shoal" or name.startswith("shoal.") for name in sys.modules)
from shoal.api.anonymization.v1 import anonymization_service_pb2, anonymization_service_pb2_grpc
from shoal.api.audit.v1 import audit_reader_service_pb2, audit_reader_service_pb2_grpc
from shoal.api.datasets.v1 import datasets_service_pb2 as datasets, datasets_service_pb2_grpc
from shoal.api.risk.v1 import risk_service_pb2, risk_service_pb2_grpc
import shoal.api.anonymization.v1 as package
assert list(package.__path__)[0].startswith(sys.argv[3]), "the stubs are not the fresh ones"

address, key = sys.argv[1:3]
metadata = (("authorization", "Bearer " + key),)
channel = grpc.insecure_channel(address)
store = datasets_service_pb2_grpc.DatasetServiceStub(channel)

rows = "".join(f"{20 + n % 50},{'fm'[n % 2]},{n % 7}\\n" for n in range(700))
def upload():
    yield datasets.UploadDatasetRequest(header={"format": "TABLE_FORMAT_CSV"})
    yield datasets.UploadDatasetRequest(chunk=("age,sex,ill\\n" + rows).encode())
name = store.UploadDataset(upload(), metadata=metadata).name

request = ParseDict({
    "table": {"dataset": name},
    "policy": {
        "attributes": [
            {"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": {"intervals": {"widths": [5, 10]}}},
            {"name": "sex", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"},
            {"name": "ill", "role": "ATTRIBUTE_ROLE_SENSITIVE"},
        ],
        "privacyModels": [{"kAnonymity": {"k": 20}}],
    },
}, anonymization_service_pb2.AnonymizeRequest())
anonymization = anonymization_service_pb2_grpc.AnonymizationServiceStub(channel)
answer = anonymization.Anonymize(request, metadata=metadata)
messages = store.DownloadDataset(datasets.DownloadDatasetRequest(name=answer.output.name), metadata=metadata)
header = next(messages).header
data = b"".join(message.chunk for message in messages)
assert hashlib.sha256(data).hexdigest() == header.sha256 == answer.output.sha256
groups = {}
for line in data.decode().splitlines()[1:]:
    groups[line.rsplit(",", 1)[0]] = groups.get(line.rsplit(",", 1)[0], 0) + 1
assert min(groups.values()) == answer.solution.risk_after.k >= 20
risk = risk_service_pb2_grpc.RiskServiceStub(channel).AssessRisk(
    risk_service_pb2.AssessRiskRequest(table={"dataset": answer.output.name}, quasi_identifiers=["age", "sex"]),
    metadata=metadata,
)
assert risk.report.k == answer.solution.risk_after.k
log = audit_reader_service_pb2_grpc.AuditReaderServiceStub(channel).VerifyLog(
    audit_reader_service_pb2.VerifyLogRequest(), metadata=metadata
)
assert log.intact and log.verified_count >= 4
print("done", answer.solution.released_count)
"""


def test_the_whole_flow_with_fresh_stubs(server: EmbeddedServer, tmp_path: Path) -> None:
    script = (
        f"import sys, pathlib; sys.path.insert(0, {str(ROOT / 'proto')!r}); "
        f"import generate; generate.generate(pathlib.Path({str(tmp_path)!r}))"
    )
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env={"PATH": path})
    # -S and an own path keep the installed `shoal` out of sight: only the fresh stubs and grpcio are there.
    packages = [each for each in sys.path if each.endswith("site-packages")]
    boot = f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; sys.path += {packages!r}\n"
    done = subprocess.run(
        [sys.executable, "-S", "-c", boot + textwrap.dedent(CLIENT), server.address, server.api_key, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "done 700"


def test_reflection_lists_and_describes_every_service(channel: grpc.Channel) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)
    names = set(database.get_services())
    short = {name.rpartition(".")[2] for name in names}
    assert set(FIXED_CALLS) <= short
    assert "grpc.health.v1.Health" in names
    pool = DescriptorPool(database)
    for name in names:
        assert pool.FindServiceByName(name).methods

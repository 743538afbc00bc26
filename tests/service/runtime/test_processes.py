"""Server processes: settings, TLS, the first start, two that share a folder, a graceful stop."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_stubs import Stubs

from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.identity.v1 import identity_service_pb2
from shoal.errors import FailedPreconditionError, InvalidArgumentError
from shoal.runtime.embedded import EmbeddedServer, start_embedded
from shoal.runtime.settings import load_settings


def me(server: EmbeddedServer) -> str:
    with grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        return str(stubs.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=stubs.metadata).user.name)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_a_private_folder_and_a_key(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    with start_embedded(folder) as server:
        assert (folder / "admin.key").read_text().strip() == server.api_key
        assert mode(folder) == 0o700
        for path in folder.rglob("*"):
            assert mode(path) & 0o077 == 0, path
        first = me(server)
    with start_embedded(folder) as server:
        assert me(server) == first


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "something").touch()
    with pytest.raises(FailedPreconditionError, match="chmod 700"):
        start_embedded(folder)


@pytest.mark.parametrize("listen", ["0.0.0.0:50051", "[::]:50051", "192.0.2.1:50051", ":50051", "example.com:50051"])
def test_listening_beyond_loopback_without_tls_is_refused(listen: str) -> None:
    with pytest.raises(InvalidArgumentError, match="TLS"):
        load_settings(listen=listen)


def test_tls_serves_and_plaintext_does_not(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    settings = load_settings(listen="localhost:0", data_dir=tmp_path / "data", tls_certificate=certificate, tls_key=key)
    with EmbeddedServer(settings) as server:
        port = server.address.rpartition(":")[2]
        credentials = grpc.ssl_channel_credentials(certificate.read_bytes())
        with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
            stubs = Stubs(channel, server.api_key)
            answer = stubs.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=stubs.metadata, timeout=10)
            assert answer.user.username == "admin"
        with grpc.insecure_channel(f"localhost:{port}") as channel, pytest.raises(grpc.RpcError):
            Stubs(channel, server.api_key).identity.GetMe(identity_service_pb2.GetMeRequest(), timeout=5)


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = load_settings(listen=f"127.0.0.1:{taken.getsockname()[1]}", data_dir=tmp_path / "data")
        with pytest.raises(FailedPreconditionError, match="cannot listen"):
            EmbeddedServer(settings)


def test_many_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    script = (
        "import pathlib; from shoal.runtime.embedded import start_embedded\n"
        f"with start_embedded(pathlib.Path({str(folder)!r})) as server: print(server.api_key)"
    )

    def start(_: int) -> str:
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(start, range(4)))
    assert len(found) == 1


def test_two_servers_share_a_folder_without_touching_each_others_tables(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with start_embedded(folder) as one, grpc.insecure_channel(one.address) as channel:
        stubs = Stubs(channel, one.api_key)
        dataset = stubs.upload(b"a\n1\n")
        with start_embedded(folder) as two:
            assert me(two) == me(one)
        # The second has swept what dead processes left, and this one is alive.
        assert stubs.download(dataset.name) == b"a\n1\n"


def test_sigterm_stops_a_server_that_keeps_what_it_promised(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environment = {**os.environ, "SHOAL_DATA_DIR": str(folder)}
    command = [str(Path(sys.executable).parent / "shoal"), "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        assert child.stdout is not None
        address = ""
        for line in child.stdout:
            if "127.0.0.1:" in line:
                address = "127.0.0.1:" + line.partition("127.0.0.1:")[2].split()[0].rstrip(".,")
                break
        key = (folder / "admin.key").read_text().strip()
        with grpc.insecure_channel(address) as channel:
            stubs = Stubs(channel, key)
            name = stubs.upload(b"a\n1\n").name
        started = time.monotonic()
        child.send_signal(signal.SIGTERM)
        output = child.stdout.read()
        assert child.wait(timeout=30) == 0
        assert time.monotonic() - started < 15
        assert "Traceback" not in output
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        assert stubs.download(name) == b"a\n1\n"
        request = audit_reader_service_pb2.ListEntriesRequest(resource=name, method="UploadDataset")
        assert len(stubs.audit.ListEntries(request, metadata=stubs.metadata).entries) == 1


def test_health_answers_for_every_service_and_says_which_are_not_built(channel: grpc.Channel) -> None:
    health = health_pb2_grpc.HealthStub(channel)

    def status(name: str) -> int:
        return int(health.Check(health_pb2.HealthCheckRequest(service=name)).status)

    assert status("") == status("shoal.api.risk.v1.RiskService") == health_pb2.HealthCheckResponse.SERVING
    assert status("shoal.api.jobs.v1.JobService") == health_pb2.HealthCheckResponse.NOT_SERVING


def test_health_can_be_watched(channel: grpc.Channel) -> None:
    call = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=10)
    assert next(call).status == health_pb2.HealthCheckResponse.SERVING
    call.cancel()

"""Where the key may travel."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from shoal.client import connect
from shoal.client.connection import resolve
from shoal.errors import InvalidArgumentError, UnauthenticatedError, UnavailableError


@pytest.mark.parametrize("target", ["localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "unix:/run/x", "unix-abstract:x"])
def test_loopback_is_plaintext(target: str) -> None:
    connection = resolve(target, "key", None)
    assert connection.authority is None
    assert ("grpc.enable_http_proxy", 0) in connection.options


@pytest.mark.parametrize(
    "target",
    [
        "10.0.0.1:1",
        "example.org:1",
        "0.0.0.0:1",
        "[2001:db8::1]:1",
        "localhost.example.org:1",
        "127.0.0.1.nip.io:1",
    ],
)
def test_everywhere_else_is_tls(target: str) -> None:
    assert resolve(target, "key", None).authority is not None


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1", "https://example.org:1", "example.org", "dns:///x:1", "a b:1", "x:1/y"]
)
def test_other_addresses_are_refused(target: str) -> None:
    with pytest.raises(InvalidArgumentError, match="host:port"):
        resolve(target, "key", None)


def test_plain_http_is_refused_with_the_reason() -> None:
    with pytest.raises(InvalidArgumentError, match="never travels in plaintext"):
        resolve("http://example.org:50051", "key", None)


def test_environment_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_SERVER", "127.0.0.1:7")
    monkeypatch.setenv("SHOAL_API_KEY", "from-env")
    connection = resolve(None, None, None)
    assert connection.target == "127.0.0.1:7"
    assert connection.metadata == (("authorization", "Bearer from-env"),)


def test_missing_target_and_key_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOAL_SERVER", raising=False)
    monkeypatch.delenv("SHOAL_API_KEY", raising=False)
    with pytest.raises(InvalidArgumentError, match="SHOAL_SERVER"):
        resolve(None, "key", None)
    with pytest.raises(UnauthenticatedError, match="SHOAL_API_KEY"):
        resolve("127.0.0.1:1", None, None)
    with pytest.raises(UnauthenticatedError, match="line break"):
        resolve("127.0.0.1:1", "key\n", None)


def test_authority_must_be_a_certificate(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("not a certificate")
    with pytest.raises(InvalidArgumentError, match="PEM"):
        resolve("example.org:1", "key", path)


def test_key_never_appears_in_plaintext_on_a_wire_beyond_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener on this machine's own outward address sees what a network would see."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no outward address")
        outward = probe.getsockname()[0]
    heard = bytearray()
    listener = socket.create_server((outward, 0))

    def listen() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(2)
            try:
                heard.extend(peer.recv(65536))
            except TimeoutError:
                return

    thread = threading.Thread(target=listen)
    thread.start()
    with (
        connect(f"{outward}:{listener.getsockname()[1]}", "secret-key", timeout=3) as client,
        pytest.raises(UnavailableError, match="TLS"),
    ):
        client.datasets.get("datasets/x")
    thread.join()
    listener.close()
    assert heard[:1] == b"\x16"  # a TLS handshake
    assert b"secret-key" not in heard


def test_no_server_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with connect(f"127.0.0.1:{port}", "key") as client, pytest.raises(UnavailableError, match="shoal serve"):
        client.datasets.get("datasets/x")


def test_representation_hides_the_key() -> None:
    with connect("127.0.0.1:1", "secret-key") as client:
        assert "secret" not in repr(client)

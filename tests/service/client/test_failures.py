"""gRPC failures become the errors of Shoal."""

from __future__ import annotations

import grpc
import pytest

from shoal import errors
from shoal.client import AsyncClient, Client

from .fake_server import FakeServer, shoal_status


def _classes(root: type[errors.ShoalError]) -> list[type[errors.ShoalError]]:
    return [root, *(found for each in root.__subclasses__() for found in _classes(each))]


CLASSES = [each for each in _classes(errors.ShoalError) if each is not errors.ShoalError]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_comes_back(kind: type[errors.ShoalError], fake: FakeServer, fake_client: Client) -> None:
    if kind is errors.CancelledError or kind is errors.UnavailableError:
        fake.failures = []
    code = grpc.StatusCode[kind.code]
    failure = shoal_status(code, kind.default_reason.value, "A sentence.", rows="120")
    fake.failures = [failure] * 5
    with pytest.raises(errors.ShoalError) as caught:
        fake_client.datasets.delete("datasets/x")
    assert type(caught.value) is kind
    assert caught.value.message == "A sentence."
    assert caught.value.reason is kind.default_reason
    assert caught.value.metadata == {"rows": "120"}


async def test_async_client_maps_alike(fake: FakeServer, fake_async_client: AsyncClient) -> None:
    violations = (("policy.attributes[0].name", "is empty"), ("policy.privacy_models", "at least one"))
    fake.failures = [shoal_status(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", "Two faults.", violations=violations)]
    with pytest.raises(errors.InvalidArgumentError) as caught:
        await fake_async_client.datasets.delete("datasets/x")
    assert [(each.field, each.description) for each in caught.value.violations] == list(violations)


def test_newer_reason_keeps_class_and_name(fake: FakeServer, fake_client: Client) -> None:
    fake.failures = [shoal_status(grpc.StatusCode.NOT_FOUND, "MOON_PHASE", "Not tonight.")]
    with pytest.raises(errors.NotFoundError, match="Not tonight") as caught:
        fake_client.datasets.delete("datasets/x")
    assert caught.value.metadata["reason"] == "MOON_PHASE"


def test_foreign_failure_gets_a_sentence(fake: FakeServer, fake_client: Client) -> None:
    fake.failures = [(grpc.StatusCode.UNIMPLEMENTED, None)]
    with pytest.raises(errors.UnimplementedError, match="does not have this call"):
        fake_client.datasets.delete("datasets/x")
    fake.failures = [(grpc.StatusCode.UNKNOWN, None)]
    with pytest.raises(errors.InternalError, match="UNKNOWN"):
        fake_client.datasets.delete("datasets/x")


def test_only_idempotent_calls_are_repeated(fake: FakeServer, fake_client: Client) -> None:
    fake.failures = [(grpc.StatusCode.UNAVAILABLE, None)] * 2
    assert fake_client.datasets.get("datasets/x").name == "datasets/x"
    assert fake.attempts == 3
    fake.attempts = 0
    fake.failures = [(grpc.StatusCode.UNAVAILABLE, None)]
    with pytest.raises(errors.UnavailableError):
        fake_client.datasets.delete("datasets/x")
    assert fake.attempts == 1


def test_only_unavailable_is_repeated(fake: FakeServer, fake_client: Client) -> None:
    fake.failures = [(grpc.StatusCode.INTERNAL, None)]
    with pytest.raises(errors.InternalError):
        fake_client.datasets.get("datasets/x")
    assert fake.attempts == 1


def test_timeout_is_a_deadline(fake: FakeServer, fake_client: Client) -> None:
    fake.block.clear()
    with pytest.raises(errors.DeadlineExceededError, match="timeout"):
        fake_client.with_timeout(0.2).anonymization.anonymize("datasets/x", {"privacy_models": [{"k_anonymity": {"k": 5}}]})
    assert fake.cancelled.wait(5)

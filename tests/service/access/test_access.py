"""Every call of every contract against every kind of caller; a new call without a row in the access table fails here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from grpc_calls import call, status_of
from grpc_stubs import Stubs
from more_users import add_user

from shoal import catalog
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.api.dp.v1 import dp_service_pb2
from shoal.api.dp.v1.dp_service_pb2_grpc import DifferentialPrivacyServiceStub
from shoal.api.identity.v1 import identity_service_pb2
from shoal.api.identity.v1.api_key_pb2 import ApiKey
from shoal.api.risk.v1 import risk_service_pb2
from shoal.identity import keys
from shoal.runtime.access import RULES, Access
from shoal.runtime.calls import Role
from shoal.runtime.embedded import EmbeddedServer, start_embedded

METHODS = [method for service in catalog.SERVICES for each in service.descriptors() for method in each.methods]
REFUSED = {"UNAUTHENTICATED", "PERMISSION_DENIED"}


@dataclass
class World:
    """A server with an admin, a user, and a user of another organisation."""

    server: EmbeddedServer
    channel: grpc.Channel
    keys: dict[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("access") / "data"
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        admin = Stubs(channel, server.api_key)
        me = admin.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=admin.metadata)
        organization = me.organization.name.removeprefix("organizations/")
        found = {
            "admin": server.api_key,
            "user": add_user(folder, organization, Role.USER),
            "stranger": add_user(folder, None, Role.ADMIN),
            "expired": add_user(folder, organization, Role.ADMIN, expired=True),
        }
        made = admin.identity.CreateApiKey(
            identity_service_pb2.CreateApiKeyRequest(api_key=ApiKey(display_name="to revoke")), metadata=admin.metadata
        )
        admin.identity.RevokeApiKey(identity_service_pb2.RevokeApiKeyRequest(name=made.api_key.name), metadata=admin.metadata)
        found["revoked"] = made.plaintext
        found["unknown"] = keys.new_key()[1]
        found["garbage"] = "service:" + "x" * 40
        yield World(server, channel, found)


def outcome(world: World, method: MethodDescriptor, key: str | None) -> str:
    metadata = (("authorization", f"Bearer {key}"),) if key else ()
    try:
        call(world.channel, method, metadata)
    except grpc.RpcError as error:
        return status_of(error)[0]
    return "OK"


def expected(access: Access, kind: str) -> str | None:
    """The refusal that is expected, None when the call must get past the door."""
    if access is Access.PUBLIC:
        return None
    if kind in ("nobody", "expired", "revoked", "unknown", "garbage"):
        return "UNAUTHENTICATED"
    if access is Access.SERVICE or (access is Access.ADMIN and kind == "user"):
        return "PERMISSION_DENIED"
    return None


# RevokeAllApiKeys does what it says to its caller; it has a test of its own.
DOOR = [method for method in METHODS if method.name != "RevokeAllApiKeys"]


@pytest.mark.parametrize("method", DOOR, ids=lambda method: f"{method.containing_service.name}.{method.name}")
@pytest.mark.parametrize("kind", ["nobody", "expired", "revoked", "unknown", "garbage", "user", "admin", "stranger"])
def test_the_door(world: World, method: MethodDescriptor, kind: str) -> None:
    rule = RULES[f"/{method.containing_service.full_name}/{method.name}"]
    found = outcome(world, method, world.keys.get(kind))
    refusal = expected(rule.access, kind)
    if refusal is None:
        assert found not in REFUSED
        assert found != "INTERNAL"
    else:
        assert found == refusal


def test_a_revoked_set_of_keys_is_refused_at_once(world: World) -> None:
    folder = world.server.data_dir
    admin = Stubs(world.channel, world.server.api_key)
    me = admin.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=admin.metadata)
    key = add_user(folder, me.organization.name.removeprefix("organizations/"), Role.USER)
    user = Stubs(world.channel, key)
    answer = user.identity.RevokeAllApiKeys(identity_service_pb2.RevokeAllApiKeysRequest(), metadata=user.metadata)
    assert answer.revoked_count == 1
    with pytest.raises(grpc.RpcError) as caught:
        user.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=user.metadata)
    assert status_of(caught.value)[:2] == ("UNAUTHENTICATED", "CREDENTIAL_INVALID")


def test_unbuilt_calls_answer_with_a_sentence(world: World) -> None:
    method = next(each for each in METHODS if each.name == "CreateJob")
    with pytest.raises(grpc.RpcError) as caught:
        call(world.channel, method, (("authorization", f"Bearer {world.keys['user']}"),))
    assert status_of(caught.value)[:2] == ("UNIMPLEMENTED", "NOT_IMPLEMENTED")
    assert "docs/status.md" in caught.value.details()


def test_another_organisation_s_resources_do_not_exist(world: World) -> None:
    admin, stranger = Stubs(world.channel, world.server.api_key), Stubs(world.channel, world.keys["stranger"])
    dataset = admin.upload(b"a\n1\n1\n")
    policy = policy_pb2.AnonymizationPolicy()
    policy.attributes.add(name="a", role=policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER)
    policy.privacy_models.add().k_anonymity.k = 2
    anonymize = anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=policy)
    release = admin.anonymization.Anonymize(anonymize, metadata=admin.metadata)
    me = admin.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=admin.metadata)
    calls = [
        (stranger.datasets.GetDataset, datasets_service_pb2.GetDatasetRequest(name=dataset.name)),
        (stranger.datasets.PreviewDataset, datasets_service_pb2.PreviewDatasetRequest(name=dataset.name)),
        (stranger.datasets.DeleteDataset, datasets_service_pb2.DeleteDatasetRequest(name=dataset.name)),
        (stranger.anonymization.Anonymize, anonymize),
        (stranger.anonymization.GetSolution, anonymization_service_pb2.GetSolutionRequest(name=release.solution.name)),
        (stranger.anonymization.DeleteSolution, anonymization_service_pb2.DeleteSolutionRequest(name=release.solution.name)),
        (
            stranger.anonymization.ApplySolution,
            anonymization_service_pb2.ApplySolutionRequest(solution=release.solution.name, table={"dataset": dataset.name}),
        ),
        (
            stranger.risk.AssessRisk,
            risk_service_pb2.AssessRiskRequest(table={"dataset": dataset.name}, quasi_identifiers=["a"]),
        ),
        (
            DifferentialPrivacyServiceStub(world.channel).Compute,
            dp_service_pb2.ComputeRequest(table={"dataset": dataset.name}, count={}),
        ),
        (stranger.identity.GetApiKey, identity_service_pb2.GetApiKeyRequest(name=me.api_key.name)),
        (stranger.identity.RevokeApiKey, identity_service_pb2.RevokeApiKeyRequest(name=me.api_key.name)),
    ]
    for metadata in (stranger.metadata, (*stranger.metadata, ("x-shoal-behalf", '{"organization": "x"}'))):
        for method, request in calls:
            with pytest.raises(grpc.RpcError) as caught:
                method(request, metadata=metadata, timeout=10)
            assert status_of(caught.value)[0] == "NOT_FOUND"
        with pytest.raises(grpc.RpcError) as caught:
            next(
                stranger.datasets.DownloadDataset(
                    datasets_service_pb2.DownloadDatasetRequest(name=dataset.name), metadata=metadata
                )
            )
        assert status_of(caught.value)[0] == "NOT_FOUND"
    listed = stranger.datasets.ListDatasets(datasets_service_pb2.ListDatasetsRequest(), metadata=stranger.metadata)
    assert dataset.name not in [each.name for each in listed.datasets]
    assert admin.download(dataset.name) == b"a\n1\n1\n"

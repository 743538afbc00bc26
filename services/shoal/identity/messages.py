"""Identity's wire: requests become checked values, rows become messages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shoal.api.identity.v1 import api_key_pb2, identity_service_pb2, organization_pb2, principal_pb2, user_pb2
from shoal.errors import FieldViolation, invalid_fields
from shoal.identity.records import ApiKeyRow, OrganizationRow, UserRow
from shoal.runtime import wire
from shoal.runtime.calls import Role

DEFAULT_LIFETIME = dt.timedelta(days=365)
MOST_DAYS = 3650
# What is built so far; the scopes of later services join with them.
FEATURES = (
    organization_pb2.FEATURE_SCOPE_ANONYMIZATION,
    organization_pb2.FEATURE_SCOPE_PRIVACY_ASSESSMENT,
    organization_pb2.FEATURE_SCOPE_SINGLE_TABLE,
)
_ROLES = {Role.ADMIN: user_pb2.ROLE_ADMIN, Role.USER: user_pb2.ROLE_USER}


@dataclass(frozen=True)
class NewKey:
    """A key to make. lifetime: None for ever."""

    display_name: str
    lifetime: dt.timedelta | None
    request_id: str | None


def new_key(request: identity_service_pb2.CreateApiKeyRequest) -> NewKey:
    """The request's content; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    name = request.api_key.display_name.strip()
    if not 1 <= len(name) <= 255:
        wrong.append(FieldViolation("api_key.display_name", "must have 1 to 255 characters"))
    lifetime: dt.timedelta | None = DEFAULT_LIFETIME
    kind = request.WhichOneof("expiration")
    if kind == "expiration_days":
        if 1 <= request.expiration_days <= MOST_DAYS:
            lifetime = dt.timedelta(days=request.expiration_days)
        else:
            wrong.append(FieldViolation("expiration_days", f"must be between 1 and {MOST_DAYS}"))
    elif kind == "never_expires":
        lifetime = None
        if not request.never_expires:
            wrong.append(FieldViolation("never_expires", "must be true where it is given"))
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if wrong:
        raise invalid_fields(wrong)
    return NewKey(name, lifetime, request_id)


def key_id(name: str) -> str:
    """The id in `apiKeys/{api_key}`."""
    return wire.resource_id(name, "apiKeys")


def user_id(name: str) -> str:
    """The id in `users/{user}`."""
    return wire.resource_id(name, "users", "user")


def key_to_wire(row: ApiKeyRow) -> api_key_pb2.ApiKey:
    """A key's record as a message."""
    return api_key_pb2.ApiKey(
        name=f"apiKeys/{row.id}",
        display_name=row.display_name,
        user=f"users/{row.user}",
        create_time=wire.timestamp(row.create_time),
        expire_time=wire.timestamp(row.expire_time),
        revoke_time=wire.timestamp(row.revoke_time),
        last_use_time=wire.timestamp(row.last_use_time),
    )


def me(user: UserRow, organization: OrganizationRow, key: ApiKeyRow) -> user_pb2.Me:
    """The caller as a message."""
    return user_pb2.Me(
        user=user_pb2.User(
            name=f"users/{user.id}",
            username=user.username,
            display_name=user.display_name,
            role=_ROLES[user.role],
            organization=f"organizations/{organization.id}",
            create_time=wire.timestamp(user.create_time),
        ),
        organization=organization_pb2.Organization(
            name=f"organizations/{organization.id}",
            display_name=organization.display_name,
            tier=organization.tier,
            create_time=wire.timestamp(organization.create_time),
        ),
        features=organization_pb2.Features(tier=organization.tier, feature_scopes=FEATURES),
        api_key=key_to_wire(key),
    )


def principal(user: UserRow, organization: OrganizationRow, key: ApiKeyRow) -> principal_pb2.Principal:
    """The owner of a credential as a message."""
    return principal_pb2.Principal(
        organization=f"organizations/{organization.id}",
        user=f"users/{user.id}",
        api_key=f"apiKeys/{key.id}",
        role=_ROLES[user.role],
        tier=organization.tier,
        feature_scopes=FEATURES,
        credential_expire_time=wire.timestamp(key.expire_time),
    )

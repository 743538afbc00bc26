"""IdentityService and AuthenticationService: wire in, wire out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shoal.api.identity.v1 import (
    api_key_pb2,
    authentication_service_pb2,
    identity_service_pb2,
    principal_pb2,
    user_pb2,
)
from shoal.errors import (
    AlreadyExistsError,
    InternalError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from shoal.identity import keys, messages, records
from shoal.identity.bootstrap import first_start
from shoal.runtime import outbox, wire
from shoal.runtime.calls import Role, caller, draft
from shoal.runtime.database import Database, Session, now
from shoal.runtime.host import Built, Host
from shoal.runtime.pages import Pages, page_size
from shoal.runtime.threads import in_thread

# A key's last use is a courtesy to its owner; writing it at every call would be a durable write a call.
USE_RESOLUTION = dt.timedelta(minutes=1)


class IdentityServicer:
    """Users' own view: who am I, and my keys."""

    def __init__(self, database: Database, pages: Pages, secret: bytes) -> None:
        self._database = database
        self._pages = pages
        self._secret = secret

    async def GetMe(self, request: identity_service_pb2.GetMeRequest, context: Any) -> user_pb2.Me:
        return await in_thread(self._get_me)

    async def CreateApiKey(
        self, request: identity_service_pb2.CreateApiKeyRequest, context: Any
    ) -> identity_service_pb2.CreateApiKeyResponse:
        return await in_thread(self._create_key, messages.new_key(request))

    async def GetApiKey(self, request: identity_service_pb2.GetApiKeyRequest, context: Any) -> api_key_pb2.ApiKey:
        return await in_thread(self._get_key, messages.key_id(request.name))

    async def ListApiKeys(
        self, request: identity_service_pb2.ListApiKeysRequest, context: Any
    ) -> identity_service_pb2.ListApiKeysResponse:
        return await in_thread(self._list_keys, request)

    async def RevokeApiKey(self, request: identity_service_pb2.RevokeApiKeyRequest, context: Any) -> api_key_pb2.ApiKey:
        return await in_thread(self._revoke_key, messages.key_id(request.name))

    async def RevokeAllApiKeys(
        self, request: identity_service_pb2.RevokeAllApiKeysRequest, context: Any
    ) -> identity_service_pb2.RevokeAllApiKeysResponse:
        return await in_thread(self._revoke_all, request.user)

    def _get_me(self) -> user_pb2.Me:
        me = caller()
        with self._database.begin() as session:
            user = records.user_of(session, me.organization, me.user)
            organization = session.get(records.OrganizationRow, me.organization)
            key = records.key_by_id(session, me.api_key)
        if user is None or organization is None or key is None:
            raise InternalError("the caller's own records are gone")
        return messages.me(user, organization, key)

    def _create_key(self, wanted: messages.NewKey) -> identity_service_pb2.CreateApiKeyResponse:
        me = caller()
        if wanted.lifetime is None and me.role is not Role.ADMIN:
            raise PermissionDeniedError("only administrators may make keys that never expire")
        key_id, text = keys.new_key()
        moment = now()
        row = records.ApiKeyRow(
            id=key_id,
            organization=me.organization,
            user=me.user,
            display_name=wanted.display_name,
            digest=keys.digest(text, self._secret),
            create_time=moment,
            expire_time=None if wanted.lifetime is None else moment + wanted.lifetime,
            request_id=wanted.request_id,
        )
        with self._database.begin() as session:
            if wanted.request_id and (earlier := records.key_by_request(session, me.user, wanted.request_id)):
                raise AlreadyExistsError(
                    f"this request_id made apiKeys/{earlier.id} before; the key itself cannot be shown again",
                    metadata={"resource": f"apiKeys/{earlier.id}"},
                )
            session.add(row)
            draft().resources.append(f"apiKeys/{row.id}")
            outbox.add(session, draft())
        return identity_service_pb2.CreateApiKeyResponse(api_key=messages.key_to_wire(row), plaintext=text)

    def _get_key(self, key_id: str) -> api_key_pb2.ApiKey:
        draft().resources.append(f"apiKeys/{key_id}")
        with self._database.begin() as session:
            row = records.key_of(session, caller().organization, key_id, _own_unless_admin())
        if row is None:
            raise _no_key(key_id)
        return messages.key_to_wire(row)

    def _list_keys(self, request: identity_service_pb2.ListApiKeysRequest) -> identity_service_pb2.ListApiKeysResponse:
        size = page_size(request.page_size, default=50, most=500)
        me = caller()
        binding = ("ListApiKeys", me.organization, request.user, str(request.hide_invalid))
        after = wire.position(self._pages.position(request.page_token, *binding))
        with self._database.begin() as session:
            user = self._user_meant(session, request.user)
            rows = records.keys_page(session, user, after=after, size=size + 1, only_valid=request.hide_invalid)
        response = identity_service_pb2.ListApiKeysResponse(api_keys=[messages.key_to_wire(row) for row in rows[:size]])
        if len(rows) > size:
            response.next_page_token = self._pages.token(
                wire.position_of(rows[size - 1].create_time, rows[size - 1].id), *binding
            )
        return response

    def _revoke_key(self, key_id: str) -> api_key_pb2.ApiKey:
        draft().resources.append(f"apiKeys/{key_id}")
        with self._database.begin() as session:
            row = records.key_of(session, caller().organization, key_id, _own_unless_admin())
            if row is None:
                raise _no_key(key_id)
            if row.revoke_time is None:
                row.revoke_time = now()
                session.add(row)
            outbox.add(session, draft())
        return messages.key_to_wire(row)

    def _revoke_all(self, user_name: str) -> identity_service_pb2.RevokeAllApiKeysResponse:
        moment = now()
        with self._database.begin() as session:
            user = self._user_meant(session, user_name)
            rows = records.valid_keys(session, user)
            for row in rows:
                row.revoke_time = moment
                session.add(row)
                draft().resources.append(f"apiKeys/{row.id}")
            outbox.add(session, draft())
        return identity_service_pb2.RevokeAllApiKeysResponse(revoked_count=len(rows))

    def _user_meant(self, session: Session, name: str) -> str:
        """The id of the user that a request names; the caller's own when it names none."""
        me = caller()
        if not name:
            return me.user
        user_id = messages.user_id(name)
        if user_id != me.user and me.role is not Role.ADMIN:
            raise PermissionDeniedError("only administrators may see or revoke the keys of others")
        if records.user_of(session, me.organization, user_id) is None:
            raise NotFoundError(f"there is no user {name}", metadata={"resource": name})
        return user_id


class AuthenticationServicer:
    """What the other services ask: whose credential is this?"""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret

    async def Authenticate(
        self, request: authentication_service_pb2.AuthenticateRequest, context: Any
    ) -> principal_pb2.Principal:
        return await in_thread(self._authenticate, request.credential)

    def _authenticate(self, credential: str) -> principal_pb2.Principal:
        key_id = keys.id_of(credential)
        moment = now()
        with self._database.begin() as session:
            row = records.key_by_id(session, key_id) if key_id else None
            valid = row is not None and keys.matches(credential, row.digest, self._secret) and row.is_valid(moment)
            if row is None or not valid:
                raise UnauthenticatedError("the API key is unknown, expired or revoked")
            user = records.user_of(session, row.organization, row.user)
            organization = session.get(records.OrganizationRow, row.organization)
            if user is None or organization is None:
                raise UnauthenticatedError("the API key is unknown, expired or revoked")
            if row.last_use_time is None or moment - row.last_use_time > USE_RESOLUTION:
                row.last_use_time = moment
                session.add(row)
        return messages.principal(user, organization, row)


def _own_unless_admin() -> str | None:
    me = caller()
    return None if me.role is Role.ADMIN else me.user


def _no_key(key_id: str) -> NotFoundError:
    return NotFoundError(f"there is no key apiKeys/{key_id}", metadata={"resource": f"apiKeys/{key_id}"})


def build(host: Host) -> Built:
    """Makes the service; at the first start of a data folder, also its organisation, administrator and key."""
    first_start(host.database, host.folder, host.secret)
    return Built(
        servicers=[
            (
                identity_service_pb2.DESCRIPTOR.services_by_name["IdentityService"],
                IdentityServicer(host.database, host.pages, host.secret),
            ),
            (
                authentication_service_pb2.DESCRIPTOR.services_by_name["AuthenticationService"],
                AuthenticationServicer(host.database, host.secret),
            ),
        ]
    )

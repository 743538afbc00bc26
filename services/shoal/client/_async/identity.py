"""Who the caller is, and the keys that programs call with."""

from __future__ import annotations

import uuid

from shoal.api.identity.v1 import api_key_pb2, identity_service_pb2, identity_service_pb2_grpc, user_pb2
from shoal.client.calls import AsyncCalls
from shoal.client.connection import AsyncChannel


class AsyncIdentity:
    """`client.identity`: the caller and their API keys."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._stub = identity_service_pb2_grpc.IdentityServiceStub(channel)

    async def get_me(self) -> user_pb2.Me:
        """Returns the caller, their organisation and what it may use."""
        return await self._calls.unary(self._stub.GetMe, identity_service_pb2.GetMeRequest())

    async def create_api_key(
        self, display_name: str, *, expiration_days: int | None = None, never_expires: bool = False
    ) -> identity_service_pb2.CreateApiKeyResponse:
        """Makes a key with the caller's rights, valid for 365 days unless said otherwise; `plaintext` is
        shown this once only."""
        request = identity_service_pb2.CreateApiKeyRequest(
            api_key=api_key_pb2.ApiKey(display_name=display_name), request_id=str(uuid.uuid4())
        )
        if expiration_days is not None:
            request.expiration_days = expiration_days
        if never_expires:
            request.never_expires = True
        return await self._calls.unary(self._stub.CreateApiKey, request)

    async def get_api_key(self, name: str) -> api_key_pb2.ApiKey:
        """Returns a key's record."""
        return await self._calls.unary(self._stub.GetApiKey, identity_service_pb2.GetApiKeyRequest(name=name))

    async def revoke_api_key(self, name: str) -> api_key_pb2.ApiKey:
        """Makes a key invalid for good and returns its record."""
        return await self._calls.unary(self._stub.RevokeApiKey, identity_service_pb2.RevokeApiKeyRequest(name=name))

    async def revoke_all_api_keys(self, user: str | None = None) -> identity_service_pb2.RevokeAllApiKeysResponse:
        """Revokes every key of a user, None: the caller, whose own key stops working with this call."""
        request = identity_service_pb2.RevokeAllApiKeysRequest(user=user or "")
        return await self._calls.unary(self._stub.RevokeAllApiKeys, request)

    async def list_api_keys(
        self, *, limit: int | None = 100, user: str | None = None, hide_invalid: bool = False
    ) -> list[api_key_pb2.ApiKey]:
        """Returns the newest keys, at most `limit` (None: all): the caller's, or those of `user` (`users/-`:
        everyone's)."""
        request = identity_service_pb2.ListApiKeysRequest(user=user or "", hide_invalid=hide_invalid)
        found: list[api_key_pb2.ApiKey] = []
        while limit is None or len(found) < limit:
            request.page_size = 500 if limit is None else min(500, limit - len(found))
            page = await self._calls.unary(self._stub.ListApiKeys, request)
            found += page.api_keys
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found

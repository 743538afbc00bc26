"""Who calls: a credential in the metadata becomes a Caller, our own services' at once and everybody else's through identity."""

from __future__ import annotations

from shoal.api.identity.v1.authentication_service_pb2 import AuthenticateRequest
from shoal.api.identity.v1.authentication_service_pb2_grpc import AuthenticationServiceStub
from shoal.api.identity.v1.principal_pb2 import Principal
from shoal.api.identity.v1.user_pb2 import ROLE_ADMIN, ROLE_USER
from shoal.errors import ErrorReason, UnauthenticatedError
from shoal.runtime.calls import Caller, Role
from shoal.runtime.peers import Peers, answered

SCHEME = "bearer "


class Authenticator:
    """Turns the `authorization` metadata of a call into its Caller."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    async def __call__(self, metadata: dict[str, str]) -> Caller:
        """The caller; raises UnauthenticatedError, which does not say what is wrong with a credential."""
        header = metadata.get("authorization", "")
        if not header:
            raise UnauthenticatedError(
                "this call needs an API key, in the metadata `authorization: Bearer <key>`",
                reason=ErrorReason.CREDENTIAL_MISSING,
            )
        if not header.lower().startswith(SCHEME):
            raise UnauthenticatedError("the credential is not of the form `Bearer <key>`")
        token = header[len(SCHEME) :].strip()
        own = self._peers.recognise(token, metadata)
        if own is not None:
            return own
        stub = self._peers.stub(AuthenticationServiceStub)
        # No person is known yet: this call is the service's own.
        nobody = Caller(role=Role.SERVICE, organization="", user="", api_key="")
        principal = await answered(
            stub.Authenticate(AuthenticateRequest(credential=token), metadata=self._peers.credential(nobody))
        )
        return caller_of(principal)


def caller_of(principal: Principal) -> Caller:
    """The Caller that identity's answer describes."""
    roles = {ROLE_ADMIN: Role.ADMIN, ROLE_USER: Role.USER}
    return Caller(
        role=roles[principal.role],
        organization=principal.organization.removeprefix("organizations/"),
        user=principal.user.removeprefix("users/"),
        api_key=principal.api_key.removeprefix("apiKeys/"),
    )

"""The first start: an organisation, its administrator, and the key in the data folder."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from shoal.errors import FailedPreconditionError
from shoal.identity import keys, records
from shoal.runtime import outbox
from shoal.runtime.calls import Caller, Draft, Role
from shoal.runtime.database import Database, now

KEY_FILE = "admin.key"


def first_start(database: Database, folder: Path, pepper: bytes) -> None:
    """Makes organisation, administrator and `admin.key` when there is no organisation yet.

    Processes that start at once are serialised by the database's write lock. A key file without an organisation is left from a
    start that was killed between the two; its key is adopted, so that whoever read it can use it.
    """
    with database.begin() as session:
        if records.any_organization(session) is not None:
            return
        key_id, text = _write_key(folder / KEY_FILE)
        moment = now()
        organization = records.OrganizationRow(id=uuid.uuid4().hex, display_name="Default", tier="full", create_time=moment)
        user = records.UserRow(
            id=uuid.uuid4().hex,
            organization=organization.id,
            username="admin",
            display_name="Administrator",
            role=Role.ADMIN,
            create_time=moment,
        )
        key = records.ApiKeyRow(
            id=key_id,
            organization=organization.id,
            user=user.id,
            display_name="first key",
            digest=keys.digest(text, pepper),
            create_time=moment,
        )
        for row in (organization, user, key):
            session.add(row)
            session.flush()
        draft = Draft(service="identity", method="first start", request_id=uuid.uuid4().hex, audited=True)
        draft.caller = Caller(Role.SERVICE, organization.id, "", "", "identity")
        draft.resources += [f"organizations/{organization.id}", f"users/{user.id}", f"apiKeys/{key.id}"]
        outbox.add(session, draft)


def _write_key(path: Path) -> tuple[str, str]:
    key_id, text = keys.new_key()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = path.read_text().strip()
        found = keys.id_of(text)
        if found is None:
            raise FailedPreconditionError(
                f"{path} exists and holds no key of ours: move it away, the next start makes a new one"
            ) from None
        return found, text
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key_id, text

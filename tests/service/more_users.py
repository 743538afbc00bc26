"""Users beyond the first administrator."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from shoal.identity import keys, records
from shoal.runtime.calls import Role
from shoal.runtime.database import Database, now
from shoal.runtime.datadir import server_secret


def add_user(folder: Path, organization: str | None, role: Role, *, expired: bool = False) -> str:
    """Adds a user with a key straight to identity's tables: the calls for it come with a later issue."""
    database = Database(folder / "identity.db")
    moment = now()
    key_id, text = keys.new_key()
    with database.begin() as session:
        if organization is None:
            organization = uuid.uuid4().hex
            session.add(records.OrganizationRow(id=organization, display_name="Other", tier="full", create_time=moment))
            session.flush()
        user = records.UserRow(
            id=uuid.uuid4().hex,
            organization=organization,
            username=uuid.uuid4().hex,
            display_name="Somebody",
            role=role,
            create_time=moment,
        )
        session.add(user)
        session.flush()
        session.add(
            records.ApiKeyRow(
                id=key_id,
                organization=organization,
                user=user.id,
                display_name="key",
                digest=keys.digest(text, server_secret(folder)),
                create_time=moment,
                expire_time=moment - dt.timedelta(seconds=1) if expired else None,
            )
        )
    database.close()
    return text

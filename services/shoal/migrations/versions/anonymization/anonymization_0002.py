"""Traces of releases, what is kept for applying solutions, and the releases of new rows by them."""

import sqlalchemy as sa
from alembic import op

revision = "anonymization_0002"
down_revision = "anonymization_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traces",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("organization", sa.String(64), nullable=False, index=True),
        sa.Column("solution", sa.String(64), nullable=False, index=True),
        sa.Column("create_time", sa.DateTime(), nullable=False),
        sa.Column("input_sha256", sa.String(64), nullable=False, index=True),
        sa.Column("rows", sa.String(64), nullable=False, index=True),
        sa.Column("quasi_identifiers", sa.String(64), nullable=False, index=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
    )
    op.create_table(
        "apply_states",
        sa.Column("solution", sa.String(64), primary_key=True),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expire_time", sa.DateTime(), nullable=False, index=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("creator", sa.String(64), nullable=False),
        sa.Column("solution", sa.String(64), nullable=False, index=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("output", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("request_sha256", sa.String(64), nullable=True),
        sa.Column("create_time", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("organization", "creator", "request_id"),
    )


def downgrade() -> None:
    op.drop_table("batches")
    op.drop_table("apply_states")
    op.drop_table("traces")

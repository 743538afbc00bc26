"""The first tables of detection."""

import sqlalchemy as sa
from alembic import op

revision = "detection_0001"
down_revision = None
branch_labels = ("detection",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patterns",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("organization", sa.String(64), nullable=False, index=True),
        sa.Column("creator", sa.String(64), nullable=False),
        sa.Column("display_name", sa.String(255), nullable=False),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("column_patterns", sa.JSON(), nullable=False),
        sa.Column("value_patterns", sa.JSON(), nullable=False),
        sa.Column("min_match_ratio", sa.Float(), nullable=False),
        sa.Column("create_time", sa.DateTime(), nullable=False),
        sa.Column("update_time", sa.DateTime(), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("request_sha256", sa.String(64), nullable=True),
        sa.UniqueConstraint("organization", "display_name"),
        sa.UniqueConstraint("organization", "creator", "request_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("entry_id", sa.String(64), nullable=False, unique=True),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_table("outbox")
    op.drop_table("patterns")

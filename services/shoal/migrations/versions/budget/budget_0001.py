"""The first tables of budgets."""

import sqlalchemy as sa
from alembic import op

revision = "budget_0001"
down_revision = None
branch_labels = ("budget",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("organization", sa.String(64), nullable=False, index=True),
        sa.Column("budget_id", sa.String(128), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("creator", sa.String(64), nullable=False),
        sa.Column("composition", sa.String(32), nullable=False),
        sa.Column("epsilon_limit", sa.BigInteger(), nullable=False),
        sa.Column("delta_limit", sa.BigInteger(), nullable=False),
        sa.Column("approximate_delta_limit", sa.BigInteger(), nullable=False),
        sa.Column("curve_order", sa.Float(), nullable=False),
        sa.Column("curve_limit", sa.BigInteger(), nullable=False),
        sa.Column("spent_epsilon", sa.BigInteger(), nullable=False),
        sa.Column("spent_delta", sa.BigInteger(), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.Column("query_count", sa.BigInteger(), nullable=False),
        sa.Column("format_version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(), nullable=False),
        sa.Column("update_time", sa.DateTime(), nullable=True),
        sa.Column("delete_time", sa.DateTime(), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("request_sha256", sa.String(64), nullable=True),
        sa.UniqueConstraint("organization", "budget_id", "generation"),
        sa.UniqueConstraint("organization", "creator", "request_id"),
        sa.CheckConstraint("spent_epsilon <= epsilon_limit AND spent_delta <= delta_limit", name="never_overspent"),
    )
    op.create_table(
        "spends",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("organization", sa.String(64), nullable=False, index=True),
        sa.Column("creator", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("epsilon", sa.String(64), nullable=False),
        sa.Column("delta", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("charges", sa.JSON(), nullable=False),
        sa.Column("create_time", sa.DateTime(), nullable=False, index=True),
        sa.UniqueConstraint("organization", "creator", "request_id"),
    )
    op.create_table(
        "charges",
        sa.Column("spend", sa.String(64), sa.ForeignKey("spends.id"), primary_key=True),
        sa.Column("budget", sa.String(64), sa.ForeignKey("budgets.id"), primary_key=True, index=True),
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
    for table in ("leases", "outbox", "charges", "spends", "budgets"):
        op.drop_table(table)

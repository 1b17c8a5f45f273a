"""First schema: objects, jobs, nodes, events, evidence outbox, edges, outputs, credentials.

Written out and not derived from ``tables.py``: a revision must keep creating
what it created, whatever the tables become later.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _project() -> sa.Column[str]:
    return sa.Column("project_id", sa.String(64), nullable=False, server_default="default")


def _sequence() -> sa.Column[int]:
    return sa.Column("sequence", _SEQUENCE, primary_key=True, autoincrement=True)


def upgrade() -> None:
    """Create every table, each with its ``project_id``."""
    op.create_table(
        "object",
        _sequence(),
        _project(),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.String(128), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("mts", sa.Text, nullable=False),
        sa.Column("registered_at", sa.String(20), nullable=False),
        sa.UniqueConstraint("project_id", "object_id", "origin", name="object_once_per_origin"),
        sqlite_autoincrement=True,
    )
    op.create_index("object_by_digest", "object", ["project_id", "sha256"])
    op.create_table(
        "job",
        _sequence(),
        _project(),
        sa.Column("job_id", sa.String(64), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(200)),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("graph", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("facts", sa.Text),
        sa.Column("token", sa.String(64)),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("cancel_requested", sa.Integer, nullable=False, server_default="0"),
        sa.Column("credential_id", sa.String(64)),
        sa.Column("created_at", sa.String(20), nullable=False),
        sa.Column("updated_at", sa.String(20), nullable=False),
        sa.UniqueConstraint("project_id", "idempotency_key", name="job_once_per_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("job_by_state", "job", ["state"])
    op.create_table(
        "node",
        _project(),
        sa.Column("job_id", sa.String(64), sa.ForeignKey("job.job_id"), primary_key=True),
        sa.Column("node_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("record_sha256", sa.String(64), nullable=False),
        sa.Column("outputs", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.String(20), nullable=False),
    )
    op.create_table(
        "event",
        _sequence(),
        _project(),
        sa.Column("job_id", sa.String(64), sa.ForeignKey("job.job_id"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("event_by_job", "event", ["job_id", "sequence"])
    op.create_table(
        "evidence",
        _sequence(),
        _project(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.String(20), nullable=False),
        sa.Column("sequenced_at", sa.String(20)),
        sa.UniqueConstraint("kind", "subject", "sha256", name="evidence_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edge",
        _project(),
        sa.Column("src", sa.String(80), primary_key=True),
        sa.Column("dst", sa.String(80), primary_key=True),
        sa.Column("rel", sa.String(32), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("edge_backwards", "edge", ["dst", "src"])
    op.create_table(
        "output",
        _project(),
        sa.Column("job_id", sa.String(64), sa.ForeignKey("job.job_id"), primary_key=True),
        sa.Column("name", sa.String(512), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("media_type", sa.String(128), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "credential",
        _project(),
        sa.Column("credential_id", sa.String(64), primary_key=True),
        sa.Column("job_id", sa.String(64), sa.ForeignKey("job.job_id")),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("records_sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(20), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables, children first."""
    for name in ("credential", "output", "edge", "evidence", "event", "node", "job", "object"):
        op.drop_table(name)

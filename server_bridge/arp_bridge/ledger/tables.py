"""The ledger's tables: the authority on jobs, nodes, objects, edges and evidence.

Every table carries ``project_id``. Revision 0001 creates exactly these tables
(a test compares the two), and the same definitions serve PostgreSQL later.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: The project of a home that has not been divided into projects.
DEFAULT_PROJECT = "default"

METADATA = MetaData()

# SQLite only counts upwards for ever on INTEGER PRIMARY KEY; PostgreSQL needs the wide type.
_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


def _project() -> Column[str]:
    return Column("project_id", String(64), nullable=False, server_default=DEFAULT_PROJECT)


OBJECT = Table(
    "object",
    METADATA,
    Column("sequence", _SEQUENCE, primary_key=True, autoincrement=True),
    _project(),
    # The identifier follows from the bytes, so the same picture under another
    # answer to "Where is this from?" is another registration of one object.
    Column("object_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("origin", String(32), nullable=False),
    Column("mts", Text, nullable=False),
    Column("registered_at", String(20), nullable=False),
    UniqueConstraint("project_id", "object_id", "origin", name="object_once_per_origin"),
    Index("object_by_digest", "project_id", "sha256"),
    sqlite_autoincrement=True,
)

JOB = Table(
    "job",
    METADATA,
    Column("sequence", _SEQUENCE, primary_key=True, autoincrement=True),
    _project(),
    Column("job_id", String(64), nullable=False, unique=True),
    Column("idempotency_key", String(200)),
    Column("request_sha256", String(64), nullable=False),
    Column("request", Text, nullable=False),
    Column("graph", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", String(64)),
    Column("facts", Text),
    # The fence: only the runner that holds this token may record anything.
    Column("token", String(64)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("cancel_requested", Integer, nullable=False, server_default="0"),
    Column("credential_id", String(64)),
    Column("created_at", String(20), nullable=False),
    Column("updated_at", String(20), nullable=False),
    UniqueConstraint("project_id", "idempotency_key", name="job_once_per_key"),
    Index("job_by_state", "state"),
    sqlite_autoincrement=True,
)

NODE = Table(
    "node",
    METADATA,
    _project(),
    Column("job_id", String(64), ForeignKey("job.job_id"), primary_key=True),
    # The primary key is what makes a second record of one node impossible.
    Column("node_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("record", Text, nullable=False),
    Column("record_sha256", String(64), nullable=False),
    Column("outputs", Text, nullable=False),
    Column("recorded_at", String(20), nullable=False),
)

EVENT = Table(
    "event",
    METADATA,
    Column("sequence", _SEQUENCE, primary_key=True, autoincrement=True),
    _project(),
    Column("job_id", String(64), ForeignKey("job.job_id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", String(20), nullable=False),
    Index("event_by_job", "job_id", "sequence"),
    sqlite_autoincrement=True,
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    Column("sequence", _SEQUENCE, primary_key=True, autoincrement=True),
    _project(),
    Column("kind", String(32), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("recorded_at", String(20), nullable=False),
    Column("sequenced_at", String(20)),
    UniqueConstraint("kind", "subject", "sha256", name="evidence_once"),
    sqlite_autoincrement=True,
)

EDGE = Table(
    "edge",
    METADATA,
    _project(),
    Column("src", String(80), primary_key=True),
    Column("dst", String(80), primary_key=True),
    Column("rel", String(32), primary_key=True),
    Index("edge_backwards", "dst", "src"),
    sqlite_with_rowid=False,
)

OUTPUT = Table(
    "output",
    METADATA,
    _project(),
    Column("job_id", String(64), ForeignKey("job.job_id"), primary_key=True),
    Column("name", String(512), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("role", String(32), nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
)

CREDENTIAL = Table(
    "credential",
    METADATA,
    _project(),
    Column("credential_id", String(64), primary_key=True),
    Column("job_id", String(64), ForeignKey("job.job_id")),
    Column("object_id", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("records_sha256", String(64), nullable=False),
    # sealed, then logged, then evidenced; the log that moves it on comes later.
    Column("state", String(16), nullable=False),
    Column("created_at", String(20), nullable=False),
)

"""The ledger: schema, fences, and what a transaction holds together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from arp_bridge.ledger import HEAD, METADATA, Ledger, events, evidence, jobs, objects, results
from arp_bridge.ledger.jobs import FenceError
from arp_bridge.ledger.results import NodeRow
from arp_core.errors import StorageError

NOW = "2026-01-31T12:00:00Z"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def _queue(ledger: Ledger, job_id: str = "job_a", *, key: str | None = None) -> str:
    with ledger.write() as connection:
        jobs.insert(connection, job_id=job_id, key=key, request={}, request_sha256="", graph={"nodes": []}, at=NOW)
    return job_id


def _node(name: str = "mask", *, position: int = 0) -> NodeRow:
    return NodeRow(name, position, "succeeded", {"node": name}, {"mask": "0" * 64}, NOW)


def test_the_revision_makes_what_the_tables_say(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with ledger.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_head_is_the_newest_revision() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    import arp_bridge.ledger

    config = Config()
    config.set_main_option("script_location", str(Path(arp_bridge.ledger.__file__).parent / "revisions"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_every_table_names_its_project() -> None:
    assert [table.name for table in METADATA.tables.values() if "project_id" not in table.c] == []


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_durability_settings(ledger: Ledger, pragma: str, value: object) -> None:
    with ledger.read() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_writer_has_the_lock_from_its_first_moment(ledger: Ledger) -> None:
    with ledger.write():
        other = sa.create_engine(f"sqlite:///{ledger.path}", connect_args={"timeout": 0})
        with other.connect() as connection, pytest.raises(sa.exc.OperationalError, match="locked"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        other.dispose()


def _newer(path: Path) -> None:
    Ledger.open(path).close()
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("not a database", lambda path: path.write_bytes(b"no database" * 100), "ledger_unusable"),
        ("a folder", lambda path: path.mkdir(), "ledger_unusable"),
        ("a newer release's", _newer, "home_from_the_future"),
    ],
)
def test_files_that_are_no_ledger(tmp_path: Path, name: str, make, code: str) -> None:
    path = tmp_path / "ledger.sqlite"
    make(path)
    with pytest.raises(StorageError) as caught:
        Ledger.open(path)
    assert caught.value.code == code, name


def test_a_node_is_recorded_once_and_its_evidence_with_it(ledger: Ledger) -> None:
    job_id = _queue(ledger)
    with ledger.write() as connection:
        results.record_node(connection, job_id, _node())
    with pytest.raises(sa.exc.IntegrityError), ledger.write() as connection:
        results.record_node(connection, job_id, _node())
    with ledger.read() as connection:
        assert len(results.nodes(connection, job_id)) == 1
        assert [row.subject for row in evidence.waiting(connection)] == ["job_a/mask"]


def _record_twice(ledger: Ledger, job_id: str) -> None:
    with ledger.write() as connection:
        results.record_node(connection, job_id, _node())
        results.record_node(connection, job_id, _node())


def test_what_fails_after_the_record_takes_record_and_evidence_back(ledger: Ledger) -> None:
    job_id = _queue(ledger)
    with pytest.raises(sa.exc.IntegrityError):
        _record_twice(ledger, job_id)
    with ledger.read() as connection:
        assert results.nodes(connection, job_id) == ()
        assert evidence.waiting(connection) == ()


def test_a_later_claim_shuts_the_earlier_runner_out(ledger: Ledger) -> None:
    job_id = _queue(ledger)
    with ledger.write() as connection:
        first = jobs.claim(connection, job_id, at=NOW)
    with ledger.write() as connection:
        second = jobs.claim(connection, job_id, at=NOW)
    assert first is not None
    assert second is not None
    with pytest.raises(FenceError), ledger.write() as connection:
        jobs.hold(connection, job_id, token=first, at=NOW)
    with ledger.write() as connection:
        assert not jobs.finish(connection, job_id, state="failed", at=NOW, token=first)
        jobs.hold(connection, job_id, token=second, at=NOW)
        assert jobs.finish(connection, job_id, state="succeeded", at=NOW, token=second)
    with ledger.write() as connection:
        assert jobs.claim(connection, job_id, at=NOW) is None
        assert not jobs.finish(connection, job_id, state="failed", at=NOW, token=None)


def test_a_clean_stop_is_no_failed_attempt(ledger: Ledger) -> None:
    job_id = _queue(ledger)
    with ledger.write() as connection:
        token = jobs.claim(connection, job_id, at=NOW)
        assert token is not None
        jobs.release(connection, job_id, token=token, at=NOW)
        row = jobs.get(connection, job_id)
    assert row is not None
    assert (row.state, row.attempts) == ("queued", 0)
    with ledger.read() as connection:
        assert jobs.unfinished(connection) == (job_id,)


def test_one_job_for_each_key(ledger: Ledger) -> None:
    _queue(ledger, "job_a", key="k")
    with pytest.raises(sa.exc.IntegrityError):
        _queue(ledger, "job_b", key="k")
    _queue(ledger, "job_c")
    _queue(ledger, "job_d")


def test_events_are_numbered_for_ever_upwards_and_read_from_where_one_left_off(ledger: Ledger) -> None:
    first, second = _queue(ledger, "job_a"), _queue(ledger, "job_b")
    with ledger.write() as connection:
        for count in range(3):
            events.append(connection, first, {"type": "node", "fraction": count}, at=NOW)
            events.append(connection, second, {"type": "node", "fraction": count}, at=NOW)
    with ledger.read() as connection:
        seen = events.after(connection, first, sequence=0)
        rest = events.after(connection, first, sequence=seen[1].sequence)
    assert [event.sequence for event in seen] == sorted({event.sequence for event in seen})
    assert rest == seen[2:]


def test_pages_go_through_everything_once(ledger: Ledger) -> None:
    for number in range(5):
        _queue(ledger, f"job_{number}")
    found: list[str] = []
    before: int | None = None
    with ledger.read() as connection:
        while True:
            rows, before = jobs.page(connection, before=before, limit=2)
            found += [row.job_id for row in rows]
            if before is None:
                break
    assert found == [f"job_{number}" for number in (4, 3, 2, 1, 0)]


def test_edges_are_kept_once(ledger: Ledger) -> None:
    with ledger.write() as connection:
        for _ in range(2):
            objects.connect(connection, src="a", dst="b", rel="used")
        objects.connect(connection, src="a", dst="b", rel="made_by")
        assert objects.edges_from(connection, "a") == (("made_by", "b"), ("used", "b"))

"""Opening the ledger: SQLite pragmas, one writer at a time, schema up to date."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from sqlalchemy.engine import Connection

from arp_core.errors import StorageError

#: The newest revision in ``revisions/versions``; a test holds it to Alembic's head.
HEAD: Final = "0001"

_REVISIONS: Final = Path(__file__).parent / "revisions"
_BUSY_SECONDS: Final = 30.0


class Ledger:
    """The ledger of one home.

    Reading and writing are separate on purpose: SQLite's default lets a
    transaction begin as a reader and fail half-way when it first writes, so a
    writer takes its lock at once (``BEGIN IMMEDIATE``).

    Attributes:
        engine: The SQLAlchemy engine (Core only, no ORM).
        path: The SQLite file.
    """

    def __init__(self, engine: sqlalchemy.Engine, *, path: Path) -> None:
        self.engine = engine
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Return the ledger at ``path``, made or brought to the newest schema.

        Raises:
            StorageError: ``ledger_unusable`` when the file is no ledger or the
                disk refuses; ``home_from_the_future`` when a newer release
                made it.
        """
        try:
            _migrate(path)
            engine = _engine(path)
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT COUNT(*) FROM job")
        except (sqlalchemy.exc.DatabaseError, sqlite3.DatabaseError) as error:
            raise StorageError("ledger_unusable", path=str(path), reason=_first_line(error)) from error
        return cls(engine, path=path)

    @classmethod
    def look(cls, path: Path) -> Ledger:
        """Return the ledger at ``path`` for reading only: nothing is made, changed or brought up to date.

        Raises:
            StorageError: ``ledger_unusable`` when it is no ledger of this release, or cannot be opened.
        """
        engine = sqlalchemy.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, check_same_thread=False
            ),
        )
        try:
            with engine.connect() as connection:
                found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        except sqlalchemy.exc.SQLAlchemyError as error:
            engine.dispose()
            raise StorageError("ledger_unusable", path=str(path), reason=_first_line(error)) from error
        if found != HEAD:
            engine.dispose()
            code = "home_from_the_future" if found > HEAD else "ledger_unusable"
            raise StorageError(code, path=str(path), reason=f"schema {found}")
        return cls(engine, path=path)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection inside one immediate transaction, committed at the end.

        Raises:
            StorageError: ``ledger_full`` when the disk refuses the commit; the
                transaction is rolled back.
        """
        try:
            with self.engine.connect().execution_options(arp_begin="BEGIN IMMEDIATE") as connection, connection.begin():
                yield connection
        except sqlalchemy.exc.IntegrityError:
            raise  # a key was taken: the caller's question, not the disk's trouble
        except sqlalchemy.exc.DatabaseError as error:
            raise StorageError("ledger_full", path=str(self.path), reason=_first_line(error)) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection inside one snapshot."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded in by SQLite."""
        self.engine.dispose()


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__


def _engine(path: Path) -> sqlalchemy.Engine:
    url = sqlalchemy.URL.create("sqlite", database=str(path))
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False})

    def prepare(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself; see `begin` below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # NORMAL may lose the last commits on a power failure, and a recorded
        # node must stay recorded.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("arp_begin", "BEGIN"))

    sqlalchemy.event.listen(engine, "connect", prepare)
    sqlalchemy.event.listen(engine, "begin", begin)
    return engine


def _revision(path: Path) -> str | None:
    """Return the schema revision stored in ``path``; None for a new file."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        named = connection.execute("SELECT 1 FROM sqlite_master WHERE name='alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if named else None
    return str(row[0]) if row else None


def _migrate(path: Path) -> None:
    found = _revision(path)
    if found == HEAD:
        return  # Alembic costs 0.2 s to import; an up-to-date ledger does not need it.
    if found is not None and found > HEAD:
        raise StorageError("home_from_the_future", path=str(path))
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    engine = _engine(path)
    try:
        with engine.connect().execution_options(arp_begin="BEGIN IMMEDIATE") as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()

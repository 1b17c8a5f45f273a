"""Alembic's entry: runs the revisions on the connection it is handed."""

from __future__ import annotations

from alembic import context

from arp_bridge.ledger.tables import METADATA

# The ledger opens its own connection (WAL, immediate transaction) and passes it
# in; there is no alembic.ini and no second way to reach the database.
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
